using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Mail;
using LeadFunctions.Templates.Liquid;

namespace LeadFunctions.Templates;

/// <summary>Reads a template: its fields first, each with all that is wrong in it; when those are right, it is put together in each language, as it will be for readers.</summary>
internal sealed class TemplateParser
{
    private const int MostLocales = 30;
    private const int MostBlocks = 30;
    private const int MostVariants = 20;
    private const int MostDefaults = 100;
    private const int MostTitle = 1_000;
    private const int MostBody = 4_000;
    private const int MostAddress = 2_000;

    private static readonly string[] MailFields = ["subject", "preheader", "html", "text", "from", "replyTo", "defaults"];
    private static readonly string[] PushFields = ["title", "body", "url", "icon", "defaults"];
    private static readonly string[] BlockFields = ["html", "text"];

    private readonly List<DocumentError> _errors = [];

    /// <summary>All mistakes at once; the document is null when any makes it unreadable.</summary>
    public static (TemplateDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8)
    {
        var (document, errors) = Read(utf8);
        List<DocumentError> all = [.. errors, .. document?.Tags.SelectMany(tag => CompiledLocale.Of(document, tag).Errors).Distinct() ?? []];
        return (all.Count > 0 ? null : document, all);
    }

    /// <summary>One that was put together when it was saved: that takes its time, and comes again when it is sent.</summary>
    public static (TemplateDocument? Document, IReadOnlyList<DocumentError> Errors) Read(ReadOnlyMemory<byte> utf8) =>
        DocumentText.Read(utf8, json => DocumentText.Read(json, new TemplateParser().Read, Refused), Refused);

    private static (TemplateDocument?, IReadOnlyList<DocumentError>) Refused(DocumentError error) => (null, [error]);

    private (TemplateDocument?, IReadOnlyList<DocumentError>) Read(JsonElement json)
    {
        var isPush = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String && kind.GetString() == TemplateDocument.Push;
        var fields = isPush ? PushFields : MailFields;
        string[] more = isPush ? [] : ["blocks"];
        var root = new DocumentObject(json, "$", _errors, ["name", "kind", "description", "locale", "topic", .. fields, "locales", .. more, "$schema"]);
        if (root.Text("kind", 20) is { } named && !TemplateDocument.Kinds.Contains(named))
        {
            root.Add(root.At("kind"), $"There is no kind \"{named}\".", string.Join(" or ", TemplateDocument.Kinds));
        }

        var name = root.Text("name", 200, required: true);
        _ = root.Text("description", 2000);
        _ = root.Text("$schema", 200); // for editors
        var topic = root.Text("topic", 64);
        var locale = Tag(root, root.Text("locale", 35), root.At("locale")) ?? "en";
        var blocks = isPush ? [] : Blocks(root);
        var content = Content(root, required: true);
        var locales = Locales(root, item => Content(item, required: false), fields);
        if (name is null || DocumentError.Grave(_errors) > 0)
        {
            return (null, _errors);
        }

        return (new TemplateDocument(name, topic, locale, content, locales, blocks), _errors);

        TemplateContent Content(DocumentObject reader, bool required) => isPush ? Push(reader, required) : Mail(reader, blocks.Keys, required);
    }

    private TemplateContent.Push Push(DocumentObject reader, bool required) =>
        new(Liquid(reader, "title", MostTitle, required: required), Liquid(reader, "body", MostBody, required: required), Address(reader, "url"), Address(reader, "icon"), Defaults(reader));

    /// <summary>One that stands there without values has to be an address already.</summary>
    private string? Address(DocumentObject reader, string field)
    {
        var source = Liquid(reader, field, MostAddress);
        if (source is not null && !source.Contains('{', StringComparison.Ordinal) && PushAddress.Of(source) is null)
        {
            reader.Add(reader.At(field), "This is no address of the web.", "https://shop.example/offers, where values can stand: https://shop.example/p/{{ data.id }}");
        }

        return source;
    }

    private TemplateContent.Mail Mail(DocumentObject reader, IEnumerable<string> blocks, bool required)
    {
        var subject = Liquid(reader, "subject", 1_000, required: required);
        var preheader = Liquid(reader, "preheader", 1_000);
        var html = Html(reader, "html", required, blocks);
        var text = Liquid(reader, "text", LiquidLimits.Text, blocks);
        return new(subject, preheader, html, text, Mailbox(reader, "from"), Mailbox(reader, "replyTo"), Defaults(reader));
    }

    private string? Html(DocumentObject reader, string field, bool required, IEnumerable<string>? blocks)
    {
        var html = Liquid(reader, field, LiquidLimits.Text, blocks, required);
        if (html is not null)
        {
            _errors.AddRange(InlinedHtml.FaultsOf(html).Select(error => Told(reader.At(field), error)));
        }

        return html;
    }

    /// <param name="blocks">Those that may stand in it; null: none.</param>
    private string? Liquid(DocumentObject reader, string field, int length, IEnumerable<string>? blocks = null, bool required = false)
    {
        if (reader.Text(field, length, required) is not { } source)
        {
            return null;
        }

        var (text, errors) = LiquidText.Parse(source);
        _errors.AddRange(errors.Select(error => Told(reader.At(field), error)));
        foreach (var path in text?.Paths ?? [])
        {
            var root = path.Split('.')[0];
            if (!TemplateDocument.Roots.Contains(root))
            {
                reader.Add(reader.At(field), $"There is no variable \"{path}\".", $"one that begins with {string.Join(", ", TemplateDocument.Roots)}: lead.{path}");
            }
            else if (root == "blocks" && blocks?.Contains(path["blocks".Length..].TrimStart('.')) != true)
            {
                reader.Add(reader.At(field), $"There is no block \"{path}\" here.", blocks is null ? "no block: they stand in html and text" : "one of \"blocks\"");
            }
        }

        return source;
    }

