namespace LeadFunctions.Clock.Moves;

/// <summary>Where a clock on its way stops next.</summary>
internal static class NextStop
{
    /// <summary>On the way of a clock that goes, what is due so close together happens at once: it would be that late anyhow.</summary>
    public static readonly TimeSpan Together = TimeSpan.FromSeconds(1);

    /// <summary>Null when nothing is due up to the goal.</summary>
    /// <param name="now">What is due before it is due now.</param>
    /// <param name="exact">Stop at each time of its own.</param>
    public static DateTimeOffset? Of(IReadOnlyCollection<DateTimeOffset> due, DateTimeOffset now, DateTimeOffset goal, bool exact)
    {
        var onTheWay = due.Where(at => at <= goal).ToList();
        if (onTheWay.Count == 0)
        {
            return null;
        }

        var first = onTheWay.Min();
        var stop = exact ? first : onTheWay.Where(at => at - first <= Together).Max();
        return stop > now ? stop : now;
    }
}
