using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using LeadFunctions.Templates.Liquid;

namespace LeadFunctions.Templates;

/// <summary>
/// HTML with Liquid in it, made ready for mail programs: styles stand in their elements, media queries (phones, dark mode) stay in the head. Tags of Liquid are hidden meanwhile, in comments and as
/// plain words, and come back where they stood. Each branch has to be whole: what it opens it closes.
/// </summary>
internal static partial class InlinedHtml
{
    /// <summary>Stands where the preheader comes.</summary>
    public const string Preheader = "<!--preheader-->";

    private const int Styles = 16 * 1024;
    private const int Depth = 150;

    private static readonly string[] Refused = ["script", "iframe", "object", "embed", "applet", "base", "link", "frame", "frameset", "noscript", "plaintext", "xmp", "svg", "math"];

    /// <summary>Checks a part by itself: where its tags stand.</summary>
    public static IReadOnlyList<LiquidError> FaultsOf(string html) => HtmlPlaces.Of(html).Errors;

    /// <param name="language">Said in the html element where it says none.</param>
    public static (string? Html, IReadOnlyList<LiquidError> Errors) Of(string html, string language)
    {
        html = WithBodies(html);
        var (tags, places, faults) = HtmlPlaces.Of(html);
        if (faults.Count > 0)
        {
            return (null, faults);
        }

        if (tags.FirstOrDefault(tag => tag.IsOutput && IsInOutlook(html, tag.Start) && EndsAComment().IsMatch(html.AsSpan(tag.End, Math.Min(3, html.Length - tag.End)))) is { IsOutput: true } last)
        {
            return (null, [LiquidError.At(html, last.Start, "A value that ends in hyphens would end this comment for all but Outlook.", "an element around the value")]);
        }

        var word = "lq";
        while (html.Contains(word, StringComparison.OrdinalIgnoreCase))
        {
            word += "q";
        }

        var document = new HtmlParser().ParseDocument(Hidden(html, tags, places, word));
        var errors = FaultsOf(document).Concat(BranchFaults(document, html, tags, word)).ToList();
        if (errors.Count > 0)
        {
            return (null, errors);
        }

        if (document.DocumentElement.GetAttribute("lang") is null)
        {
            document.DocumentElement.SetAttribute("lang", language);
        }

        document.Body?.Prepend(document.CreateComment("preheader"));
        using var inliner = new PreMailer.Net.PreMailer(document);
        var inlined = inliner.MoveCssInline(removeStyleElements: true, preserveMediaQueries: true).Html;
        var shown = new HashSet<int>();
        var whole = Regex.Replace(inlined, $"<!--{word}(\\d+)-->|{word}(\\d+)z", match =>
        {
            var index = int.Parse(match.Groups[1].Success ? match.Groups[1].ValueSpan : match.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
            shown.Add(index);
            return Guarded(tags[index], places[index], html);
        });
        var lost = Enumerable.Range(0, tags.Count).Where(index => !shown.Contains(index)).ToList();
        return lost.Count == 0 ? (whole, []) : (null, [LiquidError.At(html, tags[lost[0]].Start, "Mail programs would not see this.", "a place within text, or the value of a property in a style")]);
    }

    private static string Hidden(string html, IReadOnlyList<LiquidTag> tags, IReadOnlyList<HtmlPlace> places, string word)
    {
        var hidden = new StringBuilder();
        var at = 0;
        for (var i = 0; i < tags.Count; i++)
        {
            hidden.Append(html, at, tags[i].Start - at).Append(CultureInfo.InvariantCulture, $"{(places[i] == HtmlPlace.Text && !IsInOutlook(html, tags[i].Start) ? $"<!--{word}{i}-->" : $"{word}{i}z")}");
            at = tags[i].End;
        }

        return hidden.Append(html, at, html.Length - at).ToString();
    }

    // A comment in a comment would end it.
    private static bool IsInOutlook(string html, int at) =>
        html.LastIndexOf("<!--[if", at, StringComparison.OrdinalIgnoreCase) is var begun and >= 0 && html.IndexOf("-->", begun, StringComparison.Ordinal) is var end && (end < 0 || end > at);

    private static string Guarded(LiquidTag tag, HtmlPlace place, string html)
    {
        var filter = place switch { HtmlPlace.Address when tag.IsOutput => LiquidFilters.InAddress, HtmlPlace.Style when tag.IsOutput => LiquidFilters.InStyle, _ => null };
        var text = tag.In(html);
        var dash = text.EndsWith("-}}", StringComparison.Ordinal) ? 3 : 2;
        return filter is null ? text : $"{text[..^dash]} | {filter} {text[^dash..]}";
    }

    // Rows get a body from every parser; with it in place, a loop around them begins and ends in the same one.
    private static string WithBodies(string html) => TableWithRows().Replace(html, "$1<tbody>");

    private static IEnumerable<LiquidError> FaultsOf(IHtmlDocument document)
    {
        foreach (var refused in Refused)
        {
            if (document.QuerySelector(refused) is { } found)
            {
                yield return new($"There is a {found.LocalName}: mail programs take it out, or take the mail for a trap.", 1, 1, "HTML without it");
            }
        }

        var styles = string.Concat(document.QuerySelectorAll("style").Select(style => style.TextContent));
        if (styles.Length > Styles)
        {
            yield return new("The styles are too long.", 1, 1, $"at most {Styles / 1024} KiB");
        }

        if (styles.Contains("@import", StringComparison.OrdinalIgnoreCase))
        {
            yield return new("The styles import others.", 1, 1, "styles that stand in the template");
        }

        if (document.All.Any(element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase))))
        {
            yield return new("An element has a script of its own (on…).", 1, 1, "HTML without scripts");
        }

