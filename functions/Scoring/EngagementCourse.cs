using LeadFunctions.Conditions;

namespace LeadFunctions.Scoring;

/// <summary>
/// How engagement goes on while nothing happens but time passing. Conditions, repeats and caps of a ledger's entries are settled as of their own times, so that time
/// alone only lets each decay: a sum of falling (and, of negative points, rising) parts, clamped, and rounded as it is shown. It adds them up in the same order as
/// <see cref="Engagement.Value(Ledger, ScoringModels, ILeadFacts, DateTimeOffset)"/>: at whole milliseconds the numbers are the same to the last bit. Folded entries count as one part for
/// each column: the course is asked about times after them.
/// </summary>
internal sealed class EngagementCourse
{
    /// <summary>After so many half-lives a double has decayed to nothing.</summary>
    private const double Gone = 1100;

    /// <summary>Looks at the sum before the search stops where it has come to: only a sum that touches a level and turns back takes so many.</summary>
    private const int MostLooks = 5000;

    private readonly Part[] _folded;
    private readonly Part[] _parts;
    private readonly ScoringModels _models;
    private readonly bool _isMonotone;

    private EngagementCourse(Part[] folded, Part[] parts, ScoringModels models)
    {
        (_folded, _parts, _models) = (folded, parts, models);
        _isMonotone = folded.Concat(parts).All(part => part.Applied > 0) || folded.Concat(parts).All(part => part.Applied < 0);
    }

    public static EngagementCourse Of(Ledger ledger, ScoringModels models, ILeadFacts facts)
    {
        var parts = new List<Part>(ledger.Count);
        var fold = EngagementFold.Begin(models, facts, ledger);
        foreach (var entry in ledger.Span)
        {
            var earned = fold.Next(entry);
            Add(parts, entry.At.ToUnixTimeMilliseconds(), earned.Applied, earned.Rule);
        }
        var folded = new List<Part>();
        foreach (var (_, sum) in fold.Finish(DateTimeOffset.MaxValue))
        {
            Add(folded, sum.At, sum.Applied, sum.Rule);
        }
        return new([.. folded], [.. parts], models);

        static void Add(List<Part> parts, long at, double applied, ScoringRule? rule)
        {
            if (applied != 0)
            {
                parts.Add(new(at, applied, rule?.HalfLife?.Length.TotalMilliseconds ?? double.PositiveInfinity));
            }
        }
    }

    public double At(DateTimeOffset at) => Sum(Milliseconds(at), Milliseconds(at), CountUntil(at.ToUnixTimeMilliseconds()));

    /// <summary>As it was at the end of each of so many days before a time, and at that time: by what had happened until then, as the models judge it now. Null where what happened then is known in sums only.</summary>
    public IReadOnlyList<double?> Past(DateTimeOffset now, int days) =>
        [.. Enumerable.Range(0, days + 1).Select(day => now.AddDays(day - days)).Select(at => _folded.Any(part => part.At > at.ToUnixTimeMilliseconds()) ? (double?)null : At(at))];

    /// <summary>When, after a time, engagement first reaches one of the levels, or falls under it; null: never. To the millisecond.</summary>
    public DateTimeOffset? NextChange(IReadOnlyList<double> levels, DateTimeOffset after)
    {
        var search = new Search(this, [.. levels.Order()], At(after));
        var (from, count) = (after.ToUnixTimeMilliseconds(), CountUntil(after.ToUnixTimeMilliseconds()));
        while (true)
        {
            // Until the next entry that lies in the future, if any, each part is monotone.
            var next = count < _parts.Length ? _parts[count].At : (long?)null;
            var to = (next ?? End(from)) - 1;
            if ((_isMonotone ? search.Halve(from, to, count) : search.First(from, to, count)) is { } found)
            {
                return DateTimeOffset.FromUnixTimeMilliseconds(found);
            }
            if (next is not { } at)
            {
                return null;
            }
            (from, count) = (at, CountUntil(at));
            if (search.Differs(at, count))
            {
                return DateTimeOffset.FromUnixTimeMilliseconds(at);
            }
        }
    }

    private long End(long from)
    {
        var longest = _folded.Concat(_parts).Max(part => (double?)(double.IsInfinity(part.HalfLife) ? 0 : part.HalfLife)) ?? 0;
        return (long)Math.Min(from + 1 + (Gone * longest), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
    }

    private int CountUntil(long at)
    {
        var count = 0;
        while (count < _parts.Length && _parts[count].At <= at)
        {
            count++;
        }
        return count;
    }

    // Adding and rounding are monotone in floating point too: with the two times apart this bounds the sum in between from below (what is positive as late, what is negative as early as can be) or above.
    private double Sum(double positive, double negative, int count)
    {
        var sum = 0.0;
        foreach (var part in _folded)
        {
            sum += Left(part, positive, negative);
        }
        for (var i = 0; i < count; i++)
        {
            sum += Left(_parts[i], positive, negative);
        }
        return ShownScore.Of(Engagement.Clamped(sum, _models));
    }

    private static double Left(Part part, double positive, double negative) =>
        double.IsInfinity(part.HalfLife) ? part.Applied : part.Applied * ScoreDecay.Factor((part.Applied > 0 ? positive : negative) - part.At, part.HalfLife);

    private static double Milliseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).TotalMilliseconds;

    private readonly record struct Part(long At, double Applied, double HalfLife);

    private sealed class Search(EngagementCourse course, double[] levels, double now)
    {
        private readonly int _side = Side(levels, now);
        private int _looks;

        public bool Differs(long at, int count) => Side(levels, course.Sum(at, at, count)) != _side;

        /// <summary>The first millisecond in (from, to] at another side, of a sum that only falls, or only rises, there.</summary>
        public long? Halve(long from, long to, int count)
        {
            if (to <= from || !Differs(to, count))
            {
                return null;
            }
            while (to - from > 1)
            {
                var middle = from + ((to - from) / 2);
                (from, to) = Differs(middle, count) ? (from, middle) : (middle, to);
            }
            return to;
        }

        /// <summary>The same of a sum whose parts fall and rise.</summary>
        public long? First(long from, long to, int count)
        {
            if (to <= from)
            {
                return null;
            }
            if (to - from == 1)
            {
                return Differs(to, count) ? to : null;
            }
            if (Side(levels, course.Sum(to, from, count)) == _side && Side(levels, course.Sum(from, to, count)) == _side)
            {
                return null;
            }
            if (++_looks > MostLooks)
            {
                return from + 1;
            }
            var middle = from + ((to - from) / 2);
            return First(from, middle, count) ?? First(middle, to, count);
        }

        private static int Side(double[] levels, double value)
        {
            var side = 0;
            foreach (var level in levels)
            {
                side += value < level ? 0 : 1;
            }
            return side;
        }
    }
}
