using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LeadFunctions.Journeys;

/// <summary>One orchestration for each run. It only awaits: what happens is decided by <see cref="JourneyPlan"/> and kept in the run's row.</summary>
public sealed class WalkFunctions
{
    /// <summary>Raised for a run when something happened that it may have been waiting for.</summary>
    public const string Wake = "wake";

    /// <summary>Advances after which the orchestration starts over with an empty history.</summary>
    private const int TurnsPerHistory = 100;

    private static readonly TaskOptions Patient = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 12, firstRetryInterval: TimeSpan.FromSeconds(2), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromHours(1)));

    [Function(nameof(WalkJourney))]
    public static async Task WalkJourney([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var walk = context.GetInput<RunWalk>() ?? throw new InvalidOperationException("A walk needs to know its run.");
        for (var turns = 0; turns < TurnsPerHistory; turns++)
        {
            var stop = await context.CallActivityAsync<RunStop>(nameof(RunFunctions.AdvanceRun), walk, Patient);
            if (stop.Done)
            {
                return;
            }

            walk = walk with { Turn = stop.Turn };
            if (!stop.Acts)
            {
                await WokenOrDue(context, stop.Until);
            }
        }

        context.ContinueAsNew(walk);
    }

    private static async Task WokenOrDue(TaskOrchestrationContext context, DateTimeOffset? until)
    {
        using var over = new CancellationTokenSource();
        var woken = context.WaitForExternalEvent<string>(Wake, over.Token);
        await (until is { } due ? Task.WhenAny(woken, context.CreateTimer(due.UtcDateTime, over.Token)) : woken);
        await over.CancelAsync();
    }
}
