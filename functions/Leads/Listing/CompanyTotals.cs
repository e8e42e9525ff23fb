using System.Runtime.InteropServices;

namespace LeadFunctions.Leads.Listing;

/// <summary>A company as its known leads make it.</summary>
/// <param name="Key">A <see cref="CompanyKey"/>.</param>
/// <param name="Name">As the lead says it who was seen last; null where none does.</param>
/// <param name="Engagement">Of all its leads together.</param>
/// <param name="LastSeen">Unix ms.</param>
/// <param name="Stages">How many leads are in each.</param>
internal sealed record Company(string Key, string? Name, int Leads, double Engagement, long LastSeen, IReadOnlyDictionary<string, int> Stages, IReadOnlyList<string> Owners);

/// <summary>Sums up all listed leads by company, for one answer.</summary>
/// <param name="asOf">Unix ms.</param>
/// <param name="cap">The live model's, of engagement of one lead.</param>
/// <param name="only">One company's key; null: all.</param>
internal sealed class CompanyTotals(long asOf, double cap, string? only)
{
    private readonly Dictionary<string, Sums> _companies = [];

    public void Add(in ListingSlot slot, ListingNames names)
    {
        var key = names[slot.Company]!; // who calls has seen that it has one
        if (only is not null && key != only)
        {
            return;
        }

        ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(_companies, key, out _);
        sums ??= new();
        sums.Leads++;
        sums.Engagement += slot.EngagementAt(asOf, cap);
        if (new ListingTexts(slot.Texts).Shown(ListingText.Company) is { } name && (sums.Name is null || slot.LastSeen > sums.NamedAt))
        {
            (sums.Name, sums.NamedAt) = (name, slot.LastSeen);
        }

        sums.LastSeen = Math.Max(sums.LastSeen, slot.LastSeen);
        var stage = names[slot.Stage] ?? "";
        sums.Stages[stage] = sums.Stages.GetValueOrDefault(stage) + 1;
        if (names[slot.Owner] is { } owner)
        {
            sums.Owners.Add(owner);
        }
    }

    public IEnumerable<Company> All() => _companies.Select(one => new Company(
        one.Key, one.Value.Name, one.Value.Leads, one.Value.Engagement, one.Value.LastSeen, one.Value.Stages, [.. one.Value.Owners]));

    private sealed class Sums
    {
        public int Leads;
        public double Engagement;
        public string? Name;
        public long NamedAt;
        public long LastSeen;
        public SortedDictionary<string, int> Stages { get; } = new(StringComparer.Ordinal);
        public SortedSet<string> Owners { get; } = new(StringComparer.Ordinal);
    }
}
