using System.Globalization;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Journeys.Api;

/// <summary>Runs, as people look at them.</summary>
public sealed class RunApiFunctions(RunsTable runs, DefinitionsTable table, JourneyStore journeys, LeadReader leads, EventWriter events, TimeProvider time)
{
    private const int DefaultPage = 50;
    private const int MaxPage = 500;
    private const string TheRun = "The run";

    [Function(nameof(ListRuns)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> ListRuns(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/journeys/{id}/runs")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!await ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound(JourneyFunctions.TheJourney);
        }

        if (KnownQuery.Check(request.Query, "status", "step", "version", "limit", "cursor").ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        RunStatus? status = null;
        if (request.Query.TryGetValue("status", out var asked))
        {
            if (!Enum.TryParse<RunStatus>(asked, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
            {
                return Problems.Invalid("status", "There is no such status.", string.Join(", ", Enum.GetValues<RunStatus>().Select(known => known.Name())));
            }

            status = parsed;
        }

        int? version = null;
        if (request.Query.TryGetValue("version", out var number))
        {
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var only) || only < 1)
            {
                return Problems.Invalid("version", "This is not a version.", "a whole number from 1, or nothing for all");
            }

            version = only;
        }

        if (Limit(request, out var size) is { } problem)
        {
            return problem;
        }

        Position? after = null;
        if (request.Query.TryGetValue("cursor", out var cursor) && !Cursor.TryDecode(cursor, out after))
        {
            return Problems.InvalidCursor();
        }

        var page = new List<RunState>();
        var step = request.Query.TryGetValue("step", out var wanted) ? wanted.ToString() : null;
        await foreach (var stored in runs.ListAsync(id, status, step, version, after is null ? null : (after.Shard, after.Row), cancellationToken))
        {
            if (page.Count == size)
            {
                var (shard, row) = RunsTable.PositionOf(page[^1]);
                return WebJson.Ok(new Page<ListedRun>([.. page.Select(ListedRun.Of)], Cursor.Encode(new Position(shard, row))));
            }

            page.Add(stored.Run);
        }

        return WebJson.Ok(new Page<ListedRun>([.. page.Select(ListedRun.Of)]));
    }

    [Function(nameof(StartRun)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> StartRun(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/journeys/{id}/runs")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync<NewRun>(request, cancellationToken);
        if (body is null)
        {
            return problem!; // one of the two is always set
        }

        if (!await ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound(JourneyFunctions.TheJourney);
        }

        if (journeys.Current.Live(id) is null)
        {
            return Problems.Conflict("The journey is not live.", "Publish it first, or resume it when it is archived.");
        }

        if (await leads.FindAsync(body.LeadId, cancellationToken) is not { } lead)
        {
            return Problems.Invalid("$.leadId", "There is no such lead.", "the id of a lead");
        }

        if (body.Data is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            return Problems.Invalid("$.data", "This is not an object.", "an object, or nothing");
        }

        var key = body.Key ?? Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var order = new RunOrder(Journey: id, Key: key, Data: body.Data is { ValueKind: JsonValueKind.Object } data ? data : null, Reason: "By the API.");
        var start = Order(lead.Id, RunOrder.Start, $"start/{id}/{StableHash.Text(key)}", order);
        if (Acts.FaultOf([start]) is not null)
        {
            return Problems.Invalid("$.data", "This is larger than an event may be.", "about 40 KiB, more where it compresses well");
        }

        await events.EnqueueAsync([start]);
        return WebJson.Accepted(new AcceptedRun(RunId.Of(id, lead.Id, key), lead.Id));
    }

    [Function(nameof(ListLeadRuns)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> ListLeadRuns(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/{id}/runs")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await leads.FindAsync(id, cancellationToken) is not { } lead)
        {
            return Problems.NotFound("The lead");
        }

        // The profile remembers which journeys the lead was ever in; so do those of the leads that it absorbed.
        var asked = (lead.Journeys?.Past.Keys ?? []).SelectMany(journey => lead.AllIds.Select(leadId => runs.OfLeadAsync(journey, leadId, cancellationToken)));
        var found = (await Task.WhenAll(asked)).SelectMany(some => some).OrderByDescending(run => run.EnteredAt);
        return WebJson.Ok(new Page<ListedRun>([.. found.Select(ListedRun.Of)]));
    }

    [Function(nameof(GetRun)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetRun(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/runs/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await runs.FindAsync(id, cancellationToken) is { } stored ? WebJson.Ok(ShownRun.Of(stored.Run)) : Problems.NotFound(TheRun);

    [Function(nameof(CancelRun)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> CancelRun(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/runs/{id}/cancel")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(id, cancellationToken) is not { Run: { } run })
        {
            return Problems.NotFound(TheRun);
        }

        if (run.Status != RunStatus.Active)
        {
            return Problems.Conflict(run.Status == RunStatus.HeldOut ? "The lead is held out: there is nothing to cancel." : "The run has ended.", run.EndReason);
        }

        await events.EnqueueAsync([Order(run.LeadId, RunOrder.Stop, $"{run.Id}/stop", new RunOrder(run.Id, Reason: "It was cancelled by hand."))]);
        return WebJson.Accepted(new AcceptedRun(run.Id, run.LeadId));
    }

    private LeadEvent Order(string leadId, string name, string eventId, RunOrder order) => new()
    {
        Id = eventId,
        Type = EventType.Journey,
        Name = name,
        At = time.GetUtcNow(),
        LeadId = leadId,
        Properties = JsonSerializer.SerializeToElement(order, JourneysJson.Default.RunOrder),
    };

    private async Task<bool> ExistsAsync(string id, CancellationToken cancellationToken) =>
        DefinitionId.IsValid(id) && await table.FindAsync(JourneyStore.Kind, id, cancellationToken) is not null;

    private static IResult? Limit(HttpRequest request, out int size)
    {
        size = DefaultPage;
        return request.Query.TryGetValue("limit", out var limit) && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MaxPage)
            ? Problems.Invalid("limit", "The page size is out of range.", $"1 to {MaxPage}")
            : null;
    }

    /// <param name="Data">What placeholders call <c>trigger</c>.</param>
    /// <param name="Key">The same key starts one run only; a new one when left out.</param>
    internal sealed record NewRun(string LeadId, JsonElement? Data = null, string? Key = null);

    /// <param name="Run">It exists once the journey's entry rules have let the lead in.</param>
    internal sealed record AcceptedRun(string Run, string LeadId);

    private sealed record Position(int Shard, string Row);
}
