using System.Globalization;
using System.Text.Json;

namespace LeadFunctions.Ingest;

/// <summary>When an event happened, by a clock that may be wrong.</summary>
internal static class EventTime
{
    /// <summary>ISO 8601, or a number of seconds or milliseconds since 1970; null when it is neither.</summary>
    public static DateTimeOffset? Find(JsonElement field)
    {
        switch (field.ValueKind)
        {
            case JsonValueKind.String:
                var text = field.GetString()!;
                // Only what begins with a date: the parser would take "12:00" as well, and mean today.
                return text.Length is >= 10 and <= 40 && text[4] == '-' && text[7] == '-'
                    && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                    ? time
                    : null;
            case JsonValueKind.Number:
                // 100,000,000,000 is the year 5138 in seconds, and 1973 in milliseconds.
                return field.TryGetDouble(out var number) && number is > 0 and < 1e14
                    ? DateTimeOffset.UnixEpoch.AddMilliseconds(number < 1e11 ? Math.Floor(number * 1000) : Math.Floor(number))
                    : null;
            default:
                return null;
        }
    }

    /// <summary>
    /// What the client's clock was off when it sent is what it was off when it noted the time. Never later than the arrival;
    /// more than ten years before it is no time to be believed, and becomes the arrival. To the millisecond, in UTC.
    /// </summary>
    public static DateTimeOffset Correct(DateTimeOffset? claimed, DateTimeOffset? sentAt, DateTimeOffset receivedAt)
    {
        // In ticks, which three years 9999 do not overflow.
        var arrival = receivedAt.UtcTicks;
        var at = claimed is { } time ? time.UtcTicks + (sentAt is { } sent ? arrival - sent.UtcTicks : 0) : arrival;
        if (at > arrival || at < receivedAt.AddYears(-IngestLimits.Years).UtcTicks)
        {
            at = arrival;
        }

        return new DateTimeOffset(at - at % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
    }
}
