using System.Globalization;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Integrations.Api;

/// <summary>What a webhook, or the topic, was told; and what can be done about it.</summary>
public sealed class DeliveryFunctions(DefinitionsTable table, DeliveriesTable deliveries, TargetStates states, Replays replays, Targets targets, TimeProvider time)
{
    private const int DefaultPage = 50;
    private const int MaxPage = 200;

    [Function(nameof(RotateWebhookSecret)), RequiresScope(Scope.Admin)]
    public async Task<IResult> RotateWebhookSecret(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{id}/rotate")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await LiveRequests.FindAsync(table, WebhookStore.Kind, id, cancellationToken) is null)
        {
            return Problems.NotFound(WebhookFunctions.TheWebhook);
        }

        var (next, now) = (WebhookFunctions.NewSecret(), time.GetUtcNow());
        var (state, _) = await states.ChangeAsync(id, before => before with { Secret = before.Secret?.Rotated(next, now) ?? new(next) }, cancellationToken);
        return WebJson.Ok(new RotatedSecret(next, state.Secret?.BeforeUntil));
    }

    // Its content is people's data: not for every key that may read.
    [Function(nameof(ListDeliveries)), ShowsPeople, RequiresScope(Scope.Marketer)]
    public async Task<IResult> ListDeliveries(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/webhooks/{id}/deliveries")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "cursor", "limit", "status").ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var size = DefaultPage;
        if (request.Query.TryGetValue("limit", out var limit) && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MaxPage))
        {
            return Problems.Invalid("limit", "The page size is out of range.", $"1 to {MaxPage}");
        }

        DeliveryStatus? status = null;
        if (request.Query.TryGetValue("status", out var asked))
        {
            if (!Enum.TryParse<DeliveryStatus>(asked, ignoreCase: true, out var one) || !Enum.IsDefined(one) || char.IsAsciiDigit($"{asked}"[0]))
            {
                return Problems.Invalid("status", "There is no such status.", "pending, delivered, failed or disabled");
            }

            status = one;
        }

        Position? after = null;
        if (request.Query.TryGetValue("cursor", out var cursor) && !Cursor.TryDecode(cursor, out after))
        {
            return Problems.InvalidCursor();
        }

        if (!await ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound(WebhookFunctions.TheWebhook);
        }

        var found = await deliveries.ListAsync(id, status, after?.Key, size + 1, cancellationToken);
        return WebJson.Ok(new Page<ShownDelivery>([.. found.Take(size).Select(Show)], found.Count > size ? Cursor.Encode(new Position(found[size - 1].Key)) : null));
    }

    [Function(nameof(ReplayDeliveries)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> ReplayDeliveries(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{id}/replay")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var (wanted, problem) = await RequestBody.ReadJsonAsync<ReplayRequest>(request, cancellationToken);
        if (wanted is null)
        {
            return problem!; // one of the two is always set
        }

        if (wanted.Validate().ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        if (!await ExistsAsync(id, cancellationToken))
        {
            return Problems.NotFound(WebhookFunctions.TheWebhook);
        }

        if ((await states.ReadAsync(id, cancellationToken)).Disabled is { } disabled)
        {
            return Problems.Conflict("The webhook is disabled.", $"{disabled.Reason} Save it again, and replay then.");
        }

        var state = await replays.StartAsync(id, wanted.From, wanted.To, cancellationToken);
        return WebJson.Accepted(state.Replay is { } replay ? new ShownReplay(replay.From, replay.To, replay.StartedAt, replay.Found, replay.FinishedAt) : null);
    }

    [Function(nameof(TestWebhook)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> TestWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/webhooks/{id}/test")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await LiveRequests.FindAsync(table, WebhookStore.Kind, id, cancellationToken) is null || await table.FindLiveAsync(WebhookStore.Kind, id, cancellationToken) is not { } stored)
        {
            return Problems.NotFound(WebhookFunctions.TheWebhook);
        }

        var (webhook, now) = (WebhookStore.Read(stored), time.GetUtcNow());
        var sample = SampleEvents.Of(webhook.Types[0], now);
        var attempt = await targets.For(webhook).SendAsync(sample.Id, sample.ToJson(), (await states.ReadAsync(id, cancellationToken)).Secret, now, cancellationToken);
        return WebJson.Ok(new TriedWebhook(sample.Id, attempt.IsDelivered, attempt.Status, attempt.Milliseconds, attempt.Error));
    }

    private async Task<bool> ExistsAsync(string id, CancellationToken cancellationToken) =>
        id == EventGridTarget.TargetId ? targets.HasTopic : await LiveRequests.FindAsync(table, WebhookStore.Kind, id, cancellationToken) is not null;

    private static ShownDelivery Show(StoredDelivery delivery)
    {
        using var body = JsonDocument.Parse(delivery.Body);
        return new(
            delivery.EventId, delivery.Type, delivery.LeadId, delivery.At, delivery.Status, delivery.Tries, delivery.DeliveredAt,
            [.. delivery.Attempts.Select(attempt => new ShownAttempt(attempt.At, attempt.Status, attempt.Milliseconds, attempt.Error))], body.RootElement.Clone());
    }

    private sealed record Position(string Key);
}
