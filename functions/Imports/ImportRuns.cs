using System.Runtime.CompilerServices;
using System.Text.Json;
using LeadFunctions.Imports.Rows;
using LeadFunctions.Journeys.Runs;
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
    internal Task ScheduleAsync(DurableTaskClient client, ImportState import, CancellationToken cancellationToken) => DueMinutes.StartUnlessUnderWayAsync(
        client, nameof(ImportOrchestration.RunImport), import.Id, $"{ChoreOrchestrations.Chore}import.{import.Id}.{import.Turn}", cancellationToken);

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

    /// <summary>
    /// Deletes the files that somebody is in, with what was refused of them: of a file that was read nobody needs more than its counts, and one that was not yet is to come again without them. One that is being read
    /// has to wait.
    /// </summary>
    /// <param name="isTheirs">Whether a cell is an address, a number or a name of theirs.</param>
    /// <returns>How many files, and whether none has to wait.</returns>
    internal async Task<(int Files, bool IsDone)> EraseAsync(Func<string, bool> isTheirs, CancellationToken cancellationToken)
    {
        var (count, isDone) = (0, true);
        foreach (var (import, tag) in await table.WithFilesAsync(time.GetUtcNow().AddYears(1), cancellationToken))
        {
            if (!await HasAsync(import, isTheirs, cancellationToken))
            {
                continue;
            }

            if (import.IsUnderWay)
            {
                isDone = false;
                continue;
            }

            count++;
            await files.DeleteAsync(import.Id, cancellationToken);
            var left = Forgotten(import) with { Status = import.Status == ImportStatus.Done ? ImportStatus.Done : ImportStatus.Cancelled, Failure = "Its file is deleted: somebody in it was erased." };
            isDone &= await table.TrySaveAsync(new(import, tag), left, cancellationToken); // else somebody has just begun with it
        }

        return (count, isDone);
    }

    internal static string Named(ImportStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    /// <summary>The rows of files that somebody is in; null for a file that nobody can read, and say who is in it. Reads all files.</summary>
    /// <param name="isTheirs">Whether a cell is an address, a number or a name of theirs.</param>
    internal async IAsyncEnumerable<(ImportState Import, CsvRow? Row)> RowsAsync(Func<string, bool> isTheirs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (import, _) in await table.WithFilesAsync(time.GetUtcNow().AddYears(1), cancellationToken))
        {
            await foreach (var row in RowsAsync(import, isTheirs, cancellationToken))
            {
                yield return (import, row);
            }
        }
    }

    private async Task<bool> HasAsync(ImportState import, Func<string, bool> isTheirs, CancellationToken cancellationToken)
    {
        await foreach (var _ in RowsAsync(import, isTheirs, cancellationToken))
        {
            return true;
        }

        return false;
    }

    private async IAsyncEnumerable<CsvRow?> RowsAsync(ImportState import, Func<string, bool> isTheirs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (offset, line) = (0L, 1L);
        while (import.File is { } file && await files.ReadAsync(import.Id, offset, ImportFiles.PieceBytes, cancellationToken) is { Length: > 0 } bytes)
        {
            if (Read(bytes, offset + bytes.Length >= file.Bytes, file.Dialect, line) is not { Bytes: > 0 } piece)
            {
                yield return null;
                yield break;
            }

            foreach (var row in piece.Rows.Where(row => row.Cells.Any(cell => isTheirs(CellGuard.Unguard(cell.Trim())))))
            {
                yield return row;
            }

            (offset, line) = (offset + piece.Bytes, line + piece.Lines);
        }
    }

    private static CsvPiece? Read(ReadOnlyMemory<byte> bytes, bool isLast, CsvDialect dialect, long line)
    {
        try
        {
            return CsvText.Read(bytes.Span, isLast, dialect, line);
        }
        catch (UnreadableTextException)
        {
            return null;
        }
    }

    /// <summary>Counts stay; what stood in the file does not.</summary>
    private static ImportState Forgotten(ImportState import) => import with
    {
        FileIsGone = true,
        Now = import.Now is { } now ? now with { Faults = [] } : null,
        Check = import.Check is { } check ? check with { Faults = [] } : null,
    };
}
