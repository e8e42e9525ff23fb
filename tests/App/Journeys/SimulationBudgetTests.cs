using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rehearsal;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using NodaTime;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>A rehearsal ends: when it has taken enough steps or time, with what it has and a word about it; and when nobody waits for it.</summary>
public sealed class SimulationBudgetTests
{
    // A million steps on the first day: no such journey is saved any more, but one that was goes on.
    private static readonly Journey Endless = Stored("""
        {"name":"x","trigger":{"event":"Start"},"steps":[{"id":"outer","type":"repeat","max":1000,"steps":[{"id":"inner","type":"repeat","max":1000,"steps":[{"id":"s","type":"addPoints","points":1}]}]}]}
        """);

    private static readonly Journey MessagesEverywhere = Parse("""
        {"name":"x","trigger":{"event":"Start"},"goal":{"trait":"never","equals":1},"quietHours":{"from":"21:00","to":"08:00"},"frequency":{"max":1,"per":"1d","over":"wait"},
         "steps":[{"id":"r","type":"repeat","max":1000,"steps":[{"id":"s","type":"send","template":"s"},{"id":"w","type":"wait","until":{"time":"20:59"}}]}]}
        """);

    private static readonly Journey Daily = Parse("""
        {"name":"x","trigger":{"event":"Start"},"steps":[{"id":"r","type":"repeat","max":100,"steps":[{"id":"s","type":"send","template":"s"},{"id":"w","type":"wait","for":"1d"}]}]}
        """);

    [Fact]
    public void A_journey_without_end_is_cut_and_the_answer_says_so()
    {
        var answer = Run(Endless, people: 3, steps: 500);

        Assert.Equal(new SimulationCut("500 steps are the most of one simulation.", "p0", Start), answer.Partial);
        Assert.Equal((1, 1), (answer.Leads, answer.Entered)); // as far as it came
        Assert.InRange(answer.Runs[0].Log.Count, 100, 1000);
    }

    [Theory]
    [InlineData(1900)]
    [InlineData(9000)]
    public void From_one_end_of_the_calendar_to_the_other_it_can_be_rehearsed(int year)
    {
        var from = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero);

        foreach (var zone in new[] { DateTimeZone.Utc, DateTimeZoneProviders.Tzdb["Pacific/Kiritimati"], DateTimeZoneProviders.Tzdb["America/Adak"] })
        {
            var answer = Simulation.Run(MessagesEverywhere, People(1, from), from, from.AddDays(20), ScoringModels.None, zone, new(10_000, SimulationBudget.Time, () => TimeSpan.Zero, default));

            Assert.InRange(answer.Sends, 18, 21);
        }
    }

    [Fact]
    public void The_same_budget_cuts_at_the_same_place()
    {
        var (one, two) = (Run(Daily, people: 20, steps: 3_000), Run(Daily, people: 20, steps: 3_000));

        Assert.NotNull(one.Partial);
        Assert.InRange(one.Leads, 2, 19);
        Assert.True(one.Partial.Until > Start);
        Assert.Equal(JsonSerializer.Serialize(one), JsonSerializer.Serialize(two));
    }

    [Fact]
    public void What_fits_is_not_partial()
    {
        var answer = Run(Daily, people: 3, steps: SimulationBudget.Steps);

        Assert.Null(answer.Partial);
        Assert.Equal((3, 300), (answer.Leads, answer.Sends));
    }

    [Fact]
    public void Time_is_a_budget_too()
    {
        var looks = 0;
        var answer = Run(Daily, people: 20, steps: int.MaxValue, () => TimeSpan.FromMilliseconds(10 * looks++));

        Assert.Equal("10 s are the most of one simulation.", answer.Partial?.Reason);
        Assert.InRange(answer.Leads, 1, 19);
        Assert.Equal(1001, looks - 1);
    }

    [Fact]
    public void It_stops_when_the_caller_leaves()
    {
        using var left = new CancellationTokenSource();
        var steps = 0;

        Assert.Throws<OperationCanceledException>(() => Run(Endless, people: 3, steps: int.MaxValue, () =>
        {
            if (++steps == 700)
            {
                left.Cancel();
            }

            return TimeSpan.Zero;
        }, left.Token));

        Assert.Equal(700, steps);
    }

    [Theory]
    [InlineData("""{}""", "$")]
    [InlineData("""{"leads":[],"recorded":{"from":"2026-06-01T00:00:00Z"}}""", "$")]
    [InlineData("""{"leads":[{}],"days":1e40}""", "$.days")]
    [InlineData("""{"leads":[{}],"days":0}""", "$.days")]
    [InlineData("""{"leads":[{}],"days":3660}""", null)]
    [InlineData("""{"leads":[{}],"from":"1899-12-31T23:00:00Z"}""", "$.from")]
    [InlineData("""{"leads":[{}],"from":"1900-01-01T00:00:00Z"}""", null)]
    [InlineData("""{"leads":[{},{"events":[{"at":"0001-01-01T00:00:00Z"}]}]}""", "$.leads[1].events[0].at")]
    [InlineData("""{"recorded":{"from":"0001-01-01T00:00:00Z"}}""", "$.recorded.from")]
    public void What_makes_no_sense_is_refused_with_its_place(string json, string? path) =>
        Assert.Equal(path, JsonSerializer.Deserialize<SimulationRequest>(json, LeadFunctions.Platform.Http.WebJson.Options)!.FindFault()?.Path);

    [Theory]
    [InlineData("9999-12-31T00:00:00Z", null, 90.0, false)]
    [InlineData("2026-06-01T00:00:00Z", "2026-05-01T00:00:00Z", null, false)]
    [InlineData("2026-06-01T00:00:00Z", "2046-06-01T00:00:00Z", null, false)]
    [InlineData("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z", null, true)]
    [InlineData("2026-06-01T00:00:00Z", null, null, true)]
    public void A_period_lies_in_the_calendar(string from, string? to, double? days, bool isOne) => Assert.Equal(
        isOne, new SimulationRequest(From: DateTimeOffset.Parse(from), To: to is null ? null : DateTimeOffset.Parse(to), Days: days).ScriptedPeriod(Start) is not null);

    private static SimulationAnswer Run(Journey journey, int people, int steps, Func<TimeSpan>? elapsed = null, CancellationToken cancellationToken = default) => Simulation.Run(
        journey,
        People(people, Start),
        Start, Start.AddDays(200), ScoringModels.None, DateTimeZone.Utc, new SimulationBudget(steps, SimulationBudget.Time, elapsed ?? (() => TimeSpan.Zero), cancellationToken));

    private static IEnumerable<SimulatedPerson> People(int people, DateTimeOffset at) =>
        Enumerable.Range(0, people).Select(i => new SimulatedPerson($"p{i}", new LeadState { Id = Identity.User($"p{i}").Hash() },
        [
            (new LeadEvent { Id = $"i{i}", Type = EventType.Identify, Name = "identify", At = at, UserId = $"p{i}", Traits = JsonSerializer.SerializeToElement(new { email = $"p{i}@example.com" }) }, at),
            (new LeadEvent { Id = $"s{i}", Type = EventType.Track, Name = "Start", At = at, UserId = $"p{i}" }, at),
        ]));

    private static Journey Stored(string json) => new("test", 1, ParsedJourney.Of(System.Text.Encoding.UTF8.GetBytes(json)).Document!); // it can be read
}
