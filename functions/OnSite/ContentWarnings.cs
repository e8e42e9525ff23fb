using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Patterns;

namespace LeadFunctions.OnSite;

/// <summary>What a document says and a page will not show.</summary>
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
        }

        foreach (var slow in PatternsGivenUp.In(json))
        {
            yield return slow;
        }
    }
}
