using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Templates.Liquid;

namespace LeadFunctions.Journeys.Runs;

/// <summary>What a run touches outside itself: the real world, or a simulated one.</summary>
internal interface IRunWorld
{
    DateTimeOffset Now { get; }

    /// <summary>Null when there is no such run.</summary>
    Task<StoredRun?> FindAsync(RunWalk walk, CancellationToken cancellationToken);

    /// <summary>Fails when somebody else saved it since it was read.</summary>
    Task<StoredRun> SaveAsync(StoredRun stored, RunState run);

    /// <summary>Null when the version does not exist.</summary>
    Journey? FindJourney(string id, int version);

    Task<RunFacts> FactsAsync(Journey journey, RunState run, CancellationToken cancellationToken);

    /// <summary>Whether the act was at least begun.</summary>
    Task<bool> HasBegunAsync(RunState run, PendingAct act, Step step, CancellationToken cancellationToken);

    /// <summary>Does a step, once per act id however often it is called. Trouble that may pass is an exception; what would fail at every try is a result.</summary>
    /// <exception cref="TooMuchFilledInException">Such a failure too.</exception>
    /// <exception cref="TextTooLongException">Likewise.</exception>
    Task<ActResult> ActAsync(RunState run, PendingAct act, Step step, RunView view, CancellationToken cancellationToken);

    /// <summary>Applies events to the lead, each once per id. Why one can never be applied; null when all are.</summary>
    Task<string?> TellAsync(IReadOnlyList<LeadEvent> events, CancellationToken cancellationToken);
}

/// <param name="Tag">Names the state that was read.</param>
internal sealed record StoredRun(RunState Run, object? Tag);

/// <summary>Input of one advance.</summary>
/// <param name="Turn">How many advances came before: one that is tried again after it succeeded is recognized.</param>
/// <param name="Tries">How often this advance has failed.</param>
/// <param name="Asked">When the orchestration asked for it, in ticks of its own time: which answer is to which question.</param>
public sealed record RunWalk(string RunId, int Turn, int Tries = 0, long? Asked = null);

/// <summary>An advance that failed.</summary>
public sealed record FailedStep(RunWalk Walk, string Reason);

/// <summary>Where an advance came to stand.</summary>
/// <param name="Acts">There is something to do, or there may be something to decide: advance again at once.</param>
/// <param name="Until">Wait so long at most; null: until something happens.</param>
/// <param name="WakeAt">The real time at which to look whether that has come; null: the same.</param>
/// <param name="Asked"><see cref="RunWalk.Asked"/> of the walk that it answers; null from where it is not known.</param>
public sealed record RunStop(int Turn, bool Acts, DateTimeOffset? Until, bool Done, DateTimeOffset? WakeAt = null, long? Asked = null);

/// <summary>
/// One advance of a run: does what was decided, decides on, and so forth until it has to wait. The run's row is written between deciding and doing, so that a crash
/// anywhere repeats an advance without deciding anything anew: what was begun is done under the same id.
/// </summary>
internal static class RunTurn
{
    /// <summary>What was decided longer ago than this is decided again before it is done: the process was down.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    /// <summary>An activity is not to last for ever; what is left goes into the next.</summary>
    private const int ActsAtOnce = 20;

    public static async Task<RunStop> AdvanceAsync(IRunWorld world, RunWalk walk, CancellationToken cancellationToken)
    {
        if (await world.FindAsync(walk, cancellationToken) is not { } stored)
        {
            return new(walk.Turn, Acts: false, null, Done: true);
        }

        var run = stored.Run;
        var isRepeated = run.Turn > walk.Turn;
        var told = isRepeated ? null : run.Told;
        if (!isRepeated && run.Status == RunStatus.Active)
        {
            run = await GoOnAsync(world, stored, walk.Turn + 1, cancellationToken);
        }
        else if (!isRepeated && run.IsWatched)
        {
            run = await WatchAsync(world, stored, walk.Turn + 1, cancellationToken);
        }

        if (Watching.IsToldOfEnd(run) || (run.Status == RunStatus.Active && run.Told is not null && run.Told != told))
        {
            await world.TellAsync([Order(world, run)], cancellationToken);
        }

        // After a crash the engine may begin the orchestration anew, and a wake-up that came meanwhile went to the one before: it looks again instead of waiting for another.
        return new(run.Turn, run.IsOpen && (isRepeated || run.Pending is not null || run.Until <= world.Now), run.Until, !run.IsOpen);
    }

    /// <summary>The pending step of a run that failed for good is marked as such, and the run goes on.</summary>
    public static async Task<RunStop> LeaveAsync(IRunWorld world, FailedStep failed, CancellationToken cancellationToken)
    {
        if (await world.FindAsync(failed.Walk, cancellationToken) is { Run: { Status: RunStatus.Active } run } stored
            && run.Turn == failed.Walk.Turn && world.FindJourney(run.Journey, run.Version) is { } journey)
        {
            run = run.Pending is null
                ? Watching.After(JourneyPlan.End(run with { Turn = run.Turn + 1 }, RunStatus.Failed, failed.Reason, world.Now), world.Now)
                : JourneyPlan.Acted(journey, run, new ActResult("failed", null, failed.Reason), world.Now);
            await world.SaveAsync(stored, run);
        }

        return await AdvanceAsync(world, failed.Walk, cancellationToken);
    }

