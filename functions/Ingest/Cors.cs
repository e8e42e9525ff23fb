using LeadFunctions.Access;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LeadFunctions.Ingest;

/// <summary>
/// Cross-origin rules, per source. A preflight carries no key, so it is answered for any origin; it only allows the browser to ask.
/// Whether the origin may is decided with the request itself.
/// </summary>
internal static class Cors
{
    private const int LongestAsk = 1_000;

    // Retry-After is invisible to scripts unless exposed, and clients then come back far too early.
    private static readonly StringValues Exposed = "Retry-After";

    // What the known clients ask for: Segment's and RudderStack's (anonymousid), Snowplow's (sp-anonymous).
    private static readonly string[] Headers = ["anonymousid", "authorization", "content-encoding", "content-type", "sp-anonymous", "x-retry-count"];
    private static readonly StringValues Methods = "GET,POST";

    // Two hours: more is ignored by some browsers.
    private static readonly StringValues MaxAge = "7200";
    private static readonly StringValues VaryByOrigin = "Origin";
    private static readonly StringValues True = "true";

    public static bool Allows(Source source, string origin)
    {
        foreach (var allowed in source.AllowedOrigins)
        {
            if (allowed == "*" || OriginPattern.Matches(allowed, origin))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// With credentials: <c>sendBeacon</c> and Snowplow's trackers ask with them whatever the page says, and their browser then drops an answer, or before that the event, without this header. There are none to
    /// protect, since nothing here sets or reads a cookie.
    /// </summary>
    public static void Answer(HttpContext http, string origin)
    {
        var headers = http.Response.Headers;
        headers.Vary = VaryByOrigin;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowCredentials = True;
        headers.AccessControlExposeHeaders = Exposed;
    }

    /// <summary>Allows every header that is asked for: which clients add one (a tracing library, say) is not ours to know, and one that nobody reads does no harm.</summary>
    public static void AnswerPreflight(HttpContext http, string origin)
    {
        Answer(http, origin);
        var headers = http.Response.Headers;
        var asked = http.Request.Headers.AccessControlRequestHeaders.ToString().Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        headers.AccessControlAllowHeaders = string.Join(',', asked.Sum(name => name.Length) > LongestAsk ? Headers : Headers.Union(asked.Where(IsName), StringComparer.OrdinalIgnoreCase));
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlMaxAge = MaxAge;
    }

    private static bool IsName(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
