using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LeadFunctions.Journeys;

/// <summary>Walks over many runs or leads, which survive a crash in the middle.</summary>
public sealed class ChoreOrchestrations
{
    /// <summary>Other instances learn of a change within 5 s: who was woken before that went back to sleep, so a second round follows.</summary>
    private static readonly TimeSpan EveryoneKnows = TimeSpan.FromSeconds(10);

    private static readonly TaskOptions Patient = TaskOptions.FromRetryPolicy(new RetryPolicy(20, TimeSpan.FromSeconds(2), 2, TimeSpan.FromMinutes(5)));

    /// <summary>Looks at the leads of one minute, once it has come. No clock is polled: a minute that nobody waits for costs nothing.</summary>
    [Function(nameof(MinuteCame))]
    public static async Task MinuteCame([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var minute = context.GetInput<string>() ?? throw new InvalidOperationException("It needs to know its minute.");
        while (await context.CallActivityAsync<bool>(nameof(RunFunctions.TickLeads), minute, WalkFunctions.Patient))
        {
        }
    }

    /// <summary>After a resumption or an archiving.</summary>
    [Function(nameof(WakeRuns))]
    public static async Task WakeRuns([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var page = context.GetInput<ChorePage>() ?? throw new InvalidOperationException("It needs a journey.");
        var after = await context.CallActivityAsync<string?>(nameof(JourneyChores.WakeSomeRuns), page, Patient);
        if (after is not null)
        {
            context.ContinueAsNew(page with { After = after });
        }
        else if (page.Round == 0)
        {
            await context.CreateTimer(EveryoneKnows, CancellationToken.None);
            context.ContinueAsNew(page with { After = null, Round = 1 });
        }
    }

    /// <summary>After a journey that a date or a score starts was published: every known lead looks when that may be.</summary>
    [Function(nameof(NoteDates))]
    public static async Task NoteDates([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var page = context.GetInput<ChorePage>() ?? throw new InvalidOperationException("It needs a journey.");
        if (page.Round == 0)
        {
            await context.CreateTimer(EveryoneKnows, CancellationToken.None);
        }

        var after = await context.CallActivityAsync<string?>(nameof(JourneyChores.NoteSomeDates), page with { Round = (int)(context.CurrentUtcDateTime.Ticks % int.MaxValue) }, Patient);
        if (after is not null)
        {
            context.ContinueAsNew(page with { After = after, Round = 1 });
        }
    }
}
