using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rehearsal;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using NodaTime;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Journeys that start each other: without waiting they come to an end, with waits they go on.</summary>
public sealed class ChainTests
{
    private const string Chained = "20 runs have started each other before it without waiting.";
    private const string TooMany = "journeys have started 100 runs of this lead within an hour.";

    public static TheoryData<string, string> Loops => new()
    {
        { """{"name":"a","trigger":{"event":"X"},"steps":[{"id":"t","type":"track","event":"Y"}]}""", """{"name":"b","trigger":{"event":"Y"},"steps":[{"id":"t","type":"track","event":"X"}]}""" },
        { """{"name":"a","trigger":{"event":"X"},"steps":[{"id":"t","type":"startJourney","journey":"b"}]}""", """{"name":"b","trigger":{"api":true},"steps":[{"id":"t","type":"startJourney","journey":"a"}]}""" },
        { """{"name":"a","trigger":{"event":["X","Message Sent"]},"steps":[{"id":"t","type":"track","event":"Y"}]}""", """{"name":"b","trigger":{"event":"Y"},"steps":[{"id":"t","type":"send","template":"s","channel":"push"}]}""" },
        { """{"name":"a","trigger":{"event":["X","identify"]},"steps":[{"id":"t","type":"setTraits","traits":{"a":1}},{"id":"l","type":"addToList","list":"l"}]}""", """{"name":"b","trigger":{"segment":"l"},"steps":[{"id":"t","type":"removeFromList","list":"l"},{"id":"s","type":"setTraits","traits":{"a":2}}]}""" },
        { """{"name":"a","trigger":{"stage":"mql"},"steps":[{"id":"t","type":"setStage","stage":"sal"}]}""", """{"name":"b","trigger":{"stage":"sal"},"steps":[{"id":"t","type":"setStage","stage":"mql"}]}""" },
        { """{"name":"a","trigger":{"engagement":{"crosses":10}},"steps":[{"id":"t","type":"addPoints","points":-40}]}""", """{"name":"b","trigger":{"engagement":{"crosses":10,"direction":"down"}},"steps":[{"id":"t","type":"addPoints","points":40}]}""" },
    };

