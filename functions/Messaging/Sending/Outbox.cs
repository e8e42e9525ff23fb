using LeadFunctions.Mail.Outbox;

namespace LeadFunctions.Messaging.Sending;

/// <summary>
/// The outbox as a channel: takes messages of every kind, shows them at <c>GET /api/outbox</c> and, where a folder is set, as files.
/// </summary>
public sealed class Outbox(OutboxTable table)
{
    /// <summary>Delivering the same message again has no further effect.</summary>
    public Task DeliverAsync(OutgoingMessage message, CancellationToken cancellationToken) => table.AddAsync(
        new(message.Id, message.Channel, message.LeadId, message.To, message.Subject, message.Text, message.SentAt, message.Due,
            message.Journey, message.Version, message.Run, message.Step, message.Template, message.Topic, Data: message.Data),
        raw: null, cancellationToken);

    /// <summary>Whether the message was delivered, or may have been.</summary>
    public Task<bool> HasAsync(string messageId, CancellationToken cancellationToken) => table.HasAsync(messageId, cancellationToken);
}
