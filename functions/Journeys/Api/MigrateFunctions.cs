using System.Collections.Concurrent;
using LeadFunctions.Access;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Journeys.Model;
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
    private const int AtOnce = 16;

    private readonly RunMoves _moves = new(runs, events, time);

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
        await Parallel.ForEachAsync(runs.ListAsync(id, RunStatus.Active, null, null, null, cancellationToken), options, async (stored, cancel) =>
        {
            if (stored.Run.Version == body.To && stored.Run.Log is [.., { What: Migration.Moved }] && !isDry)
            {
                await _moves.TellAsync(to, stored.Run); // it may not have been told when this was asked before
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
            if (!isDry && await _moves.MoveAsync(migration, from, to, stored, cancel))
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

    /// <summary>Has one person go on at another step, of the same version or of another.</summary>
    [Function(nameof(MoveRun)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> MoveRun(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/runs/{id}/move")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync<MoveRunRequest>(request, cancellationToken);
        if (body is null)
        {
            return problem!; // one of the two is always set
        }

        if (await runs.FindAsync(id, cancellationToken) is not { Run: { } run } stored)
        {
            return Problems.NotFound("The run");
        }

        if (run is not { Status: RunStatus.Active, Step: { } here } || journeys.Current.Find(run.Journey, run.Version) is not { } from)
        {
            return Problems.Conflict("Nobody is inside who could be moved.", run.EndReason);
        }

        if (journeys.Current.Find(run.Journey, body.Version ?? run.Version) is not { } to)
        {
            return Problems.Invalid("$.version", "This version was never published.", "a published version, or nothing for the one that the person is in");
        }

        if (to.Find(body.Step) is null)
        {
            return Problems.Invalid("$.step", $"Version {to.Version} has no step \"{body.Step}\".", "a step's id");
        }

        if (body.From is { } expected && from.Find(expected) is null)
        {
            return Problems.Invalid("$.from", $"Version {from.Version} has no step \"{expected}\".", "the id of the step that the person stands at, or nothing for wherever that is");
        }

        return (body.From ?? here) == here && await _moves.MoveAsync(new(from, to, new Dictionary<string, string?> { [here] = body.Step }, isMapAlone: true), from, to, stored, cancellationToken)
            ? WebJson.Accepted(new RunApiFunctions.AcceptedRun(run.Id, run.LeadId))
            : Problems.Conflict("The person has gone on meanwhile.", "Look where they stand now, and move them from there.");
    }

    /// <param name="Version">Null: the one that the run is in.</param>
    /// <param name="From">Where whoever asks for it saw the person stand; null: wherever that is.</param>
    internal sealed record MoveRunRequest(string Step, int? Version = null, string? From = null);

    /// <param name="Map">To null: the journey is over for who stands there.</param>
    internal sealed record MigrationRequest(int From, int To, IReadOnlyDictionary<string, string?>? Map = null, bool? DryRun = null);
}
