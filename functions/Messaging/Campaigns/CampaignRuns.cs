using LeadFunctions.Events;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Storage;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>Has campaigns taken up: at once, when their time comes, when somebody says to go on, and after whoever was at one died.</summary>
public sealed class CampaignRuns(CampaignsTable table, DueMinutes minutes, StorageClients storage, TimeProvider time) : IDueOthers
{
    /// <summary>What its rows begin with in the minutes that are due; its id follows.</summary>
    internal const string Begins = "campaign|";

    /// <summary>Nobody is at one for so long.</summary>
    private static readonly TimeSpan Lost = TimeSpan.FromMinutes(2);

    public string Prefix => Begins;

    public Task TickAsync(IReadOnlyList<string> rows, DateTimeOffset begins, DurableTaskClient client, CancellationToken cancellationToken) =>
        Task.WhenAll(rows.Select(row => storage.Queue(Queues.Campaigns).PutAsync(row[Begins.Length..], cancellationToken)));

    /// <summary>Has it taken up then, or now. Repeatable.</summary>
    internal async Task ScheduleAsync(DurableTaskClient client, CampaignState campaign, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (at <= time.GetUtcNow() || !await minutes.NoteAsync(client, Begins + campaign.Id, at, $"{campaign.Id}.{campaign.Turn}", cancellationToken))
        {
            await storage.Queue(Queues.Campaigns).PutAsync(campaign.Id, cancellationToken);
        }
    }

    /// <summary>Its time has come, as far as somebody knows: has somebody go on with it, if there is something to do.</summary>
    internal async Task BeginAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        while (await table.FindAsync(id, cancellationToken) is { State: { Status: CampaignStatus.Scheduled or CampaignStatus.Waiting } campaign } stored)
        {
            var at = campaign.Status == CampaignStatus.Scheduled ? campaign.At : campaign.Until ?? campaign.At;
            if (at > time.GetUtcNow())
            {
                await ScheduleAsync(client, campaign, at, cancellationToken);
                return;
            }

            var begun = campaign with
            {
                Status = campaign.HasAll ? CampaignStatus.Sending : CampaignStatus.Collecting, // it may have been held while they were being found
                StartedAt = campaign.StartedAt ?? time.GetUtcNow(),
                Until = null,
                Next = 0,
                Turn = campaign.Turn + 1,
                SavedAt = TimeProvider.System.GetUtcNow(),
            };
            if (await table.TrySaveAsync(stored, begun, [], cancellationToken))
            {
                await WalkAsync(client, begun, cancellationToken);
                return;
            }
        }

        if (await table.FindAsync(id, cancellationToken) is { State: { IsUnderWay: true } left })
        {
            await WalkAsync(client, left, cancellationToken); // whoever took it up died before this
        }
    }

    /// <summary>One that nobody is at any more, or nobody took up when its time came, goes on when somebody looks at it.</summary>
    internal async Task ReviveAsync(DurableTaskClient client, CampaignState campaign, CancellationToken cancellationToken)
    {
        var due = campaign.Status switch { CampaignStatus.Scheduled => campaign.At, CampaignStatus.Waiting => campaign.Until ?? campaign.At, _ => DateTimeOffset.MaxValue };
        if (campaign.IsUnderWay && TimeProvider.System.GetUtcNow() - campaign.SavedAt > Lost)
        {
            await WalkAsync(client, campaign, cancellationToken);
        }
        else if (time.GetUtcNow() - due > Lost)
        {
            await BeginAsync(client, campaign.Id, cancellationToken);
        }
    }

    private static Task WalkAsync(DurableTaskClient client, CampaignState campaign, CancellationToken cancellationToken) => DueMinutes.StartUnlessUnderWayAsync(
        client, nameof(CampaignOrchestration.RunCampaign), campaign.Id, $"{ChoreOrchestrations.Chore}campaign.{campaign.Id}.{campaign.Turn}", cancellationToken);
}
