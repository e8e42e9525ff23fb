using System.Globalization;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Facts;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Days and hours where the lead lives. Berlin skips 02:00 to 03:00 on 29 March 2026, and has 02:00 to 03:00 twice on 25 October 2026.</summary>
public sealed class LocalTimesTests
{
    [Theory]
    [InlineData("2026-06-01T12:00Z", "21:00", "08:00", "Europe/Berlin", "2026-06-01T12:00Z")] // the afternoon is not quiet
    [InlineData("2026-06-01T19:00Z", "21:00", "08:00", "Europe/Berlin", "2026-06-02T06:00Z")] // 21:00 sharp is
    [InlineData("2026-06-01T18:59Z", "21:00", "08:00", "Europe/Berlin", "2026-06-01T18:59Z")]
    [InlineData("2026-06-02T05:59Z", "21:00", "08:00", "Europe/Berlin", "2026-06-02T06:00Z")] // after midnight it is still last night's
    [InlineData("2026-06-02T06:00Z", "21:00", "08:00", "Europe/Berlin", "2026-06-02T06:00Z")] // 08:00 sharp is not quiet any more
    [InlineData("2026-03-28T22:00Z", "21:00", "08:00", "Europe/Berlin", "2026-03-29T06:00Z")] // a night an hour shorter
    [InlineData("2026-10-24T22:00Z", "21:00", "08:00", "Europe/Berlin", "2026-10-25T07:00Z")] // a night an hour longer
    [InlineData("2026-03-29T00:30Z", "01:00", "02:30", "Europe/Berlin", "2026-03-29T01:00Z")] // 02:30 is skipped: quiet until the gap ends
    [InlineData("2026-10-25T00:10Z", "01:00", "02:30", "Europe/Berlin", "2026-10-25T01:30Z")] // 02:30 comes twice: quiet until the second
    [InlineData("2026-10-25T00:45Z", "01:00", "02:30", "Europe/Berlin", "2026-10-25T01:30Z")]
    [InlineData("2026-06-01T12:30Z", "12:00", "14:00", "UTC", "2026-06-01T14:00Z")] // a siesta
    [InlineData("2026-06-01T01:00Z", "21:00", "08:00", "Pacific/Kiritimati", "2026-06-01T01:00Z")] // 15:00 at +14
    [InlineData("2026-06-01T15:30Z", "21:00", "08:00", "Asia/Kathmandu", "2026-06-02T02:15Z")] // 21:15 at +5:45
    public void Quiet_hours_end_where_the_lead_lives(string now, string from, string to, string zone, string expected) =>
        Assert.Equal(At(expected), LocalTimes.AfterQuiet(At(now), new(Time(from), Time(to)), TimeZones.Find(zone)!));

