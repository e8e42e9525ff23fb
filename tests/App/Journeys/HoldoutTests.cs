using LeadFunctions.Events;
using LeadFunctions.Journeys.Documents;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rehearsal;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using NodaTime;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Who is held out gets nothing, and is followed as long as the others are.</summary>
public sealed class HoldoutTests
{
    private const string Document = """
        {"name":"x","trigger":{"event":"Start"},"goal":{"event":"Buy"},"holdout":{"share":0.5,"window":"10d"},"steps":[{"id":"a","type":"send","template":"hello"},{"id":"w","type":"wait","for":"1d"}]}
        """;

    private static readonly Holdout Half = new(500_000, new(TimeSpan.FromDays(10), "10d"));

    [Fact]
    public void Who_is_held_out_becomes_a_run_that_gets_nothing_and_whose_goal_is_seen_in_the_window()
    {
        var lead = Walk(isHeldOut: true).Track("Buy", Days(3)).Run(Days(40));

        var run = Assert.Single(lead.Runs);
        Assert.Equal((RunStatus.HeldOut, Arm.HeldOut, Start.AddDays(3), true), (run.Status, run.Trial!.Arm, run.Trial.GoalAt, run.Trial.IsOver)); // it is in a comparison
        Assert.Equal(["heldOut", "goal"], run.Log.Select(line => line.What));
        Assert.Empty(lead.Sent);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(10.001, false)]
    public void On_both_sides_a_goal_counts_up_to_the_end_of_the_window(double day, bool counts)
    {
        foreach (var isHeldOut in (bool[])[true, false])
        {
            var lead = Walk(isHeldOut).Track("Buy", Days(day)).Run(Days(40));

            Assert.Equal((counts, true), (Assert.Single(lead.Runs).Trial!.GoalAt is not null, lead.Runs[0].Trial!.IsOver)); // likewise
            Assert.Equal(isHeldOut ? 0 : 1, lead.Sent.Count);
        }
    }

    [Fact]
    public void Who_is_through_the_journey_is_told_of_its_end_once_and_followed_on()
    {
        var lead = Walk(isHeldOut: false).Run(Days(2));

        Assert.Equal((RunStatus.Completed, true), (lead.Runs[0].Status, lead.Runs[0].IsWatched));
        Assert.False(Assert.Single(lead.Lead.State.Journeys!.Runs).IsInside); // it has been in one

        lead.Track("Buy", Days(5)).Run(Days(6));
        Assert.Equal((RunStatus.Completed, Start.AddDays(5)), (lead.Runs[0].Status, lead.Runs[0].Trial!.GoalAt));
        lead.Track("Other", Days(19)).Run(Days(20));
        Assert.Empty(lead.Lead.State.Journeys!.Runs); // forgotten
    }

    [Fact]
    public void A_goal_inside_the_journey_ends_it_and_counts()
    {
        var run = Assert.Single(Walk(isHeldOut: false).Track("Buy", Days(0.5)).Run(Days(40)).Runs);

        Assert.Equal((RunStatus.Goal, Start.AddDays(0.5), true), (run.Status, run.Trial!.GoalAt, run.Trial.IsOver));
    }

    [Fact]
    public void Entry_rules_hold_for_who_is_held_out_as_if_the_run_took_as_long_as_the_window()
    {
        var heldOut = Walk(isHeldOut: true).Track("Start", Days(5)).Track("Start", Days(11)).Run(Days(40));
        var treated = Walk(isHeldOut: false).Track("Start", Days(5)).Run(Days(40));

        Assert.Equal([(RunStatus.HeldOut, true), (RunStatus.HeldOut, false)], heldOut.Runs.Select(run => (run.Status, run.Trial!.Counts))); // such a run has one
        Assert.Equal([true, false], treated.Runs.Select(run => run.Trial is not null)); // a person is compared once, and may enter again while it is followed
        Assert.Equal(2, treated.Sent.Count);
    }

    [Fact]
    public void The_workspace_holds_the_same_people_out_of_every_journey()
    {
        var journeys = (string[])["j1", "j2", "j3"];
        var rules = Rules([.. journeys.Select(id => Parse(Document.Replace("\"holdout\":{\"share\":0.5,\"window\":\"10d\"},", "", StringComparison.Ordinal), id))], Half);
        foreach (var (id, isHeldOut) in People().Take(40).Select(id => (id, Half.Holds(id))))
        {
            var lead = new Rehearsal(rules, new LeadState { Id = id }).Identify(new { email = "a@b.c" }).Track("Start", TimeSpan.Zero).Run(Days(2));

            Assert.All(lead.Runs, run => Assert.Equal((isHeldOut ? Arm.HeldOutEverywhere : Arm.Treated, isHeldOut), (run.Trial!.Arm, run.Status == RunStatus.HeldOut))); // each has one
            Assert.Equal((3, isHeldOut ? 0 : 3), (lead.Runs.Count, lead.Sent.Count));
        }
    }

