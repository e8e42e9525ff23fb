using System.Text.RegularExpressions;
using LeadFunctions.Access;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Messaging.Campaigns;

/// <summary>One-off campaigns: made, watched, held and gone on with.</summary>
public sealed partial class CampaignFunctions(CampaignsTable table, CampaignRuns runs, CampaignForecasts forecasts, CampaignNeeds needs, TimeProvider time)
{
    private const string TheCampaign = "The campaign";
    private const int MostListed = 200;
    private const string OnceHeader = "Idempotency-Key";

    [Function(nameof(CreateCampaign)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> CreateCampaign(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/campaigns")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "dryRun").ToList() is [_, ..] unknown)
        {
            return Problems.Invalid(unknown);
        }

        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var (document, at, errors) = CampaignRequest.Parse(body);
        if (document is null)
        {
            return Problems.InvalidDocument([.. errors.Select(error => new FieldError(error.Path, error.Message, error.Expected))]);
        }

        if (await needs.FaultsAsync(document, cancellationToken) is [_, ..] faults)
        {
            return Problems.InvalidDocument([.. faults.Select(error => new FieldError(error.Path, error.Message, error.Expected))]);
        }

        var (now, warnings) = (time.GetUtcNow(), needs.Warnings(document));
        if (request.Query.TryGetValue("dryRun", out var dry))
        {
            return dry == "true" ? WebJson.Ok(await forecasts.OfAsync(document, at ?? now, cancellationToken) with { Warnings = warnings }) : Problems.Invalid("dryRun", "This is no rehearsal.", "true, or nothing");
        }

        var campaign = new CampaignState(Guid.CreateVersion7(now).ToString("N"), document, CampaignStatus.Scheduled, now, at is { } later && later > now ? later : now, Caller.Of(request).Name);
        if (request.Headers.TryGetValue(OnceHeader, out var once))
        {
            if (!OnceKey().IsMatch(once.ToString()))
            {
                return Problems.Invalid(OnceHeader, "This is no key that names one request.", "1 to 64 letters, digits, _ or -");
            }

            if (await table.ClaimAsync(Caller.Of(request).KeyId, once.ToString(), campaign, cancellationToken) is not { } id)
            {
                return Problems.Conflict($"With this {OnceHeader} another campaign was made.");
            }

            campaign = campaign with { Id = id };
        }

        campaign = await table.AddAsync(campaign, cancellationToken);
        if (campaign.Status == CampaignStatus.Scheduled)
        {
            await runs.ScheduleAsync(client, campaign, campaign.At, cancellationToken);
        }

        return WebJson.Created($"/api/campaigns/{campaign.Id}", ShownCampaign.Of(campaign) with { Warnings = warnings });
    }

    [Function(nameof(ListCampaigns)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListCampaigns([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/campaigns")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query).ToList() is [_, ..] unknown)
        {
            return Problems.Invalid(unknown);
        }

        return WebJson.Ok(new Page<ShownCampaign>([.. await Task.WhenAll((await table.LatestAsync(MostListed, cancellationToken)).Select(campaign => ShownAsync(campaign, cancellationToken)))]));
    }

    [Function(nameof(GetCampaign)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetCampaign(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/campaigns/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(id, cancellationToken) is not { } stored)
        {
            return Problems.NotFound(TheCampaign);
        }

        await runs.ReviveAsync(client, stored.State, cancellationToken);
        return WebJson.Ok(await ShownAsync(stored.State, cancellationToken));
    }

    /// <summary>Nobody more gets it until somebody says to go on.</summary>
    [Function(nameof(PauseCampaign)), RequiresScope(Scope.Marketer)]
    public Task<IResult> PauseCampaign(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/campaigns/{id}/pause")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        ChangeAsync(id, campaign => campaign.IsOver || campaign.Status == CampaignStatus.Paused ? null : campaign with { Status = CampaignStatus.Paused, PausedSince = $"{Caller.Of(request).Name} said so." }, cancellationToken);

    [Function(nameof(ResumeCampaign)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> ResumeCampaign(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/campaigns/{id}/resume")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "dryRun").ToList() is [_, ..] unknown)
        {
            return Problems.Invalid(unknown);
        }

        if (request.Query.TryGetValue("dryRun", out var dry))
        {
            return dry == "true" ? await ForeseenAsync(id, cancellationToken) : Problems.Invalid("dryRun", "This is no rehearsal.", "true, or nothing");
        }

        var returned = await table.CountReturnedAsync(id, cancellationToken); // also what came while it was held
        var answer = await ChangeAsync(
            id,
            campaign => campaign.Status == CampaignStatus.Paused
                ? campaign with { Status = campaign.StartedAt is null ? CampaignStatus.Scheduled : CampaignStatus.Waiting, PausedSince = null, Until = null, Forgiven = campaign.Counts with { Returned = returned } }
                : null,
            cancellationToken);
        if (await table.FindAsync(id, cancellationToken) is { State: { IsOver: false } campaign })
        {
            await runs.ScheduleAsync(client, campaign, campaign.Until ?? campaign.At, cancellationToken);
        }

        return answer;
    }

    /// <summary>Nobody more gets it, for good.</summary>
    [Function(nameof(CancelCampaign)), RequiresScope(Scope.Marketer)]
    public Task<IResult> CancelCampaign(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/campaigns/{id}/cancel")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        ChangeAsync(id, campaign => campaign.IsOver ? null : campaign with { Status = CampaignStatus.Cancelled, EndedAt = time.GetUtcNow() }, cancellationToken);

    /// <summary>Who would get one that has not begun. One that has knows its recipients.</summary>
    private async Task<IResult> ForeseenAsync(string id, CancellationToken cancellationToken)
    {
        if (await table.FindAsync(id, cancellationToken) is not { State: { } campaign })
        {
            return Problems.NotFound(TheCampaign);
        }

        var now = time.GetUtcNow();
        return campaign.StartedAt is null
            ? WebJson.Ok(await forecasts.OfAsync(campaign.Document, campaign.At > now ? campaign.At : now, cancellationToken))
            : Problems.Conflict("The campaign has begun: its \"open\" says who has not got it.");
    }

    /// <summary>With what came back after the last page too.</summary>
    private async Task<ShownCampaign> ShownAsync(CampaignState campaign, CancellationToken cancellationToken) => ShownCampaign.Of(
        campaign.Counts.Sent == 0 ? campaign : campaign with { Counts = campaign.Counts with { Returned = await table.CountReturnedAsync(campaign.Id, cancellationToken) } });

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex OnceKey();

    /// <param name="change">Null: it cannot, as things are.</param>
    private async Task<IResult> ChangeAsync(string id, Func<CampaignState, CampaignState?> change, CancellationToken cancellationToken)
    {
        while (await table.FindAsync(id, cancellationToken) is { } stored)
        {
            if (change(stored.State) is not { } changed)
            {
                return Problems.Conflict($"The campaign is {stored.State.Status.ToString().ToLowerInvariant()}.");
            }

            if (await table.TrySaveAsync(stored, changed, [], cancellationToken))
            {
                return WebJson.Ok(ShownCampaign.Of(changed));
            }
        }

        return Problems.NotFound(TheCampaign);
    }
}

/// <summary>A campaign as the API shows it.</summary>
/// <param name="Recipients">Found so far; all of them from <c>sending</c> on.</param>
/// <param name="Open">Those of them who have not got it, and may.</param>
/// <param name="Returned">Of those sent: came back since, or were called spam.</param>
/// <param name="NotSent">Why, in words, with how many; of more than 20 reasons the rest together.</param>
/// <param name="Until">When it goes on by itself.</param>
internal sealed record ShownCampaign(
    string Id, string Name, CampaignStatus Status, string? Reason, string? Segment, int? LeadIds, string Channel, string Template, string? Topic, bool Service, DateTimeOffset At, DateTimeOffset CreatedAt, string By, DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt, int Recipients, int Open, int Sent, int Unconfirmed, int Skipped, int Bounced, int Failed, int Returned, IReadOnlyDictionary<string, int> NotSent, DateTimeOffset? Until, CampaignTest? Test,
    IReadOnlyList<VariantOutcome>? Outcome, string? Winner)
{
    /// <summary>What is probably not meant: when it is made only.</summary>
    public IReadOnlyList<DocumentError>? Warnings { get; init; }

    public static ShownCampaign Of(CampaignState campaign)
    {
        var (document, counts) = (campaign.Document, campaign.Counts);
        return new(
            campaign.Id, document.Name, campaign.Status, campaign.PausedSince, document.Segment, document.LeadIds?.Count, document.Channel, document.Template, document.Topic, document.IsService, campaign.At, campaign.CreatedAt, campaign.By,
            campaign.StartedAt, campaign.EndedAt, campaign.Recipients, campaign.Recipients - counts.Tried - counts.Skipped, counts.Sent, counts.Unconfirmed, counts.Skipped, counts.Bounced, counts.Failed, counts.Returned, campaign.Reasons,
            campaign.Status is CampaignStatus.Waiting ? campaign.Until : campaign.Status is CampaignStatus.Scheduled ? campaign.At : null, document.Test, campaign.Outcome, campaign.Winner);
    }
}
