using System.Text.Json;
using Azure;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;

namespace LeadFunctions.Journeys.Api;

/// <summary>Puts people in flight at another step, in another version or their own, and has them go on there.</summary>
internal sealed class RunMoves(RunsTable runs, EventWriter events, TimeProvider time)
{
    private const int Attempts = 5;

    /// <summary>False when it left the version, or came to a step without a place, before it could be moved.</summary>
    public async Task<bool> MoveAsync(Migration migration, Journey from, Journey to, StoredRun stored, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (stored.Run is not { Status: RunStatus.Active } run || run.Version != from.Version || migration.FindPlace(run.Step) is not { } place)
            {
                return false;
            }

            var moved = migration.Move(run, place, time.GetUtcNow());
            try
            {
                await runs.SaveAsync(stored, moved);
                await TellAsync(to, moved);
                return true;
            }
            catch (RequestFailedException lost) when (lost.Status == 412 && attempt < Attempts)
            {
                // It went on meanwhile: look where it stands now.
                if (await runs.FindAsync(run.Id, cancellationToken) is not { } again)
                {
                    return false;
                }

                stored = again;
            }
        }
    }

    /// <summary>Tells the lead what the run listens for from now on, which also wakes the run.</summary>
    public Task TellAsync(Journey to, RunState moved) => events.EnqueueAsync([new LeadEvent
    {
        Id = $"{moved.Id}/move/{to.Version}/{moved.Turn}",
        Type = EventType.Journey,
        Name = RunOrder.Move,
        At = time.GetUtcNow(),
        LeadId = moved.LeadId,
        Properties = JsonSerializer.SerializeToElement(new RunOrder(moved.Id, Version: to.Version, Bound: to.BoundBy(moved.Trigger)), JourneysJson.Default.RunOrder),
    }]);
}
