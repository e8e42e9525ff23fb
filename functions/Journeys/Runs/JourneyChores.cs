using LeadFunctions.Events.Queueing;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Platform.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Journeys.Runs;

/// <summary>Where a walk over many runs or leads stands.</summary>
/// <param name="After">The position after which to go on; null at the start.</param>
public sealed record ChorePage(string Journey, string? After, int Round)
{
    /// <summary>How long it takes until every instance knows of the change that this follows, and has forgotten what it began before.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>How far the leads of a minute are looked at.</summary>
/// <param name="WakeAt">The minute has not come: the real time at which to look again.</param>
public sealed record MinuteStop(bool Done, DateTimeOffset? WakeAt = null);

/// <summary>Pages of the walks over all runs of a journey, or all leads.</summary>
public sealed class JourneyChores(RunsTable runs, LeadReader leads, RunAlarms alarms, EventWriter events, TimeProvider time)
{
    private const int PageSize = 500;

    [Function(nameof(WakeSomeRuns))]
    public async Task<string?> WakeSomeRuns([ActivityTrigger] ChorePage page, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (some, next) = await SomeAsync(page, cancellationToken);
        foreach (var run in some)
        {
            await alarms.WakeAsync(client, run.Id, "state", cancellationToken);
        }

        return next;
    }

    [Function(nameof(NoteSomeRuns))]
    public async Task<string?> NoteSomeRuns([ActivityTrigger] ChorePage page, CancellationToken cancellationToken)
    {
        var (some, next) = await SomeAsync(page, cancellationToken);
        await events.EnqueueAsync([.. some.Select(run => run.LeadId).Distinct().Select(lead => RunFunctions.Tick(lead, $"scores/{page.Journey}/{page.Round}", time.GetUtcNow()))]);
        return next;
    }

    /// <summary>Active runs, and where the next page begins.</summary>
    private async Task<(IReadOnlyList<RunState> Runs, string? Next)> SomeAsync(ChorePage page, CancellationToken cancellationToken)
    {
        var some = new List<RunState>();
        (int, string)? after = page.After?.Split('|', 2) is [var shard, var row] ? (int.Parse(shard, System.Globalization.CultureInfo.InvariantCulture), row) : null;
        await foreach (var stored in runs.ListAsync(page.Journey, RunStatus.Active, null, null, after, cancellationToken))
        {
            some.Add(stored.Run);
            if (some.Count == PageSize)
            {
                var (at, key) = RunsTable.PositionOf(stored.Run);
                return (some, $"{at}|{key}");
            }
        }

        return (some, null);
    }

    [Function(nameof(NoteSomeDates))]
    public async Task<string?> NoteSomeDates([ActivityTrigger] ChorePage page, CancellationToken cancellationToken)
    {
        var position = Cursor.TryDecode<ListingPosition>(page.After, out var after) ? after : null;
        var (some, next) = await leads.ListAsync(ListingQuery.Everybody(PageSize), position, cancellationToken);
        await events.EnqueueAsync([.. some.Select(row => RunFunctions.Tick(row.Lead.Id, $"publish/{page.Journey}/{page.Round}", time.GetUtcNow()))]);
        return next is null ? null : Cursor.Encode(next);
    }
}
