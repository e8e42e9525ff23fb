using LeadFunctions.Journeys.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LeadFunctions.Imports;

/// <summary>Has an import read on until it is over. It knows nothing but the import's id: all else stands in its row.</summary>
public sealed class ImportOrchestration(ImportWork work)
{
    private const int TurnsPerHistory = 50;

    [Function(nameof(RunImport))]
    public static async Task RunImport([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var id = context.GetInput<string>() ?? throw new InvalidOperationException("It needs to know its import.");
        for (var turns = 0; turns < TurnsPerHistory; turns++)
        {
            if (await context.CallActivityAsync<bool>(nameof(ReadSomeRows), id, ChoreOrchestrations.Patient))
            {
                return;
            }
        }

        context.ContinueAsNew(id);
    }

    /// <summary>Repeatable: it goes on from what the import's row says.</summary>
    [Function(nameof(ReadSomeRows))]
    public Task<bool> ReadSomeRows([ActivityTrigger] string id, CancellationToken cancellationToken) => work.AdvanceAsync(id, cancellationToken);
}
