using System.Text;
using LeadFunctions.Reports.Api;
using LeadFunctions.Reports.Kept;
using NodaTime;

namespace LeadFunctions.Tests.Reports;

/// <summary>What of the time a saved report means, and when it is mailed.</summary>
public sealed class SavedReportTests
{
    [Theory]
    [InlineData("lastWeek", "2026-11-27", "2026-11-16", "2026-11-22")]
    [InlineData("lastWeek", "2026-11-23", "2026-11-16", "2026-11-22")]
    [InlineData("lastWeek", "2026-11-22", "2026-11-09", "2026-11-15")]
    [InlineData("lastMonth", "2026-03-31", "2026-02-01", "2026-02-28")]
    [InlineData("lastMonth", "2026-01-01", "2025-12-01", "2025-12-31")]
    [InlineData("thisMonth", "2026-03-31", "2026-03-01", "2026-03-31")]
    [InlineData("last7Days", "2026-03-03", "2026-02-24", "2026-03-02")]
    [InlineData("lastYear", "2026-03-03", "2025-01-01", "2025-12-31")]
    public void A_range_is_of_whichever_day_it_is_asked_on(string range, string today, string from, string to)
    {
        var query = Report($$"""{"metric":"mqls","range":"{{range}}","query":{"by":"source"} }""").QueryOn(Facts.Day(today));

        Assert.Equal((from, to, "source"), (query["from"], query["to"], query["by"]));
    }

    [Fact]
    public void Mails_are_due_once_a_week_also_when_clocks_change()
    {
        var mail = Report("""{"metric":"mqls","mail":{"from":"Reports <a@example.com>","to":["b@example.com"],"day":"sunday","at":"02:30"}}""").Mail!; // it has one
        var due = new List<string>();
        for (var at = Instant.FromUtc(2026, 3, 20, 0, 0); due.Count < 3;)
        {
            at = mail.Next(at, Facts.Ljubljana);
            due.Add(at.ToString("uuuu-MM-dd'T'HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture));
        }

        // On the 29th half past two is left out: it is half past three then.
        Assert.Equal(["2026-03-22T01:30Z", "2026-03-29T01:30Z", "2026-04-05T00:30Z"], due);
        Assert.Equal(Instant.FromUtc(2026, 10, 25, 0, 30), mail.Next(Instant.FromUtc(2026, 10, 24, 0, 0), Facts.Ljubljana)); // of two the first
        Assert.Equal(Instant.FromUtc(2026, 11, 1, 1, 30), mail.Next(Instant.FromUtc(2026, 10, 25, 0, 30), Facts.Ljubljana));
    }

    [Theory]
    [InlineData("08:00")]
    [InlineData("02:30")]
    public void Each_weeks_mail_is_due_in_its_minute_also_when_clocks_change(string time)
    {
        var mail = Report($$"""{ "metric": "mqls", "range": "lastMonth", "mail": { "from": "Reports <a@example.com>", "to": ["b@example.com"], "day": "sunday", "at": "{{time}}" } }""").Mail!;
        var at = Instant.FromUtc(2026, 1, 1, 0, 0);
        for (var week = 0; week < 60; week++)
        {
            at = mail.Next(at, Facts.Ljubljana);
            Assert.Equal(at, ReportMails.DueBy(mail, at.ToDateTimeOffset(), Facts.Ljubljana));
            Assert.Null(ReportMails.DueBy(mail, at.ToDateTimeOffset().AddMinutes(-1), Facts.Ljubljana));
            Assert.Null(ReportMails.DueBy(mail, at.ToDateTimeOffset().AddDays(1), Facts.Ljubljana));
        }
    }

    private static SavedReport Report(string json) => SavedReport.Parse(Encoding.UTF8.GetBytes(json)).Report!; // it is valid
}
