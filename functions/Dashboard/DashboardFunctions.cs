using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;

namespace LeadFunctions.Dashboard;

/// <summary>Serves the dashboard's files to anybody: they hold nothing but the program. What it shows comes from the API, which asks who is there.</summary>
public sealed class DashboardFunctions(DashboardFiles files)
{
    /// <summary>No script, style or request but our own, no markup from texts, in nobody's frame.</summary>
    internal const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lf-mail";

    [Function(nameof(OpenDashboard))]
    public IResult OpenDashboard([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "app/{*path}")] HttpRequest request, string? path)
    {
        if (files.Find(path ?? "") is not { } file)
        {
            return Problems.NotFound("The page");
        }

        var headers = request.HttpContext.Response.Headers;
        // The names of all others hold a hash of what is in them.
        headers.CacheControl = file.ContentType.StartsWith("text/html", StringComparison.Ordinal) ? "no-cache" : "public, max-age=31536000, immutable";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer"; // addresses of pages hold the ids of people
        var (content, coding) = Accepts(request, "br") && file.Brotli is { } brotli ? (brotli, "br") : Accepts(request, "gzip") && file.Gzip is { } gzip ? (gzip, "gzip") : (file.Plain, null);
        if (coding is not null)
        {
            headers.ContentEncoding = coding;
        }

        return Results.Bytes(content, file.ContentType, entityTag: new($"\"{file.ETag}{(coding is null ? "" : $"-{coding}")}\""));
    }

    private static bool Accepts(HttpRequest request, string coding) =>
        request.GetTypedHeaders().AcceptEncoding.Any(accepted => accepted.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && accepted.Quality is null or > 0);
}
