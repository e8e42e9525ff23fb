using LeadFunctions.Access;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Leads.Api;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>Exactly those whom a number of a campaign counts.</summary>
public sealed class CampaignPeopleFunctions(CampaignsTable table, FeedbackKeys keys)
{
    /// <summary>Pages of recipients that one page of people looks at: a number may be of three among a hundred thousand.</summary>
    private const int MostPages = 50;

    /// <summary>By the name that the campaign shows it under: how many, and who.</summary>
    private static readonly IReadOnlyDictionary<string, (Func<CampaignState, int> Count, Func<Recipient, bool> IsMeant)> Numbers = new Dictionary<string, (Func<CampaignState, int>, Func<Recipient, bool>)>
    {
        ["recipients"] = (campaign => campaign.Recipients, _ => true),
        ["open"] = (campaign => campaign.Recipients - campaign.Counts.Tried - campaign.Counts.Skipped, one => one.S == RecipientState.Open),
        ["sent"] = (campaign => campaign.Counts.Sent, one => one.S == RecipientState.Sent),
        ["unconfirmed"] = (campaign => campaign.Counts.Unconfirmed, one => one.S == RecipientState.Unconfirmed),
        ["skipped"] = (campaign => campaign.Counts.Skipped, one => one.S == RecipientState.Skipped),
        ["bounced"] = (campaign => campaign.Counts.Bounced, one => one.S == RecipientState.Bounced),
        ["failed"] = (campaign => campaign.Counts.Failed, one => one.S == RecipientState.Failed),
        [Returned] = (_ => 0, one => one.S is RecipientState.Sent or RecipientState.Unconfirmed), // and by what came back
        [NotSent] = (_ => 0, one => one.R is not null), // and by why
    };

    private const string Returned = "returned";
    private const string NotSent = "notSent";

    [Function(nameof(ListCampaignPeople)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> ListCampaignPeople(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/campaigns/{id}/people")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(id, cancellationToken) is not { State: { } campaign })
        {
            return Problems.NotFound("The campaign");
        }

        List<FieldError> errors = [.. KnownQuery.Check(request.Query, "of", "why", "cursor", "limit")];
        var limit = LeadsRequest.Limit(request.Query, errors);
        var (of, why) = (request.Query["of"].ToString(), request.Query["why"].ToString());
        if (!Numbers.TryGetValue(of, out var number))
        {
            errors.Add(new("of", "There is no such number.", string.Join(", ", Numbers.Keys)));
        }

        if ((of == NotSent) != (why.Length > 0))
        {
            errors.Add(new("why", of == NotSent ? "This is missing." : "This says nothing of that number.", of == NotSent ? "a reason of the campaign's notSent" : "nothing"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        Position? from = null;
        if (request.Query["cursor"].ToString() is { Length: > 0 } cursor && !Cursor.TryDecode(cursor, out from))
        {
            return Problems.InvalidCursor();
        }

        var returned = of == Returned ? await table.ReturnedAsync(id, cancellationToken) : null;
        from ??= new(0, 0, returned?.Count ?? (of == NotSent ? campaign.Reasons.GetValueOrDefault(why) : number.Count(campaign)), 0);
        return WebJson.Ok(await PageAsync(campaign, IsMeantAsync, of == NotSent, from, limit, cancellationToken));

        async ValueTask<bool> IsMeantAsync(Recipient one) =>
            number.IsMeant(one) && (why.Length == 0 || one.R == why) && (returned is null || returned.Contains(await keys.HashAsync(CampaignWork.SendIdOf(id, one.L), cancellationToken)));
    }

    /// <param name="mayMiss">Before an update it was counted without a word of whom. Of other numbers whoever is not here any more has moved on meanwhile.</param>
    private async Task<CampaignPeople> PageAsync(CampaignState campaign, Func<Recipient, ValueTask<bool>> isMeantAsync, bool mayMiss, Position start, int limit, CancellationToken cancellationToken)
    {
        var (people, looked) = (new List<CampaignPerson>(), 0);
        await foreach (var page in table.PagesAsync(campaign.Id, start.Page, campaign.Pages, cancellationToken))
        {
            if (looked++ == MostPages)
            {
                return Goes(page.Number, 0);
            }

            for (var i = page.Number == start.Page ? start.Index : 0; i < page.Recipients.Count; i++)
            {
                var one = page.Recipients[i];
                if (!await isMeantAsync(one))
                {
                    continue;
                }

                if (people.Count == limit)
                {
                    return Goes(page.Number, i);
                }

                people.Add(new(one.L, one.S, one.R, one is { S: RecipientState.Open, U: { } until } ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null));
            }
        }

        return new(people, start.Count, mayMiss ? Math.Max(0, start.Count - start.Shown - people.Count) : 0, null);

        CampaignPeople Goes(int page, int index) => new(people, start.Count, null, Cursor.Encode(start with { Page = page, Index = index, Shown = start.Shown + people.Count }));
    }

    /// <param name="Index">In the page: of whom it goes on with.</param>
    /// <param name="Count">The number, when the first page was asked for.</param>
    /// <param name="Shown">Of it, on the pages before.</param>
    private sealed record Position(int Page, int Index, int Count, int Shown);

    /// <param name="Why">It was not sent; null of those from before reasons were kept with people.</param>
    /// <param name="NotBefore">Held until then; null: not held.</param>
    internal sealed record CampaignPerson(string LeadId, RecipientState State, string? Why, DateTimeOffset? NotBefore);

    /// <param name="NotKept">On the last page: of the number, who cannot be told any more.</param>
    internal sealed record CampaignPeople(IReadOnlyList<CampaignPerson> Items, int Count, int? NotKept, string? NextCursor);
}
