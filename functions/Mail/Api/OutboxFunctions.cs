using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LeadFunctions.Mail.Outbox;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Mail.Api;

/// <summary>The outbox, for people.</summary>
public sealed partial class OutboxFunctions(OutboxTable outbox, Deployment deployment)
{
    private const string TheMessage = "The message";

    /// <summary>On a developer's machine only: a deployed app answers 404, as for any path that it does not have.</summary>
    [Function(nameof(OpenOutbox))]
    public async Task<IResult> OpenOutbox(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "outbox/{*path}")] HttpRequest request, string? path, CancellationToken cancellationToken)
    {
        if (deployment.IsDeployed)
        {
            return Problems.NotFound("The page");
        }

        var parts = (path ?? "").Split('/');
        if (parts is [OutboxPages.StyleSheet])
        {
            return Results.Bytes(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "web", "outbox", OutboxPages.StyleSheet), cancellationToken), "text/css; charset=utf-8");
        }

        if (parts is [""])
        {
            var all = await outbox.ListAsync(null, null, null, cancellationToken);
            return Page(request, OutboxPages.List(all, request.Query["q"].ToString(), int.TryParse(request.Query["skip"], NumberStyles.None, CultureInfo.InvariantCulture, out var skip) ? skip : 0));
        }

        if (!MessageKey().IsMatch(parts[0]) || await outbox.FindAsync(parts[0], cancellationToken) is not ({ } message, var raw))
        {
            return Problems.NotFound(TheMessage);
        }

        var withPictures = request.Query["pictures"] != "no";
        return parts switch
        {
            [var key] => Page(request, OutboxPage.Of(key, message, raw, withPictures)),
            [_, "html"] when message.Html is { } html => Frame(request, html, withPictures),
            [_, "raw"] when raw is not null => Results.Bytes(Encoding.Latin1.GetBytes(raw), "text/plain; charset=utf-8"),
            [var key, "mail.eml"] when raw is not null => Results.Bytes(Encoding.Latin1.GetBytes(raw), "message/rfc822", $"{key}.eml"),
            _ => Problems.NotFound(TheMessage),
        };
    }

    /// <summary>Nothing runs in it, and nothing is fetched but its own style sheet and frames.</summary>
    private static IResult Page(HttpRequest request, string html) => Html(request, html, "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");

    /// <summary>Mail may look as it likes, but runs nothing, and belongs to no site: of the page around it, and of the app, it sees nothing.</summary>
    private static IResult Frame(HttpRequest request, string html, bool withPictures) => Html(
        request, OutboxPage.Framed(html),
        $"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:{(withPictures ? " http: https:" : "")}; style-src 'unsafe-inline'; font-src data: https:; form-action 'none'; frame-ancestors 'self'");

    private static IResult Html(HttpRequest request, string html, string policy)
    {
        var headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers["Referrer-Policy"] = "no-referrer";
        return Results.Text(html, "text/html; charset=utf-8", Encoding.UTF8);
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{22}$")]
    private static partial Regex MessageKey();
}
