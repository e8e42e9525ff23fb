using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Where a lead lives: by its trait, else by the browser, whatever the name.</summary>
public sealed class TimeZoneTests
{
    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berlin")]
    [InlineData("europe/berlin", "Europe/Berlin")]
    [InlineData(" AMERICA/NEW_YORK ", "America/New_York")]
    [InlineData("America/New York", "America/New_York")]
    [InlineData("US/Eastern", "US/Eastern")]
    [InlineData("Asia/Calcutta", "Asia/Calcutta")]
    [InlineData("utc", "UTC")]
    [InlineData("Z", "UTC")]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("eastern standard time", "America/New_York")]
    [InlineData("+02:00", "UTC+02")]
    [InlineData("-0530", "UTC-05:30")]
    [InlineData("\u221203:00", "UTC-03")]
    [InlineData("UTC+2", "UTC+02")]
    [InlineData("gmt+0530", "UTC+05:30")]
    [InlineData("GMT -8", "UTC-08")]
    [InlineData("UTC+00:00", "UTC")]
    [InlineData("+14", "UTC+14")]
    [InlineData("+14:30", null)]
    [InlineData("+02:75", null)]
    [InlineData("+25", null)]
    [InlineData("2", null)]
    [InlineData("Berlin", null)]
    [InlineData("CEST", null)]
    [InlineData("undefined", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_zone_is_read_whatever_its_case_and_kind_or_not_at_all(string? name, string? zone) => Assert.Equal(zone, TimeZones.Find(name)?.Id);

    [Theory]
    [InlineData("""{"timezone":"Asia/Tokyo"}""", "America/New_York", """{"name":"Asia/Tokyo","from":"trait"}""")]
    [InlineData("""{"timeZone":"tokyo standard time"}""", "America/New_York", """{"name":"Asia/Tokyo","from":"trait"}""")]
    [InlineData("{}", "America/New_York", """{"name":"America/New_York","from":"browser"}""")]
    [InlineData("""{"timezone":"Middle Earth"}""", "America/New_York", """{"name":"America/New_York","from":"browser","unreadable":["Middle Earth"]}""")]
    [InlineData("""{"timezone":"Middle Earth","time_zone":"Asia/Tokyo"}""", null, """{"name":"Asia/Tokyo","from":"trait","unreadable":["Middle Earth"]}""")]
    [InlineData("""{"timezone":2}""", "Mars/Olympus", """{"unreadable":["2","Mars/Olympus"]}""")]
    [InlineData("""{"timezone":null}""", null, "null")]
    [InlineData("{}", null, "null")]
    public void The_lead_s_answer_says_where_it_lives_and_what_could_not_be_read(string traits, string? browser, string answer)
    {
        var lead = Seen(new LeadState { Id = Identity.User("ann").Hash() }, (0, browser));
        lead = Reducer.Apply(lead, [new(new LeadEvent { Id = "i", Type = EventType.Identify, Name = "identify", At = Start, UserId = "ann", Traits = JsonElement.Parse(traits) }, Start, [])], ScoringModels.None, Start).State;

        var shown = LeadAnswer.Of(lead, ScoringModels.None, Start).TimeZone;

        Assert.Equal(answer, JsonSerializer.Serialize(shown, LeadFunctions.Platform.Http.WebJson.Options));
    }

    [Theory]
    [InlineData("-300", "-300")]
    [InlineData("2.5", "2.5")]
    [InlineData("{}", "{}")]
    [InlineData("""["Europe/Berlin"]""", """["Europe/Berlin"]""")]
    [InlineData("true", "true")]
    [InlineData("\"-300 minutes\"", "-300 minutes")]
    [InlineData("null", null)]
    [InlineData("\" \"", null)]
    public void What_a_browser_sends_and_is_no_zone_is_named(string sent, string? unreadable)
    {
        var seen = At(0, null) with { Context = JsonElement.Parse($$"""{"timezone":{{sent}}}""") };
        var lead = Reducer.Apply(new LeadState { Id = Identity.User("ann").Hash() }, [new Arrival(seen, Start, [])], ScoringModels.None, Start).State;

        Assert.Equal(unreadable is null ? [] : [unreadable], LeadZone.Of(Facts(lead)).Unreadable);
        Assert.Null(LeadZone.Of(Facts(lead)).Zone);
    }

    [Fact]
    public void What_is_no_zone_is_named_shortened()
    {
        var seen = At(0, null) with { Context = JsonSerializer.SerializeToElement(new { timezone = Enumerable.Range(0, 1_000) }) };
        var lead = Reducer.Apply(new LeadState { Id = Identity.User("ann").Hash() }, [new Arrival(seen, Start, [])], ScoringModels.None, Start).State;

        Assert.Equal(LeadZone.LengthLimit, Assert.Single(LeadZone.Of(Facts(lead)).Unreadable).Length);
    }

    [Theory]
    [InlineData("America/New_York", "Asia/Tokyo", "Asia/Tokyo")]
    [InlineData("America/New_York", "nowhere", "America/New_York")] // what cannot be read takes nothing away
    [InlineData("America/New_York", null, "America/New_York")]
    public void The_last_zone_seen_counts_by_event_time_whatever_the_order_of_arrival(string first, string? second, string zone)
    {
        var state = new LeadState { Id = Identity.User("ann").Hash() };

        Assert.Equal(zone, LeadZone.Of(Facts(Seen(state, (1, first), (2, second)))).Zone?.Id);
        Assert.Equal(zone, LeadZone.Of(Facts(Seen(state, (2, second), (1, first)))).Zone?.Id);
    }

    [Theory]
    [InlineData("America/New_York", "2026-06-02 12:00 s")] // 03:00 there: until eight
    [InlineData("Europe/Berlin", "2026-06-02 07:00 s")] // nine in the morning
    [InlineData(null, "2026-06-02 08:00 s")] // the workspace's
    public void Quiet_hours_are_those_of_the_browser_s_zone(string? browser, string sent)
    {
        var journey = Parse("""{"name":"x","trigger":{"event":"Start"},"quietHours":{"from":"21:00","to":"08:00"},"steps":[{"id":"s","type":"send","template":"s"}]}""");

        var lead = new Rehearsal(journey).Identify(new { email = "a@b.c" })
            .Script(At(21, browser) with { Id = "start", Type = EventType.Track, Name = "Start" }, Hours(21)).Run(Days(2));

        Assert.Equal([sent], lead.Sent);
    }

    private static LeadState Seen(LeadState state, params (int Hour, string? Zone)[] events) =>
        Reducer.Apply(state, [.. events.Select(e => new Arrival(At(e.Hour, e.Zone), Start, []))], ScoringModels.None, Start).State;

    private static LeadEvent At(double hour, string? zone) => new()
    {
        Id = $"{hour}",
        Type = EventType.Page,
        Name = "page",
        At = Start.AddHours(hour),
        UserId = "ann",
        Context = zone is null ? default : JsonSerializer.SerializeToElement(new { timezone = zone }),
    };

    private static LeadProfile Facts(LeadState state) => new(state.Whole, default, ScoringModels.None);
}
