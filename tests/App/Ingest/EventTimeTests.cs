using System.Text.Json;
using LeadFunctions.Ingest;

namespace LeadFunctions.Tests.Ingest;

public sealed class EventTimeTests
{
    private static readonly DateTimeOffset Arrival = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("\"2026-11-22T10:00:00.000Z\"", "2026-11-22T10:00:00Z")]
    [InlineData("\"2026-11-22T10:00:00\"", "2026-11-22T10:00:00Z")]
    [InlineData("\"2026-11-22T10:00:00+02:00\"", "2026-11-22T08:00:00Z")]
    [InlineData("\"2026-11-22 10:00:00\"", "2026-11-22T10:00:00Z")]
    [InlineData("\"2026-11-22\"", "2026-11-22T00:00:00Z")]
    [InlineData("1795341600000", "2026-11-22T10:00:00Z")]
    [InlineData("1795341600", "2026-11-22T10:00:00Z")]
    [InlineData("\"12:00\"", null)]
    [InlineData("\"soon, very soon\"", null)]
    [InlineData("\"9999-99-99T00:00:00Z\"", null)]
    [InlineData("\"0001-01-01T00:00:00+14:00\"", null)]
    [InlineData("1e300", null)]
    [InlineData("-5", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    public void A_time_is_ISO_or_seconds_or_milliseconds_and_UTC_unless_it_says_otherwise(string json, string? expected) =>
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected), EventTime.Find(JsonDocument.Parse(json).RootElement));

    [Fact]
    public void A_clock_that_is_wrong_is_corrected_by_what_it_said_when_it_sent()
    {
        var deviceNow = Arrival.AddYears(-3);

        Assert.Equal(Arrival.AddMinutes(-5), EventTime.Correct(deviceNow.AddMinutes(-5), deviceNow, Arrival));
        Assert.Equal(Arrival.AddMinutes(-5), EventTime.Correct(Arrival.AddYears(9).AddMinutes(-5), Arrival.AddYears(9), Arrival));
    }

    [Fact]
    public void Without_a_time_of_sending_it_is_believed() => Assert.Equal(Arrival.AddDays(-700), EventTime.Correct(Arrival.AddDays(-700), null, Arrival));

    [Fact]
    public void Nothing_happens_after_its_arrival_or_more_than_ten_years_before()
    {
        Assert.Equal(Arrival, EventTime.Correct(Arrival.AddSeconds(1), null, Arrival));
        Assert.Equal(Arrival, EventTime.Correct(Arrival.AddYears(-11), null, Arrival));
        Assert.Equal(Arrival, EventTime.Correct(null, Arrival.AddDays(-1), Arrival));
        Assert.Equal(Arrival, EventTime.Correct(DateTimeOffset.MaxValue, DateTimeOffset.MinValue, Arrival));
        Assert.Equal(Arrival, EventTime.Correct(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Arrival));
    }

    [Fact]
    public void It_is_kept_to_the_millisecond() =>
        Assert.Equal(Arrival.AddMilliseconds(-2), EventTime.Correct(Arrival.AddMilliseconds(-1).AddTicks(-1), null, Arrival));
}
