using LeadFunctions.Journeys.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Erasures;

/// <summary>Has an erasure gone on with, place by place, until nothing can be done just now. It knows nothing but the erasure's id: all else stands in its row.</summary>
public sealed class ErasureOrchestration(ErasureWork work, TimeProvider time)
{
    private const int TurnsPerHistory = 50;

    /// <summary>Of one activity.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

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
    public async Task<bool> EraseSome([ActivityTrigger] string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < Patience;)
        {
            if (await work.AdvanceAsync(client, id, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }
}
