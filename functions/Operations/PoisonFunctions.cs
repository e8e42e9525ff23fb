using Azure.Storage.Queues.Models;
using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Operations;

/// <summary>
/// Moves what the host gave up on from the poison queues into the dead letters, where it does not expire. Should that fail, the message
/// stays where it is: a poison queue has no poison queue.
/// </summary>
public sealed class PoisonFunctions(DeadLetters deadLetters)
{
    private const string Reason = "The message failed at every delivery; the log has the errors.";

    [Function(nameof(KeepPoisonedEvents))]
    public Task KeepPoisonedEvents([QueueTrigger(Queues.LeadEvents + "-poison")] QueueMessage message, CancellationToken cancellationToken) =>
        KeepAsync(Queues.LeadEvents, message, cancellationToken);

    [Function(nameof(KeepPoisonedEffects))]
    public Task KeepPoisonedEffects([QueueTrigger(Queues.LeadEffects + "-poison")] QueueMessage message, CancellationToken cancellationToken) =>
        KeepAsync(Queues.LeadEffects, message, cancellationToken);

    [Function(nameof(KeepPoisonedJourneyEffects))]
    public Task KeepPoisonedJourneyEffects([QueueTrigger(Queues.JourneyEffects + "-poison")] QueueMessage message, CancellationToken cancellationToken) =>
        KeepAsync(Queues.JourneyEffects, message, cancellationToken);

    [Function(nameof(KeepPoisonedOutbound))]
    public Task KeepPoisonedOutbound([QueueTrigger(Queues.Outbound + "-poison")] QueueMessage message, CancellationToken cancellationToken) =>
        KeepAsync(Queues.Outbound, message, cancellationToken);

    [Function(nameof(KeepPoisonedDeliveries))]
    public Task KeepPoisonedDeliveries([QueueTrigger(Queues.WebhookDeliveries + "-poison")] QueueMessage message, CancellationToken cancellationToken) =>
        KeepAsync(Queues.WebhookDeliveries, message, cancellationToken);

    [Function(nameof(KeepPoisonedCampaigns))]
    public Task KeepPoisonedCampaigns([QueueTrigger(Queues.Campaigns + "-poison")] QueueMessage message, CancellationToken cancellationToken) =>
        KeepAsync(Queues.Campaigns, message, cancellationToken);

    [Function(nameof(KeepPoisonedConfirmations))]
    public Task KeepPoisonedConfirmations([QueueTrigger(Queues.FormConfirmations + "-poison")] QueueMessage message, CancellationToken cancellationToken) =>
        KeepAsync(Queues.FormConfirmations, message, cancellationToken);

    private Task KeepAsync(string queue, QueueMessage message, CancellationToken cancellationToken) =>
        deadLetters.AddMessageAsync(queue, message.MessageText, message.MessageId, message.InsertedOn ?? default, message.DequeueCount, Reason, cancellationToken);
}
