namespace LeadFunctions.Scoring;

/// <summary>What a rule has given so far, in all its versions.</summary>
internal sealed class RuleSoFar
{
    private readonly List<long> _times = [];
    private readonly HashSet<ulong> _keys = [];
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

    public bool Admits(Repeat repeat, ulong key, long at)
    {
        switch (repeat)
        {
            case Repeat.Once:
                return _times.Count == 0;
            case Repeat.OncePer:
                return !_keys.Contains(key);
            case Repeat.Limited limited:
                var nth = _times.Count - limited.Max;
                return nth < 0 || _times[nth] <= at - (long)limited.Per.Length.TotalMilliseconds;
            default:
                return true;
        }
    }

    /// <param name="key">Null for what stands for several events, whose keys are not known.</param>
    public void Admit(Repeat repeat, ulong? key, long at)
    {
        _times.Add(at);
        if (repeat is Repeat.OncePer && key is { } one)
        {
            _keys.Add(one);
        }
    }
}

/// <summary>Points with their half-lives, as a cap sees them: a sum that decays.</summary>
internal sealed class Account
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

/// <summary>What the folded entries of one column have come to in a walk.</summary>
internal sealed class FoldedSum
{
    private int _walk;

    /// <summary>Null when its version is not known.</summary>
    public ScoringRule? Rule { get; private set; }

    public RuleSoFar? SoFar { get; private set; }

    public Account? Group { get; private set; }

    public double GroupCap { get; private set; }

    /// <summary>Whether the rest of the condition holds; null when each entry's time decides.</summary>
    public bool? Holds { get; private set; }

    public int Count { get; private set; }

    /// <summary>Time of the last one, Unix ms.</summary>
    public long At { get; private set; }

    /// <summary>What the rule gives for all of them, as worth at <see cref="At"/>.</summary>
    public double Points { get; private set; }

    /// <summary>What is left of that by condition, repeats and caps.</summary>
    public double Applied { get; private set; }

    /// <summary>What reduced the last one that was.</summary>
    public Reduction? Reduced { get; private set; }

    public bool HasBegun(int walk) => _walk == walk;

    public void Begin(int walk, ScoringRule? rule, RuleSoFar? soFar, Account? group, double groupCap, bool? holds)
    {
        (_walk, Rule, SoFar, Group, GroupCap, Holds) = (walk, rule, soFar, group, groupCap, holds);
        (Count, At, Points, Applied, Reduced) = (0, 0, 0, 0, null);
    }

    public void Add(double points, double applied, Reduction? reduced, long at)
    {
        var factor = Rule?.HalfLife is { } halfLife && Count > 0 ? ScoreDecay.Factor(at - At, halfLife.Length.TotalMilliseconds) : 1;
        (Points, Applied) = ((Points * factor) + points, (Applied * factor) + applied);
        (At, Count, Reduced) = (at, Count + 1, reduced ?? Reduced);
    }
}

/// <summary>Exponential decay: half the worth after one half-life, whatever it was.</summary>
internal static class ScoreDecay
{
    /// <param name="age">In milliseconds.</param>
    /// <param name="halfLife">In milliseconds; infinite for no decay.</param>
    public static double Factor(double age, double halfLife) => double.IsInfinity(halfLife) || age <= 0 ? 1 : Math.Pow(2, -age / halfLife);
}
