using System.Globalization;
using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;

namespace LeadFunctions.Forms;

/// <summary>The fields of a form.</summary>
internal static partial class FormParser
{
    private const int MostOptions = 100;
    private const int LongestValue = 200;
    private const string LanguageExpected = "a language as in pl or pt-BR";
    private const string NameExpected = "1 to 64 letters, digits, - and _, beginning with a letter";

    // What the page itself sends beside the answers.
    private static readonly string[] TakenNames = ["anonymousId"];

    /// <summary>What a field of each kind may say, beside its type and name.</summary>
    private static readonly (string Type, FieldKind Kind, string[] Members)[] Kinds =
    [
        ("text", FieldKind.Text, ["label", "placeholder", "help", "required", "trait", "minLength", "maxLength", "matches", "multiline"]),
        ("email", FieldKind.Email, ["label", "placeholder", "help", "required", "trait"]),
        ("tel", FieldKind.Tel, ["label", "placeholder", "help", "required", "trait", "region"]),
        ("number", FieldKind.Number, ["label", "placeholder", "help", "required", "trait", "min", "max"]),
        ("select", FieldKind.Select, ["label", "help", "required", "trait", "options"]),
        ("multiselect", FieldKind.Multiselect, ["label", "help", "required", "trait", "options", "min", "max"]),
        ("checkbox", FieldKind.Checkbox, ["label", "help", "required", "trait"]),
        ("date", FieldKind.Date, ["label", "help", "required", "trait", "from", "to"]),
        ("hidden", FieldKind.Hidden, ["trait", "value"]),
        ("file", FieldKind.Attachment, ["label", "help", "required", "accept", "maxKilobytes"]),
        ("consent", FieldKind.Consent, ["text", "help", "required", "topics"]),
    ];

    private static readonly string TypeExpected = $"one of {string.Join(", ", Kinds.Select(kind => kind.Type))}";

    private static List<FormField> Fields(DocumentObject root)
    {
        var fields = new List<FormField>();
        var items = root.Items("fields", "a list of fields", FormDocument.MostFields, required: true).ToList();
        if (items.Count == 0 && root.Has("fields") && root.Members["fields"].ValueKind == JsonValueKind.Array && root.Members["fields"].GetArrayLength() == 0)
        {
            root.Add(root.At("fields"), "The form asks nothing.", "at least one field");
        }

        Add(fields, root, items);
        if (fields.Sum(field => (field.Files?.Most ?? 0) / 1024) > FileRule.MostInAllKilobytes)
        {
            root.Add(root.At("fields"), "The files of the form may be too large together.", $"at most {FileRule.MostInAllKilobytes} kilobytes in all fields");
        }

        return fields;
    }

    private static void Add(List<FormField> fields, DocumentObject root, IEnumerable<(JsonElement Json, string Path)> items)
    {
        foreach (var (json, path) in items)
        {
            if (Field(json, path, root.Errors) is not { } field)
            {
                continue;
            }

            if (fields.Exists(other => other.Name == field.Name))
            {
                root.Add($"{path}.name", $"Another field is called \"{field.Name}\".", "each name once");
            }

            if (field.Trait is { } trait && fields.Exists(other => other.Trait is { } taken && (taken == trait || taken.StartsWith(trait + ".", StringComparison.Ordinal) || trait.StartsWith(taken + ".", StringComparison.Ordinal))))
            {
                root.Add($"{path}.trait", $"Another field sets \"{trait}\", or a part of it.", "each trait once");
            }

            fields.Add(field);
        }
    }

