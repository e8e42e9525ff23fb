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

    /// <summary>Nearer to what it falls to, its logarithm cannot be trusted.</summary>
    private const double TooNear = 1e-6;

    /// <summary>Of greater ones half a hundredth is too little to be reckoned with.</summary>
    private const double MostExact = 1e6;

    /// <summary>The clock's grain against the rounding of logarithms, in ms.</summary>
    private const double Grain = 0.01;

    /// <summary>False: until then it reaches none of the levels, and falls under none. True: it may.</summary>
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
        var margin = ShownScore.Half + (Margin * (1 + Math.Abs(Lasting) + Falling + Rising));
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

    /// <summary>When it will first fall under one of the levels, to the millisecond, or one earlier; null: never. False when this cannot tell.</summary>
    public bool TryNextChange(IReadOnlyList<double> levels, DateTimeOffset after, out DateTimeOffset? next)
    {
        next = null;
        if (At != after.ToUnixTimeMilliseconds() || Rising > 0 || NextEntry != long.MaxValue || (Falling > 0 && Fastest != Slowest))
        {
            return false;
        }

        var now = ShownScore.Of(Clamped(Lasting + Falling));
        var highest = double.NegativeInfinity;
        foreach (var level in levels)
        {
            highest = Math.Max(highest, Under(level, now));
        }

        if (Falling == 0 || highest <= Math.Max(0, Lasting - TooNear))
        {
            return true; // it never falls so low
        }

        if (highest - Lasting < TooNear || now > MostExact)
        {
            return false;
        }

        var ms = Math.Ceiling((Fastest * Math.Log2(Falling / (highest - Lasting))) - Grain);
        next = ms < (DateTimeOffset.MaxValue - after).TotalMilliseconds - 1 ? DateTimeOffset.FromUnixTimeMilliseconds(At + Math.Max(1, (long)ms)) : null;
        return true;
    }

    /// <summary>Under which value what is shown is under a level; minus infinity: under none, since it is already.</summary>
    private static double Under(double level, double now) => now < level ? double.NegativeInfinity : Hundredth(level) - ShownScore.Half;

    /// <summary>The least that reaches the level.</summary>
    private static double Hundredth(double level) => ShownScore.Of(level) is var near && near < level ? ShownScore.Of(near + (2 * ShownScore.Half)) : near;

    private double Clamped(double sum) => Math.Max(0, Math.Min(sum, Cap));
}
