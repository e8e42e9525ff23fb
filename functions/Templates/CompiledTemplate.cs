using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Templates.Liquid;

namespace LeadFunctions.Templates;

/// <summary>One version of a template, put together in each of its languages when that is first asked for.</summary>
internal sealed class CompiledTemplate
{
    private readonly Dictionary<string, Lazy<CompiledLocale>> _locales;

    public CompiledTemplate(Template template)
    {
        Template = template;
        _locales = template.Document.Tags.ToDictionary(tag => tag, tag => new Lazy<CompiledLocale>(() =>
            CompiledLocale.Of(template.Document, tag) is { Locale: { } locale } ? locale : throw new LiquidFaultException($"It cannot be put together in \"{tag}\".")));
    }

    public Template Template { get; }

    public CompiledLocale For(string? locale) => _locales[Template.Document.TagFor(locale)].Value;
}

/// <summary>A template in one language, ready to be filled in.</summary>
internal abstract record CompiledLocale(string Tag, IReadOnlyDictionary<string, Value> Defaults)
{
    /// <param name="Html">With its styles in place.</param>
    /// <param name="Text">Null: made of the HTML.</param>
    /// <param name="Blocks">For whom each variant is.</param>
    public sealed record Mail(
        string Tag, LiquidText Subject, LiquidText? Preheader, LiquidText Html, LiquidText? Text, CompiledMailbox? From, CompiledMailbox? ReplyTo, IReadOnlyDictionary<string, Value> Defaults,
        IReadOnlyDictionary<string, IReadOnlyList<Condition?>> Blocks) : CompiledLocale(Tag, Defaults);

    public sealed record Push(string Tag, LiquidText Title, LiquidText Body, LiquidText? Url, LiquidText? Icon, IReadOnlyDictionary<string, Value> Defaults) : CompiledLocale(Tag, Defaults);

    public static (CompiledLocale? Locale, IReadOnlyList<DocumentError> Errors) Of(TemplateDocument document, string tag) =>
        document.Base is TemplateContent.Push ? (OfPush(document, tag), []) : OfMail(document, tag);

    /// <summary>Its texts were read by themselves, and stand by themselves.</summary>
    private static Push OfPush(TemplateDocument document, string tag)
    {
        return new(tag, Field(content => content.Title)!, Field(content => content.Body)!, Field(content => content.Url), Field(content => content.Icon), DefaultsOf(document, tag)); // the parser asks for both

        LiquidText? Field(Func<TemplateContent.Push, string?> field) => document.Pick(tag, field) is { } source ? Parse(source, "$", []) : null;
    }

    private static (CompiledLocale? Locale, IReadOnlyList<DocumentError> Errors) OfMail(TemplateDocument document, string tag)
    {
        var errors = new List<DocumentError>();
        var source = Field(content => content.Html)!; // the parser asks for it
        var at = document.Locales.TryGetValue(tag, out var own) && own is TemplateContent.Mail { Html: not null } ? $"$.locales.{tag}.html" : "$.html";
        var (html, faults) = InlinedHtml.Of(Placed(document, tag, source, "html", at, block => block.Html, errors), LanguageOf(tag));
        errors.AddRange(faults.Select(fault => TemplateParser.Told(at, fault)));
        var text = document.TextIn(tag);
        var words = text is null ? null : Parse(Placed(document, tag, text, "text", "$.text", block => block.Text, errors), "$.text", errors);
        var compiled = html is null ? null : Parse(html, at, errors);
        if (compiled is null || errors.Count > 0)
        {
            return (null, errors);
        }

        return (new Mail(
            tag, Parse(Field(content => content.Subject)!, "$.subject", errors)!, // the parser has seen both
            Field(content => content.Preheader) is { } preheader ? Parse(preheader, "$.preheader", errors) : null,
            compiled, words, Mailbox(Field(content => content.From)), Mailbox(Field(content => content.ReplyTo)),
            DefaultsOf(document, tag), document.Blocks.ToDictionary(block => block.Key, block => (IReadOnlyList<Condition?>)[.. block.Value.Select(variant => variant.When)])), errors);

        string? Field(Func<TemplateContent.Mail, string?> field) => document.Pick(tag, field);
    }

    public static string LanguageOf(string tag) => tag.Split('-')[0];

    /// <summary>With the variants of each block where it is placed, so that styles find them there.</summary>
    private static string Placed(TemplateDocument document, string tag, string source, string field, string at, Func<BlockContent, string?> content, List<DocumentError> errors)
    {
        foreach (var one in LiquidTag.All(source).Where(one => one.IsOutput).Reverse())
        {
            var inside = one.Inside(source);
            if (!inside.StartsWith("blocks.", StringComparison.Ordinal))
            {
                continue;
            }

            var name = inside["blocks.".Length..];
            if (!document.Blocks.TryGetValue(name, out var variants))
            {
                errors.Add(TemplateParser.Told(at, LiquidError.At(source, one.Start, $"A block stands alone: \"{inside}\".", "{{ blocks.name }}")));
                continue;
            }

            var cases = variants.Select((variant, index) => (Content: variant.Pick(tag, content), Index: index)).ToList();
            if (cases.Find(one => one.Content is null) is { Content: null } bare && cases.Exists(one => one.Content is null))
            {
                errors.Add(new($"$.blocks.{name}[{bare.Index}].{field}", $"The template's {field} places this block, and this variant has none.", "text"));
            }

            source = string.Concat(source.AsSpan(0, one.Start), $"{{% case blocks.{name} %}}{string.Concat(cases.Select(one => $"{{% when {one.Index} %}}{one.Content}"))}{{% endcase %}}", source.AsSpan(one.End));
        }

        return source;
    }

    private static LiquidText? Parse(string source, string at, List<DocumentError> errors)
    {
        var (text, faults) = LiquidText.Parse(source);
        errors.AddRange(faults.Select(fault => TemplateParser.Told(at, fault)));
        return text;
    }

    private static CompiledMailbox? Mailbox(string? source) =>
        source is not null && MailboxText.Split(source) is { } split && LiquidText.Parse(split.Name).Text is { } name ? new(name, split.Address) : null;

    private static Dictionary<string, Value> DefaultsOf(TemplateDocument document, string tag)
    {
        var defaults = new Dictionary<string, Value>(document.Base.Defaults);
        foreach (var (path, value) in TemplateDocument.Parents(tag).Reverse().Where(document.Locales.ContainsKey).SelectMany(parent => document.Locales[parent].Defaults))
        {
            defaults[path] = value;
        }

        return defaults;
    }
}

internal sealed record CompiledMailbox(LiquidText Name, string Address);
