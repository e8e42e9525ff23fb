using LeadFunctions.Conditions;

namespace LeadFunctions.Scoring;

/// <summary>What one entry came to.</summary>
/// <param name="Rule">Null when the entry's version is not known, or the points were given by hand.</param>
/// <param name="Points">What the rule gives, or a carried entry brings.</param>
/// <param name="Applied">What is left of it by condition, repeats and caps.</param>
internal readonly record struct Earned(ScoringRule? Rule, double Points, double Applied, Reduction? Reduced);

/// <summary>
/// Walks a ledger in order of event time and decides what each entry comes to. One instance is used again and again by its thread, so that folding allocates nothing
/// once its arrays have grown.
/// </summary>
internal sealed class EngagementFold
{
    [ThreadStatic]
    private static EngagementFold? s_mine;

    private readonly List<FoldedSum> _sums = [];
    private ScoringModels _models = ScoringModels.None;
    private ILeadFacts? _facts;
    private FoldedEntries _folded = FoldedEntries.None;
    private RuleSoFar?[] _rules = [];
    private Account?[] _groups = [];
    private int _walk;
    private int _nextFolded;
    private string? _lastReference;
    private ScoringModels.Known? _lastKnown;

    /// <summary>What the entries of the walk are worth now, for whoever sums them up.</summary>
    public List<double> Lefts { get; } = [];

    /// <summary>The same by half-life, for whoever wants to know how it goes on.</summary>
    public List<CurvePart> Curve { get; } = [];

    /// <summary>What each folded entry comes to, for whoever sets a list before the walk.</summary>
    public List<Earned>? OfFolded { get; set; }

    /// <summary>The calling thread's, reset for a walk over one ledger.</summary>
    public static EngagementFold Begin(ScoringModels models, ILeadFacts facts, Ledger ledger)
    {
        var fold = s_mine ??= new();
        fold._walk++;
        fold._facts = facts;
        (fold._folded, fold._nextFolded) = (ledger.Folded, 0);
        fold.Lefts.Clear();
        fold.Curve.Clear();
        fold.OfFolded = null;
        if (!ReferenceEquals(models, fold._models))
        {
            fold._models = models;
            var (rules, groups) = models.Distinct;
            fold._rules = rules <= fold._rules.Length ? fold._rules : new RuleSoFar?[rules];
            fold._groups = groups <= fold._groups.Length ? fold._groups : new Account?[groups];
            fold._lastReference = null;
        }
        return fold;
    }

    /// <summary>Entries must come in the ledger's order; folded ones before them are walked over first.</summary>
    public Earned Next(LedgerEntry entry)
    {
        while (_nextFolded < _folded.Count && IsBefore(_folded.Span[_nextFolded], entry))
        {
            NextFolded();
        }
        if (!TryFind(entry.Model, entry.Rule, out var rule, out var soFar, out var group, out var groupCap))
        {
            return entry.Model == LedgerEntry.GivenModel ? new(null, entry.Carried, entry.Carried, null) : new(null, entry.Carried, 0, Reduction.UnknownModel);
        }
        var points = entry.Count > 0 ? entry.Carried : rule.PointsOf(entry.Units ?? 0);
        if (entry.Mask != 0 && !rule.When.Holds(entry.Mask, _facts!, entry.At)) // Begin sets the facts.
        {
            return new(rule, points, 0, Reduction.Condition);
        }
        var at = entry.At.ToUnixTimeMilliseconds();
        var key = rule.Repeat is Repeat.OncePer ? entry.KeyHash : 0;
        if (entry.Count == 0 && !soFar.Admits(rule.Repeat, key, at))
        {
            return new(rule, points, 0, Reduction.Repeat);
        }
        soFar.Admit(rule.Repeat, entry.Count == 0 ? key : null, at);
        var applied = Apply(rule, soFar, group, groupCap, points, entry.Settled, entry.Limit ?? double.PositiveInfinity, at);
        return new(rule, points, applied, ReductionOf(rule, points, applied));
    }

    /// <summary>After the last entry: walks over the folded ones that are left up to a time.</summary>
    /// <returns>For each column what its entries came to; it has not begun when there was none.</returns>
    public IEnumerable<(FoldedColumn Column, FoldedSum Sum)> Finish(DateTimeOffset until)
    {
        while (_nextFolded < _folded.Count && _folded.Span[_nextFolded].At <= until.ToUnixTimeMilliseconds())
        {
            NextFolded();
        }
        return _folded.Count == 0 ? [] : _folded.Columns.Zip(_sums).Where(pair => pair.Second.HasBegun(_walk) && !pair.First.Kind.IsSpent);
    }

