namespace LeadFunctions.Conditions;

/// <summary>Moments that may not come.</summary>
internal static class Moments
{
    /// <summary>The earlier one; null stands for never.</summary>
    public static DateTimeOffset? Earliest(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;

    /// <summary>When more than this long has passed, to the millisecond; null beyond the year 9999.</summary>
    public static DateTimeOffset? JustAfter(DateTimeOffset from, TimeSpan length) =>
        DateTimeOffset.MaxValue - from <= length + Millisecond ? null : from + length + Millisecond;

    /// <summary>Midnight in UTC, so many days on; null beyond the year 9999.</summary>
    public static DateTimeOffset? Midnight(DateTimeOffset from, int days) =>
        DateTimeOffset.MaxValue - from <= TimeSpan.FromDays(days) ? null : new DateTimeOffset(from.UtcDateTime.Date.AddDays(days), TimeSpan.Zero);

    /// <summary>The whole millisecond that begins then, or next.</summary>
    public static DateTimeOffset UpToMillisecond(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeMilliseconds((at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);

    /// <summary>Whether a lead is to be noted for a moment: it will come, and none that is noted comes before it. One that moved to later is left noted, and whoever looks then finds out.</summary>
    /// <param name="noted">Unix ms; null, or a time that has passed: none is.</param>
    /// <param name="at">The moment, to the millisecond.</param>
    public static bool IsNews(DateTimeOffset? next, long? noted, DateTimeOffset now, out DateTimeOffset at)
    {
        at = default;
        if (next is not { Year: < 9999 } moment || moment <= now)
        {
            return false;
        }

        at = UpToMillisecond(moment);
        return !(noted > now.ToUnixTimeMilliseconds() && noted <= at.ToUnixTimeMilliseconds());
    }

    /// <summary>Has the moments that have passed looked at, each as of its own time: from the first on, as long as one follows and it is not too many.</summary>
    /// <param name="first">Unix ms.</param>
    /// <param name="look">Answers with the next one.</param>
    public static void CatchUp(long first, DateTimeOffset now, int most, Func<DateTimeOffset, DateTimeOffset?> look)
    {
        DateTimeOffset? at = DateTimeOffset.FromUnixTimeMilliseconds(first);
        for (var looks = 0; at is { } moment && moment <= now && looks < most; looks++)
        {
            at = look(moment) is { } next ? UpToMillisecond(next) : null;
        }
    }

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
}
