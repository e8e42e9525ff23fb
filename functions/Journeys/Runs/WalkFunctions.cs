using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LeadFunctions.Journeys.Runs;

/// <summary>One orchestration for each run. It only awaits: what happens is decided by <see cref="JourneyPlan"/> and kept in the run's row.</summary>
public sealed class WalkFunctions
{
    /// <summary>Raised for a run when something happened that it may have been waiting for.</summary>
    public const string Wake = "wake";

    /// <summary>Advances after which the orchestration starts over with an empty history.</summary>
    private const int TurnsPerHistory = 100;

    /// <summary>In real time, while storage is away.</summary>
    internal static readonly TaskOptions Patient = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 12, firstRetryInterval: TimeSpan.FromSeconds(2), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromHours(1)));

    /// <summary>Storage that is away for a moment is no failure of the step: its time is not the app's.</summary>
    private static readonly TaskOptions Once = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 5, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2) { HandleFailure = IsOfStorage });

    [Function(nameof(WalkJourney))]
    public static async Task WalkJourney([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var walk = context.GetInput<RunWalk>() ?? throw new InvalidOperationException("A walk needs to know its run.");
        Task<string>? woken = null;
        for (var turns = 0; turns < TurnsPerHistory; turns++)
        {
            (var stop, walk) = await Advance(context, walk);
            if (stop.Done)
            {
                return;
            }

            if (stop.Acts)
            {
                continue;
            }

            // One waiter from wait to wait: an event that comes in between is not lost, whatever a cancelled waiter would do with it.
            woken ??= context.WaitForExternalEvent<string>(Wake);
            if ((stop.WakeAt ?? stop.Until) is { } at)
            {
                using var over = new CancellationTokenSource();
                await Task.WhenAny(woken, context.CreateTimer(at.UtcDateTime, over.Token));
                over.Cancel();
            }
            else
            {
                await woken;
            }

            woken = woken.IsCompleted ? null : woken;
        }

        context.ContinueAsNew(walk);
    }

    /// <summary>By name: asked for the type, the engine stumbles over names that two assemblies have.</summary>
    internal static bool IsOfStorage(TaskFailureDetails failure) => StorageFailures.Contains(failure.ErrorType);

    private static readonly string[] StorageFailures =
    [
        typeof(Azure.RequestFailedException).FullName!, // every class has one
        typeof(DefinitionsUnavailableException).FullName!,
        typeof(AggregateException).FullName!, // the storage clients gather the failures of all their attempts
    ];

    /// <summary>Where the run stands then, and how it is to be advanced next.</summary>
    private static async Task<(RunStop Stop, RunWalk Next)> Advance(TaskOrchestrationContext context, RunWalk walk)
    {
        walk = walk with { Asked = context.CurrentUtcDateTime.Ticks };
        try
        {
            var stop = await context.CallActivityAsync<RunStop>(nameof(RunFunctions.AdvanceRun), walk, Once);
            return (Heard(walk, stop), new(walk.RunId, stop.Turn));
        }
        catch (TaskFailedException failure)
        {
            walk = walk with { Tries = walk.Tries + 1 };
            var stop = await context.CallActivityAsync<RunStop>(nameof(RunFunctions.LeaveStep), new FailedStep(walk, failure.FailureDetails.ErrorMessage), Patient);
            return (Heard(walk, stop), new(walk.RunId, stop.Turn, walk.Tries % FailedAdvance.MostTries));
        }
    }

    /// <summary>
    /// An engine that is killed after it sent an activity on its way and before it noted that sends it again, perhaps after a wake-up that it had not seen the first time; and takes
    /// the first answer that comes. One that was given to the question of before knows nothing of that wake-up, which is used up: the run looks again.
    /// </summary>
    private static RunStop Heard(RunWalk walk, RunStop stop) => stop.Asked is null || stop.Asked == walk.Asked ? stop : stop with { Acts = !stop.Done };
}
