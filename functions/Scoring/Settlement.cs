using LeadFunctions.Conditions;

namespace LeadFunctions.Scoring;

/// <summary>
/// The end of what a ledger can remember: the oldest of the folded entries are settled, with what they came to, as one carried entry for each (version, rule, mask) that is applied whatever the
/// caps. Of them is remembered what the repeat policies of later events ask: the last <c>max</c> times, and the newest keys.
/// <para>
/// The score stays what it is, now and later, caps and windows included, for everything that happens later than what was settled; and traits can still take points away, but for rules that ask
/// history or dates too. From here on approximate: an event that arrives later and is older than what was settled meets its caps and repeats as if that had all come with its last; and a key that
/// is forgotten counts again.
/// </para>
/// </summary>
internal sealed class Settlement(ScoringModels models, ILeadFacts facts)
{
    private const int KeysKept = 4_096;

    private readonly Dictionary<FoldedKind, Sum> _sums = [];

    // When the last event of each sum from before was: Unix ms.
    private readonly Dictionary<FoldedKind, long> _joined = [];
    private readonly List<(FoldedKind Kind, FoldedEntry Entry, Repeat Repeat)> _counted = [];

    /// <param name="weight">What may remain folded, in bytes; a little more does, when there are many keys.</param>
    public Ledger Settle(Ledger ledger, int weight)
    {
        var folded = ledger.Folded;
        var count = Excess(folded, weight);
        var earned = Walk(ledger);
        for (var i = 0; i < count; i++)
        {
            Settle(folded.Columns[folded.Span[i].Column], folded.Span[i], earned[i]);
        }
        foreach (var sum in ledger.Entries.Where(entry => IsSum(entry) && entry.Settled is not null && _sums.ContainsKey(entry.Kind)))
        {
            Join(sum);
        }
        var remembered = Remembered();
        var kinds = remembered.Select(one => one.Kind).Distinct().ToList();
        var columns = folded.Columns.Concat(kinds.Select(kind => new FoldedColumn(kind, 0, "~", "~"))).ToList();
        var rest = folded.Span[count..].ToArray().Concat(remembered.Select(one => one.Entry with { Column = folded.Columns.Count + kinds.IndexOf(one.Kind) }));
        var sums = ledger.Entries.Where(IsSum).Concat(_sums.Select(sum => sum.Value.ToEntry(sum.Key))).GroupBy(entry => (entry.Kind, entry.Settled is null)).Select(same => Together([.. same]));
        return Ledger.Of(ledger.Entries.Where(entry => !IsSum(entry)).Concat(sums), FoldedEntries.Of(columns, rest));
    }

    private static bool IsSum(LedgerEntry entry) => entry is { Count: > 0, Limit: null };

    private static int Excess(FoldedEntries folded, int weight)
    {
        var (count, excess) = (0, folded.Weight - weight);
        while (count < folded.Count && (excess > 0 || (count > 0 && folded.Span[count].At == folded.Span[count - 1].At)))
        {
            excess -= FoldedEntries.WeightOf(folded.Span[count++]);
        }
        return count;
    }

    private List<Earned> Walk(Ledger ledger)
    {
        var fold = EngagementFold.Begin(models, facts, ledger);
        var earned = fold.OfFolded = [];
        foreach (var entry in ledger.Entries)
        {
            fold.Next(entry);
        }
        fold.Finish(DateTimeOffset.MaxValue);
        return earned;
    }

    private void Settle(FoldedColumn column, FoldedEntry entry, Earned earned)
    {
        // What is of no known version, or rejected, leaves nothing; nor does what history or dates exclude, which do not change for an event of the past. Traits may yet let in what they exclude.
        if (earned is not { Rule: { } rule, Reduced: not Reduction.Repeat } || (rule.When.DependsOnTime && earned.Reduced is Reduction.Condition))
        {
            return;
        }
        var kind = column.Kind with { Mask = rule.When.DependsOnTime ? 0 : column.Kind.Mask, IsKeyed = false, IsMeasured = false };
        if (!kind.IsSpent)
        {
            _sums[kind] = _sums.GetValueOrDefault(kind).With(earned, entry.At, column.LastName);
        }
        if (earned.Reduced is not Reduction.Condition)
        {
            _counted.Add((kind with { IsKeyed = column.Kind.IsKeyed, IsSpent = true }, entry with { Units = 0 }, rule.Repeat));
        }
    }

