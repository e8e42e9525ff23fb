using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Http;

/// <summary>An error answer by RFC 9457. <see cref="Type"/> is a stable slug for programs; the other texts may be reworded.</summary>
public sealed record Problem(string Type, string Title, int Status, string? Detail = null, IReadOnlyList<FieldError>? Errors = null, string? TraceId = null);

/// <summary>Writes a <see cref="Problem"/> as <c>application/problem+json</c>.</summary>
/// <param name="RetryAfterSeconds">Sent as <c>Retry-After</c> when set.</param>
public sealed record ProblemResult(Problem Problem, int? RetryAfterSeconds = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        if (RetryAfterSeconds is { } seconds)
        {
            headers.RetryAfter = seconds.ToString();
        }

        if (Problem.Status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        headers.CacheControl = "no-store";
        return Results.Json(Problem, WebJson.Options, "application/problem+json", Problem.Status).ExecuteAsync(httpContext);
    }
}
