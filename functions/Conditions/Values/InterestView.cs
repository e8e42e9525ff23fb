namespace LeadFunctions.Conditions.Values;

/// <summary>Something that a lead looks at.</summary>
/// <param name="Value">As it was spelt last; case makes no difference.</param>
/// <param name="Weight">What its looks weigh together, as of a time: each half as much after each half-life.</param>
/// <param name="Share">Of what all looks of the dimension weigh, from 0 to 1. Time alone does not change it, nor who comes first: all fade alike.</param>
/// <param name="Last">When it was looked at last: Unix ms.</param>
public sealed record Interest(string Value, double Weight, double Share, long Last);

/// <summary>What a lead looks at in one dimension, and how that goes on while nothing happens.</summary>
public sealed class InterestView
{
    public static readonly InterestView None = new([], 0, double.PositiveInfinity, long.MaxValue);

    /// <summary>After so many half-lives a double has decayed to nothing.</summary>
    private const double Gone = 1100;

    private readonly IReadOnlyList<Interest> _atNewest;
    private readonly long _newest;
    private readonly double _halfLife;
    private readonly long _next;

    /// <param name="atNewest">What weighs most first; weights as of the newest look.</param>
    /// <param name="newest">When that was: Unix ms.</param>
    /// <param name="halfLife">In ms.</param>
    /// <param name="next">When the next look begins to count, if one lies in the future: Unix ms.</param>
    public InterestView(IReadOnlyList<Interest> atNewest, long newest, double halfLife, long next) => (_atNewest, _newest, _halfLife, _next) = (atNewest, newest, halfLife, next);

    /// <summary>What weighs most; null where nothing was looked at.</summary>
    public Interest? TopAt(DateTimeOffset at) => _atNewest.Count == 0 ? null : At(_atNewest[0], at);

    /// <summary>Null where it never was looked at.</summary>
    public Interest? Find(string value, DateTimeOffset at)
    {
        foreach (var interest in _atNewest)
        {
            if (string.Equals(interest.Value, value, StringComparison.OrdinalIgnoreCase))
            {
                return At(interest, at);
            }
        }

        return null;
    }

    /// <summary>What weighs most first.</summary>
    public IEnumerable<Interest> All(DateTimeOffset at) => _atNewest.Select(interest => At(interest, at));

    /// <summary>When, after a time, the weight of something first reaches one of the levels, or falls under it, or another look begins to count; null: never.</summary>
    public DateTimeOffset? NextChange(Interest? of, IReadOnlyList<double> levels, DateTimeOffset after)
    {
        var next = _next > after.ToUnixTimeMilliseconds() && _next < long.MaxValue ? DateTimeOffset.FromUnixTimeMilliseconds(_next) : (DateTimeOffset?)null;
        if (of is null || levels.Count == 0)
        {
            return next;
        }

        var weight = _atNewest.First(interest => interest.Value == of.Value).Weight; // it is one of these
        var (low, high) = (after.ToUnixTimeMilliseconds(), (long)Math.Min(_newest + (Gone * _halfLife), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
        var side = SideAt(low);
        if (high <= low || SideAt(high) == side)
        {
            return next;
        }

        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = SideAt(middle) == side ? (middle, high) : (low, middle);
        }

        var passes = DateTimeOffset.FromUnixTimeMilliseconds(high);
        return next < passes ? next : passes;

        int SideAt(long ms)
        {
            var (left, passed) = (weight * Left(ms), 0);
            foreach (var level in levels)
            {
                passed += left < level ? 0 : 1;
            }

            return passed;
        }
    }

    private Interest At(Interest interest, DateTimeOffset at) => interest with { Weight = interest.Weight * Left(at.ToUnixTimeMilliseconds()) };

    private double Left(long ms) => double.Exp2(-(ms - _newest) / _halfLife);
}
