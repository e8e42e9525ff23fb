using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Http;

/// <summary>The error answers, one method each: the same slug always comes with the same status.</summary>
public static class Problems
{
    public static ProblemResult BadRequest(string slug, string title, string? detail = null) => Of(slug, title, StatusCodes.Status400BadRequest, detail);

    /// <summary>The request (or the document in it) has mistakes: all of them, each with its path.</summary>
    public static ProblemResult Invalid(IReadOnlyList<FieldError> errors, string slug = "invalid-request", string title = "The request is not valid.") =>
        new(new Problem(Type(slug), title, StatusCodes.Status400BadRequest, Errors: errors));

    public static ProblemResult Invalid(string path, string message, string? expected = null) => Invalid([new FieldError(path, message, expected)]);

    public static ProblemResult InvalidDocument(IReadOnlyList<FieldError> errors) => Invalid(errors, "invalid-document", "The document is not valid.");

    public static ProblemResult InvalidCursor() => Invalid([new FieldError("cursor", "This is not a cursor of this listing.", "the nextCursor of the page before, or nothing")], "invalid-cursor", "The cursor is not valid.");

    public static ProblemResult Unauthorized(string detail) => Of("unauthorized", "A valid API key is needed.", StatusCodes.Status401Unauthorized, detail);

    public static ProblemResult Forbidden(string detail) => Of("forbidden", "The API key does not allow this.", StatusCodes.Status403Forbidden, detail);

    /// <param name="what">What was looked for, as in "The template".</param>
    public static ProblemResult NotFound(string what, string? detail = null) => Of("not-found", $"{what} does not exist.", StatusCodes.Status404NotFound, detail);

    public static ProblemResult Conflict(string title, string? detail = null) => Of("conflict", title, StatusCodes.Status409Conflict, detail);

    public static ProblemResult PreconditionFailed(string? currentETag) => Of("precondition-failed", "It has changed since it was read.", StatusCodes.Status412PreconditionFailed,
        currentETag is null ? "It does not exist." : $"Its ETag is {currentETag} now.");

    public static ProblemResult TooLarge(long limitBytes) => Of("too-large", "The request body is too large.", StatusCodes.Status413PayloadTooLarge, $"At most {limitBytes} bytes are accepted.");

    public static ProblemResult TooManyRequests(int retryAfterSeconds) =>
        new(new Problem(Type("too-many-requests"), "Too many requests.", StatusCodes.Status429TooManyRequests), retryAfterSeconds);

    public static ProblemResult Unavailable(int retryAfterSeconds = 5) =>
        new(new Problem(Type("unavailable"), "The service cannot do this just now. Try again later.", StatusCodes.Status503ServiceUnavailable), retryAfterSeconds);

    /// <summary>What this asks for needs a setting that is not there: trying again does not help.</summary>
    public static ProblemResult NotSetUp(string title, string detail) => Of("not-set-up", title, StatusCodes.Status503ServiceUnavailable, detail);

    public static ProblemResult TimedOut(string title, string detail) => Of("timed-out", title, StatusCodes.Status504GatewayTimeout, detail);

    public static ProblemResult Unexpected(string traceId) =>
        new(new Problem(Type("unexpected"), "Something went wrong on our side.", StatusCodes.Status500InternalServerError, TraceId: traceId));

    private static ProblemResult Of(string slug, string title, int status, string? detail) => new(new Problem(Type(slug), title, status, detail));

    private static string Type(string slug) => $"/problems/{slug}";
}
