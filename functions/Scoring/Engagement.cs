using LeadFunctions.Conditions;

namespace LeadFunctions.Scoring;

/// <summary>
/// Folds a ledger into a score. Entries are taken in order of event time (of one time, by rule), so the order of arrival makes no difference. For each, by the definition in its
/// own version of the model:
/// <list type="number">
/// <item>the rest of the condition: traits as known now, history and dates as of the event's time;</item>
/// <item>the repeat policy, among the entries of the same rule in all versions that have counted before;</item>
/// <item>the caps of the rule and of its group: of positive points there is applied what fits between the cap and the decayed value, at the event's time, of what the rule (in
/// all versions) or group had been applied before; negative points pass, and make room;</item>
/// <item>decay from the event's time to now.</item>
/// </list>
/// The sum is clamped to zero and the live model's cap, and counts in hundredths, as it is shown (<see cref="ShownScore"/>). Entries later than now do not count yet. Those of a rule that the live model has dropped count by their own version until they
/// decay; those of a version whose definition is lost count nothing, and say so.
/// </summary>
internal static class Engagement
{
    /// <summary>The score with every contribution. Pass <see cref="Ledger.Union(IReadOnlyList{Ledger})"/> for a merged lead.</summary>
    public static ScoreSheet Of(Ledger ledger, ScoringModels models, ILeadFacts facts, DateTimeOffset now)
    {
        if (ledger.IsEmpty)
        {
            return ScoreSheet.Zero;
        }
        var single = new List<Contribution>(ledger.Count);
        var fold = EngagementFold.Begin(models, facts, ledger);
        foreach (var entry in ledger.Span)
        {
            if (entry.At > now)
            {
                break;
            }
            var earned = fold.Next(entry);
            single.Add(new(
                entry.Model, entry.Rule, entry.EventId, entry.EventName, entry.At, earned.Points, earned.Applied, earned.Rule?.HalfLife?.Text, Left(earned.Applied, earned.Rule, entry.At, now),
                entry.Count > 0 ? entry.Count : null, earned.Reduced, Coarse(earned.Rule, entry.Mask, [entry.At], facts), entry.Amount));
        }
        var contributions = new List<Contribution>(ledger.Folded.Columns.Count + single.Count);
        foreach (var (column, sum) in fold.Finish(now))
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(sum.At);
            contributions.Add(new(
                column.Kind.Model, column.Kind.Rule, sum.Count > 1 ? $"~{column.LastId}" : column.LastId, column.LastName, at, sum.Points, sum.Applied, sum.Rule?.HalfLife?.Text,
                Left(sum.Applied, sum.Rule, at, now), sum.Count > 1 ? sum.Count : null, sum.Reduced, Coarse(sum.Rule, column.Kind.Mask, ledger.Folded.TimesOf(column, at), facts)));
        }
        contributions.AddRange(single);
        var total = contributions.Aggregate(0.0, (sum, contribution) => sum + contribution.Now);
        var engagement = Clamped(total, models);
        return new(ShownScore.Of(engagement), total, contributions, engagement == total ? null : new(total, engagement, total < 0 ? "zero" : "cap"));
    }

    /// <summary>The same number as <see cref="ScoreSheet.Engagement"/>, without the contributions.</summary>
    public static double Value(Ledger ledger, ScoringModels models, ILeadFacts facts, DateTimeOffset now) => ValueAndCurve(ledger, models, facts, now, withCurve: false, null, null).Value;

    /// <summary>The same, with how it goes on: by half-life where that is wanted, and as far as levels ask; and what was applied of each of some entries (those very objects, in the ledger).</summary>
    public static (double Value, EngagementCurve? Curve, EngagementPace Pace) ValueAndCurve(
        Ledger ledger, ScoringModels models, ILeadFacts facts, DateTimeOffset now, bool withCurve, List<LedgerEntry>? asked, List<(LedgerEntry Entry, double Applied)>? answers)
    {
        if (ledger.IsEmpty)
        {
            return (0, withCurve ? EngagementCurve.Zero : null, new(now.ToUnixTimeMilliseconds(), 0, 0, 0, 0, 0, 0, long.MaxValue));
        }
        var pace = new Pacing();
        var fold = EngagementFold.Begin(models, facts, ledger);
        foreach (var entry in ledger.Span)
        {
            if (entry.At > now)
            {
                pace.NextEntry = entry.At.ToUnixTimeMilliseconds();
                break;
            }
            var earned = fold.Next(entry);
            var left = Left(earned.Applied, earned.Rule, entry.At, now);
            fold.Lefts.Add(left);
            AddToCurve(withCurve, fold.Curve, left, earned.Rule);
            pace.Add(left, earned.Rule);
            if (asked is not null && IsAmong(asked, entry))
            {
                answers?.Add((entry, earned.Applied));
            }
        }
        var total = 0.0;
        foreach (var (_, sum) in fold.Finish(now))
        {
            var left = Left(sum.Applied, sum.Rule, DateTimeOffset.FromUnixTimeMilliseconds(sum.At), now);
            total += left;
            AddToCurve(withCurve, fold.Curve, left, sum.Rule);
            pace.Add(left, sum.Rule);
        }
        foreach (var left in fold.Lefts)
        {
            total += left;
        }
        List<CurvePart>? parts = withCurve ? [.. fold.Curve] : null;
        var curve = parts is null ? null : new EngagementCurve(now.ToUnixTimeMilliseconds(), pace.NextEntry < long.MaxValue ? [.. parts, .. ToCome(ledger, models, facts, now)] : parts);
        return (ShownScore.Of(Clamped(total, models)), curve, pace.From(now, models));
    }

    private struct Pacing()
    {
        private double _lasting;
        private double _falling;
        private double _rising;
        private double _fastest = double.PositiveInfinity;
        private double _slowest;

        public long NextEntry { get; set; } = long.MaxValue;

        public void Add(double left, ScoringRule? rule)
        {
            if (rule?.HalfLife is not { } halfLife || left == 0)
            {
                _lasting += left;
                return;
            }
            var length = halfLife.Length.TotalMilliseconds;
            (_fastest, _slowest) = (Math.Min(_fastest, length), Math.Max(_slowest, length));
            _falling += Math.Max(0, left);
            _rising += Math.Max(0, -left);
        }

        public readonly EngagementPace From(DateTimeOffset now, ScoringModels models) =>
            new(now.ToUnixTimeMilliseconds(), _lasting, _falling, _rising, _fastest, _slowest, models.Live?.Document.Cap ?? double.PositiveInfinity, NextEntry);
    }

    private static void AddToCurve(bool isWanted, List<CurvePart> curve, double left, ScoringRule? rule)
    {
        if (isWanted)
        {
            EngagementCurve.Add(curve, HalfLife(rule), left);
        }
    }

    /// <summary>Entries of events that are later than now, one by one.</summary>
    private static List<CurvePart> ToCome(Ledger ledger, ScoringModels models, ILeadFacts facts, DateTimeOffset now)
    {
        var parts = new List<CurvePart>();
        var fold = EngagementFold.Begin(models, facts, ledger);
        foreach (var entry in ledger.Span)
        {
            var earned = fold.Next(entry);
            if (entry.At > now && earned.Applied != 0)
            {
                parts.Add(new(HalfLife(earned.Rule), earned.Applied, entry.At.ToUnixTimeMilliseconds()));
            }
        }
        return parts;
    }

    private static double HalfLife(ScoringRule? rule) => rule?.HalfLife?.Length.TotalMilliseconds ?? double.PositiveInfinity;

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

    private static string[]? Coarse(ScoringRule? rule, ulong mask, IEnumerable<DateTimeOffset> times, ILeadFacts facts)
    {
        if (mask == 0 || rule is not { When: { DependsOnTime: true } when })
        {
            return null;
        }
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var at in times)
        {
            when.AddCoarse(facts, at, names);
        }
        return names.Count > 0 ? [.. names] : null;
    }

    private static double Left(double applied, ScoringRule? rule, DateTimeOffset at, DateTimeOffset now) => applied != 0 && rule?.HalfLife is { } halfLife
        ? applied * ScoreDecay.Factor((now - at).TotalMilliseconds, halfLife.Length.TotalMilliseconds)
        : applied;

    internal static double Clamped(double sum, ScoringModels models) => Math.Max(0, Math.Min(sum, models.Live?.Document.Cap ?? double.PositiveInfinity));
}
