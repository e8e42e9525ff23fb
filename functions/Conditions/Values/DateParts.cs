using NodaTime;

namespace LeadFunctions.Conditions.Values;

/// <summary>What was read of a date so far.</summary>
internal struct DateParts(int year, int month, int day)
{
    /// <summary>Since midnight; up to a day.</summary>
    public TimeSpan Time { get; set; }

    /// <summary>As it was written; null when it was not.</summary>
    public TimeSpan? Offset { get; set; }

    /// <summary>Decides where no offset was written.</summary>
    public DateTimeZone? Zone { get; set; }

    /// <summary>False for a day that does not exist, or a moment beyond the calendar.</summary>
    public readonly bool TryCompose(out DateTimeOffset moment)
    {
        moment = default;
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var ticks = new DateTime(year, month, day).Ticks + Time.Ticks;
        if (ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        var local = new DateTime(ticks);
        var offset = Offset ?? (Zone is { } zone ? LocalDateTime.FromDateTime(local).InZoneLeniently(zone).Offset.ToTimeSpan() : TimeSpan.Zero);
        if (Math.Abs(offset.TotalHours) > 14 || offset.Ticks % TimeSpan.TicksPerMinute != 0 || ticks - offset.Ticks is < 0 || ticks - offset.Ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        moment = new DateTimeOffset(local, offset);
        return true;
    }
}
