using System.Buffers;
using System.Text.Json;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// Completes what a page (or screen) call says of its page: <c>url</c>, <c>path</c>, <c>title</c>, <c>referrer</c> and <c>search</c> from
/// <c>context.page</c> where <c>properties</c> has them not, then path and search from the url, and <c>name</c> and <c>category</c> from the call.
/// </summary>
internal static class PageProperties
{
    private static readonly JsonEncodedText[] FromPage =
        [JsonEncodedText.Encode("url"), JsonEncodedText.Encode("path"), JsonEncodedText.Encode("title"), JsonEncodedText.Encode("referrer"), JsonEncodedText.Encode("search")];

    private static readonly JsonEncodedText Path = FromPage[1], Search = FromPage[4], Name = JsonEncodedText.Encode("name"), Category = JsonEncodedText.Encode("category");

    public static JsonElement Fill(EventDraft draft)
    {
        var given = draft.Properties;
        var page = draft.Context.ValueKind == JsonValueKind.Object && draft.Context.TryGetProperty("page"u8, out var sent) && sent.ValueKind == JsonValueKind.Object ? sent : default;
        var missesName = Misses(given, Name) && IsText(draft.NameField);
        var missesCategory = Misses(given, Category) && IsText(draft.Category);
        var (path, search) = PathAndSearch(Text(given, FromPage[0]) ?? Text(page, FromPage[0]));
        if (!missesName && !missesCategory && !MissesKnown(given, page, path, search))
        {
            return given;
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (given.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in given.EnumerateObject())
                {
                    property.WriteTo(writer);
                }
            }

            foreach (var key in FromPage)
            {
                if (Misses(given, key) && (Text(page, key) ?? FromUrl(key, path, search)) is { } value)
                {
                    writer.WriteString(key, value);
                }
            }

            Write(writer, missesName, Name, draft.NameField);
            Write(writer, missesCategory, Category, draft.Category);
            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>The parts of an absolute or rooted url; null where it has none.</summary>
    internal static (string? Path, string? Search) PathAndSearch(string? url)
    {
        if (url is null)
        {
            return default;
        }

        var rest = url.AsSpan();
        var scheme = rest.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0)
        {
            rest = rest[(scheme + 3)..];
            var host = rest.IndexOfAny('/', '?', '#');
            rest = host < 0 ? [] : rest[host..];
        }
        else if (rest is not ['/', ..])
        {
            return default;
        }

        var fragment = rest.IndexOf('#');
        rest = fragment < 0 ? rest : rest[..fragment];
        var query = rest.IndexOf('?');
        var path = query < 0 ? rest : rest[..query];
        return (path.IsEmpty ? "/" : path.ToString(), query < 0 || query == rest.Length - 1 ? null : rest[query..].ToString());
    }

    private static bool MissesKnown(JsonElement given, JsonElement page, string? path, string? search)
    {
        foreach (var key in FromPage)
        {
            if (Misses(given, key) && (Text(page, key) ?? FromUrl(key, path, search)) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static string? FromUrl(JsonEncodedText key, string? path, string? search) => key.Equals(Path) ? path : key.Equals(Search) ? search : null;

    private static void Write(Utf8JsonWriter writer, bool misses, JsonEncodedText key, JsonElement value)
    {
        if (misses)
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }
    }

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String && !value.ValueEquals(""u8);

    private static bool Misses(JsonElement given, JsonEncodedText key) =>
        given.ValueKind != JsonValueKind.Object || !given.TryGetProperty(key.EncodedUtf8Bytes, out var value) || value.ValueKind == JsonValueKind.Null;

    private static string? Text(JsonElement page, JsonEncodedText key) =>
        page.ValueKind == JsonValueKind.Object && page.TryGetProperty(key.EncodedUtf8Bytes, out var value) && IsText(value) ? value.GetString() : null;
}
