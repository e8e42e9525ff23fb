using LeadFunctions.Access;
using LeadFunctions.Channels.Delivery;
using LeadFunctions.Integrations;
using LeadFunctions.Integrations.Api;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Mail;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Channels.Api;

/// <summary>Channels that gateways serve: created or replaced, listed, tried, deleted. A change holds on every instance within 5 s.</summary>
public sealed class ChannelFunctions(DefinitionsTable table, TargetStates states, ChannelSender sender, TimeProvider time)
{
    private const string TheChannel = "The channel";

    [Function(nameof(PutChannel)), RequiresScope(Scope.Admin)]
    public async Task<IResult> PutChannel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/channels/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id) || ChannelDocument.Own.Contains(id))
        {
            return Problems.Invalid("id", "A channel cannot bear this id.", $"{DefinitionId.Rule}, but for {string.Join(", ", ChannelDocument.Own)}, which are the product's own");
        }

        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (ChannelDocument.Parse(body).Errors is [_, ..] errors)
        {
            return Problems.InvalidDocument(errors);
        }

        TargetState? state = null;
        return await LiveRequests.SaveAsync(
            table, ChannelStore.Kind, id, request,
            async () =>
            {
                // Before anybody can send: nothing goes out unsigned.
                (state, _) = await states.ChangeAsync(
                    ChannelStore.TargetOf(id), before => before.Secret is null ? before with { Secret = new WebhookSecret(WebhookFunctions.NewSecret()) } : null, cancellationToken);
                return DefinitionText.Compact(body);
            },
            async saved =>
            {
                var shown = await ShowAsync(saved.Pointer, cancellationToken);
                return saved.IsNew ? WebJson.Created($"/api/channels/{id}", shown with { Secret = state!.Secret!.Current }) : WebJson.Ok(shown); // it was just made
            },
            cancellationToken);
    }

    [Function(nameof(GetChannel)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetChannel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/channels/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await LiveRequests.FindAsync(table, ChannelStore.Kind, id, cancellationToken) is { } pointer ? WebJson.Ok(await ShowAsync(pointer, cancellationToken)).WithETag(pointer.ETag) : Problems.NotFound(TheChannel);

    [Function(nameof(ListChannels)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListChannels(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/channels")] HttpRequest request, CancellationToken cancellationToken)
    {
        var pointers = await table.ListAsync(ChannelStore.Kind, cancellationToken);
        return WebJson.Ok(new Page<ShownChannel>([.. await Task.WhenAll(pointers.Where(pointer => pointer.Live is not null).Select(pointer => ShowAsync(pointer, cancellationToken)))]));
    }

    [Function(nameof(DeleteChannel)), RequiresScope(Scope.Admin)]
    public async Task<IResult> DeleteChannel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/channels/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        return await LiveRequests.DeleteAsync(table, ChannelStore.Kind, id, request, TheChannel, cancellationToken, () => states.DeleteAsync(ChannelStore.TargetOf(id), cancellationToken));
    }

    [Function(nameof(RotateChannelSecret)), RequiresScope(Scope.Admin)]
    public async Task<IResult> RotateChannelSecret(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/channels/{id}/rotate")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await LiveRequests.FindAsync(table, ChannelStore.Kind, id, cancellationToken) is null)
        {
            return Problems.NotFound(TheChannel);
        }

        var (next, now) = (WebhookFunctions.NewSecret(), time.GetUtcNow());
        var (state, _) = await states.ChangeAsync(ChannelStore.TargetOf(id), before => before with { Secret = before.Secret?.Rotated(next, now) ?? new(next) }, cancellationToken);
        return WebJson.Ok(new RotatedChannelSecret(next, state.Secret?.BeforeUntil));
    }

    [Function(nameof(TestChannel)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> TestChannel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/channels/{id}/test")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (wanted, problem) = await RequestBody.ReadJsonAsync<TestMessage>(request, cancellationToken);
        if (wanted is null)
        {
            return problem!; // one of the two is always set
        }

        if (wanted.To is not { Length: > 0 and <= 500 })
        {
            return Problems.Invalid("$.to", "This is no address.", "an address on the channel, such as +48123456789");
        }

        if (await LiveRequests.FindAsync(table, ChannelStore.Kind, id, cancellationToken) is null)
        {
            return Problems.NotFound(TheChannel);
        }

        var now = time.GetUtcNow();
        var message = new ChannelMessage($"test/{Guid.CreateVersion7(now):N}", id, "", wanted.To, null, wanted.Text ?? "A message to try this channel.", now);
        var answer = await sender.SendAsync(message, cancellationToken);
        return WebJson.Ok(TriedChannel.Of(message.SendId, answer));
    }

    private async Task<ShownChannel> ShowAsync(DefinitionPointer pointer, CancellationToken cancellationToken)
    {
        var version = await table.FindVersionAsync(ChannelStore.Kind, pointer.Id, pointer.Live!.Value, cancellationToken) // who calls has seen that it is live
            ?? throw new InvalidDataException($"Version {pointer.Live} of {pointer.Id} is missing though its pointer counts it.");
        var document = ChannelStore.Read(version);
        var state = await states.ReadAsync(ChannelStore.TargetOf(pointer.Id), cancellationToken);
        return new(pointer.Id, document.Name, document.Url.OriginalString, document.Description, pointer.UpdatedAt, state.Secret?.BeforeUntil);
    }
}

/// <param name="FormerSecretUntil">The secret before the last rotation signs too until then.</param>
/// <param name="Secret">Shown when it is made, and never again.</param>
public sealed record ShownChannel(string Id, string Name, string Url, string? Description, DateTimeOffset UpdatedAt, DateTimeOffset? FormerSecretUntil = null, string? Secret = null);

public sealed record RotatedChannelSecret(string Secret, DateTimeOffset? FormerSecretUntil);

internal sealed record TestMessage(string To, string? Text = null);

/// <summary>How the gateway took it.</summary>
public sealed record TriedChannel(string Id, string Outcome, int? Status, string? Reason, System.Text.Json.JsonElement? Answer)
{
    internal static TriedChannel Of(string id, ChannelAnswer answer) => answer.Outcome switch
    {
        MailOutcome.Accepted => new(id, "accepted", answer.Status, null, answer.Answer),
        MailOutcome.Deferred deferred => new(id, "deferred", answer.Status, deferred.Reason, answer.Answer),
        MailOutcome.Rejected rejected => new(id, "rejected", answer.Status, rejected.Reason, answer.Answer),
        MailOutcome.Unknown unknown => new(id, "unknown", answer.Status, unknown.Reason, answer.Answer),
        _ => throw new InvalidOperationException("There are four outcomes."),
    };
}
