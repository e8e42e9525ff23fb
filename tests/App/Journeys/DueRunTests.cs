using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rehearsal;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.State;
using NodaTime;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>When a run has something to do by itself, and how one that fails is tried again.</summary>
public sealed class DueRunTests
{
    private static readonly Journey Journey = Rehearsal.Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"ask","type":"webhook","url":"https://example.com"},{"id":"w","type":"wait","for":"1d"}]}""", version: 1);

    private static RunState Entered => JourneyPlan.Enter(Journey, new("test.lead.key", "test", 1, "lead", "key", Start, Start, default, "A test."));

    private static RunState Asking => JourneyPlan.Decide(Journey, Entered with { Turn = 1 }, Facts, Start.AddSeconds(1)).Run;

    private static RunFacts Facts => new(new LeadRecord(), DateTimeZone.Utc, new Dictionary<string, DateTimeOffset>());

    [Fact]
    public void A_run_is_due_until_it_has_been_looked_at_while_a_step_is_to_be_done_and_when_its_time_comes()
    {
        Assert.Equal(Start, DueRun.Of(Entered));
        Assert.Equal(Start.AddSeconds(1), DueRun.Of(Asking));
        Assert.Equal(Start.AddDays(1), DueRun.Of(Entered with { Turn = 1, Until = Start.AddDays(1) }));
        Assert.Equal(Start.AddHours(1), DueRun.Of(Asking with { Until = Start.AddHours(1) })); // it is tried again then
    }

    [Fact]
    public void A_run_that_only_an_event_can_move_and_one_that_is_over_are_never_due()
    {
        Assert.Null(DueRun.Of(Entered with { Turn = 1 }));
        Assert.Null(DueRun.Of(Entered with { Turn = 1, IsPaused = true }));
        Assert.Null(DueRun.Of(JourneyPlan.End(Asking, RunStatus.Failed, "It failed.", Start)));
    }

    [Fact]
    public void Tries_lie_further_and_further_apart_and_end_after_an_hour_and_a_bit()
    {
        var pauses = Enumerable.Range(1, FailedAdvance.MostTries - 1).Select(FailedAdvance.PauseAfter).ToList();

        Assert.Equal([2, 4, 8, 16], pauses.Take(4).Select(pause => pause.TotalSeconds));
        Assert.Equal(pauses.Order(), pauses);
        Assert.InRange(pauses.Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause), TimeSpan.FromHours(1), TimeSpan.FromHours(1.5));
        Assert.Equal(TimeSpan.FromHours(1), FailedAdvance.PauseAfter(100));
    }

    [Theory]
    [InlineData(typeof(Azure.RequestFailedException), true)]
    [InlineData(typeof(LeadFunctions.Platform.Storage.DefinitionsUnavailableException), true)]
    [InlineData(typeof(AggregateException), true)]
    [InlineData(typeof(HttpRequestException), false)]
    [InlineData(typeof(InvalidOperationException), false)]
    public void Storage_that_is_away_is_not_the_step_s_failure(Type type, bool isOfStorage) =>
        Assert.Equal(isOfStorage, WalkFunctions.IsOfStorage(new Microsoft.DurableTask.TaskFailureDetails(type.FullName!, "It failed.", null, null, null))); // all have a name

    [Fact]
    public async Task A_step_that_failed_is_put_off_and_in_the_end_left_behind()
    {
        var lead = await WorldAsync(Asking);

        var stop = await FailedAdvance.HandleAsync(lead, new(new("test.lead.key", 1, Tries: 3), "No answer."), default);
        Assert.Equal(new RunStop(2, Acts: false, lead.Now.AddSeconds(8), Done: false), stop);
        var run = Assert.Single(lead.Runs);
        Assert.Equal(("ask", lead.Now.AddSeconds(8)), (run.Pending?.Step, run.Until));

        stop = await FailedAdvance.HandleAsync(lead, new(new("test.lead.key", 2, FailedAdvance.MostTries), "No answer."), default);
        Assert.False(stop.Done);
        run = Assert.Single(lead.Runs);
        Assert.Equal(("w", "failed"), (run.Step, run.Log.Last(line => line.Step == "ask").What));
    }

    [Fact]
    public async Task A_run_that_came_further_than_it_could_say_is_not_put_off()
    {
        var lead = await WorldAsync(Entered with { Turn = 2, Step = "w", Until = Start.AddDays(1) });

        var stop = await FailedAdvance.HandleAsync(lead, new(new("test.lead.key", 1, Tries: 1), "The lead could not be told."), default);

        Assert.Equal((2, Start.AddDays(1)), (stop.Turn, stop.Until));
    }

    [Fact]
    public async Task An_orchestration_that_is_begun_anew_looks_again_instead_of_waiting_for_a_wake_up_that_came_before()
    {
        var lead = await WorldAsync(Entered with { Turn = 2, Step = "w", Until = Start.AddDays(1) });

        var repeated = await RunTurn.AdvanceAsync(lead, new("test.lead.key", 0), default);
        var next = await RunTurn.AdvanceAsync(lead, new("test.lead.key", repeated.Turn), default);

        Assert.Equal((2, true, false), (repeated.Turn, repeated.Acts, repeated.Done));
        Assert.Equal((3, false), (next.Turn, next.Acts));
    }

    private static async Task<SimulatedLead> WorldAsync(RunState run)
    {
        var lead = new SimulatedLead(new() { Id = "lead" }, new(LeadFunctions.Scoring.ScoringModels.None, new([Journey], [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc)));
        await lead.SaveAsync(new(run, null), run);
        lead.Script(RunFunctions.Tick("lead", "start", Start), Start.AddSeconds(1));
        lead.RunUntil(Start.AddSeconds(1));
        return lead;
    }
}
