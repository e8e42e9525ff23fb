using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LeadFunctions.Platform;

/// <summary><c>If-Match</c> and <c>If-None-Match: *</c> of a PUT or DELETE against what is stored now.</summary>
public static class Preconditions
{
    /// <param name="currentETag">With its quotes; null when it does not exist.</param>
    /// <returns>The 412 to answer, or null when the request may go on.</returns>
    public static IResult? Check(HttpRequest request, string? currentETag)
    {
        var headers = request.GetTypedHeaders();
        var ifMatch = headers.IfMatch;
        if (ifMatch.Count > 0 && !ifMatch.Any(tag => currentETag is not null && (tag.Tag == "*" || Same(tag, currentETag))))
        {
            return Problems.PreconditionFailed(currentETag);
        }

        var ifNoneMatch = headers.IfNoneMatch;
        return ifNoneMatch.Any(tag => currentETag is not null && (tag.Tag == "*" || Same(tag, currentETag)))
            ? Problems.PreconditionFailed(currentETag)
            : null;
    }

    /// <summary>True when the caller said what it expects to find, so that a lost race must be told and not retried.</summary>
    public static bool AreGiven(HttpRequest request) =>
        request.Headers.ContainsKey(HeaderNames.IfMatch) || request.Headers.ContainsKey(HeaderNames.IfNoneMatch);

    /// <summary>Adds the <c>ETag</c> header to an answer.</summary>
    public static IResult WithETag(this IResult result, string etag) => new TaggedResult(result, etag);

    private static bool Same(EntityTagHeaderValue tag, string current) => !tag.IsWeak && tag.Tag == current;

    private sealed class TaggedResult(IResult inner, string etag) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.ETag = etag;
            return inner.ExecuteAsync(httpContext);
        }
    }
}
