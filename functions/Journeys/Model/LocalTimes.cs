using System.Globalization;
using LeadFunctions.Conditions.Values;
using NodaTime;
using NodaTime.TimeZones;

namespace LeadFunctions.Journeys.Model;

/// <summary>
/// Days and times of day where the lead lives. A time that the clocks skip in spring counts as the first moment after the gap; of a time that comes twice
/// in autumn the first counts, except for the end of a stretch, which lasts until the second.
/// </summary>
internal static class LocalTimes
{
    public static readonly IReadOnlyList<DayOfWeek> EveryDay = [.. Enum.GetValues<DayOfWeek>()];

    private const int DaysAhead = 15;

    private const int FirstYear = 200, LastYear = 9800;

    /// <summary>The moment itself inside the window, otherwise when it opens next.</summary>
    public static DateTimeOffset InWindow(DateTimeOffset now, Window window, DateTimeZone zone)
    {
        var today = DateOf(now, zone);
        for (var day = -1; day <= DaysAhead; day++)
        {
            var date = today.PlusDays(day);
            var (opens, closes) = Stretch(date, window.From, window.To, zone);
            if (window.Days.Contains(Day(date)) && closes > opens && closes > now)
            {
                return opens > now ? opens : now;
            }
        }

        return now;
    }

    /// <summary>The moment itself when it is not quiet, otherwise when quiet hours end.</summary>
    public static DateTimeOffset AfterQuiet(DateTimeOffset now, QuietHours quiet, DateTimeZone zone)
    {
        var today = DateOf(now, zone);
        for (var day = -1; day <= 1; day++)
        {
            var (begins, ends) = Stretch(today.PlusDays(day), quiet.From, quiet.To, zone);
            if (begins <= now && now < ends)
            {
                return ends;
            }
        }

        return now;
    }

    /// <summary>The next time, not now, that the clock shows this on one of the days.</summary>
    public static DateTimeOffset Next(DateTimeOffset now, TimeOnly at, IReadOnlyList<DayOfWeek> days, DateTimeZone zone)
    {
        var today = DateOf(now, zone);
        for (var day = 0; day <= DaysAhead; day++)
        {
            var date = today.PlusDays(day);
            if (days.Contains(Day(date)) && At(date, at, zone) is var moment && moment > now)
            {
                return moment;
            }
        }

        return now;
    }

    /// <summary>When the date of the trait is due; of a yearly one the first time after <paramref name="after"/>. Null when the trait holds no date.</summary>
    public static DateTimeOffset? Due(DateRule rule, Value trait, DateTimeOffset after, DateTimeZone zone)
    {
        if (!TryRead(trait, zone, out var date, out var moment))
        {
            return null;
        }

        if (!rule.Yearly)
        {
            // The year 9999 stands for "never", and offsets of a hundred years are allowed.
            return date.Year is < FirstYear or > LastYear ? null : Of(rule, date, moment, zone);
        }

        var year = DateOf(after, zone).Year;
        for (var y = year - 2; y <= year + 2 && y <= 9998; y++)
        {
            if (y >= date.Year && Of(rule, In(y, date), null, zone) is var due && due > after)
            {
                return due;
            }
        }

        return null;
    }

    public static DateTimeOffset At(LocalDate date, TimeOnly time, DateTimeZone zone, bool last = false)
    {
        var resolver = Resolvers.CreateMappingResolver(last ? Resolvers.ReturnLater : Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);
        return date.At(new LocalTime(time.Hour, time.Minute)).InZone(zone, resolver).ToDateTimeOffset().ToUniversalTime();
    }

    private static (DateTimeOffset From, DateTimeOffset To) Stretch(LocalDate date, TimeOnly from, TimeOnly to, DateTimeZone zone) =>
        (At(date, from, zone), At(to > from ? date : date.PlusDays(1), to, zone, last: true));

    private static DayOfWeek Day(LocalDate date) => (DayOfWeek)((int)date.DayOfWeek % 7);

    private static DateTimeOffset Of(DateRule rule, LocalDate date, DateTimeOffset? moment, DateTimeZone zone)
    {
        var offset = rule.Offset ?? default;
        if (rule.At is null && moment is { } exact)
        {
            var local = Instant.FromDateTimeOffset(exact).InZone(zone).LocalDateTime.PlusDays(offset.Days);
            return offset.Days == 0
                ? exact + offset.Time
                : local.InZone(zone, Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter)).ToDateTimeOffset().ToUniversalTime() + offset.Time;
        }

        return At(date.PlusDays(offset.Days), rule.At ?? TimeOnly.MinValue, zone) + offset.Time;
    }

    // 29 February returns on the 28th in a common year.
    private static LocalDate In(int year, LocalDate date) =>
        new(year, date.Month, Math.Min(date.Day, CalendarSystem.Iso.GetDaysInMonth(year, date.Month)));

    /// <summary>A plain date, and a midnight in the offset that it was written with (how many systems write one), is that day wherever the lead is; anything else is a moment.</summary>
    private static bool TryRead(Value trait, DateTimeZone zone, out LocalDate date, out DateTimeOffset? moment)
    {
        (date, moment) = (default, null);
        if (!Dates.TryRead(Scalar.Of(trait, stackalloc char[Scalar.NumberLength]), out var read))
        {
            return false;
        }

        if (read.TimeOfDay == TimeSpan.Zero)
        {
            date = LocalDate.FromDateTime(read.DateTime);
            return true;
        }

        moment = read.ToUniversalTime();
        date = read.UtcDateTime.Year is > FirstYear and < LastYear ? DateOf(read, zone) : LocalDate.FromDateTime(read.UtcDateTime);
        return true;
    }

    private static LocalDate DateOf(DateTimeOffset moment, DateTimeZone zone) => Instant.FromDateTimeOffset(moment).InZone(zone).Date;

    /// <summary>For people: <c>2026-03-29 03:00 Europe/Berlin</c>.</summary>
    public static string Show(DateTimeOffset moment, DateTimeZone zone) =>
        Instant.FromDateTimeOffset(moment).InZone(zone).ToString("uuuu-MM-dd HH:mm z", CultureInfo.InvariantCulture);
}
