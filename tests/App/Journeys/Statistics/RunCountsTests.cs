using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Journeys.Statistics;
using LeadFunctions.Messaging;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys.Statistics;

/// <summary>What a run counts, seen on runs that walk by the product's own plan.</summary>
public sealed class RunCountsTests
{
    private const string Document = """
        {"name":"x","trigger":{"event":"Start"},"goal":{"event":"Buy"},"steps":[
          {"id":"w","type":"wait","for":"1d"},
          {"id":"f","type":"waitFor","when":{"event":"Click"},"timeout":"3d","then":[{"id":"a","type":"addPoints","points":1}],"else":[{"id":"b","type":"exit"}]},
          {"id":"r","type":"repeat","max":2,"steps":[{"id":"in","type":"wait","for":"1h"}]},
          {"id":"l","type":"send","template":"t","topic":"news"},
          {"id":"e","type":"wait","for":"9d"}]}
        """;

    [Fact]
    public void Each_step_says_who_came_through_who_is_there_and_how_long_it_took()
    {
        var stats = Stats(Walked().Track("Click", Days(2)).Run(Days(4)));

        Assert.Equal((1L, 1L), (stats.Entered, stats.Active));
        Assert.Equal("e", Assert.Single(stats.Inside).Key);
        Assert.Equal((1L, "done", new Waited(1, 86_400, true)), Shown(stats, "w"));
        Assert.Equal((1L, "done", new Waited(1, 86_400, true)), Shown(stats, "f"));
        Assert.Equal((1L, "done", null), Shown(stats, "a"));
        Assert.Equal((1L, "done", null), Shown(stats, "r"));
        Assert.Equal((2L, "done", new Waited(2, 3_600, true)), Shown(stats, "in"));
        Assert.Equal((1L, "skipped", 1L), (stats.Steps["l"].Through, Assert.Single(stats.Steps["l"].Left).Key, stats.Steps["l"].Skipped[SkipReasons.Consent]));
        Assert.Equal((0L, 1L, true), (stats.Steps["e"].Through, stats.Steps["e"].Here, stats.Steps["e"].Waited is null));
    }

    [Fact]
    public void Who_ends_somewhere_left_that_step_by_it_once()
    {
        var (exited, bought) = (Stats(Walked().Run(Days(9))), Stats(Walked().Track("Buy", Days(2)).Run(Days(9))));

        Assert.Equal((0L, "exit"), (exited.Steps["b"].Through, Assert.Single(exited.Steps["b"].Left).Key));
        Assert.Equal((0L, "goal", 1L), (bought.Steps["f"].Through, Assert.Single(bought.Steps["f"].Left).Key, bought.Goals));
        Assert.Equal(86_400, bought.Steps["f"].Waited?.Median);
        Assert.Empty(bought.Inside);
    }

    [Fact]
    public void A_goal_counts_for_the_ways_that_led_there()
    {
        var stats = Stats(Walked().Track("Click", Days(2)).Track("Buy", Days(5)).Run(Days(9)));

        Assert.Equal(new PathStats(1, 1), stats.Paths["f"]["then"]);
    }

    /// <summary>Of each run at each of its moments only the change is added.</summary>
    [Fact]
    public void Added_up_change_by_change_random_runs_count_as_a_plain_recount_of_the_last_states()
    {
        var random = new Random(3);
        var (sums, last) = (new Dictionary<string, Counters>(), new Dictionary<int, RunState>());
        for (var i = 0; i < 2000; i++)
        {
            var number = random.Next(60);
            var next = last.TryGetValue(number, out var before) ? Moved(before, random) : New(number, random);
            foreach (var (part, change) in RunCounts.Change(before, next))
            {
                sums[part] = WaitTimes.Bounded(sums.GetValueOrDefault(part, new Counters()).Add(change));
            }

            last[number] = next;
        }

        var stats = JourneyStats.Of(sums.Where(part => RunCounts.VersionOf(part.Key) is not null).ToDictionary(part => RunCounts.VersionOf(part.Key)!.Value, part => part.Value));
        List<RunState> inside = [.. last.Values.Where(run => run.Status != RunStatus.HeldOut)];
        Assert.Equal(inside.Count, stats.Entered);
        Assert.Equal(last.Count - inside.Count, stats.HeldOut);
        Assert.Equal(inside.Count(run => run.Status == RunStatus.Active), stats.Active);
        foreach (var step in (string[])["s0", "s1", "s2"])
        {
            Assert.Equal(inside.Count(run => run.Status == RunStatus.Active && run.Step == step), stats.Steps.GetValueOrDefault(step)?.Here ?? 0);
            Assert.Equal(inside.Sum(run => run.Log.Count(line => line.Step == step && line.What == "sent")), stats.Steps.GetValueOrDefault(step)?.Through ?? 0);
        }

        foreach (var version in (int[])[1, 2])
        {
            Assert.Equal(inside.Where(run => run.Version == version).Sum(run => run.Log.Count(line => line.What == "sent")), stats.Versions![$"{version}"].Sent); // it was asked for
        }

        var people = sums.Where(part => RunCounts.MonthOf(part.Key) is not null).SelectMany(part => Cohorts.In(RunCounts.MonthOf(part.Key)!.Value, part.Value)).ToList();
        Assert.Equal(last.Values.Count(run => run.Trial is not null), people.Sum(cohort => cohort.People));
        Assert.Equal(last.Values.Count(run => run.Trial?.GoalAt is not null), people.Sum(cohort => cohort.Goals));
        Assert.Equal(last.Values.Count(run => run.Trial?.Arm == Arm.HeldOut), people.Where(cohort => cohort.Arm == Arm.HeldOut).Sum(cohort => cohort.People));
    }