    [Theory]
    [InlineData("2026-06-06T11:00Z", "09:00", "17:00", "mon,tue,wed,thu,fri", "UTC", "2026-06-08T09:00Z")] // Saturday to Monday
    [InlineData("2026-06-05T16:59Z", "09:00", "17:00", "mon,tue,wed,thu,fri", "UTC", "2026-06-05T16:59Z")] // Friday, just inside
    [InlineData("2026-06-05T17:00Z", "09:00", "17:00", "mon,tue,wed,thu,fri", "UTC", "2026-06-08T09:00Z")] // the end is outside
    [InlineData("2026-06-05T08:00Z", "09:00", "17:00", "mon,tue,wed,thu,fri", "UTC", "2026-06-05T09:00Z")]
    [InlineData("2026-06-05T06:30Z", "09:00", "17:00", "fri", "Europe/Berlin", "2026-06-05T07:00Z")]
    [InlineData("2026-06-06T00:30Z", "22:00", "02:00", "fri", "UTC", "2026-06-06T00:30Z")] // Friday's night goes into Saturday
    [InlineData("2026-06-06T22:30Z", "22:00", "02:00", "fri", "UTC", "2026-06-12T22:00Z")] // Saturday's own night is not in it
    [InlineData("2026-03-28T12:00Z", "02:15", "02:45", "sun", "Europe/Berlin", "2026-04-05T00:15Z")] // a window that the clocks skip does not open
    [InlineData("2026-03-28T12:00Z", "02:15", "04:00", "sun", "Europe/Berlin", "2026-03-29T01:00Z")] // one half skipped opens after the gap
    [InlineData("2026-10-24T12:00Z", "02:15", "02:45", "sun", "Europe/Berlin", "2026-10-25T00:15Z")] // the first 02:15
    [InlineData("2026-06-01T10:00Z", "09:00", "09:00", "mon", "UTC", "2026-06-01T10:00Z")] // the whole day
    public void Windows_open_where_the_lead_lives(string now, string from, string to, string days, string zone, string expected)
    {
        var open = days.Split(',').Select(day => Enum.GetValues<DayOfWeek>().Single(d => d.ToString().StartsWith(day, StringComparison.OrdinalIgnoreCase))).ToList();

        Assert.Equal(At(expected), LocalTimes.InWindow(At(now), new(Time(from), Time(to), open), TimeZones.Find(zone)!));
    }

    [Theory]
    [InlineData("2026-06-01T08:00Z", "09:00", "UTC", "2026-06-01T09:00Z")]
    [InlineData("2026-06-01T09:00Z", "09:00", "UTC", "2026-06-02T09:00Z")] // not now: the next time
    [InlineData("2026-03-28T12:00Z", "02:30", "Europe/Berlin", "2026-03-29T01:00Z")] // skipped: after the gap
    [InlineData("2026-10-24T12:00Z", "02:30", "Europe/Berlin", "2026-10-25T00:30Z")] // twice: the first
    [InlineData("2026-10-25T00:30Z", "02:30", "Europe/Berlin", "2026-10-26T01:30Z")] // and only the first
    public void The_next_time_of_day_is_the_lead_s(string now, string at, string zone, string expected) =>
        Assert.Equal(At(expected), LocalTimes.Next(At(now), Time(at), LocalTimes.EveryDay, TimeZones.Find(zone)!));

    [Theory]
    [InlineData("2026-08-01", false, "-30d", "10:00", "Europe/Berlin", "2026-07-02T08:00Z")]
    [InlineData("2026-08-01", false, null, null, "Europe/Berlin", "2026-07-31T22:00Z")] // a day without a time begins at midnight
    [InlineData("2026-08-01T00:00:00Z", false, null, "09:00", "America/New_York", "2026-08-01T13:00Z")] // midnight in UTC is the day, not the evening before
    [InlineData("2026-08-01T15:30:00Z", false, "-2h", null, "America/New_York", "2026-08-01T13:30Z")] // a moment stays a moment
    [InlineData("2026-08-01T15:30:00+02:00", false, "1d", null, "Europe/Berlin", "2026-08-02T13:30Z")]
    [InlineData("2026-03-28T13:30:00+01:00", false, "1d", null, "Europe/Berlin", "2026-03-29T11:30Z")] // a day later at the same time of day, over the change
    [InlineData("1988-02-29", true, null, "09:00", "UTC", "2027-02-28T09:00Z")] // no leap year: the 28th
    [InlineData("1990-06-01", true, null, "09:00", "UTC", "2027-06-01T09:00Z")] // today at nine has passed
    [InlineData("1990-06-01", true, null, "11:00", "UTC", "2026-06-01T11:00Z")] // today at eleven has not
    [InlineData("1990-06-02", true, "-3d", "09:00", "UTC", "2027-05-30T09:00Z")] // three days before has passed
    [InlineData("1990-01-02", true, "-3d", "09:00", "UTC", "2026-12-30T09:00Z")] // in the year before
    [InlineData("1990-12-30", true, "3d", "09:00", "UTC", "2027-01-02T09:00Z")] // in the year after
    [InlineData("1990-12-05T00:00:00+02:00", true, null, "09:00", "UTC", "2026-12-05T09:00Z")] // a midnight somewhere is that day everywhere
    [InlineData("1990-12-05T00:00:00+02:00", true, null, "09:00", "America/New_York", "2026-12-05T14:00Z")]
    [InlineData("Wed Dec 05 1990 00:00:00 GMT+0200 (EET)", true, null, "09:00", "UTC", "2026-12-05T09:00Z")]
    [InlineData("1990-12-05T00:00:00-08:00", true, null, "09:00", "Asia/Tokyo", "2026-12-05T00:00Z")]
    [InlineData("1990-12-04T22:00:00-02:00", true, null, "09:00", "America/New_York", "2026-12-04T14:00Z")] // midnight in UTC only: a moment
    [InlineData("1785542400", false, null, "09:00", "UTC", "2026-08-01T09:00Z")] // Unix time as text
    public void Dates_come_up_where_the_lead_lives(string trait, bool yearly, string? offset, string? at, string zone, string expected)
    {
        Offset? shift = offset is not null && Offset.TryParse(offset, out var parsed) ? parsed : null;
        var rule = new DateRule("date", yearly, shift, at is null ? null : Time(at));

        Assert.Equal(At(expected), LocalTimes.Due(rule, Value.From(trait), At("2026-06-01T10:00Z"), TimeZones.Find(zone)!));
    }

