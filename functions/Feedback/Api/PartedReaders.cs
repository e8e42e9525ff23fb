using LeadFunctions.Events;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Feedback.Api;

/// <summary>
/// Leads that were one with a lead when a message went out, and are not any more. The message names the one, and was perhaps sent to the address of the other: what is refused by it, either may have refused.
/// </summary>
public sealed class PartedReaders(LeadReader leads)
{
    /// <summary>Merges and partings of a lead that are looked at, the newest.</summary>
    private const int Most = 500;

    internal async Task<IReadOnlyList<LeadState>> OfAsync(LeadState lead, DateTimeOffset sentAt, CancellationToken cancellationToken)
    {
        if (!lead.AllApart.Any())
        {
            return []; // hardly anybody
        }

        var (entries, _) = await leads.TimelineAsync(lead, e => e.Type is EventType.Merge or EventType.Unmerge && e.At > sentAt, Most, null, cancellationToken);
        var parted = entries.Select(entry => entry.Entry.Event).OrderBy(e => e.At).Select(e => (e.Type, Other: OtherIn(e)))
            .Where(change => change.Other is not null).GroupBy(change => change.Other).Where(other => other.First().Type == EventType.Unmerge).Select(other => other.Key!);
        var found = await Task.WhenAll(parted.Select(other => leads.FindAsync(other, cancellationToken)));
        return [.. found.OfType<LeadState>().Where(other => other.Id != lead.Id).DistinctBy(other => other.Id)];
    }

    private static string? OtherIn(LeadEvent e) => EventText.Of(e.Properties, "from") ?? EventText.Of(e.Properties, "release") ?? EventText.Of(e.Properties, "into");
}
