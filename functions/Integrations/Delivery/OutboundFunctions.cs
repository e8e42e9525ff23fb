using System.Text.Json;
using Azure.Storage.Queues.Models;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>What leads' changes tell the world, on its way out.</summary>
public sealed class OutboundFunctions(Outgoing outgoing, Drain drain, Replays replays, DeliveriesTable deliveries, DefinitionsTable definitions, TimeProvider time)
{
    [Function(nameof(TellWorld))]
    public async Task TellWorld([QueueTrigger(Queues.Outbound)] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var batch = QueueText.Read(message, EffectsJson.Default.EffectBatch);
        using var activity = Telemetry.Continue(nameof(TellWorld), batch.TraceParent);
        await outgoing.TellAsync(client, [.. batch.Effects.Where(effect => effect.Kind == EffectKind.Told).Select(Told)], cancellationToken);
    }

    [Function(nameof(DeliverEvents))]
    public async Task DeliverEvents([QueueTrigger(Queues.WebhookDeliveries)] QueueMessage message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var order = QueueText.Read(message.MessageText, DeliveryJson.Default.DeliveryOrder);
        using var activity = Telemetry.Continue(nameof(DeliverEvents), order.TraceParent);
        var now = time.GetUtcNow();
        now = order.At > now ? order.At.Value : now; // it has one
        await (order switch
        {
            { Target: null, LeadId: { } lead } => outgoing.PassGapAsync(client, lead, now, cancellationToken),
            { Target: { } target, LeadId: { } lead } => drain.RunAsync(client, target, [lead], message.MessageId, now, cancellationToken),
            { Target: { } target, LeadIds: { } leads } => drain.RunAsync(client, target, leads, message.MessageId, now, cancellationToken),
            { Target: { } target, Replay: { } page } => replays.GoOnAsync(target, page, cancellationToken),
            { Target: { } target, IsDeleted: true } => DeleteAsync(target, cancellationToken),
            _ => throw new InvalidDataException("The order says nothing."),
        });
    }

    /// <summary>Unless it is there again.</summary>
    private async Task DeleteAsync(string target, CancellationToken cancellationToken)
    {
        if (await definitions.FindAsync(WebhookStore.Kind, target, cancellationToken) is null)
        {
            await deliveries.DeleteAsync(target, cancellationToken);
        }
    }

    private static WorldEvent Told(LeadEffect effect) =>
        effect is { To: { } type, Data: { ValueKind: JsonValueKind.Object } told } && told.TryGetProperty("number", out var number) && told.TryGetProperty("data", out var data)
            ? new(type, effect.LeadId, number.GetInt64(), effect.At, data)
            : throw new InvalidDataException($"The effect {effect.Id} tells nothing.");
}
