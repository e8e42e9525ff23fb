using System.Text.Json;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Access;

/// <summary>What needs a second person's approval, what waits for one, and what was decided.</summary>
public sealed class ApprovalFunctions(DefinitionsTable table, SecondPersons persons, IEnumerable<ApprovableKind> kinds)
{
    private const int MostDecisions = 100;

    [Function(nameof(GetApprovalSetting)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetApprovalSetting(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/settings/approvals")] HttpRequest request, CancellationToken cancellationToken)
    {
        var pointer = await table.FindAsync(SecondPersons.Kind, SecondPersons.Id, cancellationToken);
        var shown = WebJson.Ok(await persons.ReadAsync(cancellationToken));
        return pointer is null ? shown : shown.WithETag(pointer.ETag);
    }

    [Function(nameof(PutApprovalSetting)), RequiresScope(Scope.Admin)]
    public async Task<IResult> PutApprovalSetting(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/settings/approvals")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (wanted, problem) = await RequestBody.ReadJsonAsync<NewApprovalSetting>(request, cancellationToken);
        if (wanted is null)
        {
            return problem!; // one of the two is always set
        }

        var setting = new ApprovalSetting([.. wanted.For.Distinct().Order()], SecondPersons.PersonOf(request).Name);
        return await LiveRequests.SaveAsync(
            table, SecondPersons.Kind, SecondPersons.Id, request, JsonSerializer.Serialize(setting, WebJson.Options), _ => WebJson.Ok(setting), cancellationToken);
    }

    /// <summary>What waits for a second person, and what was decided lately, newest first.</summary>
    [Function(nameof(ListApprovals)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListApprovals(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/approvals")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query).ToList() is [_, ..] errors)
        {
            return Problems.Invalid(errors);
        }

        var found = await Task.WhenAll(kinds.Select(async kind => (kind.What, Pointers: await table.ListAsync(kind.Kind, cancellationToken))));
        return WebJson.Ok(new ShownApprovals(
            [.. from kind in found from pointer in kind.Pointers let proposal = pointer.Proposal where proposal is not null orderby proposal.At descending select new ShownProposal(kind.What, pointer.Id, pointer.Live, proposal)],
            [.. (from kind in found from pointer in kind.Pointers from decision in pointer.Decisions orderby decision.DecidedAt descending select new ShownDecision(kind.What, pointer.Id, decision)).Take(MostDecisions)]));
    }

    internal sealed record NewApprovalSetting(IReadOnlyList<Approvable> For);

    internal sealed record ShownApprovals(IReadOnlyList<ShownProposal> Waiting, IReadOnlyList<ShownDecision> Decided);

    internal sealed record ShownProposal(Approvable Kind, string Id, int? Live, Proposal Proposal);

    internal sealed record ShownDecision(Approvable Kind, string Id, Decision Decision);
}

/// <summary>Under which kind a slice keeps what can be set to need approval.</summary>
public sealed record ApprovableKind(Approvable What, string Kind);
