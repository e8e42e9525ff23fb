using System.Globalization;

namespace LeadFunctions.Platform.Outbound;

/// <summary>The header by which a server says when to come back.</summary>
internal static class RetryAfter
{
    /// <summary>Whoever asks for longer is asked again all the same.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Seconds, or a date; null for none, and for what is neither.</summary>
    /// <param name="now">By the clock that the answer is compared with.</param>
    /// <param name="realNow">By which the server reckons its date.</param>
    public static DateTimeOffset? Of(string? header, DateTimeOffset now, DateTimeOffset realNow)
    {
        TimeSpan? wait = long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, (long)Longest.TotalSeconds))
            : DateTimeOffset.TryParseExact(header, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at - realNow
            : null;
        return wait is not { } asked ? null : now + (asked < TimeSpan.Zero ? TimeSpan.Zero : asked > Longest ? Longest : asked);
    }
}
