using System.Text.Json;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Ingest.Reading;

/// <summary>When an event happened, by a clock that may be wrong.</summary>
internal static class EventTime
{
    // 100,000,000,000 is the year 5138 in seconds, and 1973 in milliseconds; a thousand times that in micro- and nanoseconds.
    private const double Seconds = 1e11, Milliseconds = 1e14, Microseconds = 1e17, Nanoseconds = 1e20;

    /// <summary>A date and time in any spelling that means one moment, or a number of seconds, or of thousandths, millionths, billionths, since 1970; null when it is neither.</summary>
    public static DateTimeOffset? Find(JsonElement field)
    {
        switch (field.ValueKind)
        {
            case JsonValueKind.String:
                var text = field.GetString()!;
                return DateText.TryRead(text, out var time) ? time.ToUniversalTime()
                    : Numbers.TryParse(text.AsSpan().Trim(), out var unix) && text.Length >= 9 ? Since1970(unix)
                    : null;
            case JsonValueKind.Number:
                return field.TryGetDouble(out var number) ? Since1970(number) : null;
            default:
                return null;
        }
    }

    /// <summary>Something stands there: neither null nor empty text.</summary>
    public static bool IsMeant(JsonElement field) => field.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) && !(field.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(field.GetString()));

    private static DateTimeOffset? Since1970(double number) => number switch
    {
        <= 0 or >= Nanoseconds or double.NaN => null,
        < Seconds => DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Floor(number * 1e3)),
        < Milliseconds => DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Floor(number)),
        < Microseconds => DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Floor(number / 1e3)),
        _ => DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Floor(number / 1e6)),
    };

    /// <summary>
    /// What the client's clock was off when it sent is what it was off when it noted the time. Never later than the arrival;
    /// more than ten years before it is no time to be believed, and becomes the arrival. To the millisecond, in UTC.
    /// </summary>
    public static DateTimeOffset Correct(DateTimeOffset? claimed, DateTimeOffset? sentAt, DateTimeOffset receivedAt)
    {
        var arrival = receivedAt.UtcTicks;
        var at = Corrected(claimed, sentAt, receivedAt);
        if (at > arrival || at < Oldest(receivedAt))
        {
            at = arrival;
        }

        return new DateTimeOffset(at - at % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
    }

    /// <summary>Why the claimed time became the arrival's; null when it did not, or was near it anyway.</summary>
    public static string? Doubt(DateTimeOffset claimed, DateTimeOffset? sentAt, DateTimeOffset receivedAt)
    {
        var at = Corrected(claimed, sentAt, receivedAt);
        return at < Oldest(receivedAt) ? $"The time is more than {IngestLimits.Years} years ago; the event counts as of its arrival."
            : at - receivedAt.UtcTicks > TimeSpan.TicksPerHour ? "The time is in the future; the event counts as of its arrival."
            : null;
    }

    private static long Oldest(DateTimeOffset receivedAt) => receivedAt.AddYears(-IngestLimits.Years).UtcTicks;

    // In ticks, which three years 9999 do not overflow.
    private static long Corrected(DateTimeOffset? claimed, DateTimeOffset? sentAt, DateTimeOffset receivedAt) =>
        claimed is { } time ? time.UtcTicks + (sentAt is { } sent ? receivedAt.UtcTicks - sent.UtcTicks : 0) : receivedAt.UtcTicks;
}
