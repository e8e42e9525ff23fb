using System.Globalization;
using NodaTime;
using NodaTime.Calendars;

namespace LeadFunctions.Reports.Metrics;

/// <param name="Key">As answers name it: 2026-03-29, 2026-W13, 2026-03, 2026-Q1, 2026.</param>
/// <param name="Begin">Unix ms, in it.</param>
/// <param name="End">Unix ms, the first moment after it.</param>
internal readonly record struct Period(string Key, long Begin, long End);

/// <summary>The days, weeks, months, quarters or years of a range, cut where they begin in a zone: a day is 23 or 25 hours long when clocks change, and begins at one where midnight is left out.</summary>
internal sealed class Periods
{
    private readonly long[] _begins;

    private Periods(IReadOnlyList<Period> all) => (All, _begins) = (all, [.. all.Select(period => period.Begin)]);

    /// <summary>In order; the first and the last may be cut off by the range.</summary>
    public IReadOnlyList<Period> All { get; }

    /// <param name="unit">One of <see cref="Dimensions.OfTime"/>; null: the range is one period without a name.</param>
    public static Periods Of(string? unit, LocalDate from, LocalDate to, DateTimeZone zone)
    {
        var periods = new List<Period>();
        for (var begin = from; begin <= to;)
        {
            var end = LocalDate.Min(Next(unit, begin), to.PlusDays(1));
            end = unit is null ? to.PlusDays(1) : end;
            periods.Add(new(unit is null ? "" : KeyOf(unit, begin), Moment(begin, zone), Moment(end, zone)));
            begin = end;
        }

        return new(periods);
    }

    /// <summary>The month in which a moment is.</summary>
    public static Period MonthOf(long at, DateTimeZone zone)
    {
        var day = Instant.FromUnixTimeMilliseconds(at).InZone(zone).Date;
        var begin = new LocalDate(day.Year, day.Month, 1);
        return new(KeyOf("month", begin), Moment(begin, zone), Moment(begin.PlusMonths(1), zone));
    }

    /// <summary>Null when it is in none.</summary>
    public Period? Find(long at)
    {
        var place = Array.BinarySearch(_begins, at);
        place = place < 0 ? ~place - 1 : place;
        return place >= 0 && at < All[place].End ? All[place] : null;
    }

    public static long Moment(LocalDate day, DateTimeZone zone) => zone.AtStartOfDay(day).ToInstant().ToUnixTimeMilliseconds();

    private static LocalDate Next(string? unit, LocalDate day) => unit switch
    {
        "week" => day.Next(IsoDayOfWeek.Monday),
        "month" => new LocalDate(day.Year, day.Month, 1).PlusMonths(1),
        "quarter" => new LocalDate(day.Year, day.Month - ((day.Month - 1) % 3), 1).PlusMonths(3),
        "year" => new LocalDate(day.Year + 1, 1, 1),
        _ => day.PlusDays(1),
    };

    private static string KeyOf(string unit, LocalDate day) => unit switch
    {
        "week" => string.Create(CultureInfo.InvariantCulture, $"{WeekYearRules.Iso.GetWeekYear(day):D4}-W{WeekYearRules.Iso.GetWeekOfWeekYear(day):D2}"),
        "month" => string.Create(CultureInfo.InvariantCulture, $"{day.Year:D4}-{day.Month:D2}"),
        "quarter" => string.Create(CultureInfo.InvariantCulture, $"{day.Year:D4}-Q{(day.Month + 2) / 3}"),
        "year" => day.Year.ToString("D4", CultureInfo.InvariantCulture),
        _ => NodaTime.Text.LocalDatePattern.Iso.Format(day),
    };
}
