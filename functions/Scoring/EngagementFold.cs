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

    private ScoringModels _models = ScoringModels.None;
    private ILeadFacts? _facts;
    private RuleSoFar?[] _rules = [];
    private Account?[] _groups = [];
    private int _walk;
    private string? _lastReference;
    private ScoringModels.Known? _lastKnown;

    /// <summary>The calling thread's, reset for a walk over one ledger.</summary>
    public static EngagementFold Begin(ScoringModels models, ILeadFacts facts)
    {
        var fold = s_mine ??= new();
        fold._walk++;
        fold._facts = facts;
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

    /// <summary>Entries must come in the ledger's order.</summary>
    public Earned Next(LedgerEntry entry)
    {
        if (!TryFind(entry, out var rule, out var soFar, out var group, out var groupCap))
        {
            return entry.Model == LedgerEntry.GivenModel ? new(null, entry.Carried, entry.Carried, null) : new(null, entry.Carried, 0, Reduction.UnknownModel);
        }
        var points = entry.Count > 0 ? entry.Carried : rule.Points;
        if (entry.Mask != 0 && !rule.When.Holds(entry.Mask, _facts!, entry.At)) // Begin sets the facts.
        {
            return new(rule, points, 0, Reduction.Condition);
        }
        var at = entry.At.ToUnixTimeMilliseconds();
        if (entry.Count == 0 && !soFar.Admits(rule.Repeat, entry.Key, at))
        {
            return new(rule, points, 0, Reduction.Repeat);
        }
        soFar.Admit(rule.Repeat, entry.Key, at);

        var applied = points;
        if (entry.Settled is { } settled)
        {
            applied = settled;
        }
        else if (points > 0)
        {
            var room = entry.Limit ?? double.PositiveInfinity;
            room = rule.Cap is { } cap ? Math.Min(room, cap - (soFar.Account?.At(at) ?? 0)) : room;
            room = group is not null ? Math.Min(room, groupCap - group.At(at)) : room;
            // A carried entry fills its cap to the last bit: what addition in another order loses there is no cap's doing.
            applied = room >= points - (1e-9 * points) ? points : Math.Max(0, room);
        }
        var halfLife = rule.HalfLife?.Length.TotalMilliseconds ?? double.PositiveInfinity;
        soFar.Account?.Add(applied, halfLife, at);
        group?.Add(applied, halfLife, at);
        return new(rule, points, applied, applied == points ? null : Reduction.Cap);
    }

    private bool TryFind(LedgerEntry entry, out ScoringRule rule, out RuleSoFar soFar, out Account? group, out double groupCap)
    {
        if (!ReferenceEquals(entry.Model, _lastReference) && entry.Model != _lastReference)
        {
            _lastReference = entry.Model;
            _lastKnown = _models.FindKnown(entry.Model);
        }
        var index = _lastKnown?.Model.IndexOf(entry.Rule) ?? -1;
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

    /// <summary>What a rule has given so far, in all its versions.</summary>
    private sealed class RuleSoFar
    {
        private readonly List<long> _times = [];
        private readonly HashSet<string> _keys = [];
        private int _walk;

        /// <summary>Null when no version of the rule has a cap of its own.</summary>
        public Account? Account { get; private set; }

        public void BeginOnce(int walk, ScoringModels models, int number)
        {
            if (_walk != walk)
            {
                _walk = walk;
                Account = models.IsCapped(number) ? Account ?? new() : null;
                Account?.BeginOnce(walk);
                _times.Clear();
                _keys.Clear();
            }
        }

        public bool Admits(Repeat repeat, string? key, long at)
        {
            switch (repeat)
            {
                case Repeat.Once:
                    return _times.Count == 0;
                case Repeat.OncePer:
                    return !_keys.Contains(key ?? "");
                case Repeat.Limited limited:
                    var nth = _times.Count - limited.Max;
                    return nth < 0 || _times[nth] <= at - (long)limited.Per.Length.TotalMilliseconds;
                default:
                    return true;
            }
        }

        public void Admit(Repeat repeat, string? key, long at)
        {
            _times.Add(at);
            if (repeat is Repeat.OncePer)
            {
                _keys.Add(key ?? "");
            }
        }
    }

    /// <summary>Points with their half-lives, as a cap sees them: a sum that decays.</summary>
    private sealed class Account
    {
        private readonly List<(double HalfLife, double Points, long At)> _parts = [];
        private int _walk;

        public void BeginOnce(int walk)
        {
            if (_walk != walk)
            {
                _walk = walk;
                _parts.Clear();
            }
        }

        public double At(long at)
        {
            var sum = 0.0;
            foreach (var (halfLife, points, since) in _parts)
            {
                sum += points * ScoreDecay.Factor(at - since, halfLife);
            }
            return sum;
        }

        public void Add(double points, double halfLife, long at)
        {
            for (var i = 0; i < _parts.Count; i++)
            {
                if (_parts[i].HalfLife == halfLife)
                {
                    _parts[i] = (halfLife, (_parts[i].Points * ScoreDecay.Factor(at - _parts[i].At, halfLife)) + points, at);
                    return;
                }
            }
            _parts.Add((halfLife, points, at));
        }
    }
}

/// <summary>Exponential decay: half the worth after one half-life, whatever it was.</summary>
internal static class ScoreDecay
{
    /// <param name="age">In milliseconds.</param>
    /// <param name="halfLife">In milliseconds; infinite for no decay.</param>
    public static double Factor(double age, double halfLife) => double.IsInfinity(halfLife) || age <= 0 ? 1 : Math.Pow(2, -age / halfLife);
}