    private bool IsBefore(FoldedEntry folded, LedgerEntry entry)
    {
        var at = entry.At.ToUnixTimeMilliseconds();
        if (folded.At != at)
        {
            return folded.At < at;
        }
        var kind = _folded.Columns[folded.Column].Kind;
        var order = kind.CompareTo(entry.Kind with { IsKeyed = kind.IsKeyed, IsMeasured = kind.IsMeasured });
        return order < 0 || (order == 0 && folded.Units >= (entry.Units ?? 0)); // the larger amount first, as in the ledger
    }

    private void NextFolded()
    {
        var entry = _folded.Span[_nextFolded++];
        var kind = _folded.Columns[entry.Column].Kind;
        var sum = SumOf(entry.Column, kind);
        var earned = Judge(entry, kind, sum);
        sum.Add(earned.Points, earned.Applied, earned.Reduced, entry.At);
        OfFolded?.Add(earned);
    }

    private Earned Judge(FoldedEntry entry, FoldedKind kind, FoldedSum sum)
    {
        if (sum is not { Rule: { } rule, SoFar: { } soFar })
        {
            return new(null, 0, 0, Reduction.UnknownModel);
        }
        if (!(sum.Holds ?? rule.When.Holds(kind.Mask, _facts!, DateTimeOffset.FromUnixTimeMilliseconds(entry.At)))) // Begin sets the facts.
        {
            return new(rule, rule.PointsOf(entry.Units), 0, Reduction.Condition);
        }
        if (!kind.IsSpent && !soFar.Admits(rule.Repeat, entry.Key, entry.At))
        {
            return new(rule, rule.PointsOf(entry.Units), 0, Reduction.Repeat);
        }
        soFar.Admit(rule.Repeat, entry.Key, entry.At);
        if (kind.IsSpent)
        {
            return new(rule, 0, 0, null);
        }
        var points = rule.PointsOf(entry.Units);
        var applied = Apply(rule, soFar, sum.Group, sum.GroupCap, points, null, double.PositiveInfinity, entry.At);
        return new(rule, points, applied, ReductionOf(rule, points, applied));
    }

    private static Reduction? ReductionOf(ScoringRule rule, double points, double applied) =>
        applied != points ? Reduction.Cap : points == 0 && rule.ByAmount is not null ? Reduction.Amount : null;

    private static double Apply(ScoringRule rule, RuleSoFar soFar, Account? group, double groupCap, double points, double? settled, double room, long at)
    {
        var applied = settled ?? points;
        if (settled is null && points > 0)
        {
            room = rule.Cap is { } cap ? Math.Min(room, cap - (soFar.Account?.At(at) ?? 0)) : room;
            room = group is not null ? Math.Min(room, groupCap - group.At(at)) : room;
            // A carried entry fills its cap to the last bit: what addition in another order loses there is no cap's doing.
            applied = room >= points - (1e-9 * points) ? points : Math.Max(0, room);
        }
        var halfLife = rule.HalfLife?.Length.TotalMilliseconds ?? double.PositiveInfinity;
        soFar.Account?.Add(applied, halfLife, at);
        group?.Add(applied, halfLife, at);
        return applied;
    }

    private FoldedSum SumOf(int column, FoldedKind kind)
    {
        while (_sums.Count <= column)
        {
            _sums.Add(new());
        }
        var sum = _sums[column];
        if (!sum.HasBegun(_walk))
        {
            var isKnown = TryFind(kind.Model, kind.Rule, out var rule, out var soFar, out var group, out var groupCap);
            var holds = !isKnown || kind.Mask == 0 ? true : rule.When.DependsOnTime ? (bool?)null : rule.When.Holds(kind.Mask, _facts!, DateTimeOffset.UnixEpoch); // Begin sets the facts.
            sum.Begin(_walk, isKnown ? rule : null, isKnown ? soFar : null, group, groupCap, holds);
        }
        return sum;
    }

    private bool TryFind(string model, string ruleId, out ScoringRule rule, out RuleSoFar soFar, out Account? group, out double groupCap)
    {
        if (!ReferenceEquals(model, _lastReference) && model != _lastReference)
        {
            _lastReference = model;
            _lastKnown = _models.FindKnown(model);
        }
        var index = _lastKnown?.Model.IndexOf(ruleId) ?? -1;
        if (_lastKnown is not { } known || index < 0)
        {
            (rule, soFar, group, groupCap) = (null!, null!, null, 0); // Not read: the answer is false.
            return false;
        }
        rule = known.Model.Document.Rules[index];
        soFar = _rules[known.Rules[index]] ??= new();
        soFar.BeginOnce(_walk, _models, known.Rules[index]);
        group = known.Groups[index] is var number and >= 0 ? _groups[number] ??= new() : null;
        group?.BeginOnce(_walk);
        groupCap = known.GroupCaps[index];
        return true;
    }
}
