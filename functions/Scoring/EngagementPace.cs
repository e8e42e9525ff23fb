namespace LeadFunctions.Scoring;

/// <summary>
/// How engagement goes on from a moment while nothing happens but time passing: enough to tell for most questions that their time has not come, and, where all that decays is positive and
/// decays alike, when it will, without another walk over the ledger (<see cref="EngagementCourse"/>).
/// </summary>
/// <param name="At">The moment, Unix ms.</param>
/// <param name="Lasting">What does not decay.</param>
/// <param name="Falling">What is positive and decays.</param>
/// <param name="Rising">What is negative and decays, without its sign.</param>
/// <param name="Fastest">The shortest half-life of what decays, in ms.</param>
/// <param name="Slowest">The longest.</param>
/// <param name="Cap">Of the whole.</param>
/// <param name="NextEntry">When an entry that lies in the future begins to count, Unix ms.</param>
internal readonly record struct EngagementPace(long At, double Lasting, double Falling, double Rising, double Fastest, double Slowest, double Cap, long NextEntry)
{
    private const double Margin = 1e-9;

    /// <summary>The clock's grain against the rounding of logarithms, in ms.</summary>
    private const double Grain = 0.01;

    /// <summary>False: until then it is at no other side of any of the levels. True: it may be.</summary>
    public bool MayChange(IReadOnlyList<double> levels, DateTimeOffset after, DateTimeOffset before)
    {
        if (At != after.ToUnixTimeMilliseconds() || NextEntry <= before.ToUnixTimeMilliseconds())
        {
            return true;
        }

        if (Falling == 0 && Rising == 0)
        {
            return false;
        }

        var left = double.Exp2(-(before - after).TotalMilliseconds / Fastest);
        var margin = Margin * (1 + Math.Abs(Lasting) + Falling + Rising);
        var (low, high) = (Clamped(Lasting + (Falling * left) - Rising - margin), Clamped(Lasting + Falling - (Rising * left) + margin));
        foreach (var level in levels)
        {
            if (low <= level && level <= high)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>When it will first be at another side of one of the levels, to the millisecond, or one earlier; null: never. False when this cannot tell.</summary>
    public bool TryNextChange(IReadOnlyList<double> levels, DateTimeOffset after, out DateTimeOffset? next)
    {
        next = null;
        if (At != after.ToUnixTimeMilliseconds() || Rising > 0 || NextEntry != long.MaxValue || (Falling > 0 && Fastest != Slowest))
        {
            return false;
        }

        var now = Clamped(Lasting + Falling);
        var highest = double.NegativeInfinity;
        foreach (var level in levels)
        {
            if (level == now || level == 0)
            {
                return Falling == 0; // a level that it touches is left to the walk
            }

            highest = level < now && level > highest ? level : highest;
        }

        if (Falling == 0 || highest <= Lasting)
        {
            return true; // it never falls so low
        }

        var ms = Math.Ceiling((Fastest * Math.Log2(Falling / (highest - Lasting))) - Grain);
        next = ms < (DateTimeOffset.MaxValue - after).TotalMilliseconds - 1 ? DateTimeOffset.FromUnixTimeMilliseconds(At + Math.Max(1, (long)ms)) : null;
        return true;
    }

    private double Clamped(double sum) => Math.Max(0, Math.Min(sum, Cap));
}
