using LeadFunctions.Clock;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Journeys.Runs;

/// <summary>
/// What lies between the app's time and the engine's, which is always real: when its timers are to fire, and who of the runs was woken. With a real clock the two times are
/// one, and nothing is kept.
/// </summary>
public sealed class RunAlarms(MovableClock? clock = null, OwedAdvances? owed = null)
{
    /// <summary>Storage hides a queue message, and with it an orchestration that is to start, for seven days at most.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromDays(6);

    /// <summary>The engine's timers count whole seconds, downwards. One that fires early would be set again and again, with all that costs, until the time has come.</summary>
    private static readonly TimeSpan EngineGrain = TimeSpan.FromSeconds(1);

    /// <summary>Nobody can move the app's clock.</summary>
    public bool AreReal => clock is null;

    /// <summary>The real time of a timer for a time of the app's; null when they are the same.</summary>
    public DateTimeOffset? TimerFor(DateTimeOffset? at) => at is { } then ? clock?.RealTimeOf(then) : null;

    /// <summary>The real time at which an orchestration is to start that looks whether a time of the app's has come.</summary>
    public DateTimeOffset StartFor(DateTimeOffset at)
    {
        var latest = TimeProvider.System.GetUtcNow() + LongestStart;
        var start = clock?.RealTimeOf(at) ?? at;
        return start < latest ? start : latest;
    }

    /// <summary>Has a run look whether it can go on. Nothing happens when it is over.</summary>
    public async Task WakeAsync(DurableTaskClient client, string runId, string why, CancellationToken cancellationToken)
    {
        if (owed is not null)
        {
            await owed.AddAsync(runId);
        }

        await client.RaiseEventAsync(runId, WalkFunctions.Wake, why, cancellationToken);
    }

    /// <summary>Has the leads of a minute looked at when it comes, also where that was arranged before under a clock that has been moved.</summary>
    public Task StartMinuteAsync(DurableTaskClient client, string minute, DateTimeOffset begins, CancellationToken cancellationToken)
    {
        var start = StartFor(begins);
        return DueMinutes.StartOnceAsync(
            client, nameof(ChoreOrchestrations.MinuteCame), minute, new StartOrchestrationOptions($"due.{minute}.{start.UtcTicks}", start), mayExist: false, cancellationToken);
    }

    /// <summary>Advances a run, and says when the engine is to come back to it.</summary>
    public async Task<RunStop> AdvanceAsync(RunWalk walk, Func<Task<RunStop>> advance, CancellationToken cancellationToken)
    {
        if (owed is null)
        {
            return Answer(walk, await advance());
        }

        // Whoever fails still owes it.
        var by = Guid.NewGuid().ToString("N");
        var begun = await owed.BeginAsync(walk.RunId, by);
        var stop = await advance();
        await owed.EndAsync(begun, by, cancellationToken);
        return Answer(walk, stop);
    }

    private RunStop Answer(RunWalk walk, RunStop stop) => stop with { WakeAt = (TimerFor(stop.Until) ?? stop.Until) + EngineGrain, Asked = walk.Asked };
}
