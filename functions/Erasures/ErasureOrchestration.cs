using LeadFunctions.Journeys.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Erasures;

/// <summary>Has an erasure gone on with, place by place, until nothing can be done just now. It knows nothing but the erasure's id: all else stands in its row.</summary>
public sealed class ErasureOrchestration(ErasureWork work)
{
    private const int TurnsPerHistory = 50;

    [Function(nameof(EraseLead))]
    public static async Task EraseLead([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var id = context.GetInput<string>() ?? throw new InvalidOperationException("It needs to know its erasure.");
        for (var turns = 0; turns < TurnsPerHistory; turns++)
        {
            if (await context.CallActivityAsync<bool>(nameof(EraseSome), id, ChoreOrchestrations.Patient))
            {
                return;
            }
        }

        context.ContinueAsNew(id);
    }

    /// <summary>Repeatable: it goes on from what the erasure's row says.</summary>
    [Function(nameof(EraseSome))]
    public Task<bool> EraseSome([ActivityTrigger] string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => work.GoOnAsync(client, id, cancellationToken);
}
