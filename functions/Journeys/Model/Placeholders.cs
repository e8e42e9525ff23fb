using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Templates.Liquid;
using NodaTime;

namespace LeadFunctions.Journeys.Model;

/// <summary>
/// <c>{{trigger.cartId}}</c> in texts of a document. A text that is nothing but a placeholder becomes the value itself (a number stays a number);
/// inside a text it becomes its text, and nothing where there is no value. A text with filters or tags (<c>{{ trigger.total | money: "EUR" }}</c>, <c>{% if … %}</c>) is Liquid, as templates
/// write it; one that is no Liquid stays as it is but for its placeholders.
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

    /// <summary>Texts that are to be Liquid, by all appearances, and are none.</summary>
    public static IEnumerable<DocumentError> FaultsIn(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => FaultsIn(member.Value, DocumentPath.Member(path, member.Name))),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, i) => FaultsIn(item, DocumentPath.Item(path, i))),
        JsonValueKind.String when element.GetString() is { } text && Beyond().IsMatch(text) => LiquidText.Parse(text).Errors.Select(error =>
            new DocumentError(path, $"Line {error.Line}, column {error.Column}: {error.Message}", error.Expected) { IsForgivenIfStored = true }),
        _ => [],
    };

    /// <param name="find">The value at a path; undefined or null for none.</param>
    /// <param name="at">Where and when; null: there are only placeholders.</param>
    /// <exception cref="TooMuchFilledInException">The values are too long together.</exception>
    /// <exception cref="LiquidFaultException">The text cannot be filled in with them.</exception>
    public static JsonElement Fill(JsonElement element, Func<string, JsonElement> find, FilledAt? at = null) =>
        element.ValueKind == JsonValueKind.Undefined ? element : JsonSerializer.SerializeToElement(Node(element, new Measured(find), at));

    /// <inheritdoc cref="Fill(JsonElement, Func{string, JsonElement}, FilledAt?)"/>
    public static string Fill(string text, Func<string, JsonElement> find, FilledAt? at = null) => Text(text, new Measured(find), at);

    /// <summary>A value stays inside its place: whatever it holds is no part of the address's shape.</summary>
    /// <inheritdoc cref="Fill(JsonElement, Func{string, JsonElement}, FilledAt?)"/>
    public static string FillAddress(string text, Func<string, JsonElement> find, FilledAt at)
    {
        var measured = new Measured(find);
        return Liquid(text, measured, at, LiquidText.Url) ?? Plain(text, path => Uri.EscapeDataString(TextOf(measured.Find(path))));
    }

    private static string? Liquid(string text, Measured values, FilledAt? at, TextEncoder encoder) =>
        at is not null && Beyond().IsMatch(text) && LiquidText.Parse(text).Text is { } liquid
            ? liquid.Render(new LiquidContext(path => Value.From(values.Find(path)), at.Zone, LocaleWords.Of(at.Locale), at.Now, work: values.Work), encoder)
            : null;

    private static string Text(string text, Measured values, FilledAt? at) => Liquid(text, values, at, LiquidText.Plain) ?? Plain(text, path => TextOf(values.Find(path)));

    private static string Plain(string text, Func<string, string> textAt) => Pattern().Replace(text, match => textAt(match.Groups[1].Value));

    private static JsonNode? Node(JsonElement element, Measured values, FilledAt? at)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return new JsonObject(element.EnumerateObject().DistinctBy(member => member.Name).Select(member => KeyValuePair.Create(member.Name, Node(member.Value, values, at))));
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(item => Node(item, values, at))]);
            case JsonValueKind.String:
                var text = element.GetString()!; // a string has a text
                if (Pattern().Match(text) is { Success: true } match && match.Length == text.Length)
                {
                    var value = values.Find(match.Groups[1].Value);
                    return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : JsonNode.Parse(value.GetRawText());
                }

                return JsonValue.Create(Text(text, values, at));
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

    /// <summary>The values for all texts that are filled in together, and what is left of what that may come to.</summary>
    private sealed class Measured(Func<string, JsonElement> find)
    {
        private int _room = FilledLimit;

        public LiquidWork Work { get; } = new();

        public JsonElement Find(string path)
        {
            var value = find(path);
            _room -= value.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(value).Length;
            return _room >= 0 ? value : throw new TooMuchFilledInException();
        }
    }

    // No path ends with a blank, so that no text makes this try twice what it has seen.
    [GeneratedRegex(@"\{\{(?>\s*)([A-Za-z_$](?>(?> *[A-Za-z0-9_.$-]+)*))(?>\s*)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\{%|\{\{[^{}]*\|", RegexOptions.CultureInvariant)]
    private static partial Regex Beyond();
}

/// <summary>Where and when texts are filled in.</summary>
/// <param name="Locale">Of whoever reads them; null: nobody knows.</param>
internal sealed record FilledAt(DateTimeZone Zone, DateTimeOffset Now, string? Locale);

/// <summary>What placeholders stand for is too much for one text or document: it would be at every try.</summary>
internal sealed class TooMuchFilledInException() : Exception("What is filled in is larger than 512 KiB.");
