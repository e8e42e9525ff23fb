using LeadFunctions.Feedback.Preferences;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Ingest;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Feedback.Api;

/// <summary>Where the links of messages lead: the picture that nobody sees, and a link's target. Public; the token says all, and nothing that was not signed is done.</summary>
public sealed class LinkFunctions(FeedbackKeys keys, Hits hits, BrowserLinks browsers)
{
    [Function(nameof(OpenMessage))]
    public async Task<IResult> OpenMessage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "e/o/{token}")] HttpRequest request, string token, CancellationToken cancellationToken)
    {
        var read = await keys.ReadAsync(token, cancellationToken);
        if (read.Token is not { Kind: LinkKind.Open } opened)
        {
            return Answer.Gif(StatusCodes.Status404NotFound, null);
        }

        await hits.NoteAsync(opened, request);
        return Answer.Gif(StatusCodes.Status200OK, null);
    }

    [Function(nameof(ClickLink))]
    public async Task<IResult> ClickLink(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "e/c/{token}")] HttpRequest request, string token, CancellationToken cancellationToken)
    {
        var read = await keys.ReadAsync(token, cancellationToken);
        switch (read.Token)
        {
            case { Kind: LinkKind.Click, Url: { } url } clicked:
                var isHuman = await hits.NoteAsync(clicked, request);
                request.HttpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
                return Results.Redirect(isHuman && HttpMethods.IsGet(request.Method) ? await browsers.MarkAsync(url, clicked, cancellationToken) : url);

            // It leads nowhere, since no person comes by it.
            case { Kind: LinkKind.Trap } trapped:
                await hits.NoteAsync(trapped, request);
                return Results.NoContent();

            default:
                var isExpired = read.Fault == TokenFault.Expired;
                var language = Languages.Of(null, request.Headers.AcceptLanguage, null);
                return new HtmlPage(PreferencePage.Missing(language, isExpired, changes: false), isExpired ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound);
        }
    }

    /// <summary>What the tracker makes of the mark that a click left on its page's address. Answers the same whatever becomes of it: nobody learns by asking.</summary>
    [Function(nameof(LinkBrowser))]
    public async Task<IResult> LinkBrowser(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "e/b/{token}")] HttpRequest request, string token, CancellationToken cancellationToken)
    {
        if ((await keys.ReadAsync(token, cancellationToken)).Token is { Kind: LinkKind.Browser } mark)
        {
            await browsers.LinkAsync(token, mark, request, cancellationToken);
        }

        return Results.NoContent();
    }
}
