using LeadFunctions.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LeadFunctions.Ingest;

/// <summary>
/// Cross-origin rules, per source. A preflight carries no key, so it is answered for any origin; it only allows the browser to ask.
/// Whether the origin may is decided with the request itself.
/// </summary>
internal static class Cors
{
    // Retry-After is invisible to scripts unless exposed, and clients then come back far too early.
    private static readonly StringValues Exposed = "Retry-After";
    private static readonly StringValues Headers = "authorization,content-encoding,content-type,x-retry-count";
    private static readonly StringValues Methods = "GET,POST";

    // Two hours: more is ignored by some browsers.
    private static readonly StringValues MaxAge = "7200";
    private static readonly StringValues VaryByOrigin = "Origin";
    private static readonly StringValues True = "true";

    public static bool Allows(Source source, string origin)
    {
        foreach (var allowed in source.AllowedOrigins)
        {
            if (allowed == "*" || Matches(allowed, origin))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="source">Null when the key is not known (yet): the page may then read the refusal, without credentials.</param>
    public static void Answer(HttpContext http, string origin, Source? source)
    {
        var headers = http.Response.Headers;
        headers.Vary = VaryByOrigin;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = Exposed;
        if (source is not null && IsListed(source, origin))
        {
            headers.AccessControlAllowCredentials = True;
        }
    }

    public static void AnswerPreflight(HttpContext http, string origin, Source? source)
    {
        Answer(http, origin, source);
        var headers = http.Response.Headers;
        headers.AccessControlAllowHeaders = Headers;
        headers.AccessControlAllowMethods = Methods;
        headers.AccessControlMaxAge = MaxAge;
    }

    /// <summary>
    /// For a client that asks with credentials whatever the page says: its browser then hides an answer without this header. There are none to protect, since nothing
    /// here sets or reads a cookie.
    /// </summary>
    public static IResult WithCredentials(HttpContext http, IResult answer)
    {
        if (http.Response.Headers.AccessControlAllowOrigin.Count > 0)
        {
            http.Response.Headers.AccessControlAllowCredentials = True;
        }

        return answer;
    }

    private static bool IsListed(Source source, string origin)
    {
        foreach (var allowed in source.AllowedOrigins)
        {
            if (allowed != "*" && Matches(allowed, origin))
            {
                return true;
            }
        }

        return false;
    }

    // "https://*.shop.example" stands for every host below shop.example, not for shop.example.
    private static bool Matches(string allowed, string origin)
    {
        var star = allowed.IndexOf("://*.", StringComparison.Ordinal);
        return star < 0
            ? allowed.Equals(origin, StringComparison.OrdinalIgnoreCase)
            : origin.Length > allowed.Length - 1
              && origin.AsSpan().StartsWith(allowed.AsSpan(0, star + 3), StringComparison.OrdinalIgnoreCase)
              && origin.AsSpan(star + 3).EndsWith(allowed.AsSpan(star + 4), StringComparison.OrdinalIgnoreCase);
    }
}
