using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Patterns;

namespace LeadFunctions.OnSite;

/// <summary>Who looks at which page.</summary>
/// <param name="Page">Null: it did not say.</param>
/// <param name="Lead">What is known of the visitor; null: nothing is, or nothing may be used.</param>
/// <param name="Seen">What the visitor has seen, by content.</param>
/// <param name="Offered">Contents that the visitor's journeys offer.</param>
/// <param name="Hidden">Contents that the browser itself remembers to leave out.</param>
internal sealed record Visit(Uri? Page, ILeadFacts? Lead, IReadOnlyDictionary<string, SeenContent>? Seen, IReadOnlySet<string> Offered, IReadOnlySet<string> Hidden);

/// <summary>Which content a slot shows.</summary>
internal static class ContentChoice
{
    /// <summary>Of those for the slot that this visitor may see here and now, the one of the highest priority, then what a journey offers, then by id. Null: none.</summary>
    public static Content? For(string slot, IEnumerable<Content> live, Visit visit, DateTimeOffset now)
    {
        using var budget = PatternBudget.Of(1);
        return live
            .Where(content => content.Document.Slot == slot && Shows(content, visit, now))
            .OrderByDescending(content => content.Document.Priority).ThenByDescending(content => visit.Offered.Contains(content.Id)).ThenBy(content => content.Id, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private static bool Shows(Content content, Visit visit, DateTimeOffset now)
    {
        var document = content.Document;
        return !(now < document.From) && !(now >= document.Until) && !visit.Hidden.Contains(content.Id)
            && (document.Pages.Count == 0 || Matches(document.Pages, visit.Page)) && !Matches(document.ExceptPages, visit.Page)
            && (!document.OnlyOffered || visit.Offered.Contains(content.Id)) && IsFor(document, visit.Lead, now)
            && visit.Seen?.GetValueOrDefault(content.Id)?.Leaves(document, now) != false;
    }

    /// <summary>Whether it is for this person, wherever; null: for somebody of whom nothing is known.</summary>
    public static bool IsFor(ContentDocument content, ILeadFacts? lead, DateTimeOffset now) => content.When is null || (lead is not null && content.When.Holds(null, lead, now));

    private static bool Matches(IReadOnlyList<PagePattern> patterns, Uri? page) => page is not null && patterns.Any(pattern => pattern.Matches(page));
}
