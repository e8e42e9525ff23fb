using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using LeadFunctions.Access;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Journeys.Api;

/// <summary>Moves people in flight to another version.</summary>
public sealed class MigrateFunctions(
    DefinitionsTable table, RunsTable runs, JourneyStore journeys, EventWriter events, TimeProvider time)
{
    private const int Attempts = 5;
    private const int AtOnce = 16;

    /// <summary>Asked again after it broke off, it moves who is left.</summary>
    [Function(nameof(MigrateRuns)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> MigrateRuns(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/journeys/{id}/migrate")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync<MigrationRequest>(request, cancellationToken);
        if (body is null)
        {
            return problem!; // one of the two is always set
        }

        if (!DefinitionId.IsValid(id) || await table.FindAsync(JourneyStore.Kind, id, cancellationToken) is null)
        {
            return Problems.NotFound(JourneyFunctions.TheJourney);
        }

        if (journeys.Current.Find(id, body.From) is not { } from)
        {
            return Problems.Invalid("$.from", "This version was never published.", "a version that people are in");
        }

        var isDry = body.DryRun ?? false;
        if ((journeys.Current.Find(id, body.To) ?? (isDry ? await DraftAsync(id, body.To, cancellationToken) : null)) is not { } to)
        {
            return Problems.Invalid("$.to", "This version was never published.", "a published version");
        }

        if (body.From == body.To)
        {
            return Problems.Invalid("$.to", "They are in this version already.", "another published version");
        }

        var migration = new Migration(from, to, body.Map ?? new Dictionary<string, string?>());
        if (migration.Mistakes().Select(mistake => new FieldError(DocumentPath.Member("$.map", mistake.Step), mistake.Message)).ToList() is [_, ..] mistakes)
        {
            return Problems.Invalid(mistakes);
        }

        var (moves, stuck, moved) = (new ConcurrentDictionary<StepMove, int>(), new ConcurrentDictionary<string, int>(), 0);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(runs.ListAsync(id, RunStatus.Active, null, null, cancellationToken), options, async (stored, cancel) =>
        {
            if (stored.Run.Version == body.To && stored.Run.Log is [.., { What: Migration.Moved }] && !isDry)
            {
                await TellAsync(to, stored.Run); // it may not have been told when this was asked before
            }

            if (stored.Run.Version != body.From || stored.Run.Step is not { } step)
            {
                return;
            }

            if (migration.FindPlace(step) is not { } place)
            {
                stuck.AddOrUpdate(step, 1, (_, count) => count + 1);
                return;
            }

            moves.AddOrUpdate(new(step, place.Step, 0), 1, (_, count) => count + 1);
            if (!isDry && await MoveAsync(migration, from, to, stored, cancel))
            {
                Interlocked.Increment(ref moved);
            }
        });

        return WebJson.Ok(new MigrationAnswer(
            body.From, body.To, isDry, moves.Values.Sum() + stuck.Values.Sum(),
            [.. moves.Select(move => move.Key with { Runs = move.Value }).OrderBy(move => move.From, StringComparer.Ordinal)],
            [.. stuck.Select(step => new StuckRuns(step.Key, step.Value, $"Version {body.To} has no step \"{step.Key}\"; name another in map, or null for the end.")).OrderBy(step => step.Step, StringComparer.Ordinal)],
            moved));
    }

    /// <summary>What is not published yet: whoever is about to wants to know who can go on in it.</summary>
    private async Task<Journey?> DraftAsync(string id, int version, CancellationToken cancellationToken) =>
        version > 0 && await table.FindVersionAsync(JourneyStore.Kind, id, version, cancellationToken) is { } stored ? JourneyStore.Read(stored) : null;

    /// <summary>False when it left the version, or came to a step without a place, before it could be moved.</summary>
    private async Task<bool> MoveAsync(Migration migration, Journey from, Journey to, StoredRun stored, CancellationToken cancellationToken)
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
    private Task TellAsync(Journey to, RunState moved) => events.EnqueueAsync([new LeadEvent
    {
        Id = $"{moved.Id}/move/{to.Version}/{moved.Turn}",
        Type = EventType.Journey,
        Name = RunOrder.Move,
        At = time.GetUtcNow(),
        LeadId = moved.LeadId,
        Properties = JsonSerializer.SerializeToElement(new RunOrder(moved.Id, Version: to.Version, Bound: to.BoundBy(moved.Trigger)), JourneysJson.Default.RunOrder),
    }]);

    /// <param name="Map">To null: the journey is over for who stands there.</param>
    internal sealed record MigrationRequest(int From, int To, IReadOnlyDictionary<string, string?>? Map = null, bool? DryRun = null);
}
