using LeadFunctions.Journeys.Runs;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Erasures;

/// <summary>Has erasures gone on with: at once, when it is time for another look, and after whoever was at one died.</summary>
public sealed class ErasureRuns(ErasuresTable table, DueMinutes minutes, TimeProvider time) : IDueOthers
{
    private const string Begins = "erasure|";

    /// <summary>Nobody has come for it, though it was time.</summary>
    private static readonly TimeSpan Lost = TimeSpan.FromMinutes(5);

    public string Prefix => Begins;

    public bool BeginWalks => true;

    public async Task TickAsync(IReadOnlyList<string> rows, DateTimeOffset begins, DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            if (await table.FindAsync(row[Begins.Length..], cancellationToken) is { State: { Status: ErasureStatus.Checking } erasure })
            {
                await ScheduleAsync(client, erasure, cancellationToken);
            }
        }
    }

    /// <summary>Has somebody go on with it. Does nothing where somebody does.</summary>
    internal Task ScheduleAsync(DurableTaskClient client, ErasureState erasure, CancellationToken cancellationToken) => DueMinutes.StartUnlessUnderWayAsync(
        client, nameof(ErasureOrchestration.EraseLead), erasure.Id, $"{ChoreOrchestrations.Chore}erasure.{erasure.Id}.{erasure.Look}", cancellationToken);

    /// <summary>Has it looked at again then. Repeatable.</summary>
    internal async Task ScheduleAtAsync(DurableTaskClient client, ErasureState erasure, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!await minutes.NoteAsync(client, Begins + erasure.Id, at, $"{erasure.Id}.{erasure.Look}", cancellationToken))
        {
            await ScheduleAsync(client, erasure, cancellationToken); // the minute has come meanwhile
        }
    }

    /// <summary>One whose starter died before anybody began, or whose time for another look passed unseen, goes on when somebody asks about it.</summary>
    internal async Task ReviveAsync(DurableTaskClient client, ErasureState erasure, CancellationToken cancellationToken)
    {
        if (erasure.Status == ErasureStatus.Erasing || (erasure.Status == ErasureStatus.Checking && time.GetUtcNow() - erasure.DueAt > Lost))
        {
            await ScheduleAsync(client, erasure, cancellationToken);
        }
    }
}
