using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LeadFunctions.Journeys.Model;

/// <summary>
/// <c>{{trigger.cartId}}</c> in texts of a document. A text that is nothing but a placeholder becomes the value itself (a number stays a number);
/// inside a text it becomes its text, and nothing where there is no value.
/// </summary>
internal static partial class Placeholders
{
    /// <summary>Of all values that one filling puts in, in bytes of JSON: a document could name an answer of 256 KiB ten thousand times.</summary>
    private const int FilledLimit = 512 * 1024;

    /// <summary>All paths, once each.</summary>
    public static IReadOnlyList<string> In(JsonElement element)
    {
        var paths = new List<string>();
        Collect(element, paths);
        return [.. paths.Distinct()];
    }

    public static IEnumerable<string> In(string text) => Pattern().Matches(text).Select(match => match.Groups[1].Value);

    /// <param name="find">The value at a path; undefined or null for none.</param>
    /// <exception cref="TooMuchFilledInException">The values are too long together.</exception>
    public static JsonElement Fill(JsonElement element, Func<string, JsonElement> find) =>
        element.ValueKind == JsonValueKind.Undefined ? element : JsonSerializer.SerializeToElement(Node(element, Measured(find)));

    /// <exception cref="TooMuchFilledInException">The values are too long together.</exception>
    public static string Fill(string text, Func<string, JsonElement> find) => Text(text, Measured(find));

    private static Func<string, JsonElement> Measured(Func<string, JsonElement> find)
    {
        var room = FilledLimit;
        return path =>
        {
            var value = find(path);
            room -= value.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(value).Length;
            return room >= 0 ? value : throw new TooMuchFilledInException();
        };
    }

    private static string Text(string text, Func<string, JsonElement> find) => Pattern().Replace(text, match => TextOf(find(match.Groups[1].Value)));

    private static JsonNode? Node(JsonElement element, Func<string, JsonElement> find)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return new JsonObject(element.EnumerateObject().DistinctBy(member => member.Name).Select(member => KeyValuePair.Create(member.Name, Node(member.Value, find))));
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(item => Node(item, find))]);
            case JsonValueKind.String:
                var text = element.GetString()!; // a string has a text
                if (Pattern().Match(text) is { Success: true } match && match.Length == text.Length)
                {
                    var value = find(match.Groups[1].Value);
                    return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : JsonNode.Parse(value.GetRawText());
                }

                return JsonValue.Create(Text(text, find));
            default:
                return JsonNode.Parse(element.GetRawText());
        }
    }

    private static void Collect(JsonElement element, List<string> paths)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    Collect(member.Value, paths);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, paths);
                }

                break;
            case JsonValueKind.String:
                paths.AddRange(In(element.GetString()!)); // a string has a text
                break;
        }
    }

    /// <summary>Nothing for no value.</summary>
    public static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!, // a string has a text
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    // No path ends with a blank, so that no text makes this try twice what it has seen.
    [GeneratedRegex(@"\{\{(?>\s*)([A-Za-z_$](?>(?> *[A-Za-z0-9_.$-]+)*))(?>\s*)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

/// <summary>What placeholders stand for is too much for one text or document: it would be at every try.</summary>
internal sealed class TooMuchFilledInException() : Exception("What is filled in is larger than 512 KiB.");
