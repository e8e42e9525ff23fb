using System.Text.Json;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LeadFunctions.Forms.Api;

/// <summary>What a browser, a script or a server sends, in any of the three ways in which forms are sent, read with bounded memory.</summary>
internal static class FormBody
{
    /// <summary>Of a body, in bytes.</summary>
    public const int Limit = 256 * 1024;

    private const int MostValues = 500;
    private const int LongestName = 200;

    private static readonly FormOptions Options = new()
    {
        ValueCountLimit = MostValues,
        KeyLengthLimit = LongestName,
        ValueLengthLimit = Limit,
        MultipartBodyLengthLimit = Limit,
        MemoryBufferThreshold = Limit, // never onto a disk
    };

    private static readonly ProblemResult Unsupported = new(new Problem(
        "/problems/unsupported-media-type", "Forms are not sent like this.", StatusCodes.Status415UnsupportedMediaType,
        "Send application/x-www-form-urlencoded, multipart/form-data or application/json."));

    /// <returns>What was sent, or the answer to give instead.</returns>
    public static async Task<(SentForm? Sent, ProblemResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType && !request.HasJsonContentType())
        {
            return (null, Unsupported);
        }

        var (body, problem) = await RequestBody.ReadAsync(request, Limit, cancellationToken);
        return problem is not null ? (null, (ProblemResult)problem) // the reader makes no other
            : request.HasFormContentType ? await ReadFormAsync(request, body, cancellationToken)
            : ReadJson(body);
    }

    private static async Task<(SentForm?, ProblemResult?)> ReadFormAsync(HttpRequest request, byte[] body, CancellationToken cancellationToken)
    {
        request.Body = new MemoryStream(body);
        try
        {
            var form = await new FormFeature(request, Options).ReadFormAsync(cancellationToken);
            // A browser sends a field for a file that nobody chose.
            return form.Files.Any(file => file.Length > 0 || file.FileName.Length > 0)
                ? (null, Problems.BadRequest("files-not-taken", "This form takes no files."))
                : (new(form.ToDictionary(field => field.Key, field => (IReadOnlyList<string>)[.. field.Value.OfType<string>()])), null);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or BadHttpRequestException)
        {
            return (null, Problems.BadRequest("unreadable-body", "The body cannot be read.", $"At most {MostValues} values, with names of at most {LongestName} characters."));
        }
    }

    private static (SentForm?, ProblemResult?) ReadJson(byte[] body)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, Problems.Invalid("$", "This is no form.", "an object with the answers by field"));
            }

            foreach (var member in json.RootElement.EnumerateObject())
            {
                var sent = Values(member.Value).ToList();
                if (sent.Contains(null) || member.Name.Length > LongestName || sent.Count + values.Count > MostValues)
                {
                    return (null, Problems.Invalid(member.Name, "This is no answer.", "text, a number, true or false, or a list of them"));
                }

                values[member.Name] = [.. sent.OfType<string>()];
            }
        }
        catch (JsonException exception)
        {
            return (null, Problems.Invalid("$", Platform.FieldError.NotJson(exception), "a JSON object"));
        }

        return (new(values), null);
    }

    /// <summary>Null for what is no answer.</summary>
    private static IEnumerable<string?> Values(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.String => [value.GetString()],
        JsonValueKind.Number => [value.GetRawText()],
        JsonValueKind.True => ["yes"],
        JsonValueKind.False => ["no"],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => item.ValueKind == JsonValueKind.Array ? [null] : Values(item)),
        _ => [null],
    };
}