    [Fact]
    public void A_leap_day_comes_on_itself_in_a_leap_year()
    {
        var rule = new DateRule("date", true, null, new(9, 0));

        Assert.Equal(At("2028-02-29T09:00Z"), LocalTimes.Due(rule, Value.From("1988-02-29"), At("2027-03-01T00:00Z"), NodaTime.DateTimeZone.Utc));
    }

    [Theory]
    [InlineData("9999-12-31", "36500d")]
    [InlineData("9999-12-31T23:59:59Z", "1d")]
    [InlineData("0001-01-01", "-36500d")]
    [InlineData("0001-01-01T00:00:01Z", "-1d")]
    public void A_date_at_the_end_of_the_calendar_means_never(string trait, string offset)
    {
        Assert.True(Offset.TryParse(offset, out var shift));

        Assert.Null(LocalTimes.Due(new("date", false, shift, null), Value.From(trait), At("2026-06-01T10:00Z"), TimeZones.Find("Europe/Berlin")!));
    }

    [Fact]
    public void No_date_of_the_calendar_breaks_what_is_reckoned_from_it()
    {
        foreach (var year in new[] { 1, 2, 199, 200, 201, 1970, 9799, 9800, 9801, 9998, 9999 })
        {
            foreach (var day in new[] { "01-01", "02-28", "12-31", "01-01T00:00:01Z", "12-31T23:59:59Z", "06-01T00:00:00+00:00" })
            {
                foreach (var (zone, offset, yearly) in from zone in new[] { "Pacific/Kiritimati", "Pacific/Midway" } from offset in new[] { "-36500d", "36500d", "1d" } from yearly in new[] { true, false } select (zone, offset, yearly))
                {
                    Assert.True(Offset.TryParse(offset, out var shift));
                    LocalTimes.Due(new("date", yearly, shift, new(9, 0)), Value.From($"{year:0000}-{day}"), At("2026-06-01T10:00Z"), TimeZones.Find(zone)!);
                    LocalTimes.Due(new("date", yearly, shift, null), Value.From($"{year:0000}-{day}"), At("2026-06-01T10:00Z"), TimeZones.Find(zone)!);
                }
            }
        }
    }

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("")]
    public void What_is_no_date_is_never_due(string trait) =>
        Assert.Null(LocalTimes.Due(new("date", true, null, null), Value.From(trait), At("2026-06-01T10:00Z"), NodaTime.DateTimeZone.Utc));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static TimeOnly Time(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);
}
