using System.Security.Cryptography;
using System.Text;
using LeadFunctions.Access;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Integrations.Api;

/// <summary>Webhooks: created or replaced, listed, deleted. A change holds on every instance within 5 s.</summary>
public sealed class WebhookFunctions(DefinitionsTable table, TargetStates states, DeliveryOrders orders)
{
    internal const string TheWebhook = "The webhook";

    [Function(nameof(PutWebhook)), RequiresScope(Scope.Admin)]
    public async Task<IResult> PutWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/webhooks/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id) || id == EventGridTarget.TargetId)
        {
            return Problems.Invalid("id", "A webhook cannot bear this id.", $"{DefinitionId.Rule}, but for {EventGridTarget.TargetId}, which is the topic's");
        }

        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (WebhookDocument.Parse(body).Errors is [_, ..] errors)
        {
            return Problems.InvalidDocument(errors);
        }

        TargetState? state = null;
        return await LiveRequests.SaveAsync(
            table, WebhookStore.Kind, id, request,
            async () =>
            {
                // Before anybody can send: nothing goes out unsigned. Saving also ends what the other side's 410, or its failures, have brought about.
                (state, _) = await states.ChangeAsync(
                    id, before => before with { Secret = before.Secret ?? new WebhookSecret(NewSecret()), Disabled = null, Breaker = null }, cancellationToken);
                return DefinitionText.Compact(body);
            },
            async saved =>
            {
                var shown = Show(saved.Pointer, await LiveAsync(saved.Pointer, cancellationToken), state!); // changed before it was saved
                return saved.IsNew ? WebJson.Created($"/api/webhooks/{id}", shown with { Secret = state!.Secret!.Current }) : WebJson.Ok(shown); // it was just made
            },
            cancellationToken);
    }

    [Function(nameof(GetWebhook)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await LiveRequests.FindAsync(table, WebhookStore.Kind, id, cancellationToken) is { } pointer
            ? WebJson.Ok(Show(pointer, await LiveAsync(pointer, cancellationToken), await states.ReadAsync(id, cancellationToken))).WithETag(pointer.ETag)
            : Problems.NotFound(TheWebhook);

    [Function(nameof(ListWebhooks)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListWebhooks(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks")] HttpRequest request, CancellationToken cancellationToken)
    {
        var pointers = await table.ListAsync(WebhookStore.Kind, cancellationToken);
        return WebJson.Ok(new Page<ShownWebhook>([.. await Task.WhenAll(pointers.Where(pointer => pointer.Live is not null)
            .Select(async pointer => Show(pointer, await LiveAsync(pointer, cancellationToken), await states.ReadAsync(pointer.Id, cancellationToken))))]));
    }

    [Function(nameof(DeleteWebhook)), RequiresScope(Scope.Admin)]
    public async Task<IResult> DeleteWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/webhooks/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        return await LiveRequests.DeleteAsync(table, WebhookStore.Kind, id, request, TheWebhook, cancellationToken, async () =>
        {
            await states.DeleteAsync(id, cancellationToken);
            await orders.SendAsync(new(id, IsDeleted: true), cancellationToken);
        });
    }

    internal static string NewSecret() => WebhookSecret.Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(WebhookSecret.KeyLength));

    private async Task<DefinitionVersion> LiveAsync(DefinitionPointer pointer, CancellationToken cancellationToken) =>
        await table.FindVersionAsync(WebhookStore.Kind, pointer.Id, pointer.Live!.Value, cancellationToken) // who calls has seen that it is live
            ?? throw new InvalidDataException($"Version {pointer.Live} of {pointer.Id} is missing though its pointer counts it.");

    private static ShownWebhook Show(DefinitionPointer pointer, DefinitionVersion stored, TargetState state)
    {
        var document = WebhookDocument.Parse(Encoding.UTF8.GetBytes(stored.Json)).Document ?? throw new InvalidDataException($"The stored webhook {pointer.Id} cannot be read.");
        var isOpen = state.Guard.OpenUntil is not null;
        return new(
            pointer.Id, document.Name, document.Url.OriginalString, document.Types, stored.ToElement().TryGetProperty("filter", out var filter) ? filter : null, document.Description,
            state.Disabled is not null ? WebhookState.Disabled : isOpen ? WebhookState.Failing : WebhookState.Active, pointer.UpdatedAt,
            state.Disabled?.Reason, state.Disabled?.At, state.Guard.Failures > 0 ? state.Guard.Failures : null, state.Guard.OpenUntil, state.Secret?.BeforeUntil,
            state.Replay is { } replay ? new(replay.From, replay.To, replay.StartedAt, replay.Found, replay.FinishedAt) : null);
    }
}
