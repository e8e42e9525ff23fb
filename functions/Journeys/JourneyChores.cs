using LeadFunctions.Ingest;
using LeadFunctions.Leads;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Journeys;

/// <summary>Where a walk over many runs or leads stands.</summary>
/// <param name="After">The position after which to go on; null at the start.</param>
public sealed record ChorePage(string Journey, string? After, int Round);

/// <summary>Walks over all runs of a journey, or all leads, that survive a crash in the middle.</summary>
public sealed class JourneyChores(RunsTable runs, LeadReader leads, EventWriter events, TimeProvider time)
{
    private const int PageSize = 500;

    /// <summary>Other instances learn of a change within 5 s: who was woken before that went back to sleep, so a second round follows.</summary>
    private static readonly TimeSpan EveryoneKnows = TimeSpan.FromSeconds(10);

    private static readonly TaskOptions Patient = TaskOptions.FromRetryPolicy(new RetryPolicy(20, TimeSpan.FromSeconds(2), 2, TimeSpan.FromMinutes(5)));

    /// <summary>After a resumption or an archiving.</summary>
    [Function(nameof(WakeRuns))]
    public static async Task WakeRuns([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var page = context.GetInput<ChorePage>() ?? throw new InvalidOperationException("It needs a journey.");
        var after = await context.CallActivityAsync<string?>(nameof(WakeSomeRuns), page, Patient);
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

    [Function(nameof(WakeSomeRuns))]
    public async Task<string?> WakeSomeRuns([ActivityTrigger] ChorePage page, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        RunState? last = null;
        var count = 0;
        (int, string)? after = page.After?.Split('|', 2) is [var shard, var row] ? (int.Parse(shard, System.Globalization.CultureInfo.InvariantCulture), row) : null;
        await foreach (var stored in runs.ListAsync(page.Journey, RunStatus.Active, null, after, cancellationToken))
        {
            await client.RaiseEventAsync(stored.Run.Id, WalkFunctions.Wake, "state", cancellationToken);
            last = stored.Run;
            if (++count == PageSize)
            {
                break;
            }
        }

        return count < PageSize || last is null ? null : RunsTable.PositionOf(last) is var (at, key) ? $"{at}|{key}" : null;
    }

    /// <summary>After a journey that a date starts was published: every known lead looks at its dates.</summary>
    [Function(nameof(NoteDates))]
    public static async Task NoteDates([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var page = context.GetInput<ChorePage>() ?? throw new InvalidOperationException("It needs a journey.");
        if (page.Round == 0)
        {
            await context.CreateTimer(EveryoneKnows, CancellationToken.None);
        }

        var after = await context.CallActivityAsync<string?>(nameof(NoteSomeDates), page with { Round = (int)(context.CurrentUtcDateTime.Ticks % int.MaxValue) }, Patient);
        if (after is not null)
        {
            context.ContinueAsNew(page with { After = after, Round = 1 });
        }
    }

    [Function(nameof(NoteSomeDates))]
    public async Task<string?> NoteSomeDates([ActivityTrigger] ChorePage page, CancellationToken cancellationToken)
    {
        var position = Platform.Cursor.TryDecode<ListingPosition>(page.After, out var after) ? after : null;
        var (some, next) = await leads.ListAsync(new ListingQuery(null, null, ListingOrder.LastSeen, PageSize), position, cancellationToken);
        await events.EnqueueAsync([.. some.Select(lead => RunFunctions.Tick(lead.Id, $"publish/{page.Journey}/{page.Round}", time.GetUtcNow()))]);
        return next is null ? null : Platform.Cursor.Encode(next);
    }
}