    internal static RunState New(int number, Random random)
    {
        var trial = random.Next(3) == 0 ? null : new Trial(random.Next(4) == 0 ? Arm.HeldOut : Arm.Treated, 250_000, 0, Start.AddDays(number + 30), true);
        return new RunState($"j.{Identity.User($"u{number}").Hash()}.k", "j", 1, Identity.User($"u{number}").Hash(), "k", Start.AddDays(number), default(System.Text.Json.JsonElement))
        {
            Trial = trial,
            Trigger = System.Text.Json.JsonSerializer.SerializeToElement(new { }),
            Status = trial?.Arm == Arm.HeldOut ? RunStatus.HeldOut : RunStatus.Active,
            Step = trial?.Arm == Arm.HeldOut ? null : "s0",
        };
    }

    internal static RunState Moved(RunState run, Random random)
    {
        var now = run.EnteredAt.AddMinutes(run.Log.Count * 10);
        run = run with { Turn = run.Turn + 1 };
        return (run.Status, random.Next(12)) switch
        {
            (_, 0) when run.Trial is { IsOver: false } trial => run with { Trial = trial with { GoalAt = now, IsOver = true } },
            (not RunStatus.Active, _) => run,
            (_, 1) => run with { Status = RunStatus.Completed, Step = null, Log = [.. run.Log, new(now, null, "ended", "completed")] },
            (_, 2) => run with { Version = 2, Log = [.. run.Log, new(now, run.Step, "moved")] },
            (_, 3) => run with { Until = now },
            _ => run with
            {
                Step = $"s{random.Next(3)}",
                Log = [.. run.Log, new(now, run.Step, "deferred"), new(now.AddSeconds(random.Next(5000)), run.Step, "sent", "t")],
            },
        };
    }

    [Theory]
    [InlineData(SkipReasons.Consent, """{"id":"s","type":"send","template":"t","topic":"news"}""")]
    [InlineData(SkipReasons.Address, """{"id":"s","type":"send","template":"t","channel":"sms"}""")]
    [InlineData(SkipReasons.Cap, """{"id":"first","type":"send","template":"t"},{"id":"s","type":"send","template":"t"}""")]
    public void The_reasons_that_the_product_gives_are_counted_by_their_kind(string kind, string steps)
    {
        var journey = Parse("""{"name":"x","trigger":{"event":"Start"},"frequency":{"max":1,"per":"2d"},"steps":[""" + steps + "]}");

        var stats = Stats(new Rehearsal(MessagingRules.BuiltIn, journey).Identify(new { email = "a@b.c" }).Track("Start", TimeSpan.Zero).Run(Days(1)));

        Assert.Equal(kind, Assert.Single(stats.Steps["s"].Skipped).Key);
    }

    [Fact]
    public void So_is_that_it_was_too_late()
    {
        var journey = Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"s","type":"send","template":"t","late":{"after":"1h","do":"skip"}}]}""");
        var run = JourneyPlan.Enter(journey, new RunStart("test.l.k", "test", 1, "l", "k", Start, Start, default, "x"));

        var late = JourneyPlan.Decide(journey, run, new RunFacts(new LeadFunctions.Leads.State.LeadProfile(new LeadFunctions.Leads.State.LeadRecord(), default, LeadFunctions.Scoring.ScoringModels.None), NodaTime.DateTimeZone.Utc, new Dictionary<string, DateTimeOffset>()), Start.AddDays(2)).Run;

        Assert.Equal(1, RunCounts.Of(late)["v1"][$"skip|s|{SkipReasons.Late}"]);
    }

    private static Rehearsal Walked() => new Rehearsal(MessagingRules.BuiltIn, Parse(Document)).Identify(new { email = "a@b.c" }).Track("Start", TimeSpan.Zero);

    private static JourneyStats Stats(Rehearsal lead) => JourneyStats.Of(lead.Runs.Select(run => RunCounts.Of(run)).Select((counts, i) => (counts, i)).ToDictionary(pair => pair.i, pair => pair.counts.First(part => RunCounts.VersionOf(part.Key) is not null).Value));

    private static (long Through, string Left, Waited? Waited) Shown(JourneyStats stats, string step) => (stats.Steps[step].Through, Assert.Single(stats.Steps[step].Left).Key, stats.Steps[step].Waited);
}
