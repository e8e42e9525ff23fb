using LeadFunctions.Conditions;
using LeadFunctions.Leads;

namespace LeadFunctions.Scoring;

/// <summary>One immutable version of a scoring model, compiled and indexed by event name.</summary>
internal sealed class ScoringModel(string id, int version, ScoringModelDocument document)
{
    public string Id => id;

    public int Version => version;

    /// <summary>"shop@3": how ledger entries refer to it.</summary>
    public string Reference { get; } = $"{id}@{version}";

    public ScoringModelDocument Document => document;

    /// <summary>Adds an entry for each engagement rule whose event part this event meets. Touches only rules that name the event; allocates nothing when none does.</summary>
    public void Earn(LeadEvent @event, List<LedgerEntry> into) => throw new NotImplementedException();

    /// <summary>A pure function of what is known about the lead now.</summary>
    public Fit FitOf(ILeadFacts facts, DateTimeOffset now) => throw new NotImplementedException();
}

/// <summary>How well the lead matches the ideal customer.</summary>
/// <param name="Grade">A to F; null when the model has no fit part.</param>
internal sealed record Fit(double Score, string? Grade, IReadOnlyList<FitContribution> Contributions)
{
    public static readonly Fit None = new(0, null, []);
}

internal sealed record FitContribution(string Rule, double Points);
