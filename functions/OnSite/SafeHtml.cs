using AngleSharp.Css.Dom;
using AngleSharp.Dom;
using Ganss.Xss;

namespace LeadFunctions.OnSite;

/// <summary>
/// HTML that may stand in anybody's page: text, pictures, links and their looks. What runs, loads something else than a picture, or asks for input is taken out: the page is not ours, and for questions there are forms.
/// </summary>
internal static class SafeHtml
{
    private static readonly string[] Tags =
    [
        "a", "abbr", "article", "aside", "b", "blockquote", "br", "button", "caption", "cite", "code", "col", "colgroup", "dd", "del", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4",
        "h5", "h6", "header", "hr", "i", "img", "ins", "li", "mark", "ol", "p", "picture", "pre", "q", "s", "section", "small", "source", "span", "strong", "style", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
        "time", "tr", "u", "ul", "wbr",
    ];

    private static readonly string[] Attributes =
    [
        "alt", "class", "colspan", "datetime", "dir", "height", "href", "id", "lang", "loading", "media", "rel", "role", "rowspan", "scope", "sizes", "src", "srcset", "start", "style", "target", "title", "type", "width",
        "aria-hidden", "aria-label", "aria-labelledby", "aria-describedby",
    ];

    /// <returns>What is shown, and what was taken out of it, in words.</returns>
    public static (string Html, IReadOnlyList<string> Removed) Of(string html)
    {
        var removed = new List<string>();
        // One for each text: it keeps what it finds in its handlers.
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = Set(Tags),
            AllowedAttributes = Set(Attributes),
            AllowedSchemes = Set("http", "https", "mailto", "tel"),
            UriAttributes = Set("href", "src", "srcset"),
            AllowedCssProperties = Set([.. HtmlSanitizerDefaults.AllowedCssProperties, "aspect-ratio", "inset", "object-fit", "object-position"]),
            AllowedAtRules = new HashSet<CssRuleType> { CssRuleType.Style, CssRuleType.Media, CssRuleType.Keyframes, CssRuleType.Keyframe },
        })
        {
            AllowDataAttributes = true,
        };
        sanitizer.RemovingTag += (_, e) => removed.Add($"<{e.Tag.LocalName}>");
        sanitizer.RemovingAttribute += (_, e) => removed.Add($"{e.Attribute.Name} of <{e.Tag.LocalName}>");
        sanitizer.RemovingStyle += (_, e) => removed.Add($"the style {e.Style.Name}");
        sanitizer.RemovingAtRule += (_, e) => removed.Add($"a rule of the kind {e.Rule.Type}");
        sanitizer.PostProcessNode += (_, e) =>
        {
            // Another window must not reach back into the page.
            if (e.Node is IElement { LocalName: "a" } link && link.HasAttribute("target"))
            {
                link.SetAttribute("rel", "noopener");
            }
        };
        return (sanitizer.Sanitize(html), [.. removed.Distinct()]);
    }

    private static HashSet<string> Set(params string[] names) => new(names, StringComparer.OrdinalIgnoreCase);
}
