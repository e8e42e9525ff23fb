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

    private static FormOptions Options(int limit) => new()
    {
        ValueCountLimit = MostValues,
        KeyLengthLimit = LongestName,
        ValueLengthLimit = Limit,
        MultipartBodyLengthLimit = limit,
        MemoryBufferThreshold = limit, // never onto a disk
    };

    private static readonly ProblemResult Unsupported = new(new Problem(
        "/problems/unsupported-media-type", "Forms are not sent like this.", StatusCodes.Status415UnsupportedMediaType,
        "Send application/x-www-form-urlencoded, multipart/form-data or application/json."));

    /// <param name="document">It says whether files are taken.</param>
    /// <returns>What was sent, or the answer to give instead.</returns>
    public static async Task<(SentForm? Sent, ProblemResult? Problem)> ReadAsync(HttpRequest request, FormDocument document, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType && !request.HasJsonContentType())
        {
            return (null, Unsupported);
        }

        var files = document.Fields.Where(field => field.Files is not null).ToDictionary(field => field.Name, field => field.Files!.Most); // just seen
        var takesFiles = files.Count > 0 && request.HasFormContentType;
        var limit = takesFiles ? Limit + files.Values.Sum() : Limit;
        var (body, problem) = takesFiles ? await RequestBody.ReadBytesAsync(request, limit, cancellationToken) : await RequestBody.ReadAsync(request, limit, cancellationToken);
        return problem is not null ? (null, (ProblemResult)problem) // the reader makes no other
            : request.HasFormContentType ? await ReadFormAsync(request, body, files, limit, cancellationToken)
            : ReadJson(body);
    }

    private static async Task<(SentForm?, ProblemResult?)> ReadFormAsync(HttpRequest request, byte[] body, IReadOnlyDictionary<string, int> files, int limit, CancellationToken cancellationToken)
    {
        request.Body = new MemoryStream(body);
        try
        {
            var form = await new FormFeature(request, Options(limit)).ReadFormAsync(cancellationToken);
            // A browser sends a field for a file that nobody chose.
            var chosen = form.Files.Where(file => file.Length > 0 || file.FileName.Length > 0).ToList();
            return chosen.Find(file => !files.ContainsKey(file.Name)) is not null ? (null, Problems.BadRequest("files-not-taken", files.Count > 0 ? "This form takes no such file." : "This form takes no files."))
                : chosen.GroupBy(file => file.Name).Any(same => same.Count() > 1) ? (null, Problems.BadRequest("files-not-taken", "This form takes one file in a field."))
                : (new(form.ToDictionary(field => field.Key, field => (IReadOnlyList<string>)[.. field.Value.OfType<string>()]))
                {
                    Files = chosen.ToDictionary(file => file.Name, Content),
                }, null);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or BadHttpRequestException)
        {
            return (null, Problems.BadRequest("unreadable-body", "The body cannot be read.", $"At most {MostValues} values, with names of at most {LongestName} characters."));
        }
    }

    private static SentFile Content(IFormFile file)
    {
        using var content = new MemoryStream((int)file.Length);
        file.CopyTo(content);
        return new(file.FileName, content.ToArray());
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