    // It becomes one with what is settled now: where it counted as one at its time, that time has to be remembered.
    private void Join(LedgerEntry sum)
    {
        _joined[sum.Kind] = sum.At.ToUnixTimeMilliseconds();
        if (models.FindRule(sum.Kind)?.Repeat is Repeat.Limited limited)
        {
            _counted.Add((sum.Kind with { IsSpent = true }, new(_joined[sum.Kind], 0, 0), limited));
        }
    }

    private List<(FoldedKind Kind, FoldedEntry Entry)> Remembered()
    {
        var remembered = new List<(FoldedKind, FoldedEntry)>();
        foreach (var rule in _counted.GroupBy(one => (one.Kind.Rule, ModelId(one.Kind.Model))))
        {
            // The sum itself counts as one, at the time of its last.
            var sums = new HashSet<(FoldedKind, long)>(_sums.Select(sum => (sum.Key with { IsSpent = true }, Math.Max(sum.Value.At, _joined.GetValueOrDefault(sum.Key, long.MinValue)))));
            var windows = rule.Where(one => one.Repeat is Repeat.Limited).OrderBy(one => one.Entry.At).TakeLast(rule.Max(one => (one.Repeat as Repeat.Limited)?.Max ?? 0));
            remembered.AddRange(windows.Reverse().Where(one => !sums.Remove((one.Kind with { IsKeyed = false }, one.Entry.At))).Select(one => (one.Kind, one.Entry)));
            remembered.AddRange(rule.Where(one => one.Repeat is Repeat.OncePer).TakeLast(KeysKept).Select(one => (one.Kind, one.Entry)));
        }
        return remembered;
    }

    private static string ModelId(string reference) => reference[..Math.Max(0, reference.LastIndexOf('@'))];

    private LedgerEntry Together(List<LedgerEntry> sums)
    {
        var last = sums.Max()!; // there is one at least
        var halfLife = models.FindRule(last.Kind)?.HalfLife?.Length.TotalMilliseconds ?? double.PositiveInfinity;
        var worth = sums.Sum(sum => sum.Carried * ScoreDecay.Factor((last.At - sum.At).TotalMilliseconds, halfLife));
        var settled = last.Settled is null ? (double?)null : sums.Sum(sum => (sum.Settled ?? 0) * ScoreDecay.Factor((last.At - sum.At).TotalMilliseconds, halfLife));
        return last with { Count = sums.Sum(sum => sum.Count), Carried = worth, Settled = settled };
    }

    /// <param name="IsExcluded">By traits: it is what the rule gives then, and not what was applied.</param>
    private readonly record struct Sum(int Count, double Worth, bool IsExcluded, long At, string Name)
    {
        public Sum With(Earned earned, long at, string name)
        {
            var factor = Count == 0 ? 0 : ScoreDecay.Factor(at - At, earned.Rule?.HalfLife?.Length.TotalMilliseconds ?? double.PositiveInfinity);
            var isExcluded = earned.Reduced is Reduction.Condition;
            return new(Count + 1, (Worth * factor) + (isExcluded ? earned.Points : earned.Applied), isExcluded, at, name);
        }

        public LedgerEntry ToEntry(FoldedKind kind) =>
            new(kind.Model, kind.Rule, DateTimeOffset.FromUnixTimeMilliseconds(At), $"~{kind.Model}/{At}/{kind.Mask}{(IsExcluded ? "?" : "")}", Name, null, kind.Mask)
            {
                Count = Count,
                Carried = Worth,
                Settled = IsExcluded ? null : Worth,
            };
    }
}
