using LeadFunctions.Conditions;

namespace LeadFunctions.Scoring;

/// <summary>
/// What a lead's events earned: an immutable set of entries, sorted by (event time, event id, rule), each (model, rule, event) once.
/// It does not depend on the order in which, or how often, events arrived.
/// </summary>
internal sealed class Ledger
{
    public static readonly Ledger Empty = new([]);

    private readonly LedgerEntry[] _entries;

    private Ledger(LedgerEntry[] entries) => _entries = entries;

    public int Count => _entries.Length;

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    /// <summary>This ledger when it has them all already.</summary>
    public Ledger Add(IReadOnlyList<LedgerEntry> entries) => throw new NotImplementedException();

    /// <summary>Commutative, associative and idempotent.</summary>
    public Ledger Union(Ledger other) => throw new NotImplementedException();

    /// <summary>The parts of a merged lead, for reading: each lead keeps its own.</summary>
    public static Ledger Union(IReadOnlyList<Ledger> parts) => throw new NotImplementedException();

    /// <summary>This ledger when it has at most <paramref name="limit"/> entries; otherwise one that is shorter and worth the same.</summary>
    public Ledger Compact(int limit, ScoringModels models, ILeadFacts facts, DateTimeOffset now) => throw new NotImplementedException();
}