    private static FormField? Field(JsonElement json, string path, List<DocumentError> errors)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new(path, $"This is {DocumentObject.KindOf(json)}.", "a field: an object with type, name and more"));
            return null;
        }

        var type = json.TryGetProperty("type", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString() : null;
        if (Kinds.FirstOrDefault(kind => kind.Type == type) is not { Type: not null } kind)
        {
            errors.Add(new($"{path}.type", said.ValueKind == JsonValueKind.Undefined ? "\"type\" is missing." : $"{DocumentObject.Shown(said)} is no type of field.", TypeExpected));
            return null;
        }

        var field = new DocumentObject(json, path, errors, ["type", "name", .. kind.Members]);
        var name = Named(field, "name", required: true);
        if (name is not null && TakenNames.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            field.Add(field.At("name"), "The page itself sends something under this name.", "another name");
        }

        var isShown = kind.Kind is not (FieldKind.Hidden or FieldKind.Consent);
        var label = isShown ? field.Text("label", LongestLabel, required: true) : null;
        var text = kind.Kind == FieldKind.Consent ? field.Text("text", LongestText, required: true) : null;
        var words = new FieldWords(label, field.Text("placeholder", 200), field.Text("help", 500), text);
        var read = new FormField(
            name ?? "", kind.Kind, words, Trait(field, kind.Kind), Flag(field, "required"), Flag(field, "multiline"), Whole(field, "minLength", 1, FormField.LongestText), Whole(field, "maxLength", 1, FormField.LongestText),
            Number(field, "min", kind.Kind), Number(field, "max", kind.Kind), Day(field, "from"), Day(field, "to"),
            field.Find("matches", "a regular expression") is { } pattern ? TestParser.Parse("matches", pattern, field.At("matches"), errors) : null,
            kind.Kind is FieldKind.Select or FieldKind.Multiselect ? Options(field) : null, Region(field), field.Has("topics") ? Topics(field) : null, field.Text("value", LongestValue),
            kind.Kind == FieldKind.Attachment ? Files(field) : null);
        foreach (var (least, most, isWrong) in new[] { ("minLength", "maxLength", read.MinLength > read.Longest), ("min", "max", read.Min > read.Max), ("from", "to", string.CompareOrdinal(read.From, read.To) > 0 && read.To is not null) })
        {
            if (isWrong)
            {
                field.Add(field.At(least), "Nothing can be as this asks.", $"no more than \"{most}\"");
            }
        }

        if (read is { Kind: FieldKind.Multiselect, Options: { Count: > 0 } options } && read.Min > options.Count)
        {
            errors.Add(new(field.At("min"), "Nothing can be as this asks.", $"no more than the {options.Count} there are") { IsForgivenIfStored = true });
        }

        return name is null ? null : read;
    }

    /// <summary>What is asked in a mail's or a telephone's field is known under its usual name.</summary>
    private static string? Trait(DocumentObject field, FieldKind kind)
    {
        const string expected = "a path such as company.size: words of letters, digits, - and _, with dots between them";
        if (field.Find("trait", expected) is not { } json)
        {
            return kind switch { FieldKind.Email => FormDocument.EmailTrait, FieldKind.Tel => "phone", _ => null };
        }

        if (json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 and <= 200 } path && path.Split('.') is { Length: <= 8 } words
            && Array.TrueForAll(words, word => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
        {
            if (kind != FieldKind.Email && path == FormDocument.EmailTrait)
            {
                field.Add(field.At("trait"), "Only a field of the type email sets the address.", "another trait, or the type email");
            }

            return path;
        }

        field.Add(field.At("trait"), $"{DocumentObject.Shown(json)} is no trait.", expected);
        return null;
    }

    private static IReadOnlyList<FormOption> Options(DocumentObject field)
    {
        const string expected = "text, or an object with value and label, of 1 to 200 characters each";
        var options = new List<FormOption>();
        var items = field.Items("options", "a list of answers to choose from", MostOptions, required: true).ToList();
        if (field.Has("options") && field.Members["options"] is { ValueKind: JsonValueKind.Array } all && all.GetArrayLength() == 0)
        {
            field.Add(field.At("options"), "There is nothing to choose from.", "at least one answer");
        }

        foreach (var (json, path) in items)
        {
            if (json.ValueKind == JsonValueKind.String && json.GetString() is { } text && text.Trim().Length > 0 && text.Length <= LongestValue)
            {
                options.Add(new(text, text));
            }
            else if (json.ValueKind == JsonValueKind.Object)
            {
                var option = new DocumentObject(json, path, field.Errors, ["value", "label"]);
                if ((option.Text("value", LongestValue, required: true), option.Text("label", LongestValue, required: true)) is ({ } value, { } label))
                {
                    options.Add(new(value, label));
                }
            }
            else
            {
                field.Add(path, $"{DocumentObject.Shown(json)} is nothing to choose.", expected);
            }
        }

        if (options.GroupBy(option => option.Value).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            field.Add(field.At("options"), $"\"{twice.Key}\" is there twice.", "each value once");
        }

        return options;
    }

    private static FieldWords LocalField(JsonElement json, string path, FormField field, List<DocumentError> errors)
    {
        var said = new DocumentObject(json, path, errors, ["label", "placeholder", "help", "text", "options"]);
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (said.Find("options", "an object of labels, by value") is { } labels)
        {
            var all = new DocumentObject(labels, said.At("options"), errors, null);
            foreach (var value in all.Members.Keys)
            {
                if (field.Options?.Any(option => option.Value == value) != true)
                {
                    all.Add(all.At(value), $"The field has no option \"{value}\".", "one of its values");
                }
                else if (all.Text(value, LongestValue) is { } label)
                {
                    options[value] = label;
                }
            }
        }

        return new(said.Text("label", LongestLabel), said.Text("placeholder", 200), said.Text("help", 500), said.Text("text", LongestText), options);
    }

    private static string? Named(DocumentObject owner, string field, bool required = false)
    {
        if (owner.Find(field, NameExpected, required) is not { } json)
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 and <= 64 } name && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return name;
        }

        owner.Add(owner.At(field), $"{DocumentObject.Shown(json)} is no name.", NameExpected);
        return null;
    }

    private static bool Flag(DocumentObject owner, string field)
    {
        var json = owner.Find(field, "true or false");
        if (json?.ValueKind is not (null or JsonValueKind.True or JsonValueKind.False))
        {
            owner.Add(owner.At(field), $"This is {DocumentObject.Shown(json.Value)}.", "true or false");
        }

        return json?.ValueKind == JsonValueKind.True;
    }

    private static double? Number(DocumentObject field, string name, FieldKind kind) =>
        kind == FieldKind.Multiselect ? Whole(field, name, 0, MostOptions) : field.Number(name, "a number", _ => true);

    private static string? Day(DocumentObject field, string name)
    {
        const string expected = "a day as in 2026-05-31";
        if (field.Find(name, expected) is not { } json)
        {
            return null;
        }

        if (json.ValueKind == JsonValueKind.String && DateOnly.TryParseExact(json.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return json.GetString();
        }

        field.Add(field.At(name), $"{DocumentObject.Shown(json)} is no day.", expected);
        return null;
    }

    private static string? Region(DocumentObject owner)
    {
        var text = owner.Find("region", "a country as in SI");
        if (text is { } json && !(json.ValueKind == JsonValueKind.String && PhoneNumber.IsRegion(json.GetString())))
        {
            owner.Add(owner.At("region"), $"{DocumentObject.Shown(json)} is no country.", "two letters as in SI");
            return null;
        }

        return text?.GetString();
    }

    private static string? Language(DocumentObject owner, string field)
    {
        var text = owner.Find(field, LanguageExpected);
        if (text is { } json && !(json.ValueKind == JsonValueKind.String && IsLanguage(json.GetString())))
        {
            owner.Add(owner.At(field), $"{DocumentObject.Shown(json)} is no language.", LanguageExpected);
            return null;
        }

        return text?.GetString();
    }

    private static bool IsLanguage(string? text) =>
        text?.Split('-') is [{ Length: 2 or 3 } language, .. { Length: 0 or 1 } more] && language.All(char.IsAsciiLetterLower) && more.All(part => part.Length is 2 or 4 && part.All(char.IsAsciiLetter));

    private static bool IsId(string text) => char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
}
