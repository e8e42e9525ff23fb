using System.Runtime.InteropServices;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Listing;

/// <summary>A shard's listed leads in memory. Of two changes of a lead the later version holds, in whatever order and however often they come.</summary>
internal sealed class ShardListing
{
    private readonly Lock _gate = new();
    private readonly ListingNames _names = new();
    private readonly Dictionary<UInt128, int> _places = [];

    /// <summary>Those that are shown no more, with the version: an older change may still come.</summary>
    private readonly Dictionary<UInt128, long> _gone = [];
    private readonly List<ListingSlot> _slots = [];

    public int Count => _slots.Count;

    public void Apply(IReadOnlyList<ListingChange> changes)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                Apply(change);
            }
        }
    }

    /// <summary>Offers each lead to a page.</summary>
    public void Offer(PageSelection page)
    {
        lock (_gate)
        {
            if (page.Filter.Within(_names) is { } filter)
            {
                foreach (ref readonly var slot in CollectionsMarshal.AsSpan(_slots))
                {
                    page.Offer(in slot, filter, _names);
                }
            }
        }
    }

    /// <summary>Adds each lead that is of a company to what is known of that.</summary>
    public void AddTo(CompanyTotals totals)
    {
        lock (_gate)
        {
            foreach (ref readonly var slot in CollectionsMarshal.AsSpan(_slots))
            {
                if (slot.Company > 0)
                {
                    totals.Add(in slot, _names);
                }
            }
        }
    }

    /// <summary>Counts each lead.</summary>
    public void AddTo(ListingCounts counts)
    {
        lock (_gate)
        {
            foreach (ref readonly var slot in CollectionsMarshal.AsSpan(_slots))
            {
                counts.Add(in slot, _names);
            }
        }
    }

    /// <summary>Null for one that is not listed.</summary>
    public ListedScore? Score(string leadId, long at, double cap)
    {
        lock (_gate)
        {
            return _places.TryGetValue(ListingSlot.NumberOf(leadId), out var place) && _slots[place] is var slot ? new(slot.EngagementAt(at, cap), _names[slot.Grade], slot.Version) : null;
        }
    }

    /// <summary>All of it as changes, by the leads' ids.</summary>
    public IReadOnlyList<ListingChange> Changes()
    {
        lock (_gate)
        {
            return
            [
                .. _slots.Select(slot => (slot.Id, Change: new ListingChange(ListingSlot.IdOf(slot.Id), slot.Version, slot.ToLead(_names))))
                    .Concat(_gone.Select(gone => (Id: gone.Key, Change: new ListingChange(ListingSlot.IdOf(gone.Key), gone.Value, null))))
                    .OrderBy(one => one.Id).Select(one => one.Change),
            ];
        }
    }

    private void Apply(ListingChange change)
    {
        var id = ListingSlot.NumberOf(change.LeadId);
        var isListed = _places.TryGetValue(id, out var place);
        if ((isListed && _slots[place].Version >= change.Version) || (_gone.TryGetValue(id, out var gone) && gone >= change.Version))
        {
            return;
        }

        if (change.Lead is not { } lead)
        {
            _gone[id] = change.Version;
            if (isListed)
            {
                Remove(id, place);
            }

            return;
        }

        _gone.Remove(id);
        if (isListed)
        {
            _slots[place] = ListingSlot.Of(lead, change.Version, _names);
        }
        else
        {
            _places[id] = _slots.Count;
            _slots.Add(ListingSlot.Of(lead, change.Version, _names));
        }
    }

    /// <summary>The last one takes its place.</summary>
    private void Remove(UInt128 id, int place)
    {
        var last = _slots[^1];
        _slots[place] = last;
        _places[last.Id] = place;
        _slots.RemoveAt(_slots.Count - 1);
        _places.Remove(id);
    }
}

/// <param name="Since">When the lead was committed last, Unix ms: of a time before, it is what it was then.</param>
internal readonly record struct ListedScore(double Engagement, string? Grade, long Since);
