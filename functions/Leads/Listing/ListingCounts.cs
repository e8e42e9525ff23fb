using LeadFunctions.Lifecycle;

namespace LeadFunctions.Leads.Listing;

/// <summary>How many listed leads there are of each kind that pages name: counted in memory, by the very rules by which they are listed.</summary>
/// <param name="asOf">Unix ms.</param>
/// <param name="cap">The live model's, of engagement.</param>
/// <param name="near">Null: nobody can be near.</param>
internal sealed class ListingCounts(long asOf, double cap, NearStage? near)
{
    private readonly SortedDictionary<string, int> _stages = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _segments = new(StringComparer.Ordinal);

    public int All { get; private set; }

    public int Held { get; private set; }

    public int Failed { get; private set; }

    public int Near { get; private set; }

    public IReadOnlyDictionary<string, int> ByStage => _stages;

    public IReadOnlyDictionary<string, int> BySegment => _segments;

    public void Add(in ListingSlot slot, ListingNames names)
    {
        All++;
        var stage = names[slot.Stage] ?? Stages.Lead;
        _stages[stage] = _stages.GetValueOrDefault(stage) + 1;
        foreach (var number in slot.Segments)
        {
            var segment = names[number] ?? "";
            _segments[segment] = _segments.GetValueOrDefault(segment) + 1;
        }

        Held += TroubledSends.Held.Concerns(in slot, asOf) ? 1 : 0;
        Failed += TroubledSends.Failed.Concerns(in slot, asOf) ? 1 : 0;
        Near += near?.Has(in slot, names, asOf, cap) == true ? 1 : 0;
    }
}
