using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle.Owners;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Lifecycle.Api;

/// <summary>What sales does to leads, and what it is told of them.</summary>
public sealed class SalesFunctions(LeadReader leads, RulesInEffect rules, EventsByHand byHand, OwnersTable owners, HandOvers handOvers, TimeProvider time)
{
    private const int MaxName = 200;
    private const int ReadAhead = 32;

    [Function(nameof(SetLeadStage)), RequiresScope(Scope.Sales)]
    public Task<IResult> SetLeadStage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/leads/{id}/stage")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        byHand.ChangeAsync<NewStage>(request, id, async (lead, body) =>
        {
            var (change, errors) = StageChange.Of(body, rules.Current.Lifecycle.Document);
            if (change is null)
            {
                return Problems.Invalid(errors);
            }

            var accepted = await byHand.AcceptAsync(byHand.Setting(EventType.Stage, lead, Stages.Path, change with { From = lead.Whole.Stage, By = change.By ?? Caller.Of(request).Name, Cause = "person" }), lead.Id);
            RequestChanges.Note(new("stage", lead.Id, lead.Whole.Stage, change.Stage));
            return accepted;
        }, cancellationToken);

    [Function(nameof(SetLeadOwner)), RequiresScope(Scope.Sales)]
    public Task<IResult> SetLeadOwner(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/leads/{id}/owner")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        byHand.ChangeAsync<NewOwner>(request, id, async (lead, body) =>
        {
            if (body.Owner.Length > MaxName)
            {
                return Problems.Invalid("$.owner", "This owner's id is too long.", $"at most {MaxName} characters, or empty for nobody");
            }

            var accepted = await byHand.AcceptAsync(byHand.Setting(EventType.Owner, lead, Stages.OwnerPath, new { owner = body.Owner.Trim(), by = body.By ?? Caller.Of(request).Name, cause = "person" }), lead.Id);
            RequestChanges.Note(new("owner", lead.Id, lead.Whole.Owner, body.Owner.Trim()));
            return accepted;
        }, cancellationToken);

    [Function(nameof(GetLeadStages)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetLeadStages(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/{id}/stages")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await leads.FindAsync(id, cancellationToken) is { } lead ? WebJson.Ok(LeadStages.Of(lead, rules.Current.Lifecycle, time.GetUtcNow())) : Problems.NotFound("The lead");

    /// <summary>What somebody needs who is about to call.</summary>
    [Function(nameof(GetHandOver)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetHandOver(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/leads/{id}/handover")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await handOvers.FindAsync(id, cancellationToken) is { } handOver ? WebJson.Ok(handOver) : Problems.NotFound("The lead");

    /// <summary>Whom to call first.</summary>
    [Function(nameof(GetSalesQueue)), ShowsPeople, RequiresScope(Scope.Sales, Scope.Read)]
    public async Task<IResult> GetSalesQueue(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/sales/queue")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [.. KnownQuery.Check(request.Query, mayBeEmpty: "owner", ["stage", "owner", "limit"])];
        var limit = LeadsRequest.Limit(request.Query, errors);
        var stage = request.Query["stage"].ToString();
        if (stage.Length > 0 && !SalesQueue.Stages.Contains(stage))
        {
            errors.Add(new FieldError("stage", "Leads in this stage are not in the queue.", $"one of {string.Join(", ", SalesQueue.Stages)}, or nothing for all of them"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var (known, now) = (rules.Current, time.GetUtcNow());
        var owner = request.Query.TryGetValue("owner", out var asked) ? asked.ToString() : null;
        var found = await Task.WhenAll((stage.Length > 0 ? [stage] : SalesQueue.Stages)
            .Select(one => leads.ListAsync(new ListingQuery(new ListingFilter(Stage: one, Owner: owner), ListingOrder.Engagement, SalesQueue.Most), null, cancellationToken)));

        // The clock is with the profile: it is read of those who may come first.
        var first = found.SelectMany(page => page.Rows)
            .OrderByDescending(row => SalesQueue.RankOf(row, now)).Take(Math.Max(SalesQueue.LeastRead, 2 * limit)).ToList();
        var queue = new List<QueuedLead>();
        foreach (var some in first.Chunk(ReadAhead))
        {
            var read = await Task.WhenAll(some.Select(row => leads.FindAsync(row.Lead.Id, cancellationToken)));
            queue.AddRange(read.OfType<LeadState>().Where(lead => SalesQueue.Stages.Contains(lead.Whole.Stage)).Select(lead => SalesQueue.Of(lead, known, now)));
        }

        return WebJson.Ok(new Page<QueuedLead>([.. queue.OrderByDescending(lead => lead.Rank).ThenBy(lead => lead.LeadId, StringComparer.Ordinal).Take(limit)]));
    }

    [Function(nameof(ListOwners)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListOwners([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/sales/owners")] HttpRequest request, CancellationToken cancellationToken)
    {
        var busy = await owners.BusyAsync(cancellationToken);
        var known = rules.Current.Lifecycle.Document?.Owners ?? [];
        return WebJson.Ok(new Page<ShownOwner>(
        [
            .. known.Select(owner => new ShownOwner(owner.Id, owner.Name, owner.Email, owner.Capacity, busy.GetValueOrDefault(owner.Id))),
            .. busy.Keys.Where(id => known.All(owner => owner.Id != id) && busy[id] > 0).Order(StringComparer.Ordinal).Select(id => new ShownOwner(id, null, null, null, busy[id])),
        ]));
    }

    internal sealed record NewOwner(string Owner, string? By = null);

    /// <param name="Busy">Leads that they have in hand.</param>
    internal sealed record ShownOwner(string Id, string? Name, string? Email, int? Capacity, int Busy);
}
