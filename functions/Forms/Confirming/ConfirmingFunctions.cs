using Azure.Storage.Queues.Models;
using LeadFunctions.Events;
using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Forms.Confirming;

/// <summary>Asks people to confirm, outside of the request that they sent a form with.</summary>
public sealed class ConfirmingFunctions(Confirmations confirmations, TimeProvider time)
{
    [Function(nameof(SendConfirmation))]
    public async Task SendConfirmation([QueueTrigger(Queues.FormConfirmations)] QueueMessage message, CancellationToken cancellationToken)
    {
        var order = QueueText.Read(message.MessageText, ConfirmingJson.Default.ConfirmationOrder);
        using var activity = Telemetry.Continue(nameof(SendConfirmation), order.TraceParent);
        await confirmations.SendAsync(order, message.MessageId, time.GetUtcNow(), cancellationToken);
    }
}
