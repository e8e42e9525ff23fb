using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Templates.Liquid;

namespace LeadFunctions.Templates;

/// <summary>A template as a marketer wrote it, checked.</summary>
/// <param name="Locale">Of what stands outside of <paramref name="Locales"/>.</param>
/// <param name="Topic">What consent it needs; null: none.</param>
/// <param name="Locales">What differs in other languages, by tag in lower case.</param>
/// <param name="Blocks">Content of which each reader gets one variant, or none; of mail only.</param>
internal sealed record TemplateDocument(
    string Name, string? Topic, string Locale, TemplateContent Base, IReadOnlyDictionary<string, TemplateContent> Locales, IReadOnlyDictionary<string, IReadOnlyList<BlockVariant>> Blocks)
{
    public const string Email = "email";
    public const string Push = "push";

    /// <summary>What kinds there are: mail, and what browsers and telephones show.</summary>
    public static readonly string[] Kinds = [Email, Push];

    /// <summary>Roots of the variables that there are.</summary>
    public static readonly IReadOnlyList<string> Roots = ["lead", "company", "trigger", "saved", "data", "run", "links", "blocks", "now"];

    /// <summary>Those that a subject may name which no template has.</summary>
    public static readonly IReadOnlyList<string> InSubjects = ["lead", "company", "data", "now"];

    public string Kind => Base is TemplateContent.Push ? Push : Email;

    /// <summary>The languages that it is written in, its own first.</summary>
    public IReadOnlyList<string> Tags => [Locale, .. Locales.Keys.Concat(Blocks.Values.SelectMany(variants => variants).SelectMany(variant => variant.Locales.Keys)).Distinct().Where(tag => tag != Locale).Order(StringComparer.Ordinal)];

    /// <summary>The language for a reader of another: <c>pl-PL</c>, else <c>pl</c>, else its own.</summary>
    public string TagFor(string? locale)
    {
        var tags = Tags;
        return Parents(LocaleTag.Normal(locale)).FirstOrDefault(tags.Contains) ?? Locale;
    }

    /// <summary>What is written in a language, or one that it comes from, else outside of all.</summary>
    /// <typeparam name="TContent">That of its kind.</typeparam>
    public string? Pick<TContent>(string tag, Func<TContent, string?> field)
        where TContent : TemplateContent =>
        Parents(tag).Select(parent => Locales.TryGetValue(parent, out var content) ? field((TContent)content) : null).FirstOrDefault(found => found is not null) ?? field((TContent)Base);

    /// <summary>The text part in a language; null: it is made of the HTML. That is so, too, where the HTML is written in the language and the text, or what it places, is not: half a mail in another is worse than none.</summary>
    public string? TextIn(string tag)
    {
        return Pick<TemplateContent.Mail>(tag, content => content.Text) is { } text && !Lags(Locales, content => ((TemplateContent.Mail)content).Html, content => ((TemplateContent.Mail)content).Text)
            && !Blocks.Where(block => LiquidTag.All(text).Any(tag => tag.IsOutput && tag.Inside(text) == $"blocks.{block.Key}")).SelectMany(block => block.Value).Any(variant => Lags(variant.Locales, content => content.Html, content => content.Text))
            ? text
            : null;

        bool Lags<TContent>(IReadOnlyDictionary<string, TContent> locales, Func<TContent, string?> html, Func<TContent, string?> words) =>
            Parents(tag).TakeWhile(parent => !locales.TryGetValue(parent, out var content) || words(content) is null).Any(parent => locales.TryGetValue(parent, out var content) && html(content) is not null);
    }

    public static IEnumerable<string> Parents(string? tag)
    {
        for (; !string.IsNullOrEmpty(tag); tag = tag.Contains('-', StringComparison.Ordinal) ? tag[..tag.LastIndexOf('-')] : null)
        {
            yield return tag;
        }
    }
}

/// <summary>What is written in one language; null: as in the language that it comes from.</summary>
/// <param name="Defaults">What stands where a variable has no value, by its path.</param>
internal abstract record TemplateContent(IReadOnlyDictionary<string, Value> Defaults)
{
    public sealed record Mail(string? Subject, string? Preheader, string? Html, string? Text, string? From, string? ReplyTo, IReadOnlyDictionary<string, Value> Defaults) : TemplateContent(Defaults);

    /// <param name="Url">The page that it opens.</param>
    /// <param name="Icon">The address of a picture.</param>
    public sealed record Push(string? Title, string? Body, string? Url, string? Icon, IReadOnlyDictionary<string, Value> Defaults) : TemplateContent(Defaults);
}

/// <summary>One variant of a block.</summary>
/// <param name="When">For whom; null: for everybody else.</param>
internal sealed record BlockVariant(Condition? When, BlockContent Base, IReadOnlyDictionary<string, BlockContent> Locales)
{
    public string? Pick(string tag, Func<BlockContent, string?> field) =>
        TemplateDocument.Parents(tag).Select(parent => Locales.TryGetValue(parent, out var content) ? field(content) : null).FirstOrDefault(found => found is not null) ?? field(Base);
}

internal sealed record BlockContent(string? Html, string? Text);

/// <summary>One immutable version of a template.</summary>
internal sealed record Template(string Id, int Version, TemplateDocument Document);
