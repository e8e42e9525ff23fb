using System.Text.Json;
using Azure;
using LeadFunctions.Access;
using LeadFunctions.Ingest;
using LeadFunctions.Leads;
using LeadFunctions.Platform;
using LeadFunctions.Scoring;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Journeys;

/// <summary>Moves people in flight to another version.</summary>
public sealed class MigrateFunctions(
    DefinitionsTable table, RunsTable runs, JourneyStore journeys, ScoringModelStore scoring, LeadReader leads, EventWriter events, TimeProvider time)
{
    private const int Attempts = 5;

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

        if (journeys.Current.Find(id, body.To) is not { } to)
        {
            return Problems.Invalid("$.to", "This version was never published.", "a published version");
        }

        var migration = new Migration(from, to, body.Map ?? new Dictionary<string, string>());
        if (migration.Mistakes().Select(mistake => new FieldError(Conditions.DocumentPath.Member("$.map", mistake.Step), mistake.Message)).ToList() is [_, ..] mistakes)
        {
            return Problems.Invalid(mistakes);
        }

        var isDry = body.DryRun ?? false;
        var (moves, stuck, moved) = (new Dictionary<(string, string), int>(), new Dictionary<string, int>(), 0);
        await foreach (var stored in runs.ListAsync(id, RunStatus.Active, null, null, cancellationToken))
        {
            if (stored.Run.Version != body.From || stored.Run.Step is not { } step)
            {
                continue;
            }

            if (migration.TargetOf(step) is not { } target)
            {
                stuck[step] = stuck.GetValueOrDefault(step) + 1;
                continue;
            }

            moves[(step, target)] = moves.GetValueOrDefault((step, target)) + 1;
            moved += !isDry && await MoveAsync(migration, to, stored, cancellationToken) ? 1 : 0;
        }

        return WebJson.Ok(new MigrationAnswer(
            body.From, body.To, isDry, moves.Values.Sum() + stuck.Values.Sum(),
            [.. moves.Select(move => new StepMove(move.Key.Item1, move.Key.Item2, move.Value))],
            [.. stuck.Select(step => new StuckRuns(step.Key, step.Value, $"Version {body.To} has no step \"{step.Key}\"; name another in map."))],
            moved));
    }

    private async Task<bool> MoveAsync(Migration migration, Journey to, StoredRun stored, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var run = stored.Run;
            var (now, lead) = (time.GetUtcNow(), await leads.FindAsync(run.LeadId, cancellationToken));
            var facts = RunWorld.Facts(journeys.Current, to, run, lead, scoring.Current, now);
            try
            {
                await runs.SaveAsync(stored, migration.Move(run, facts, now));
                break;
            }
            catch (RequestFailedException lost) when (lost.Status == 412 && attempt < Attempts)
            {
                // It went on meanwhile: look where it stands now.
                if (await runs.FindAsync(run.Id, cancellationToken) is not { Run: { Status: RunStatus.Active } current } again
                    || current.Version == to.Version || migration.TargetOf(current.Step) is null)
                {
                    return false;
                }

                stored = again;
            }
        }

        await events.EnqueueAsync([new LeadEvent
        {
            Id = $"{stored.Run.Id}/move/{stored.Run.Version}-{to.Version}/{stored.Run.Turn}",
            Type = EventType.Journey,
            Name = RunOrder.Move,
            At = time.GetUtcNow(),
            LeadId = stored.Run.LeadId,
            Properties = JsonSerializer.SerializeToElement(new RunOrder(stored.Run.Id, Version: to.Version), JourneysJson.Default.RunOrder),
        }]);
        return true;
    }

    internal sealed record MigrationRequest(int From, int To, IReadOnlyDictionary<string, string>? Map = null, bool? DryRun = null);
}
