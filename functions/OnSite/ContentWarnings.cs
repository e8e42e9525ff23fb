using System.Text.Json;
using AngleSharp.Html.Parser;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Patterns;

namespace LeadFunctions.OnSite;

/// <summary>What a document says and a page will not show, or not to everybody.</summary>
internal static class ContentWarnings
{
    public static IEnumerable<DocumentError> Of(JsonElement json)
    {
        if (ContentDocument.Parse(json).Document is not { } content)
        {
            yield break;
        }

        foreach (var (path, words) in content.Locales.Select(local => ($"$.locales.{local.Key}.html", local.Value)).Prepend(("$.html", content.Words)))
        {
            foreach (var removed in SafeHtml.Of(words.Html).Removed)
            {
                yield return new(path, $"This is not shown: {removed}.", "text, pictures, links and their looks; for questions a form");
            }

            if (new HtmlParser().ParseDocument(words.Html).QuerySelector("img:not([alt])") is not null)
            {
                yield return new(path, "A picture says nothing to those who do not see it.", "alt with what it shows, or empty where it shows nothing");
            }
        }

        foreach (var slow in PatternsGivenUp.In(json))
        {
            yield return slow;
        }
    }
}
