using System.Text.Json;
using LeadFunctions.Ingest.Reading;

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
    [InlineData("1795341600000000", "2026-11-22T10:00:00Z")]
    [InlineData("1795341600000000000", "2026-11-22T10:00:00Z")]
    [InlineData("1795341600.5", "2026-11-22T10:00:00.5Z")]
    [InlineData("\"1795341600\"", "2026-11-22T10:00:00Z")]
    [InlineData("\"1795341600000\"", "2026-11-22T10:00:00Z")]
    [InlineData("\" 1795341600.25 \"", "2026-11-22T10:00:00.25Z")]
    [InlineData("\"2026-11-22 10:00:00 UTC\"", "2026-11-22T10:00:00Z")]
    [InlineData("\"20261122T100000Z\"", "2026-11-22T10:00:00Z")]
    [InlineData("\"Sun, 22 Nov 2026 10:00:00 GMT\"", "2026-11-22T10:00:00Z")]
    [InlineData("\"Sun Nov 22 2026 11:00:00 GMT+0100 (Central European Standard Time)\"", "2026-11-22T10:00:00Z")]
    [InlineData("\"2026-11-22T11:00:00+01:00[Europe/Paris]\"", "2026-11-22T10:00:00Z")]
    [InlineData("\"2026-11-21T24:00:00Z\"", "2026-11-22T00:00:00Z")]
    [InlineData("\"2026-11-22T09:59:60Z\"", "2026-11-22T10:00:00Z")]
    [InlineData("\"11/22/2026\"", null)]
    [InlineData("\"1234\"", null)]
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

    [Theory]
    [InlineData("\"soon\"", "timestamp")]
    [InlineData("\"11/22/2026 10:00\"", "timestamp")]
    [InlineData("{}", "timestamp")]
    [InlineData("true", "timestamp")]
    [InlineData("\"2016-11-20T00:00:00Z\"", "timestamp")]
    [InlineData("\"2026-11-22T02:00:00Z\"", "timestamp")]
    [InlineData("20261122", "timestamp")]
    [InlineData("\"2026-11-21T10:00:00Z\"", null)]
    [InlineData("\"2026-11-22T00:30:00Z\"", null)]
    [InlineData("null", null)]
    [InlineData("\" \"", null)]
    public void A_time_that_is_not_taken_is_named_in_the_event(string timestamp, string? path)
    {
        var taken = Normalised.Of($$"""{"type":"page","userId":"u","timestamp":{{timestamp}}}""").Event;

        Assert.Equal(path, taken.Remarks?.Single().Path);
        Assert.Equal(path is not null || timestamp.Length < 5 || timestamp.Contains("00:30", StringComparison.Ordinal), taken.At == Normalised.Now);
    }

    [Fact]
    public void The_original_timestamp_and_the_time_of_sending_are_named_too()
    {
        var taken = Normalised.Of("""{"batch":[{"type":"page","userId":"u","timestamp":"soon","originalTimestamp":"2026-11-21T10:00:00Z","sentAt":"later"}]}""").Event;

        Assert.Equal(["sentAt", "timestamp"], taken.Remarks!.Select(remark => remark.Path));
        Assert.Equal(Normalised.Now.AddHours(-14), taken.At);
    }

    [Theory]
    [InlineData("\"gestern\"", true)]
    [InlineData("{}", true)]
    [InlineData("\"11/22/2026\"", true)]
    [InlineData("\" \"", false)]
    [InlineData("null", false)]
    [InlineData("\"2026-11-22T12:00:00Z\"", false)]
    public void A_time_of_sending_of_the_whole_batch_that_nobody_can_read_is_named_in_each_event(string sentAt, bool isNamed)
    {
        var taken = Normalised.Of($$$"""{"sentAt":{{{sentAt}}},"batch":[{"type":"page","userId":"u","messageId":"1"},{"type":"page","userId":"u","messageId":"2"},{"type":"page","userId":"u","messageId":"3","sentAt":"2026-11-22T00:00:00Z"}]}""");

        Assert.Equal([isNamed, isNamed, false], taken.Events.Select(e => e.Remarks?.Single() is { Path: "sentAt" }));
    }

    [Fact]
    public void A_single_event_s_own_is_named_once() =>
        Assert.Equal("sentAt", Assert.Single(Normalised.Of("""{"type":"page","userId":"u","sentAt":"gestern"}""").Event.Remarks!).Path);

    [Fact]
    public void It_is_kept_to_the_millisecond() =>
        Assert.Equal(Arrival.AddMilliseconds(-2), EventTime.Correct(Arrival.AddMilliseconds(-1).AddTicks(-1), null, Arrival));
}
