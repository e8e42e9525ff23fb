using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LeadFunctions.Journeys.Runs;

/// <summary>Walks over many runs or leads, which survive a crash in the middle. Those over a journey's runs, or all leads, have ids that begin with <see cref="Chore"/>.</summary>
public sealed class ChoreOrchestrations
{
    /// <summary>No journey's id, and so no run's, begins like this.</summary>
    public const string Chore = "chore:";

    /// <summary>In real time, while storage is away: nobody waits for a walk.</summary>
    internal static readonly TaskOptions Patient = TaskOptions.FromRetryPolicy(new RetryPolicy(20, TimeSpan.FromSeconds(2), 2, TimeSpan.FromMinutes(5)));

    /// <summary>Looks at the leads of one minute, once it has come. No clock is polled: a minute that nobody waits for costs nothing.</summary>
    [Function(nameof(MinuteCame))]
    public static async Task MinuteCame([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var minute = context.GetInput<string>() ?? throw new InvalidOperationException("It needs to know its minute.");
        MinuteStop stop;
        do
        {
            stop = await context.CallActivityAsync<MinuteStop>(nameof(RunFunctions.TickLeads), minute, WalkFunctions.Patient);
            if (stop.WakeAt is { } at)
            {
                await context.CreateTimer(at.UtcDateTime, CancellationToken.None);
                context.ContinueAsNew(minute);
                return;
            }
        }
        while (!stop.Done);
    }

    /// <summary>After a resumption or an archiving. Who was woken before all instances knew of it went back to sleep, so a second round follows.</summary>
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
            await context.CreateTimer(page.Pause, CancellationToken.None);
            context.ContinueAsNew(page with { After = null, Round = 1 });
        }
    }

    /// <summary>After a journey that a date or a score starts was published: every known lead looks when that may be.</summary>
    [Function(nameof(NoteDates))]
    public static Task NoteDates([OrchestrationTrigger] TaskOrchestrationContext context) => NoteAsync(context, nameof(JourneyChores.NoteSomeDates));

    /// <summary>After another scoring model was published: the leads inside a journey that waits for a score look what it is now.</summary>
    [Function(nameof(NoteRuns))]
    public static Task NoteRuns([OrchestrationTrigger] TaskOrchestrationContext context) => NoteAsync(context, nameof(JourneyChores.NoteSomeRuns));

    /// <summary>Once all instances know of the change, page by page.</summary>
    private static async Task NoteAsync(TaskOrchestrationContext context, string noteSome)
    {
        var page = context.GetInput<ChorePage>() ?? throw new InvalidOperationException("It needs a journey.");
        if (page.Round == 0)
        {
            await context.CreateTimer(page.Pause, CancellationToken.None);
        }

        var after = await context.CallActivityAsync<string?>(noteSome, page with { Round = (int)(context.CurrentUtcDateTime.Ticks % int.MaxValue) }, Patient);
        if (after is not null)
        {
            context.ContinueAsNew(page with { After = after, Round = 1 });
        }
    }
}
