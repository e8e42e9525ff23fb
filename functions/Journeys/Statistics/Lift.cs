namespace LeadFunctions.Journeys.Statistics;

/// <summary>People of one side whose time is up, and how many of them reached the goal in it.</summary>
internal readonly record struct Side(long People, long Goals)
{
    public double Share => (double)Goals / People;

    /// <summary>Of the share.</summary>
    public double Variance => Share * (1 - Share) / People;
}

/// <summary>
/// What getting a journey changes about reaching its goal: the difference of two shares, with an interval that stays right however often it is looked at. A plain 95 % interval that is looked at
/// daily for three months cries lift in a quarter of the journeys that do nothing; this one (a mixture sequential test, with a normal prior of scale 0.02 on the difference) in 5 % at most, since
/// what it allows for is looking at every moment. Source: Johari, Koomen, Pekelis, Walsh, "Always Valid Inference", 2015.
/// </summary>
internal static class Lift
{
    /// <summary>Of the prior: differences of some per cent are what journeys make.</summary>
    private const double Tau = 0.02;

    private const double Alpha = 0.05;

    /// <summary>A week's rhythm twice, before anybody is told that it works.</summary>
    public const int LeastDays = 14;

    public const int LeastGoals = 10;

    /// <summary>Of the chi-squared distribution with one degree of freedom, at p = 0.001.</summary>
    private const double SplitLimit = 10.828;

    private const double MostWeeks = 520;

    /// <summary>Half the width of the interval of a difference whose variance is estimated as this. Infinite is what is known of nobody.</summary>
    public static double HalfWidth(double variance)
    {
        const double prior = Tau * Tau;
        return Math.Sqrt(variance * (variance + prior) / prior * ((2 * Math.Log(1 / Alpha)) + Math.Log((variance + prior) / variance)));
    }

    /// <summary>The interval, and what it says so far; null while a side has nobody, or nobody or everybody of it reached the goal: the formula knows no variance then.</summary>
    public static (double Low, double High)? Interval(Side treated, Side heldOut)
    {
        if (treated.People == 0 || heldOut.People == 0 || treated.Variance <= 0 || heldOut.Variance <= 0)
        {
            return null;
        }

        var (difference, half) = (treated.Share - heldOut.Share, HalfWidth(treated.Variance + heldOut.Variance));
        return (difference - half, difference + half);
    }

    /// <param name="days">Between the first and the last day whose people are counted, both included.</param>
    /// <param name="minimum">The smallest difference that would matter.</param>
    public static LiftVerdict Judge(Side treated, Side heldOut, int days, double minimum) =>
        days < LeastDays || Math.Min(treated.Goals, heldOut.Goals) < LeastGoals || Interval(treated, heldOut) is not { } interval ? LiftVerdict.TooEarly
        : interval.Low > 0 ? LiftVerdict.Works
        : interval.High < 0 ? LiftVerdict.Harms
        : interval.Low > -minimum && interval.High < minimum ? LiftVerdict.NoDifference
        : LiftVerdict.TooEarly;

    /// <summary>How many weeks more it takes until there is an answer, should people keep coming and behave as they did; null: nobody can say, or ten years.</summary>
    public static int? WeeksLeft(Side treated, Side heldOut, int days, double minimum)
    {
        var weeks = days / 7.0;
        if (treated.Goals == 0 || heldOut.Goals == 0 || days <= 0)
        {
            return null;
        }

        // As many people again for each time as long: the first moment at which the same shares would decide it.
        var (low, high) = (1.0, MostWeeks / weeks);
        if (!Decides(high))
        {
            return null;
        }

        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Decides(middle) ? (low, middle) : (middle, high);
        }

        return (int)Math.Ceiling(Math.Max(0, (high - 1) * weeks));

        bool Decides(double times) => Judge(Times(treated, times), Times(heldOut, times), (int)Math.Ceiling(days * times), minimum) != LiftVerdict.TooEarly;
    }

    /// <summary>Whether as many were drawn to each side as the terms say; where not, something other than the draw decides who is counted, and a difference says nothing.</summary>
    public static bool IsSplitOff(long treated, long heldOut, double share)
    {
        double people = treated + heldOut;
        var (expectedOut, expectedIn) = (people * share, people * (1 - share));
        return people > 0 && (Math.Pow(heldOut - expectedOut, 2) / expectedOut) + (Math.Pow(treated - expectedIn, 2) / expectedIn) > SplitLimit;
    }

    private static Side Times(Side side, double times) => new((long)Math.Round(side.People * times), (long)Math.Round(side.Goals * times));
}

internal enum LiftVerdict
{
    /// <summary>More reach the goal with it.</summary>
    Works,

    /// <summary>Fewer do.</summary>
    Harms,

    /// <summary>None that would matter.</summary>
    NoDifference,

    TooEarly,

    /// <summary>The sides are not as they were drawn.</summary>
    Withheld,
}
