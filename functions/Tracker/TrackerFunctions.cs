using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;

namespace LeadFunctions.Tracker;

/// <summary>Serves the tracker to any site.</summary>
public sealed class TrackerFunctions(TrackerScript script)
{
    [Function(nameof(GetTracker))]
    public IResult GetTracker([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "lf.js")] HttpRequest request)
    {
        var (content, etag) = AcceptsGzip(request) ? script.Gzipped : script.Plain;
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "public, max-age=3600, stale-while-revalidate=86400";
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.XContentTypeOptions = "nosniff";
        // A page with Cross-Origin-Embedder-Policy may only load what says this.
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        // As may a script element with crossorigin, which integrity needs.
        headers.AccessControlAllowOrigin = "*";
        if (content == script.Gzipped.Content)
        {
            headers.ContentEncoding = "gzip";
        }

        return Results.Bytes(content, "text/javascript; charset=utf-8", entityTag: etag);
    }

    private static bool AcceptsGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value is { Length: 4 } value && value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality is null or > 0);
}