    /// <summary>Such a run began at another time and is over; one that began at this time is the very same, told of once more.</summary>
    public static bool IsNoStart(RunStart start, RunState before) => before.Status != RunStatus.Active && before.EnteredAt != start.At;

    public static LeadEvent NoStart(RunStart start, RunState before, DateTimeOffset now) => Event(
        start.LeadId, RunOrder.NoStart, $"{start.RunId}/no-start/{start.At.ToUnixTimeMilliseconds()}", new(start.RunId, After: before.EnteredAt.ToUnixTimeMilliseconds()), now);

    private static async Task<RunState> GoOnAsync(IRunWorld world, StoredRun stored, int turn, CancellationToken cancellationToken)
    {
        var run = stored.Run;
        if (world.FindJourney(run.Journey, run.Version) is not { } journey)
        {
            run = JourneyPlan.End(run, RunStatus.Failed, $"There is no version {run.Version} of the journey.", world.Now);
        }
        else
        {
            var facts = await world.FactsAsync(journey, run, cancellationToken);
            if (run.Pending is not { } left || journey.Find(left.Step) is not { } begun || (world.Now - left.At > Fresh && !await world.HasBegunAsync(run, left, begun, cancellationToken)))
            {
                run = Decided(journey, run with { Pending = null }, facts, world.Now);
            }

            for (var acts = 0; acts < ActsAtOnce && run.Pending is { } act && journey.Find(act.Step) is { } step; acts++)
            {
                stored = stored.Run.Pending?.Id == act.Id ? stored : await world.SaveAsync(stored, run);
                var result = await ActAsync(world, run, act, step, facts, cancellationToken);
                facts = await world.FactsAsync(journey, run, cancellationToken);
                run = Decided(journey, JourneyPlan.Acted(journey, run, result, world.Now), facts, world.Now);
            }
        }

        run = Watching.After(run with { Turn = turn, Told = WaitOf(run) }, world.Now);
        await world.SaveAsync(stored, run);
        return run;
    }

    private static async Task<RunState> WatchAsync(IRunWorld world, StoredRun stored, int turn, CancellationToken cancellationToken)
    {
        var run = stored.Run;
        var goal = world.FindJourney(run.Journey, run.Version) is { } journey ? (await world.FactsAsync(journey, run, cancellationToken)).GoalAt : null;
        run = Watching.Look(run, goal, world.Now) with { Turn = turn };
        await world.SaveAsync(stored, run);
        return run;
    }

    private static async Task<ActResult> ActAsync(IRunWorld world, RunState run, PendingAct act, Step step, RunFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            return await world.ActAsync(run, act, step, new RunView(run, facts.Lead, facts.Zone, world.Now), cancellationToken);
        }
        catch (Exception lasting) when (lasting is TooMuchFilledInException or LiquidFaultException or TextTooLongException)
        {
            return new("failed", null, lasting.Message);
        }
    }

    private static RunState Decided(Journey journey, RunState run, RunFacts facts, DateTimeOffset now)
    {
        (run, var next) = JourneyPlan.Decide(journey, run, facts, now);
        return run with { Until = (next as Next.Wait)?.Until };
    }

    private static string? WaitOf(RunState run) =>
        run is { Status: RunStatus.Active, Hold: { Kind: HoldKind.Event or HoldKind.Address } hold } ? $"{run.Version}/{run.Step}/{hold.Since.ToUnixTimeMilliseconds()}" : null;

    /// <summary>What the lead must know of where the run stands now.</summary>
    private static LeadEvent Order(IRunWorld world, RunState run)
    {
        if (run.Status != RunStatus.Active || run is not { Step: { } step, Hold: { } hold })
        {
            return Event(run.LeadId, RunOrder.Ended, $"{run.Id}/ended", new(run.Id, Reason: run.Status.ToString().ToLowerInvariant(), Version: run.Version, Journey: run.Journey, Until: run.IsWatched ? run.Trial?.Until.ToUnixTimeMilliseconds() : null), world.Now);
        }

        long? after = run.Heard.TryGetValue(step, out var heard) ? heard.ToUnixTimeMilliseconds() : null;
        var journey = world.FindJourney(run.Journey, run.Version);
        if (journey?.Find(step) is Step.WaitFor { OnlyFromHere: true })
        {
            after = Math.Max(after ?? 0, hold.Since.ToUnixTimeMilliseconds() - 1);
        }

        return Event(run.LeadId, RunOrder.Waits, $"{run.Id}/{run.Told}", new(run.Id, step, after, Until: hold.Until?.ToUnixTimeMilliseconds(), Version: run.Version, Bound: journey?.BoundBy(run.Trigger)), world.Now);
    }

    private static LeadEvent Event(string leadId, string name, string id, RunOrder order, DateTimeOffset now) => new()
    {
        Id = id,
        Type = EventType.Journey,
        Name = name,
        At = now,
        LeadId = leadId,
        Properties = JsonSerializer.SerializeToElement(order, JourneysJson.Default.RunOrder),
    };
}
