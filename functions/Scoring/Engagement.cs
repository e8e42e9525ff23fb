using LeadFunctions.Conditions;

namespace LeadFunctions.Scoring;

/// <summary>Folds a ledger into a score.</summary>
internal static class Engagement
{
    /// <summary>The score with every contribution. Pass <see cref="Ledger.Union(IReadOnlyList{Ledger})"/> for a merged lead.</summary>
    public static ScoreSheet Of(Ledger ledger, ScoringModels models, ILeadFacts facts, DateTimeOffset now) => throw new NotImplementedException();

    /// <summary>The same number as <see cref="ScoreSheet.Engagement"/>, without allocating the contributions.</summary>
    public static double Value(Ledger ledger, ScoringModels models, ILeadFacts facts, DateTimeOffset now) => throw new NotImplementedException();
}
