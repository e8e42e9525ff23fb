using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Http;
using LeadFunctions.Segments;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Leads.Api;

/// <summary>What a person does to a lead, as events (<see cref="EventsByHand"/>); what sales does is in the lifecycle.</summary>
public sealed class LeadActionFunctions(LeadReader leads, RulesInEffect rules, EventsByHand byHand, TimeProvider time)
{
    [Function(nameof(MergeLeads)), RequiresScope(Scope.Marketer)]
    public Task<IResult> MergeLeads(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/leads/{id}/merge")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        byHand.ChangeAsync<OtherLead>(request, id, async (stays, body) =>
        {
            var goes = await leads.FindAsync(body.Lead, cancellationToken);
            return goes is null || goes.Id == stays.Id
                ? Problems.Invalid("$.lead", goes is null ? "There is no such lead." : "This is the same lead already.", "the id of another lead")
                : await byHand.AcceptAsync(Merges.FreezeByHand(goes.Id, stays.Id, byHand.NewId(), time.GetUtcNow()), stays.Id);
        }, cancellationToken);

    [Function(nameof(UnmergeLeads)), RequiresScope(Scope.Marketer)]
    public Task<IResult> UnmergeLeads(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/leads/{id}/unmerge")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        byHand.ChangeAsync<OtherLead>(request, id, async (lead, body) => lead.Absorbed.Find(part => part.Id == body.Lead) is { } gone
            ? await byHand.AcceptAsync(Merges.LetGo(lead.Id, body.Lead, byHand.NewId(), time.GetUtcNow(), Partings.AgreedSince(lead, gone)), lead.Id)
            : Problems.Invalid(
                "$.lead", lead.AllIds.Contains(body.Lead) ? "It was merged too long ago, or into a lead that was merged into this one: the two cannot be told apart any more." : "It was not merged into this lead.",
                "one of its mergedLeads: " + string.Join(", ", lead.Absorbed.Select(part => part.Id))), cancellationToken);

    [Function(nameof(AddToSegment)), RequiresScope(Scope.Marketer)]
    public Task<IResult> AddToSegment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/segments/{id}/leads/{leadId}")] HttpRequest request, string id, string leadId, CancellationToken cancellationToken) =>
        ChangeSegmentAsync(id, leadId, isMember: true, cancellationToken);

    [Function(nameof(RemoveFromSegment)), RequiresScope(Scope.Marketer)]
    public Task<IResult> RemoveFromSegment(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/segments/{id}/leads/{leadId}")] HttpRequest request, string id, string leadId, CancellationToken cancellationToken) =>
        ChangeSegmentAsync(id, leadId, isMember: false, cancellationToken);

    private async Task<IResult> ChangeSegmentAsync(string segment, string leadId, bool isMember, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(segment) || segment.Length > SegmentMembership.NameLimit)
        {
            return Problems.Invalid("id", "A segment cannot bear this name.", $"1 to {SegmentMembership.NameLimit} characters");
        }

        if (rules.Current.Segments.IsLive(segment))
        {
            return Problems.Conflict("This segment is not kept by hand: its conditions decide who is in it.");
        }

        return await leads.FindAsync(leadId, cancellationToken) is { } lead
            ? await byHand.AcceptAsync(byHand.Setting(EventType.Segment, lead, ProfileFacts.Segment + segment, SegmentMembership.Say(segment, isMember)), lead.Id)
            : Problems.NotFound("The lead");
    }

    /// <param name="Lead">A lead's id.</param>
    internal sealed record OtherLead(string Lead);
}
