using System.Text;
using AngleSharp.Html.Parser;
using LeadFunctions.Templates.Liquid;

namespace LeadFunctions.Templates;

/// <summary>What a message would better not be like.</summary>
/// <param name="Code">For programs.</param>
internal sealed record TemplateWarning(string Code, string Message);

/// <summary>Looks at a message as its readers and their mail programs will.</summary>
internal static class TemplateWarnings
{
    /// <summary>Gmail shows no more, and hides the link to unsubscribe with the rest.</summary>
    public const int Clipped = 102 * 1024;

    // What a telephone shows of a push message before somebody opens it out.
    private const int ShownTitle = 50;
    private const int ShownBody = 120;

    /// <param name="sent">The HTML of a mail with its links counted, as it goes out; null: as it is.</param>
    public static IReadOnlyList<TemplateWarning> Of(CompiledTemplate template, RenderedMessage message, string? sent = null) => (template.For(message.Locale), message) switch
    {
        (CompiledLocale.Mail locale, RenderedMessage.Mail mail) => Of(template, locale, mail, sent ?? mail.Html),
        (CompiledLocale.Push locale, RenderedMessage.Push push) => Of(locale, push),
        _ => throw new InvalidOperationException($"Nothing says what to look for in {message.GetType().Name}."),
    };

    /// <summary>The languages in which a mail shows its reader no way to unsubscribe. Nobody can tell of one that cannot be put together.</summary>
    public static IReadOnlyList<string> WithoutWayOut(CompiledTemplate template)
    {
        try
        {
            return [.. template.Template.Document.Tags.Where(tag => template.For(tag) is CompiledLocale.Mail mail && !HasWayOut(mail))];
        }
        catch (LiquidFaultException)
        {
            return [];
        }
    }

    private static bool HasWayOut(CompiledLocale.Mail locale) => locale.Html.Paths.Any(path => path is "links.unsubscribe" or "links.preferences");

    private static TemplateWarning[] Of(CompiledTemplate template, CompiledLocale.Mail locale, RenderedMessage.Mail message, string sent)
    {
        using var html = new HtmlParser().ParseDocument(message.Html);
        var links = html.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!.Trim()).ToList(); // the selector asks for it
        var size = Encoding.UTF8.GetByteCount(sent);
        return
        [
            .. Where(message.Subject.Length == 0, "emptySubject", "The subject is empty."),
            .. Where(locale.Preheader is null, "noPreheader", "There is no preheader: mail programs show the first words of the text after the subject."),
            .. Where(locale.Text is null, "noText", "There is no text part: it is made from the HTML."),
            .. LeftOut(template.Template.Document, message.Locale).Select(field => new TemplateWarning("otherLanguage", $"The HTML is in \"{message.Locale}\", and the {field} is not: it is the one outside of locales.")),
            .. Where(!HasWayOut(locale), "noUnsubscribe", template.Template.Document.Topic is null
                ? "A reader finds no way to unsubscribe: right for what people expect and cannot refuse; wrong once a step or a campaign sends it about a topic. There is neither {{ links.unsubscribe }} nor {{ links.preferences }}."
                : "A reader finds no way to unsubscribe: there is a topic, and neither {{ links.unsubscribe }} nor {{ links.preferences }}."),
            .. html.QuerySelectorAll("img:not([alt])").Select(image => new TemplateWarning("noAlt", $"An image has no alt text: {Short(image.GetAttribute("src") ?? "")}.")).Distinct(),
            .. links.Where(IsInsecure).Select(link => new TemplateWarning("insecureLink", $"A link is without https: {Short(link)}.")).Distinct(),
            .. links.Where(link => link.Length == 0).Take(1).Select(_ => new TemplateWarning("emptyLink", "A link leads nowhere: its address is empty.")),
            .. Where(size > Clipped, "tooLarge", $"The HTML has {size / 1024} KiB when it goes out: Gmail shows the first {Clipped / 1024} only."),
        ];
    }

    /// <summary>What a reader of a language sees beside its HTML that nobody has translated.</summary>
    private static string[] LeftOut(TemplateDocument document, string tag)
    {
        List<TemplateContent.Mail> own = [.. TemplateDocument.Parents(tag).Select(parent => document.Locales.GetValueOrDefault(parent)).OfType<TemplateContent.Mail>()];
        return !own.Exists(content => content.Html is not null) ? [] :
        [
            .. own.Exists(content => content.Subject is not null) ? [] : (string[])["subject"],
            .. own.Exists(content => content.Preheader is not null) || document.Base is TemplateContent.Mail { Preheader: null } ? [] : (string[])["preheader"],
        ];
    }

    private static TemplateWarning[] Of(CompiledLocale.Push locale, RenderedMessage.Push message) =>
    [
        .. Where(message.Title.Length == 0, "emptyTitle", "The title is empty."),
        .. Where(message.Title.Length > ShownTitle, "longTitle", $"The title has {message.Title.Length} characters: telephones show about the first {ShownTitle}."),
        .. Where(message.Body.Length == 0, "emptyBody", "The body is empty."),
        .. Where(message.Body.Length > ShownBody, "longBody", $"The body has {message.Body.Length} characters: telephones show about the first {ShownBody}."),
        .. Where(message.Url is null, locale.Url is null ? "noUrl" : "emptyLink", locale.Url is null ? "There is no url: a click opens nothing, unless the step's data names one." : "A click leads nowhere: filled in, the url is no address of the web."),
        .. new[] { message.Url, message.Icon }.OfType<string>().Where(IsInsecure).Select(link => new TemplateWarning("insecureLink", $"A link is without https: {Short(link)}.")),
    ];

    // On a developer's machine the app's own links are.
    private static bool IsInsecure(string link) => link.StartsWith("http:", StringComparison.OrdinalIgnoreCase) && !(Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.IsLoopback);

    private static IEnumerable<TemplateWarning> Where(bool holds, string code, string message) => holds ? [new(code, message)] : [];

    private static string Short(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
