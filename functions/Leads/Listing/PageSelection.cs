using System.Text;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Listing;

/// <param name="Engagement">As of the page's time.</param>
internal sealed record ListedRow(ListedLead Lead, double Engagement);

/// <summary>Of all leads that are offered, keeps those of one page: as many as it shows, and one more, which tells that there is a next one.</summary>
/// <param name="cap">The live model's, of engagement.</param>
internal sealed class PageSelection(ListingQuery query, ListingPosition? after, long asOf, double cap)
{
    private readonly PriorityQueue<Candidate, Candidate> _worstFirst = new(Comparer<Candidate>.Create((a, b) => Compare(query.Order, b.Rank, b.Slot, a)));
    private readonly Candidate? _after = after is null ? null
        : new Candidate(after.Rank, new ListingSlot { Id = ListingSlot.NumberOf(after.LeadId), Texts = LabelOnly(after.Label) }, null);

    public ListingFilter Filter => query.Filter;

    public void Offer(in ListingSlot slot, in ListingFilter.Numbers numbers, ListingNames names)
    {
        // The cheapest first: most leads of a long list come before the page or after what is found already.
        var rank = Rank(in slot);
        if ((_after is { } before && Compare(query.Order, rank, in slot, before) <= 0)
            || (_worstFirst.Count > query.Limit && Compare(query.Order, rank, in slot, _worstFirst.Peek()) >= 0)
            || !Filter.Admits(in slot, in numbers)
            || !Filter.AdmitsAt(in slot, names, asOf, cap))
        {
            return;
        }

        var candidate = new Candidate(rank, slot, names);
        if (_worstFirst.Count > query.Limit)
        {
            _worstFirst.DequeueEnqueue(candidate, candidate);
        }
        else
        {
            _worstFirst.Enqueue(candidate, candidate);
        }
    }

    public (IReadOnlyList<ListedRow> Rows, ListingPosition? Next) Page()
    {
        var best = new List<Candidate>(_worstFirst.Count);
        while (_worstFirst.TryDequeue(out var candidate, out _))
        {
            best.Add(candidate);
        }

        best.Reverse();
        var page = best.Take(query.Limit).ToList();
        var next = best.Count > query.Limit ? page[^1] : (Candidate?)null;
        return (
            [.. page.Select(one => new ListedRow(one.Slot.ToLead(one.Names!), one.Slot.EngagementAt(asOf, cap)))], // what was offered has names
            next is { } last ? new ListingPosition(asOf, query.Order, last.Rank, ListingSlot.IdOf(last.Slot.Id), query.Order == ListingOrder.Name ? Encoding.UTF8.GetString(new ListingTexts(last.Slot.Texts).Label) : null) : null);
    }

    private double Rank(in ListingSlot slot) => query.Order switch
    {
        ListingOrder.Engagement => slot.EngagementAt(asOf, cap),
        ListingOrder.LastSeen => slot.LastSeen,
        ListingOrder.Newest => slot.FirstSeen,
        _ => 0,
    };

    /// <summary>Below zero when the one comes first.</summary>
    private static int Compare(ListingOrder order, double rank, in ListingSlot slot, in Candidate other)
    {
        var compared = order == ListingOrder.Name
            ? FoldedText.Compare(new ListingTexts(slot.Texts).Label, new ListingTexts(other.Slot.Texts).Label)
            : other.Rank.CompareTo(rank);
        return compared != 0 ? compared : slot.Id.CompareTo(other.Slot.Id);
    }

    // As compared: that of a name that folds to itself.
    private static byte[] LabelOnly(string? label) => ListingTexts.Of(new("", "", label, null, null, null, null, 0, null, 0, 0, [], Scoring.EngagementCurve.Zero));

    private readonly record struct Candidate(double Rank, ListingSlot Slot, ListingNames? Names);
}
