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

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
}
