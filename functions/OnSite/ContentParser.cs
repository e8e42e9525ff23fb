using System.Globalization;
using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Journeys.Documents;

namespace LeadFunctions.OnSite;

/// <summary>Reads the document of a content; all mistakes are answered at once. What it looks like stands in <c>content.schema.json</c>.</summary>
internal static class ContentParser
{
    public const int LongestHtml = 32 * 1024;

    private const int MostPages = 100;
    private const int MostCaps = 3;
    private const int MostLocales = 20;

    private static readonly string[] Members =
    [
        "name", "slot", "kind", "locale", "title", "html", "close", "locales", "when", "pages", "exceptPages", "from", "until", "onlyOffered", "afterSeconds", "priority", "frequency", "dismissedFor", "$schema",
    ];

    private static readonly Duration LeftAlone = new(TimeSpan.FromDays(30), "30d");

    public static (ContentDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json)
    {
        var errors = new List<DocumentError>();
        var root = new DocumentObject(json, "$", errors, Members);
        _ = root.Text("$schema", 200); // for editors
        var (name, slot) = (root.Text("name", 200, required: true), Slot(root));
        var kind = root.OneOf("kind", ["inline", "popup"]) == "popup" ? ContentKind.Popup : ContentKind.Inline;
        var words = WordsOf(root, kind);
        var locale = root.Text("locale", 20) ?? "en";
        if (!IsLanguage(locale))
        {
            root.Add(root.At("locale"), "This is no language.", "a language tag such as en or pt-BR");
        }

        var locales = Locales(root, kind);
        // History would be read from the timeline while a visitor waits: a segment keeps it ready.
        var when = root.Find("when", "a condition") is { } condition ? ConditionParser.Parse(condition, "$.when", Scope, errors) : null;
        var (pages, except) = (Pages(root, "pages"), Pages(root, "exceptPages"));
        var (from, until) = (Moment(root, "from"), Moment(root, "until"));
        if (from >= until)
        {
            root.Add(root.At("until"), "It would end before it begins.", "a time after \"from\"");
        }

        var (onlyOffered, after) = (root.Flag("onlyOffered"), Whole(root, "afterSeconds", 0, 3600) ?? 0);
        var (priority, caps) = (Whole(root, "priority", -1000, 1000) ?? 0, Caps(root));
        var dismissedFor = root.Duration("dismissedFor") ?? LeftAlone;
        if (dismissedFor.Length > SeenContent.Remembered)
        {
            root.Add(root.At("dismissedFor"), "That is not remembered for so long.", $"at most {SeenContent.Remembered.Days}d");
        }

        errors.AddRange(PatternsGivenUp.TooMany(json) is { } tooMany ? [tooMany] : []);
        return (DocumentError.Grave(errors) > 0 || name is null || slot is null || words is null
            ? null
            : new(name, slot, kind, locale, words, locales, when, pages, except, from, until, onlyOffered, after, priority, caps, dismissedFor), errors);
    }

    private static readonly ConditionScope Scope = new("a content", Events: false, History: false, Profile: true);

    private static string? Slot(DocumentObject root)
    {
        const string expected = "1 to 64 characters a-z, 0-9, - and _, as data-lf-slot has it in pages";
        var slot = root.Text("slot", 64, required: true);
        if (slot is not null && !ContentSlot.IsOne(slot))
        {
            root.Add(root.At("slot"), "This is no slot.", expected);
        }

        return slot;
    }

    private static ContentWords? WordsOf(DocumentObject words, ContentKind kind)
    {
        // A dialog without a name is one that nobody who does not see it can tell from another.
        var title = words.Text("title", 200, required: kind == ContentKind.Popup);
        var html = words.Text("html", LongestHtml, required: true);
        return html is null ? null : new(title, html, words.Text("close", 60));
    }

    private static IReadOnlyDictionary<string, ContentWords> Locales(DocumentObject root, ContentKind kind)
    {
        var found = new Dictionary<string, ContentWords>(StringComparer.OrdinalIgnoreCase);
        if (root.Find("locales", "an object of languages") is not { } json)
        {
            return found;
        }

        var locales = new DocumentObject(json, root.At("locales"), root.Errors, null);
        if (locales.Members.Count > MostLocales)
        {
            locales.Add(locales.Path, $"There are {locales.Members.Count} languages.", $"at most {MostLocales}");
        }

        foreach (var (language, content) in locales.Members)
        {
            if (!IsLanguage(language))
            {
                locales.Add(locales.At(language), "This is no language.", "a language tag such as en or pt-BR");
            }

            if (WordsOf(new(content, locales.At(language), root.Errors, ["title", "html", "close"]), kind) is { } words)
            {
                found[language] = words;
            }
        }

        return found;
    }

    private static IReadOnlyList<PagePattern> Pages(DocumentObject root, string field)
    {
        var pages = new List<PagePattern>();
        foreach (var (json, path) in root.Items(field, "a list of pages", MostPages))
        {
            if (json.ValueKind == JsonValueKind.String && PagePattern.IsOne(json.GetString()))
            {
                pages.Add(new(json.GetString()!)); // just seen
            }
            else
            {
                root.Add(path, $"{DocumentObject.Shown(json)} is no page.", PagePattern.Expected);
            }
        }

        return pages;
    }

    private static IReadOnlyList<ContentCap> Caps(DocumentObject root)
    {
        var caps = new List<ContentCap>();
        foreach (var (json, path) in root.Items("frequency", "a list such as [{\"max\": 3, \"per\": \"7d\"}]", MostCaps))
        {
            var cap = new DocumentObject(json, path, root.Errors, ["max", "per"]);
            var (max, per) = (Whole(cap, "max", 1, SeenContent.MostTimes, required: true), cap.Duration("per", required: true));
            if (per?.Length > SeenContent.Remembered)
            {
                cap.Add(cap.At("per"), "That is not remembered for so long.", $"at most {SeenContent.Remembered.Days}d");
            }

            if (max is { } most && per is { } length)
            {
                caps.Add(new(most, length));
            }
        }

        return caps;
    }

    private static DateTimeOffset? Moment(DocumentObject root, string field)
    {
        const string expected = "a time with its offset, as in 2027-03-01T00:00:00+01:00";
        if (root.Text(field, 40) is not { } text)
        {
            return null;
        }

        // Without an offset it would be another moment on each machine.
        if (DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10))
        {
            return moment.ToUniversalTime();
        }

        root.Add(root.At(field), $"\"{text}\" is no time.", expected);
        return null;
    }

    private static int? Whole(DocumentObject owner, string field, int least, int most, bool required = false) =>
        (int?)owner.Number(field, $"a whole number from {least} to {most}", number => number >= least && number <= most && Math.Truncate(number) == number, required);

    private static bool IsLanguage(string text) => text.Length is >= 2 and <= 20 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') && char.IsAsciiLetter(text[0]);
}

/// <summary>The names that places in pages bear.</summary>
internal static class ContentSlot
{
    public static bool IsOne(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
}