    [Theory]
    [MemberData(nameof(Loops))]
    public void Two_journeys_that_start_each_other_come_to_an_end_and_the_lead_knows_why(string a, string b)
    {
        var lead = new Rehearsal(new JourneyRules([Parse(a, "a"), Parse(b, "b")], [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc), scoring: Points)
            .Identify(new { email = "a@b.c", userId = "ann" }).Stage("mql", Hours(1)).Track("X", Hours(1)).Track("Visit", Hours(1)).Run(Days(2));

        Assert.InRange(lead.Runs.Count, 20, 45);
        Assert.Contains(Chained, Assert.Single(lead.Lead.NotStarted.Distinct()), StringComparison.Ordinal);
        Assert.All(lead.Runs, run => Assert.Equal(RunStatus.Completed, run.Status));
    }

    [Fact]
    public void A_loop_of_months_goes_on_for_ever()
    {
        var a = Parse("""{"name":"a","trigger":{"event":"X"},"steps":[{"id":"w","type":"wait","for":"30d"},{"id":"t","type":"startJourney","journey":"b"}]}""", "a");
        var b = Parse("""{"name":"b","trigger":{"api":true},"steps":[{"id":"t","type":"startJourney","journey":"a"}]}""", "b");

        var lead = new Rehearsal(a, b).Track("X", default).Run(Days(10 * 365));

        Assert.Equal(122 + 121, lead.Runs.Count); // the last of which waits
        Assert.Empty(lead.Lead.NotStarted);
    }

    [Theory]
    [InlineData("""{"id":"w","type":"waitFor","when":{"not":{"event":"X","within":"2h"}}}""", 80)] // silence
    [InlineData("""{"id":"w","type":"waitFor","when":{"event":"Never"},"timeout":"2h"}""", 80)]
    [InlineData("""{"id":"w","type":"wait","until":{"time":"09:00"}}""", 40 * 24)]
    [InlineData("""{"id":"w","type":"wait","for":"1m"}""", 1)]
    public void Whatever_kind_of_wait_it_is(string wait, int hours)
    {
        var lead = new Rehearsal(Parse(Loop.Replace("[", "[" + wait + ",", StringComparison.Ordinal))).Track("X", default, new { k = 1 }).Run(Hours(hours));

        Assert.InRange(lead.Runs.Count, 38, 62);
        Assert.Equal(RunStatus.Active, lead.Runs[^1].Status);
    }

    [Theory]
    [InlineData("""{"id":"w","type":"wait","for":"1s"}""")]
    [InlineData("""{"id":"w","type":"wait","window":{"from":"00:00","to":"23:59"}}""")]
    [InlineData("""{"id":"w","type":"waitFor","when":{"trait":"email","exists":true}}""")]
    public void What_hardly_waits_is_no_wait(string wait)
    {
        var lead = new Rehearsal(Parse(Loop.Replace("[", "[" + wait + ",", StringComparison.Ordinal)))
            .Identify(new { email = "a@b.c" }).Track("X", default, new { k = 1 }).Run(Days(3));

        Assert.Equal(21, lead.Runs.Count);
    }

    [Fact]
    public void Who_is_let_in_again_from_outside_begins_a_new_chain()
    {
        var lead = new Rehearsal(Parse(Loop, "a")).Track("X", default, new { k = 1 }).Track("X", Hours(2), new { k = 2 }).Run(Days(1));

        Assert.Equal(42, lead.Runs.Count);
        Assert.Equal(2, lead.Lead.NotStarted.Count);
    }

    [Fact]
    public void However_many_each_starts_all_together_are_bounded()
    {
        var lead = new Rehearsal(Parse("""
            {"name":"a","trigger":{"event":"X","key":"k"},"entry":{"reentry":"concurrent"},"steps":[{"id":"1","type":"track","event":"X","properties":{"k":"{{run.id}}1"}},{"id":"2","type":"track","event":"X","properties":{"k":"{{run.id}}2"}}]}
            """, "a")).Track("X", default, new { k = 1 }).Run(Hours(3));

        Assert.Equal(101, lead.Runs.Count);
        Assert.Contains(lead.Lead.NotStarted, reason => reason.Contains(TooMany, StringComparison.Ordinal));
    }

    [Fact]
    public void Simulate_shows_it()
    {
        var person = new SimulatedPerson("ann", new LeadState { Id = "lead" }, [(new LeadEvent { Id = "x", Type = EventType.Track, Name = "X", At = Start, UserId = "ann", Properties = JsonSerializer.SerializeToElement(new { k = 1 }) }, Start)]);

        var answer = Simulation.Run(Parse(Loop, "a"), [person], Start, Start.AddDays(1), ScoringModels.None, DateTimeZone.Utc, new(10_000, TimeSpan.FromSeconds(10), () => TimeSpan.Zero, default));

        Assert.Equal(21, answer.Entered);
        Assert.Equal((1, true), (Assert.Single(answer.NotStarted!).Value, answer.NotStarted!.Keys.Single().Contains(Chained, StringComparison.Ordinal)));
        Assert.Null(answer.Partial);
    }

    [Fact]
    public async Task In_the_whole_app_they_come_to_an_end_too()
    {
        const string journey = """{"name":"x","trigger":{"event":"FROM","key":"k"},"steps":[{"id":"t","type":"track","event":"TO","properties":{"k":"{{run.id}}"}}]}""";
        await using var app = await JourneyApp.StartAsync();
        await app.PublishAsync("a", journey.Replace("FROM", "X", StringComparison.Ordinal).Replace("TO", "Y", StringComparison.Ordinal));
        await app.PublishAsync("b", journey.Replace("FROM", "Y", StringComparison.Ordinal).Replace("TO", "X", StringComparison.Ordinal));

        await app.SendAsync(JourneyApp.Track("ann", "X", new { k = 1 }));
        await app.SettleAsync();

        Assert.Equal((11, 10), ((await app.RunsAsync("a")).Count, (await app.RunsAsync("b")).Count));
        var lead = (await app.GetAsync("/api/leads?userId=ann")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var timeline = (await app.GetAsync($"/api/leads/{lead}/timeline?type=Y&limit=100")).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(11, timeline.Count);
        Assert.Contains(Chained, Assert.Single(timeline, entry => entry.TryGetProperty("changes", out _)).GetProperty("changes").GetProperty("notStarted")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_outside_nobody_says_how_long_a_chain_is()
    {
        await using var app = await JourneyApp.StartAsync();
        await app.PublishAsync("a", """{"name":"x","trigger":{"event":"X"},"steps":[{"id":"w","type":"wait","for":"1d"}]}""");

        await app.SendAsync(new { type = "track", userId = "ann", @event = "X", messageId = "1", hops = 99 });
        await app.SettleAsync();

        Assert.Single(await app.RunsAsync("a"));
    }

    [Fact]
    public void What_was_stored_before_there_were_chains_is_read()
    {
        var e = JsonSerializer.Deserialize("""{"id":"1","type":"track","name":"X","at":"2026-06-01T10:00:00Z"}""", EventsJson.Default.LeadEvent)!; // it is one
        var start = JsonSerializer.Deserialize("""{"runId":"a.b.c","journey":"a","version":1,"leadId":"b","key":"k","at":"2026-06-01T10:00:00Z","due":"2026-06-01T10:00:00Z","trigger":{},"reason":"r"}""", JourneysJson.Default.RunStart)!;
        var run = JourneyPlan.Enter(Parse(Loop, "a"), start);

        Assert.Equal((null, 0), (e.Hops, run.Hops));
        Assert.DoesNotContain("hops", JsonSerializer.Serialize(run, JourneysJson.Default.RunState), StringComparison.Ordinal);
        Assert.Equal(3, JsonSerializer.Deserialize(JsonSerializer.Serialize(run with { Hops = 3 }, JourneysJson.Default.RunState), JourneysJson.Default.RunState)!.Hops);
    }

    [Fact]
    public void Whatever_two_journeys_do_to_each_other_what_they_do_within_a_minute_is_bounded() => Prop.ForAll(
        (from a in Journeys("a") from b in Journeys("b") select (a, b)).ToArbitrary(),
        pair =>
        {
            var budget = new SimulationBudget(300_000, TimeSpan.FromHours(1), () => TimeSpan.Zero, default);
            var (a, b) = (Parse(pair.a, "a"), Parse(pair.b, "b"));
            var rules = new JourneyRules([a, b], [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc);
            var lead = new SimulatedLead(new LeadState { Id = Identity.User("ann").Hash() }, new(Points, rules), budget);
            lead.Script(new LeadEvent { Id = "i", Type = EventType.Identify, Name = "identify", At = Start, UserId = "ann", Traits = JsonSerializer.SerializeToElement(new { email = "a@b.c" }) }, Start);
            lead.Script(new LeadEvent { Id = "x", Type = EventType.Track, Name = "X", At = Start, UserId = "ann", Properties = JsonSerializer.SerializeToElement(new { k = 1 }) }, Start);
            lead.RunUntil(Start.AddMinutes(1));

            // What people did let each in three times at most: by name, by a list or stage, by points.
            Assert.Null(budget.Reason);
            Assert.InRange(lead.Runs.Count, 0, Chain.MostStarts + 6);
            Assert.InRange(lead.Runs.Sum(run => run.Acts), 0, (Chain.MostStarts + 6) * 3 * 4);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private const string Loop = """{"name":"a","trigger":{"event":"X","key":"k"},"steps":[{"id":"t","type":"track","event":"X","properties":{"k":"{{run.id}}"}}]}""";

    private static readonly ScoringModels Points = ScoringModels.None.WithLive(LeadFunctions.Tests.Scoring.Shop.Engagement("""{ "id": "visit", "when": { "event": "Visit" }, "points": 40, "halfLife": "10d" }"""));

    private static Gen<string> Journeys(string name) =>
        from trigger in Gen.Elements(
            """{"event":"X","key":"k"}""", """{"event":["X","Y"],"key":"k"}""", """{"event":"Y"}""", """{"event":["X","Message Sent","identify"]}""",
            """{"segment":"l"}""", """{"segment":"l","on":"leave"}""", """{"stage":["mql","sal"]}""", """{"engagement":{"crosses":10}}""", """{"engagement":{"crosses":10,"direction":"down"}}""", """{"api":true}""")
        from rounds in Gen.Choose(1, 3)
        from steps in Gen.Elements(Steps).ListOf(4)
        select $$"""{"name":"{{name}}","trigger":{{trigger}},"steps":[{"id":"r","type":"repeat","max":{{rounds}},"steps":[{{string.Join(',', steps.Select((step, i) => step.Replace("ID", $"s{i}", StringComparison.Ordinal)))}}]}]}""";

    private static readonly string[] Steps =
    [
        """{"id":"ID","type":"track","event":"X","properties":{"k":"{{run.id}}ID"}}""",
        """{"id":"ID","type":"track","event":"Y","properties":{"k":"{{run.id}}ID"}}""",
        """{"id":"ID","type":"startJourney","journey":"a"}""",
        """{"id":"ID","type":"startJourney","journey":"b"}""",
        """{"id":"ID","type":"send","template":"t"}""",
        """{"id":"ID","type":"setTraits","traits":{"n":1}}""",
        """{"id":"ID","type":"setStage","stage":"mql"}""",
        """{"id":"ID","type":"setStage","stage":"sal"}""",
        """{"id":"ID","type":"addToList","list":"l"}""",
        """{"id":"ID","type":"removeFromList","list":"l"}""",
        """{"id":"ID","type":"addPoints","points":20}""",
        """{"id":"ID","type":"addPoints","points":-20}""",
        """{"id":"ID","type":"waitFor","when":{"event":"X"},"timeout":"1s"}""",
        """{"id":"ID","type":"waitFor","when":{"event":"Y"},"timeout":"1h"}""",
        """{"id":"ID","type":"wait","for":"1s"}""",
    ];
}
