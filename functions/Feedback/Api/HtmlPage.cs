using LeadFunctions.Feedback.Preferences;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Feedback.Api;

/// <summary>A page for readers of mail: it may load nothing, is kept nowhere, tells nobody where it was, and stands in nobody's frame.</summary>
/// <param name="policy">What it may load all the same; null: nothing.</param>
internal sealed class HtmlPage(string html, int status = StatusCodes.Status200OK, string? policy = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = policy ?? PageStyle.Policy;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex, nofollow";
        headers.Vary = "Accept-Language";
        return Results.Content(html, "text/html; charset=utf-8", statusCode: status).ExecuteAsync(httpContext);
    }
}