    [Fact]
    public void The_draws_are_as_large_as_the_share_and_independent_of_each_other()
    {
        var tenth = new Holdout(100_000, Half.Window);
        var people = People().Take(20_000).ToList();

        Assert.InRange(people.Count(id => tenth.Holds("j1", id)), 1850, 2150);
        Assert.InRange(people.Count(id => tenth.Holds("j1", id) && tenth.Holds("j2", id)), 140, 260);
        Assert.InRange(people.Count(id => tenth.Holds("j1", id) && tenth.Holds(id)), 140, 260);
        Assert.All(people.Where(id => new Holdout(50_000, Half.Window).Holds("j1", id)), id => Assert.True(tenth.Holds("j1", id))); // a larger share keeps who was held out
    }

    [Fact]
    public void Without_a_goal_nobody_is_compared_and_the_document_is_warned_of()
    {
        var json = Document.Replace("\"goal\":{\"event\":\"Buy\"},", "", StringComparison.Ordinal);

        var lead = new Rehearsal(Rules([Parse(json)]), new LeadState { Id = Person(isHeldOut: true) }).Track("Start", TimeSpan.Zero).Run(Days(40));

        Assert.Equal((RunStatus.HeldOut, false), (Assert.Single(lead.Runs).Status, lead.Runs[0].Trial!.Counts)); // held out it is
        Assert.Contains(ParsedJourney.Of(System.Text.Encoding.UTF8.GetBytes(json)).Warnings, warning => warning.Path == "$.holdout");
    }

    [Theory]
    [InlineData("""{"share":0.6}""", "$.holdout.share")]
    [InlineData("""{"share":0}""", "$.holdout.share")]
    [InlineData("""{"window":"3d"}""", "$.holdout.share")]
    [InlineData("""{"share":0.1,"window":"400d"}""", "$.holdout.window")]
    [InlineData("""{"share":0.1,"salt":"x"}""", "$.holdout.salt")]
    public void A_mistake_is_told_by_its_place(string holdout, string path)
    {
        var errors = ParsedJourney.Of(System.Text.Encoding.UTF8.GetBytes(Document.Replace("""{"share":0.5,"window":"10d"}""", holdout, StringComparison.Ordinal))).Errors;
        var setting = HoldoutReading.Parse(System.Text.Encoding.UTF8.GetBytes(holdout)).Errors;

        Assert.Equal([path], errors.Select(error => error.Path));
        Assert.Equal([path.Replace(".holdout", "", StringComparison.Ordinal)], setting.Select(error => error.Path));
    }

    [Fact]
    public void A_rehearsal_draws_the_same_people()
    {
        var people = People().Take(60).ToList();

        var answer = Simulation.Run(
            Parse(Document), people.Select(id => new SimulatedPerson(id, new LeadState { Id = id }, [(new LeadEvent { Id = "e", Type = EventType.Track, Name = "Start", At = Start, LeadId = id }, Start)])),
            Start, Start.AddDays(40), ScoringModels.None, DateTimeZone.Utc, new SimulationBudget(100_000, TimeSpan.FromMinutes(5), () => TimeSpan.Zero, default));

        Assert.Equal(people.Count(id => Half.Holds("test", id)), answer.Ended["heldOut"]);
        Assert.Equal(people.Count - answer.Ended["heldOut"], answer.Entered);
    }

    [Fact]
    public void Merged_with_somebody_who_is_inside_neither_ends_the_other()
    {
        LeadRun inside = Run("a"), watched = Run("b") with { WatchedUntil = 100 }, heldOut = Run("c") with { WatchedUntil = 100, IsHeldOut = true };

        var union = LeadJourneys.Union(new() { Runs = [watched, inside] }, new() { Runs = [heldOut], Past = new Dictionary<string, JourneyPast> { ["test"] = new(1, 1) } }, _ => false);

        Assert.Equal(["b", "a", "c"], union.Runs.Select(run => run.Id));
        Assert.All(union.Runs, run => Assert.Null(run.Ended));

        static LeadRun Run(string id) => new(id, "test", 1, id, 1, new Dictionary<string, System.Text.Json.JsonElement>());
    }

    private static Rehearsal Walk(bool isHeldOut) =>
        new Rehearsal(Rules([Parse(Document)]), new LeadState { Id = Person(isHeldOut) }).Identify(new { email = "a@b.c" }).Track("Start", TimeSpan.Zero);

    private static JourneyRules Rules(IReadOnlyList<Journey> journeys, Holdout? holdout = null) => new(journeys, [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc) { Holdout = holdout };

    private static string Person(bool isHeldOut) => People().First(id => Half.Holds("test", id) == isHeldOut);

    private static IEnumerable<string> People() => Enumerable.Range(0, 100_000).Select(i => Identity.User($"u{i}").Hash());
}