        if (IsTooDeep(document))
        {
            yield return new("The elements are nested too deeply.", 1, 1, $"at most {Depth} in each other");
        }
    }

    private static bool IsTooDeep(IHtmlDocument document)
    {
        var depth = 0;
        for (INode? node = document.DocumentElement; node is not null;)
        {
            if (node.FirstChild is { } child)
            {
                (node, depth) = (child, depth + 1);
                if (depth > Depth)
                {
                    return true;
                }

                continue;
            }

            while (node is not null && node.NextSibling is null)
            {
                (node, depth) = (node.Parent, depth - 1);
            }

            node = node?.NextSibling;
        }

        return false;
    }

    private static IEnumerable<LiquidError> BranchFaults(IHtmlDocument document, string html, IReadOnlyList<LiquidTag> tags, string word)
    {
        var parents = document.Descendants<IComment>().Where(comment => comment.Data.StartsWith(word, StringComparison.Ordinal) && int.TryParse(comment.Data.AsSpan(word.Length), out _))
            .ToDictionary(comment => int.Parse(comment.Data.AsSpan(word.Length), CultureInfo.InvariantCulture), comment => comment.Parent);
        var open = new Stack<int>();
        for (var i = 0; i < tags.Count; i++)
        {
            if (tags[i].Opens)
            {
                open.Push(i);
            }
            else if ((tags[i].Parts || tags[i].Closes) && open.TryPeek(out var begun))
            {
                if (parents.GetValueOrDefault(begun) is { } outer && parents.GetValueOrDefault(i) is { } here && !ReferenceEquals(outer, here))
                {
                    yield return LiquidError.At(html, tags[i].Start, $"An element ({(here as IElement)?.LocalName}) begins in one branch and ends elsewhere.", "branches whose elements are whole");
                    yield break;
                }

                _ = tags[i].Closes ? open.Pop() : begun;
            }
        }
    }

    [GeneratedRegex("^-?!?>")]
    private static partial Regex EndsAComment();

    [GeneratedRegex(@"(<table\b(?>(?:[^<>""']|""[^""]*""|'[^']*')*)>)(?=(?>\s*(?:\{%(?:[^%]|%(?!\})){0,2000}%\}\s*|<!--(?:[^-]|-(?!->)){0,500}-->\s*)*)<tr\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TableWithRows();
}
