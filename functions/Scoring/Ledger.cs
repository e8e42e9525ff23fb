using System.Text.Json.Serialization;
using LeadFunctions.Conditions;

namespace LeadFunctions.Scoring;

/// <summary>
/// What a lead's events earned: an immutable set of entries, sorted as <see cref="LedgerEntry.CompareTo"/> says, each (model, rule, event) once; and the older ones of a long ledger, folded.
/// What it is worth does not depend on the order in which, or how often, events arrived.
/// </summary>
[JsonConverter(typeof(LedgerJson))]
internal sealed class Ledger
{
    public static readonly Ledger Empty = new([], FoldedEntries.None);

    private readonly LedgerEntry[] _entries;

    private Ledger(LedgerEntry[] entries, FoldedEntries folded) => (_entries, Folded) = (entries, folded);

    /// <summary>How many entries stand there one by one.</summary>
    public int Count => _entries.Length;

    public bool IsEmpty => Count == 0 && Folded.Count == 0;

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public FoldedEntries Folded { get; }

    internal ReadOnlySpan<LedgerEntry> Span => _entries;

    public static Ledger Of(IEnumerable<LedgerEntry> entries, FoldedEntries? folded = null)
    {
        var all = entries.ToArray();
        Array.Sort(all);
        var seen = new HashSet<LedgerEntry>(all.Length, SameEarning.Comparer);
        var kept = 0;
        foreach (var entry in all)
        {
            if (seen.Add(entry))
            {
                all[kept++] = entry;
            }
        }
        return new(kept == all.Length ? all : all[..kept], folded ?? FoldedEntries.None);
    }

    /// <summary>This ledger when it has them all already.</summary>
    public Ledger Add(IReadOnlyList<LedgerEntry> entries)
    {
        if (entries.Count > 8)
        {
            return Join(entries, FoldedEntries.None);
        }
        var ledger = this;
        foreach (var entry in entries)
        {
            ledger = ledger.Add(entry);
        }
        return ledger;
    }

    /// <summary>Commutative, associative and, but for folded entries, idempotent.</summary>
    public Ledger Union(Ledger other) => IsEmpty ? other : Join(other._entries, other.Folded);

    /// <summary>The parts of a merged lead, for reading: each lead keeps its own.</summary>
    public static Ledger Union(IReadOnlyList<Ledger> parts) => parts.Count switch
    {
        0 => Empty,
        1 => parts[0],
        _ => Of(parts.SelectMany(part => part._entries), parts.Select(part => part.Folded).Aggregate(FoldedEntries.Join)),
    };

    /// <summary>This ledger when it has at most <paramref name="limit"/> entries; otherwise one with fewer that is worth the same: see <see cref="Compaction"/>.</summary>
    public Ledger Compact(int limit, ScoringModels models, ILeadFacts facts, DateTimeOffset now, int foldedLimit = Compaction.FoldedLimit) =>
        Count <= limit ? this : new Compaction(models, facts, now, foldedLimit).Compact(this, limit * 3 / 4);

    private Ledger Add(LedgerEntry entry)
    {
        foreach (var known in _entries)
        {
            if (known.IsSameEarning(entry))
            {
                return known.CompareTo(entry) <= 0 ? this : Join([entry], FoldedEntries.None);
            }
        }
        var place = ~Array.BinarySearch(_entries, entry);
        return new([.. _entries.AsSpan(..place), entry, .. _entries.AsSpan(place..)], Folded);
    }

    private Ledger Join(IReadOnlyList<LedgerEntry> entries, FoldedEntries folded)
    {
        if (entries.Count == 0 && folded.Count == 0)
        {
            return this;
        }
        var joined = Of(_entries.Concat(entries), FoldedEntries.Join(Folded, folded));
        return folded.Count == 0 && joined._entries.AsSpan().SequenceEqual(_entries) ? this : joined;
    }

    private sealed class SameEarning : IEqualityComparer<LedgerEntry>
    {
        public static readonly SameEarning Comparer = new();

        public bool Equals(LedgerEntry? left, LedgerEntry? right) => left is not null && right is not null && left.IsSameEarning(right);

        public int GetHashCode(LedgerEntry entry) => HashCode.Combine(entry.EventId, entry.Rule);
    }
}
