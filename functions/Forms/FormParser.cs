using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Events;

namespace LeadFunctions.Forms;

/// <summary>Reads a form's document; all mistakes are answered at once. What it looks like stands in <c>form.schema.json</c>.</summary>
internal static partial class FormParser
{
    private const int MostTopics = 20;
    private const int MostOrigins = 50;
    private const int MostLocales = 20;
    private const int LongestLabel = 300;
    private const int LongestText = 2_000;

    private static readonly string KindsExpected = $"a list of {string.Join(", ", FileKind.All.Select(kind => kind.Name))}";

    private static readonly string[] WordFields = ["title", "text", "submit", "message"];

    private static readonly string[] Members =
    [
        "name", "title", "text", "submit", "message", "fields", "topics", "doubleOptIn", "redirect", "progressive", "honeypot", "minimumSeconds", "maxLinks", "rate", "origins", "locale", "locales", "theme", "region", "$schema",
    ];

    public static (FormDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json)
    {
        var errors = new List<DocumentError>();
        var root = new DocumentObject(json, "$", errors, Members);
        _ = root.Text("$schema", 200); // for editors
        var name = root.Text("name", 200, required: true);
        var words = WordsOf(root);
        var fields = Fields(root);
        var topics = Topics(root);
        var doubleOptIn = root.Find("doubleOptIn", "an object") is { } asked ? OptIn(asked, root.At("doubleOptIn"), errors) : null;
        var redirect = Redirect(root);
        var ask = Whole(root, "progressive", 1, FormDocument.MostFields);
        var honeypot = Named(root, "honeypot");
        var minimum = Whole(root, "minimumSeconds", 0, 3600) ?? 0;
        var maxLinks = Whole(root, "maxLinks", 0, 100) ?? 3;
        var rate = root.Find("rate", "an object") is { } limit ? Rate(limit, root.At("rate"), errors) : null;
        var origins = Origins(root);
        var locale = Language(root, "locale") ?? "en";
        var locales = Locales(root, fields);
        var theme = root.Find("theme", "an object") is { } colours ? Theme(colours, root.At("theme"), errors) : null;
        var region = Region(root);

        if (fields.Exists(field => field.Name == honeypot))
        {
            root.Add(root.At("honeypot"), "A field has this name: people would fill it in.", "another name");
        }

        var document = name is null ? null : new FormDocument(
            name, words, fields, topics, doubleOptIn, redirect, ask, honeypot, minimum, maxLinks, rate ?? new(20, new(TimeSpan.FromMinutes(10), "10m")), origins, locale, locales, theme, region);
        if (doubleOptIn is not null && fields.Count > 0 && document is not null && document.Email is null)
        {
            root.Add(root.At("doubleOptIn"), "Nothing in the form asks for the address to write to.", "a field of the type email whose trait is email");
        }

        errors.AddRange(PatternsGivenUp.TooMany(json) is { } tooMany ? [tooMany] : []);
        return (DocumentError.Grave(errors) > 0 ? null : document, errors);
    }

    private static FormWords WordsOf(DocumentObject words) =>
        new(words.Text("title", LongestLabel), words.Text("text", LongestText), words.Text("submit", 60), words.Text("message", LongestText));

    private static DoubleOptIn? OptIn(JsonElement json, string path, List<DocumentError> errors)
    {
        var optIn = new DocumentObject(json, path, errors, ["template", "from", "validFor", "message"]);
        var template = optIn.Text("template", 64);
        if (template is not null && !IsId(template))
        {
            optIn.Add(optIn.At("template"), "This is no template's id.", "1 to 64 characters a-z, 0-9, - and _, starting with a letter or digit");
        }

        var validFor = optIn.Duration("validFor");
        if (validFor?.Length > TimeSpan.FromDays(90))
        {
            optIn.Add(optIn.At("validFor"), "Nobody remembers for so long what they asked for.", "at most 90d");
        }

        var from = optIn.Text("from", 200);
        if (from is not null && !IsSender(from))
        {
            optIn.Add(optIn.At("from"), $"\"{from}\" is no sender.", "an address such as news@example.com, or Name <news@example.com>");
        }

        return new(template, from, validFor ?? new(TimeSpan.FromDays(7), "7d"), optIn.Text("message", LongestText));
    }

    private static bool IsSender(string text) =>
        (text.EndsWith('>') && text.Contains('<', StringComparison.Ordinal) ? text[(text.LastIndexOf('<') + 1)..^1] : text) is var address
        && EmailAddress.Normalise(address) == address && !text.Any(char.IsControl) && !address.AsSpan().ContainsAny("<>,;");

    private static string? Redirect(DocumentObject root)
    {
        const string expected = "an address that begins with https:// or http://";
        var text = root.Text("redirect", 1_000);
        if (text is not null && !(Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "https" or "http", Host.Length: > 0, UserInfo.Length: 0 } && text.All(c => c is > ' ' and < '\u007f' and not ('"' or '<' or '>' or ';' or ','))))
        {
            root.Add(root.At("redirect"), "This is no address to go to.", expected);
        }

