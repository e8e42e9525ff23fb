using LeadFunctions.Events;
using LeadFunctions.Journeys.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>Goes on with a campaign until nothing can be done just now. It knows nothing but the campaign's id: all else stands in its row.</summary>
public sealed class CampaignOrchestration(CampaignWork work, CampaignRuns runs)
{
    private const int TurnsPerHistory = 50;

    /// <summary>Its time has come, or somebody said to go on.</summary>
    [Function(nameof(BeginCampaign))]
    public Task BeginCampaign([QueueTrigger(Queues.Campaigns)] string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => runs.BeginAsync(client, id, cancellationToken);

    [Function(nameof(RunCampaign))]
    public static async Task RunCampaign([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var id = context.GetInput<string>() ?? throw new InvalidOperationException("It needs to know its campaign.");
        for (var turns = 0; turns < TurnsPerHistory; turns++)
        {
            if (await context.CallActivityAsync<bool>(nameof(SendToSome), id, ChoreOrchestrations.Patient))
            {
                return;
            }
        }

        context.ContinueAsNew(id);
    }

    /// <summary>Repeatable: it goes on from what the campaign's row says, and who has got it gets nothing more.</summary>
    [Function(nameof(SendToSome))]
    public Task<bool> SendToSome([ActivityTrigger] string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => work.AdvanceAsync(client, id, cancellationToken);
}
