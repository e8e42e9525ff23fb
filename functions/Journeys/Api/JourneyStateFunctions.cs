using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Journeys.Api;

/// <summary>What is done to a journey as a whole: pause, resume, archive.</summary>
public sealed class JourneyStateFunctions(
    DefinitionsTable table, RunsTable runs, RulesInEffect rules, LeadReader leads, TimeProvider time, ILogger<JourneyStateFunctions> logger)
{
    [Function(nameof(PauseJourney)), RequiresScope(Scope.Marketer)]
    public Task<IResult> PauseJourney(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/journeys/{id}/pause")] HttpRequest request, string id,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => ChangeAsync(id, JourneyState.Paused, client, cancellationToken);

    [Function(nameof(ArchiveJourney)), RequiresScope(Scope.Marketer)]
    public Task<IResult> ArchiveJourney(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/journeys/{id}/archive")] HttpRequest request, string id,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => ChangeAsync(id, JourneyState.Archived, client, cancellationToken);

    /// <summary>Also takes an archived journey back into use; who left it stays out.</summary>
    [Function(nameof(ResumeJourney)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> ResumeJourney(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/journeys/{id}/resume")] HttpRequest request, string id,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var isDry = request.Query.TryGetValue("dryRun", out var dry) && dry == "true";
        return isDry ? await ForecastAsync(id, cancellationToken) : await ChangeAsync(id, JourneyState.Live, client, cancellationToken);
    }

    private async Task<IResult> ChangeAsync(string id, JourneyState state, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id) || await table.FindAsync(JourneyStore.Kind, id, cancellationToken) is not { } pointer)
        {
            return Problems.NotFound(JourneyFunctions.TheJourney);
        }

        if (pointer.Live is null)
        {
            return Problems.Conflict("The journey was never published.");
        }

        var text = JsonSerializer.Serialize(new JourneyStateDocument(state.ToString().ToLowerInvariant()), WebJson.Options);
        var saved = await table.SaveLiveAsync(JourneyStore.StateKind, id, text, null, cancellationToken);
        if (state != JourneyState.Paused)
        {
            await StartWalkAsync(client, nameof(ChoreOrchestrations.WakeRuns), id, table, $"wake.{id}.{saved.Pointer.Latest}", cancellationToken);
        }

        if (state != JourneyState.Archived && await WasArchivedAsync(id, saved.Pointer, cancellationToken) && await JourneyFunctions.NeedsLookAsync(table, id, pointer.Live.Value, cancellationToken))
        {
            await StartWalkAsync(client, nameof(ChoreOrchestrations.NoteDates), id, table, $"dates.{id}.resumed.{saved.Pointer.Latest}", cancellationToken);
        }

        logger.JourneyStateChanged(id, state);
        return WebJson.Ok(new ChangedJourney(id, state, pointer.Live, saved.IsChanged));
    }

    /// <summary>While it was, nobody noted when it concerns them. Asked of what is stored, so that a repetition after a crash does what is left.</summary>
    private async Task<bool> WasArchivedAsync(string id, DefinitionPointer state, CancellationToken cancellationToken) =>
        await table.FindVersionAsync(JourneyStore.StateKind, id, state.Latest - 1, cancellationToken) is { } before
        && JourneyStore.ParseState(before.Read<JourneyStateDocument>().State) == JourneyState.Archived;

    private async Task<IResult> ForecastAsync(string id, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id) || await table.FindAsync(JourneyStore.Kind, id, cancellationToken) is null)
        {
            return Problems.NotFound(JourneyFunctions.TheJourney);
        }

        var forecast = new Forecast(rules.Current, time.GetUtcNow());
        await foreach (var some in runs.ListAsync(id, RunStatus.Active, null, null, null, cancellationToken).Chunk(64).WithCancellation(cancellationToken))
        {
            var found = await Task.WhenAll(some.Select(stored => leads.FindAsync(stored.Run.LeadId, cancellationToken)));
            for (var i = 0; i < some.Length; i++)
            {
                forecast.Add(some[i].Run, found[i]);
            }
        }

        return WebJson.Ok(forecast.Answer());
    }

    /// <summary>Starts a walk over a journey's runs or all leads, once for each name, that goes on when all instances know of the change.</summary>
    internal static async Task StartWalkAsync(DurableTaskClient client, string orchestrator, string journey, DefinitionsTable table, string name, CancellationToken cancellationToken)
    {
        var page = new ChorePage(journey, null, 0) { Pause = 2 * table.KnownWithin };
        await DueMinutes.StartOnceAsync(client, orchestrator, page, new StartOrchestrationOptions(ChoreOrchestrations.Chore + name), mayExist: true, cancellationToken);
    }
}
