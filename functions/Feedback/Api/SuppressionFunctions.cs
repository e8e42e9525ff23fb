using System.Globalization;
using LeadFunctions.Access;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Feedback.Api;

/// <summary>Addresses that nothing is sent to. Only who names an address learns of it: the list has what is kept in place of them.</summary>
public sealed class SuppressionFunctions(Suppressions suppressions, TimeProvider time)
{
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    // Erasure is the person's right, and comes with the deletion of the lead.
    private static readonly SuppressionReason[] ByHand = [SuppressionReason.HardBounce, SuppressionReason.Unsubscribed, SuppressionReason.Complaint, SuppressionReason.Manual];

    [Function(nameof(ListSuppressions)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListSuppressions([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/suppressions")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "cursor", "limit", "reason").ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var size = DefaultPage;
        if (request.Query.TryGetValue("limit", out var limit) && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MaxPage))
        {
            return Problems.Invalid("limit", "The page size is out of range.", $"1 to {MaxPage}");
        }

        SuppressionReason? reason = null;
        if (request.Query.TryGetValue("reason", out var asked))
        {
            if (!Enum.TryParse<SuppressionReason>(asked, ignoreCase: true, out var one) || !Enum.IsDefined(one) || char.IsAsciiDigit($"{asked}"[0]))
            {
                return Problems.Invalid("reason", "There is no such reason.", "softBounces, hardBounce, unsubscribed, complaint, manual or erased");
            }

            reason = one;
        }

        Position? after = null;
        if (request.Query.TryGetValue("cursor", out var cursor) && !Cursor.TryDecode(cursor, out after))
        {
            return Problems.InvalidCursor();
        }

        var found = await suppressions.ListAsync(reason, after?.Id, size + 1, cancellationToken);
        return WebJson.Ok(new Page<SuppressedAddress>([.. found.Take(size)], found.Count > size ? Cursor.Encode(new Position(found[size - 1].Id)) : null));
    }

    [Function(nameof(GetSuppression)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetSuppression([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/suppressions/{address}")] HttpRequest request, string address, CancellationToken cancellationToken) =>
        await suppressions.LookAsync(address, cancellationToken) is not { } found ? NoAddress()
        : found.ETag is { } etag ? WebJson.Ok(Suppressions.Shown(found.Id, found.State)).WithETag(etag)
        : Problems.NotFound("The suppression");

    [Function(nameof(PutSuppression)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PutSuppression([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/suppressions/{address}")] HttpRequest request, string address, CancellationToken cancellationToken)
    {
        var (wanted, problem) = await RequestBody.ReadJsonAsync<NewSuppression>(request, cancellationToken);
        if (wanted is null)
        {
            return problem!; // one of the two is always set
        }

        if (!ByHand.Contains(wanted.Reason))
        {
            return Problems.Invalid("$.reason", "Nobody can say this by hand.", "manual, unsubscribed, complaint or hardBounce");
        }

        return await ChangeAsync(request, address, (before, now) => before.ByHand(wanted.Reason, now), (found, before) =>
        {
            var shown = Suppressions.Shown(found.Id, found.State);
            return (before ? WebJson.Ok(shown) : WebJson.Created($"/api/suppressions/{Uri.EscapeDataString(address)}", shown)).WithETag(Suppressions.TagOf(found.State));
        }, cancellationToken);
    }

    [Function(nameof(DeleteSuppression)), RequiresScope(Scope.Marketer)]
    public Task<IResult> DeleteSuppression([HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/suppressions/{address}")] HttpRequest request, string address, CancellationToken cancellationToken) =>
        ChangeAsync(
            request, address, (before, now) => before.Why is null ? before : before.Lifted(now), (_, before) => before ? Results.NoContent() : Problems.NotFound("The suppression"), cancellationToken);

    private async Task<IResult> ChangeAsync(
        HttpRequest request, string address, Func<Suppression, DateTimeOffset, Suppression> change, Func<(string Id, Suppression State), bool, IResult> answer, CancellationToken cancellationToken)
    {
        if (await suppressions.LookAsync(address, cancellationToken) is not { } current)
        {
            return NoAddress();
        }

        if (Preconditions.Check(request, current.ETag) is { } refusal)
        {
            return refusal;
        }

        if (current.State.Why is SuppressionReason.Erased)
        {
            return ErasedStays();
        }

        var wasSuppressed = false;
        try
        {
            var now = time.GetUtcNow();
            var changed = await suppressions.ChangeAsync(
                address,
                before =>
                {
                    wasSuppressed = before.Why is not null;
                    return before.Why is SuppressionReason.Erased ? before : change(before, now); // erased meanwhile
                },
                cancellationToken,
                Preconditions.Expected(request, current.ETag));
            return changed is not { } found ? NoAddress() : found.State.Why is SuppressionReason.Erased ? ErasedStays() : answer(found, wasSuppressed);
        }
        catch (SuppressionChangedException lost)
        {
            return Problems.PreconditionFailed(lost.CurrentETag);
        }
    }

    private static ProblemResult ErasedStays() => Problems.Conflict("This person was erased.", "Only they can come back: by a form whose mail they confirm.");

    private static ProblemResult NoAddress() => Problems.Invalid("address", "This is no e-mail address.", "an address such as ann@example.com");

    internal sealed record NewSuppression(SuppressionReason Reason = SuppressionReason.Manual);

    private sealed record Position(string Id);
}