        return text;
    }

    private static FormRate? Rate(JsonElement json, string path, List<DocumentError> errors)
    {
        var rate = new DocumentObject(json, path, errors, ["max", "per"]);
        return (Whole(rate, "max", 1, 10_000, required: true), rate.Duration("per", required: true)) is ({ } max, { } per) ? new(max, per) : null;
    }

    private static IReadOnlyList<string> Topics(DocumentObject owner)
    {
        var topics = new List<string>();
        foreach (var (json, path) in owner.Items("topics", "a list of topics", MostTopics))
        {
            if (json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 and <= 64 } topic && topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && topic.Any(char.IsAsciiLetterOrDigit))
            {
                topics.Add(topic);
            }
            else
            {
                owner.Add(path, $"{DocumentObject.Shown(json)} is no topic.", "1 to 64 letters, digits, ., - and _, such as news.weekly");
            }
        }

        return topics;
    }

    private static IReadOnlyList<string> Origins(DocumentObject root)
    {
        var origins = new List<string>();
        foreach (var (json, path) in root.Items("origins", "a list of sites", MostOrigins))
        {
            if (json.ValueKind == JsonValueKind.String && FormOrigins.IsPattern(json.GetString()))
            {
                origins.Add(json.GetString()!); // just seen
            }
            else
            {
                root.Add(path, $"{DocumentObject.Shown(json)} is no origin.", "scheme and host, as in https://shop.example or https://*.shop.example");
            }
        }

        return origins;
    }

    private static IReadOnlyDictionary<string, LocalWords> Locales(DocumentObject root, List<FormField> fields)
    {
        var found = new Dictionary<string, LocalWords>(StringComparer.OrdinalIgnoreCase);
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
                locales.Add(locales.At(language), "This is no language.", LanguageExpected);
            }

            var local = new DocumentObject(content, locales.At(language), root.Errors, [.. WordFields, "confirmed", "fields"]);
            var words = new Dictionary<string, FieldWords>(StringComparer.Ordinal);
            if (local.Find("fields", "an object of fields, by name") is { } byName)
            {
                var all = new DocumentObject(byName, local.At("fields"), root.Errors, null);
                foreach (var (name, said) in all.Members)
                {
                    if (fields.Find(field => field.Name == name) is { } field)
                    {
                        words[name] = LocalField(said, all.At(name), field, root.Errors);
                    }
                    else
                    {
                        all.Add(all.At(name), $"The form has no field \"{name}\".", DocumentPath.Suggest(name, [.. fields.Select(field => field.Name)]));
                    }
                }
            }

            found[language] = new(WordsOf(local), local.Text("confirmed", LongestText), words);
        }

        return found;
    }

    private static FormTheme Theme(JsonElement json, string path, List<DocumentError> errors)
    {
        var theme = new DocumentObject(json, path, errors, ["accent", "background", "text", "dark"]);
        var dark = theme.Find("dark", "an object") is { } colours ? Colours(new(colours, theme.At("dark"), errors, ["accent", "background", "text"])) : null;
        return new(Colours(theme), dark);
    }

    private static FormColours Colours(DocumentObject colours)
    {
        return new(Colour("accent"), Colour("background"), Colour("text"));

        string? Colour(string field)
        {
            const string expected = "six hexadecimal digits, as in #0b6e4f";
            if (colours.Find(field, expected) is not { } json)
            {
                return null;
            }

            if (json.ValueKind == JsonValueKind.String && json.GetString() is ['#', .. { Length: 6 } digits] colour && digits.All(char.IsAsciiHexDigit))
            {
                return colour;
            }

            colours.Add(colours.At(field), $"{DocumentObject.Shown(json)} is no colour.", expected);
            return null;
        }
    }

    private static int? Whole(DocumentObject owner, string field, int least, int most, bool required = false) =>
        (int?)owner.Number(field, $"a whole number from {least} to {most}", number => number >= least && number <= most && Math.Truncate(number) == number, required);

    /// <summary>Which files a field takes.</summary>
    private static FileRule Files(DocumentObject field)
    {
        var kinds = new List<FileKind>();
        foreach (var (json, path) in field.Items("accept", KindsExpected, FileKind.All.Count))
        {
            if (json.ValueKind == JsonValueKind.String && FileKind.All.FirstOrDefault(kind => kind.Name == json.GetString()) is { } kind)
            {
                kinds.Add(kind);
            }
            else
            {
                field.Add(path, $"{DocumentObject.Shown(json)} is no kind of file that forms take.", $"one of {string.Join(", ", FileKind.All.Select(known => known.Name))}");
            }
        }

        if (kinds.Count == 0 && field.Has("accept") && field.Members["accept"] is { ValueKind: JsonValueKind.Array } none && none.GetArrayLength() == 0)
        {
            field.Add(field.At("accept"), "No file could be sent.", KindsExpected);
        }

        var most = Whole(field, "maxKilobytes", 1, FileRule.MostKilobytes) ?? FileRule.UsualKilobytes;
        return new(field.Has("accept") ? kinds : [.. FileKind.All.Where(kind => FileRule.Usual.Contains(kind.Name))], most * 1024);
    }
}
