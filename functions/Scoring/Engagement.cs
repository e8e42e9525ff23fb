using LeadFunctions.Conditions;

namespace LeadFunctions.Scoring;

/// <summary>
/// Folds a ledger into a score. Entries are taken in order of event time (then event id), so the order of arrival makes no difference. For each, by the definition in its
/// own version of the model:
/// <list type="number">
/// <item>the rest of the condition: traits as known now, history and dates as of the event's time;</item>
/// <item>the repeat policy, among the entries of the same rule in all versions that have counted before;</item>
/// <item>the caps of the rule and of its group: of positive points there is applied what fits between the cap and the decayed value, at the event's time, of what the rule (in
/// all versions) or group had been applied before; negative points pass, and make room;</item>
/// <item>decay from the event's time to now.</item>
/// </list>
/// The sum is clamped to zero and the live model's cap. Entries later than now do not count yet. Those of a rule that the live model has dropped count by their own version until they
/// decay; those of a version whose definition is lost count nothing, and say so.
/// </summary>
internal static class Engagement
{
    /// <summary>The score with every contribution. Pass <see cref="Ledger.Union(IReadOnlyList{Ledger})"/> for a merged lead.</summary>
    public static ScoreSheet Of(Ledger ledger, ScoringModels models, ILeadFacts facts, DateTimeOffset now)
    {
        if (ledger.Count == 0)
        {
            return ScoreSheet.Zero;
        }
        var contributions = new List<Contribution>(ledger.Count);
        var sum = 0.0;
        var fold = EngagementFold.Begin(models, facts);
        foreach (var entry in ledger.Span)
        {
            if (entry.At > now)
            {
                break;
            }
            var earned = fold.Next(entry);
            var left = Left(earned, entry, now);
            sum += left;
            contributions.Add(new(
                entry.Model, entry.Rule, entry.EventId, entry.EventName, entry.At, earned.Points, earned.Applied, earned.Rule?.HalfLife?.Text, left,
                entry.Count > 0 ? entry.Count : null, earned.Reduced));
        }
        var engagement = Clamped(sum, models);
        return new(engagement, sum, contributions, engagement == sum ? null : new(sum, engagement, sum < 0 ? "zero" : "cap"));
    }

    /// <summary>The same number as <see cref="ScoreSheet.Engagement"/>, without the contributions.</summary>
    public static double Value(Ledger ledger, ScoringModels models, ILeadFacts facts, DateTimeOffset now) => Value(ledger, models, facts, now, null, null);

    /// <summary>The same, and what was applied of each of some entries (those very objects, in the ledger).</summary>
    public static double Value(
        Ledger ledger, ScoringModels models, ILeadFacts facts, DateTimeOffset now, List<LedgerEntry>? asked, List<(LedgerEntry Entry, double Applied)>? answers)
    {
        if (ledger.Count == 0)
        {
            return 0;
        }
        var sum = 0.0;
        var fold = EngagementFold.Begin(models, facts);
        foreach (var entry in ledger.Span)
        {
            if (entry.At > now)
            {
                break;
            }
            var earned = fold.Next(entry);
            sum += Left(earned, entry, now);
            if (asked is not null && IsAmong(asked, entry))
            {
                answers?.Add((entry, earned.Applied));
            }
        }
        return Clamped(sum, models);
    }

    private static bool IsAmong(List<LedgerEntry> asked, LedgerEntry entry)
    {
        foreach (var one in asked)
        {
            if (ReferenceEquals(one, entry))
            {
                return true;
            }
        }
        return false;
    }

    private static double Left(Earned earned, LedgerEntry entry, DateTimeOffset now) => earned is { Applied: not 0, Rule.HalfLife: { } halfLife }
        ? earned.Applied * ScoreDecay.Factor((now - entry.At).TotalMilliseconds, halfLife.Length.TotalMilliseconds)
        : earned.Applied;

    internal static double Clamped(double sum, ScoringModels models) => Math.Max(0, Math.Min(sum, models.Live?.Document.Cap ?? double.PositiveInfinity));
}