    private string? Mailbox(DocumentObject reader, string field)
    {
        if (Liquid(reader, field, 300) is not { } source)
        {
            return null;
        }

        var split = MailboxText.Split(source);
        if (split is { Address: var address } && MailAddresses.Find(address) is null)
        {
            _errors.Add(new(reader.At(field), "No mail can be from this address.", MailAddresses.Expected) { IsForgivenIfStored = true });
        }
        else if (split is null)
        {
            reader.Add(reader.At(field), "This is no sender.", "an address, or a name and an address: \"The shop <news@example.com>\"; values can stand in the name");
        }

        return source;
    }

    private Dictionary<string, Value> Defaults(DocumentObject reader)
    {
        var defaults = new Dictionary<string, Value>();
        if (reader.Find("defaults", "values by their variables: {\"lead.firstName\": \"there\"}") is { } json)
        {
            var inner = new DocumentObject(json, reader.At("defaults"), _errors, null);
            foreach (var (path, value) in inner.Members)
            {
                if (!TemplateDocument.Roots.Take(6).Contains(path.Split('.')[0]) || !path.Contains('.', StringComparison.Ordinal) || value.ValueKind is JsonValueKind.Object or JsonValueKind.Null)
                {
                    inner.Add(inner.At(path), "This is no default of a variable.", "a variable with its text, number or list: \"lead.firstName\": \"there\"");
                }

                defaults[path] = Value.From(value);
            }

            if (defaults.Count > MostDefaults)
            {
                reader.Add(reader.At("defaults"), $"There are {defaults.Count} defaults.", $"at most {MostDefaults}");
            }
        }

        return defaults;
    }

    private Dictionary<string, T> Locales<T>(DocumentObject reader, Func<DocumentObject, T> read, IReadOnlyList<string> fields)
    {
        var locales = new Dictionary<string, T>();
        if (reader.Find("locales", "what differs by language: {\"pl\": {\"subject\": …}}") is not { } json)
        {
            return locales;
        }

        var outer = new DocumentObject(json, reader.At("locales"), _errors, null);
        foreach (var (tag, content) in outer.Members)
        {
            var normal = Tag(outer, tag, outer.At(tag));
            var inner = new DocumentObject(content, outer.At(tag), _errors, fields);
            if (normal is not null && !locales.TryAdd(normal, read(inner)))
            {
                outer.Add(outer.At(tag), $"\"{tag}\" is given twice.", "each language once");
            }
        }

        if (locales.Count > MostLocales)
        {
            reader.Add(reader.At("locales"), $"There are {locales.Count} languages.", $"at most {MostLocales}");
        }

        return locales;
    }

    private Dictionary<string, IReadOnlyList<BlockVariant>> Blocks(DocumentObject root)
    {
        var blocks = new Dictionary<string, IReadOnlyList<BlockVariant>>();
        if (root.Find("blocks", "variants by name: {\"hero\": [{\"when\": …, \"html\": …}, {\"html\": …}]}") is not { } json)
        {
            return blocks;
        }

        var outer = new DocumentObject(json, root.At("blocks"), _errors, null);
        foreach (var name in outer.Members.Keys)
        {
            if (name.Length > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || !char.IsAsciiLetter(name[0]))
            {
                outer.Add(outer.At(name), $"A block cannot be called \"{name}\".", "a letter, then letters, digits and _");
            }

            var variants = outer.Items(name, "a list of variants", MostVariants).ToList();
            blocks[name] = [.. variants.Select((variant, index) => Variant(variant.Json, variant.Path, isLast: index == variants.Count - 1))];
            if (variants.Count == 0 && outer.Members[name] is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0)
            {
                outer.Add(outer.At(name), "This block has no variants.", "at least one");
            }
        }

        if (blocks.Count > MostBlocks)
        {
            root.Add(root.At("blocks"), $"There are {blocks.Count} blocks.", $"at most {MostBlocks}");
        }

        return blocks;
    }

    private BlockVariant Variant(JsonElement json, string path, bool isLast)
    {
        var reader = new DocumentObject(json, path, _errors, ["when", .. BlockFields, "locales"]);
        var when = reader.Find("when", "a condition") is { } condition ? ConditionParser.Parse(condition, reader.At("when"), ConditionScope.JourneyEntry, _errors) : null;
        if (!isLast && reader.Lacks("when"))
        {
            reader.Add(reader.At("when"), "This variant is for everybody: those after it are for nobody.", "a condition, but for the last");
        }

        var content = new BlockContent(Html(reader, "html", required: true, null), Liquid(reader, "text", LiquidLimits.Text));
        return new(when, content, Locales(reader, item => new BlockContent(Html(item, "html", required: false, null), Liquid(item, "text", LiquidLimits.Text)), BlockFields));
    }

    private string? Tag(DocumentObject reader, string? tag, string path)
    {
        var normal = LocaleTag.Normal(tag);
        if (tag is not null && normal is null)
        {
            reader.Add(path, $"\"{tag}\" is no language.", LocaleTag.Expected);
        }

        return normal;
    }

    internal static DocumentError Told(string path, LiquidError error) => new(path, $"Line {error.Line}, column {error.Column}: {error.Message}", error.Expected);
}
