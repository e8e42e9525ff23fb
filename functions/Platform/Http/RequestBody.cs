using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Platform.Http;

/// <summary>Reads the body of a management request: bounded, whatever the Content-Length says, and with nothing in it that is no text or no number, whoever reads it then.</summary>
public static class RequestBody
{
    /// <summary>Of a management request, in bytes.</summary>
    public const int Limit = 1024 * 1024;

    /// <returns>The bytes, or the answer to give instead.</returns>
    public static async Task<(byte[] Body, IResult? Problem)> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        var (body, problem) = await ReadBytesAsync(request, limit, cancellationToken);
        return problem is null && Fault(body) is { } fault ? ([], Problems.Invalid([fault])) : (body, problem);
    }

    /// <summary>As it comes, text or not.</summary>
    /// <returns>The bytes, or the answer to give instead.</returns>
    public static async Task<(byte[] Body, IResult? Problem)> ReadBytesAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return ([], Problems.TooLarge(limit));
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > limit)
            {
                return ([], Problems.TooLarge(limit));
            }

            buffer.Write(chunk, 0, read);
        }

        return (buffer.ToArray(), null);
    }

    /// <summary>What would break a reader who relies on JSON's own rules: bytes that are no UTF-8, half a character, a number that no double holds. What is no JSON at all is left to that reader.</summary>
    internal static FieldError? Fault(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return new FieldError("$", "The body is not UTF-8.", "a JSON document in UTF-8");
        }

        if (Surrogates.FindLone(body) is >= 0 and var half)
        {
            return new FieldError("$", $"A text has half a character (byte {half + 1}): one surrogate without the other.", "whole characters");
        }

        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.Number && !double.IsFinite(reader.GetDouble()))
                {
                    return new FieldError("$", $"A number is too large (byte {reader.TokenStartIndex + 1}).", "a number up to 1.7e308");
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return null;
    }

    /// <summary>Reads a record. A member that is missing, unknown or of the wrong type is a problem with its path.</summary>
    public static async Task<(T? Value, IResult? Problem)> ReadJsonAsync<T>(HttpRequest request, CancellationToken cancellationToken) where T : class
    {
        var (body, problem) = await ReadAsync(request, Limit, cancellationToken);
        if (problem is not null)
        {
            return (null, problem);
        }

        try
        {
            return JsonSerializer.Deserialize<T>(body, WebJson.Options) is { } value
                ? (value, null)
                : (null, Problems.Invalid("$", "The body is null.", "a JSON object"));
        }
        catch (JsonException exception)
        {
            return (null, Problems.Invalid([JsonError(exception)]));
        }
    }

    /// <summary>Where and why a text is not the JSON that was expected. The serializer's own words name our types, so only those that speak of the input are passed on.</summary>
    public static FieldError JsonError(JsonException exception)
    {
        var path = exception.Path is { Length: > 0 } found ? found : "$";
        var message = exception.Message;
        if (message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
        {
            return new FieldError(path, "This field is not known.");
        }

        if (message.StartsWith("Duplicate property", StringComparison.Ordinal))
        {
            return new FieldError(path, "A field is given twice.", "each field once");
        }

        if (message.StartsWith(WebJson.NullItem, StringComparison.Ordinal))
        {
            return new FieldError($"{path}.{message[WebJson.NullItem.Length..]}", "An item of the list is null.", "a value, or one item less");
        }

        if (message.Contains("missing required properties", StringComparison.Ordinal))
        {
            return new FieldError(path, $"Required fields are missing: {message[(message.LastIndexOf(':') + 1)..].Trim().TrimEnd('.')}.");
        }

        // A reader's exception inside means that the text broke off or is no JSON; anything else, that a value does not fit.
        return exception.InnerException is JsonException
            ? new FieldError(path, FieldError.NotJson(exception), "a JSON document")
            : new FieldError(path, "This value has the wrong type or is not one of the allowed ones.", Expected(message));
    }

    // The serializer names the .NET type that it wanted; whoever wrote the JSON knows others.
    private static string? Expected(string message)
    {
        const string before = "could not be converted to ";
        var start = message.IndexOf(before, StringComparison.Ordinal) + before.Length;
        var end = start < before.Length ? -1 : message.IndexOf(". Path:", start, StringComparison.Ordinal);
        return end < 0 ? null : message[start..end] switch
        {
            "System.String" => "text",
            "System.Boolean" or "System.Nullable`1[System.Boolean]" => "true or false",
            "System.Int32" or "System.Nullable`1[System.Int32]" => "a whole number",
            "System.Double" or "System.Nullable`1[System.Double]" => "a number",
            var list when list.StartsWith("System.Collections.Generic.IReadOnlyList`1", StringComparison.Ordinal) => "a list",
            var name when typeof(RequestBody).Assembly.GetType(name) is { IsEnum: true } type => "one of " + string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)),
            _ => null,
        };
    }
}
