using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Ingest;
using LeadFunctions.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads;

/// <summary>What a person does to a lead. Each becomes an event like any other: answered when it is durable, applied a moment later, kept in the timeline.</summary>
public sealed class LeadActionFunctions(LeadReader leads, EventWriter events, TimeProvider time)
{
    private const int MaxReason = 2_000;

    [Function(nameof(MergeLeads)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> MergeLeads(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/leads/{id}/merge")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync<OtherLead>(request, cancellationToken);
        if (body is null)
        {
            return problem!; // one of the two is always set
        }

        var (stays, goes) = (await leads.FindAsync(id, cancellationToken), await leads.FindAsync(body.Lead, cancellationToken));
        if (stays is null)
        {
            return Problems.NotFound("The lead");
        }

        if (goes is null || goes.Id == stays.Id)
        {
            return Problems.Invalid("$.lead", goes is null ? "There is no such lead." : "This is the same lead already.", "the id of another lead");
        }

        return await AcceptAsync(Merges.FreezeByHand(goes.Id, stays.Id, NewId(), time.GetUtcNow()), stays.Id);
    }

    [Function(nameof(UnmergeLeads)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> UnmergeLeads(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/leads/{id}/unmerge")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync<OtherLead>(request, cancellationToken);
        if (body is null)
        {
            return problem!; // one of the two is always set
        }

        if (await leads.FindAsync(id, cancellationToken) is not { } lead)
        {
            return Problems.NotFound("The lead");
        }

        if (!lead.Absorbed.Exists(part => part.Id == body.Lead))
        {
            return Problems.Invalid("$.lead", "It was not merged into this lead.", "one of its mergedLeads: " + string.Join(", ", lead.Absorbed.Select(part => part.Id)));
        }

        return await AcceptAsync(Merges.LetGo(lead.Id, body.Lead, NewId(), time.GetUtcNow()), lead.Id);
    }

    [Function(nameof(SetLeadStage)), RequiresScope(Scope.Sales)]
    public async Task<IResult> SetLeadStage(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/leads/{id}/stage")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (body, problem) = await RequestBody.ReadJsonAsync<NewStage>(request, cancellationToken);
        if (body is null)
        {
            return problem!; // one of the two is always set
        }

        if (!Stages.All.Contains(body.Stage))
        {
            return Problems.Invalid("$.stage", "This is not a lifecycle stage.", "one of " + string.Join(", ", Stages.All));
        }

        if (body.Reason is { Length: > MaxReason })
        {
            return Problems.Invalid("$.reason", "This reason is too long.", $"at most {MaxReason} characters");
        }

        if (await leads.FindAsync(id, cancellationToken) is not { } lead)
        {
            return Problems.NotFound("The lead");
        }

        var requestId = NewId();
        return await AcceptAsync(new LeadEvent
        {
            Id = "stage/" + requestId,
            Type = EventType.Stage,
            Name = "stage",
            At = time.GetUtcNow(),
            LeadId = lead.Id,
            Properties = JsonSerializer.SerializeToElement(body, WebJson.Options),
        }, lead.Id);
    }

    private async Task<IResult> AcceptAsync(LeadEvent e, string leadId)
    {
        await events.EnqueueAsync([e]);
        return Results.Json(new AcceptedChange(e.Id, leadId), WebJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    /// <param name="Lead">A lead's id.</param>
    internal sealed record OtherLead(string Lead);

    /// <param name="Reason">Kept in the timeline.</param>
    internal sealed record NewStage(string Stage, string? Reason = null);

    /// <param name="EventId">Appears in the timeline once it is applied.</param>
    internal sealed record AcceptedChange(string EventId, string LeadId);
}
