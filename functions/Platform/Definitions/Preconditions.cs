using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace LeadFunctions.Platform.Definitions;

/// <summary><c>If-Match</c> and <c>If-None-Match: *</c> of a PUT or DELETE against what is stored now.</summary>
public static class Preconditions
{
    /// <param name="currentETag">With its quotes; null when it does not exist.</param>
    /// <returns>The 412 (or 400) to answer, or null when the request may go on.</returns>
    public static IResult? Check(HttpRequest request, string? currentETag)
    {
        // A condition that cannot be read must not pass for none: the caller counts on it.
        if (!TryRead(request.Headers.IfMatch, out var ifMatch))
        {
            return NoETag(HeaderNames.IfMatch);
        }

        if (!TryRead(request.Headers.IfNoneMatch, out var ifNoneMatch))
        {
            return NoETag(HeaderNames.IfNoneMatch);
        }

        if (ifMatch.Count > 0 && !ifMatch.Any(tag => currentETag is not null && (tag.Tag == "*" || Same(tag, currentETag))))
        {
            return Problems.PreconditionFailed(currentETag);
        }

        return ifNoneMatch.Any(tag => currentETag is not null && (tag.Tag == "*" || Same(tag, currentETag)))
            ? Problems.PreconditionFailed(currentETag)
            : null;
    }

    /// <summary>
    /// What the write must find, so that a lost race is told and not retried: the ETag that was checked, or <see cref="DefinitionsTable.Nothing"/>; null when the
    /// caller set no condition.
    /// </summary>
    public static string? Expected(HttpRequest request, string? currentETag) =>
        request.Headers.ContainsKey(HeaderNames.IfMatch) || request.Headers.ContainsKey(HeaderNames.IfNoneMatch) ? currentETag ?? DefinitionsTable.Nothing : null;

    /// <summary>Adds the <c>ETag</c> header to an answer.</summary>
    public static IResult WithETag(this IResult result, string etag) => new TaggedResult(result, etag);

    private static bool TryRead(StringValues header, out IList<EntityTagHeaderValue> tags)
    {
        tags = [];
        return header.Count == 0 || EntityTagHeaderValue.TryParseStrictList(header, out tags!);
    }

    private static ProblemResult NoETag(string header) => Problems.Invalid(header, "This is not an ETag.", "the ETag that a GET answered, with its quotes, or *");

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
