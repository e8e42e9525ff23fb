using LeadFunctions.Local.Functions.Hosting;
using LeadFunctions.Local.Functions.Timers;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class TimerScheduleTests
{
    [Theory]
    [InlineData("0 * * * * *", "2026-12-01T10:00:00Z", "2026-12-01T10:01:00Z")]
    [InlineData("0 * * * * *", "2026-12-01T10:00:30.5Z", "2026-12-01T10:01:00Z")]
    [InlineData("*/5 * * * * *", "2026-12-01T10:00:01Z", "2026-12-01T10:00:05Z")]
    [InlineData("15,45 * * * * *", "2026-12-01T10:00:15Z", "2026-12-01T10:00:45Z")]
    [InlineData("0 */5 * * * *", "2026-12-01T10:01:00Z", "2026-12-01T10:05:00Z")]
    [InlineData("0 30 9 * * *", "2026-12-01T10:00:00Z", "2026-12-02T09:30:00Z")]
    [InlineData("0 30 9 * * 1-5", "2026-12-04T10:00:00Z", "2026-12-07T09:30:00Z")]
    [InlineData("0 30 9 * * MON", "2026-12-01T10:00:00Z", "2026-12-07T09:30:00Z")]
    [InlineData("0 0 0 * * 0", "2026-12-01T10:00:00Z", "2026-12-06T00:00:00Z")]
    [InlineData("0 0 0 1 1 *", "2026-12-01T10:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 0 0 1 Jan *", "2026-12-01T10:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 0 0 29 2 *", "2026-12-01T10:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 12 13 * FRI", "2026-12-01T10:00:00Z", "2027-08-13T12:00:00Z")]
    [InlineData("*/5 * * * *", "2026-12-01T10:01:00Z", "2026-12-01T10:05:00Z")]
    [InlineData("00:00:10", "2026-12-01T10:00:01Z", "2026-12-01T10:00:11Z")]
    [InlineData("1.00:00:00", "2026-12-01T10:00:01Z", "2026-12-02T10:00:01Z")]
    public void The_next_run_is_as_Functions_reads_the_schedule(string schedule, string now, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next), TimerSchedule.Parse(schedule, "F").After(DateTimeOffset.Parse(now)));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("0 * * *")]
    [InlineData("0 61 * * * *")]
    [InlineData("-00:00:10")]
    public void What_is_no_schedule_is_refused_with_the_functions_name(string schedule) =>
        Assert.Contains("Nightly", Assert.Throws<LocalStartException>(() => TimerSchedule.Parse(schedule, "Nightly")).Message);
}
