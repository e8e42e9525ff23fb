using System.Text.Json;
using LeadFunctions.Journeys.Runs;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Imports;

/// <summary>Starts and ends imports, and deletes what they hold when its time is over.</summary>
public sealed class ImportRuns(ImportsTable table, ImportFiles files, IOptions<ImportsOptions> options, TimeProvider time)
{
    /// <summary>Nobody reads a piece for so long.</summary>
    private static readonly TimeSpan Lost = TimeSpan.FromMinutes(2);

    /// <summary>Null when the import has changed meanwhile.</summary>
    internal async Task<ImportState?> TryStartAsync(DurableTaskClient client, StoredImport stored, bool isDryRun, bool isAgain, CancellationToken cancellationToken)
    {
        await files.DeleteRefusedAsync(stored.State.Id, cancellationToken);
        var now = time.GetUtcNow();
        var import = stored.State with
        {
            Status = isDryRun ? ImportStatus.Checking : ImportStatus.Running,
            Turn = stored.State.Turn + 1,
            Failure = null,
            Now = new(now, now, TimeProvider.System.GetUtcNow(), isAgain),
        };
        if (!await table.TrySaveAsync(stored, import, cancellationToken))
        {
            return null;
        }

        await ScheduleAsync(client, import, cancellationToken);
        return import;
    }

    /// <summary>Has somebody read on. Does nothing where somebody does.</summary>
    internal async Task ScheduleAsync(DurableTaskClient client, ImportState import, CancellationToken cancellationToken)
    {
        var instance = $"{ChoreOrchestrations.Chore}import.{import.Id}.{import.Turn}";
        if (await client.GetInstanceAsync(instance, cancellationToken) is not { RuntimeStatus: OrchestrationRuntimeStatus.Running or OrchestrationRuntimeStatus.Pending })
        {
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(ImportOrchestration.RunImport), import.Id, new StartOrchestrationOptions(instance), cancellationToken);
        }
    }

    /// <summary>An import whose starter died before somebody could read, or that stood still for longer than the engine tries, goes on when somebody looks at it.</summary>
    internal async Task ReviveAsync(DurableTaskClient client, ImportState import, CancellationToken cancellationToken)
    {
        if (import is { IsUnderWay: true, Now.SavedAt: var savedAt } && TimeProvider.System.GetUtcNow() - savedAt > Lost)
        {
            await ScheduleAsync(client, import, cancellationToken);
        }
    }

    /// <summary>As it stands then; one that is done stays so. Null when there is none.</summary>
    internal async Task<ImportState?> CancelAsync(string id, CancellationToken cancellationToken)
    {
        while (await table.FindAsync(id, cancellationToken) is { } stored)
        {
            if (stored.State.Status == ImportStatus.Done)
            {
                return stored.State;
            }

            var cancelled = Forgotten(stored.State) with { Status = ImportStatus.Cancelled };
            if (await table.TrySaveAsync(stored, cancelled, cancellationToken))
            {
                await files.DeleteAsync(id, cancellationToken);
                return cancelled;
            }
        }

        return null;
    }

    /// <summary>Deletes what imports hold that are older than they may be kept.</summary>
    internal async Task ForgetOldAsync(CancellationToken cancellationToken)
    {
        foreach (var stored in await table.WithFilesAsync(time.GetUtcNow().AddDays(-options.Value.Days), cancellationToken))
        {
            if (!stored.State.IsUnderWay)
            {
                await files.DeleteAsync(stored.State.Id, cancellationToken);
                var status = stored.State.Status == ImportStatus.Done ? ImportStatus.Done : ImportStatus.Cancelled;
                await table.TrySaveAsync(stored, Forgotten(stored.State) with { Status = status }, cancellationToken);
            }
        }
    }

    internal static string Named(ImportStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    /// <summary>Counts stay; what stood in the file does not.</summary>
    private static ImportState Forgotten(ImportState import) => import with
    {
        FileIsGone = true,
        Now = import.Now is { } now ? now with { Faults = [] } : null,
        Check = import.Check is { } check ? check with { Faults = [] } : null,
    };
}
