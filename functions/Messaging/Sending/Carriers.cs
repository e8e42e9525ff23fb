using LeadFunctions.Channels;
using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Mail;

namespace LeadFunctions.Messaging.Sending;

/// <summary>Who brings messages of which channel to people: mail by its provider, what a gateway was named for by that, and all else by the outbox, which shows it.</summary>
public sealed class Carriers(MailCarrier mail, IGateways gateways, IMailProvider provider, IEnumerable<IChannel> channels)
{
    private readonly IChannel[] _channels = [.. channels];

    /// <summary>Where mail really goes out, nothing is only shown but what sales is told.</summary>
    internal bool Serves(string channel) =>
        channel == MailCarrier.Channel || gateways.Serves(channel) || ((provider.Name == MailOptions.Outbox || channel == JourneyMessage.Sales) && Shows(channel) is not null);

    /// <summary>Whether the same message handed over twice is one.</summary>
    internal bool IsIdempotent(string channel) => channel != MailCarrier.Channel || mail.IsIdempotent;

    /// <summary>Why nothing may be sent to an address any more; null when it may.</summary>
    internal Task<string?> SuppressedAsync(string channel, string address, string? topic, CancellationToken cancellationToken) =>
        channel == MailCarrier.Channel ? mail.SuppressedAsync(address, topic, cancellationToken) : Task.FromResult<string?>(null);

    internal async Task<MailOutcome> CarryAsync(Outbound outbound, CancellationToken cancellationToken)
    {
        var message = outbound.Message;
        if (message.Channel == MailCarrier.Channel)
        {
            return await mail.CarryAsync(outbound, cancellationToken);
        }

        if (!gateways.Serves(message.Channel))
        {
            return await ShowAsync(message, cancellationToken);
        }

        var (filled, fault) = await mail.FillAsync(outbound, cancellationToken);
        if (filled is null)
        {
            return new MailOutcome.Rejected(fault);
        }

        var origin = new MailOrigin(message.LeadId, message.Template, message.Topic, message.Journey, message.Version, message.Run, message.Step, outbound.Campaign);
        return await gateways.CarryAsync(new ChannelMessage(message.Id, message.Channel, message.LeadId, message.To, filled.Subject, filled.Text.Trim(), message.SentAt, message.Data, origin), cancellationToken);
    }

    /// <summary>What people who work here are told, and what goes to nobody.</summary>
    internal async Task<MailOutcome> ShowAsync(JourneyMessage message, CancellationToken cancellationToken)
    {
        if (Shows(message.Channel) is not { } channel)
        {
            return new MailOutcome.Rejected($"There is no channel \"{message.Channel}\".");
        }

        await channel.DeliverAsync(message, cancellationToken);
        return new MailOutcome.Accepted();
    }

    internal Task<bool> HasShownAsync(string channel, string id, CancellationToken cancellationToken) => Shows(channel) is { } found ? found.HasAsync(id, cancellationToken) : Task.FromResult(false);

    private IChannel? Shows(string channel) => _channels.FirstOrDefault(candidate => candidate.Serves(channel));
}
