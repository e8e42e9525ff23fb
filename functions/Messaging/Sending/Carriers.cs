using LeadFunctions.Channels;
using LeadFunctions.Mail;

namespace LeadFunctions.Messaging.Sending;

/// <summary>Who brings messages of which channel to people: mail by its provider, what a gateway was named for by that, and all else by the outbox, which shows it.</summary>
public sealed class Carriers(MailCarrier mail, IEnumerable<IGateways> gateways, IMailProvider provider, Outbox outbox)
{
    /// <summary>Where mail really goes out, nothing is only shown but what sales is told.</summary>
    internal bool Serves(string channel) =>
        channel == MailCarrier.Channel || Gateway(channel) is not null || provider.Name == MailOptions.Outbox || channel == OutgoingMessage.Sales;

    /// <summary>Whether the same message handed over twice is one.</summary>
    internal bool IsIdempotent(string channel) => channel != MailCarrier.Channel || mail.IsIdempotent;

    /// <summary>How long handing one over may take; zero where nobody has to wait for another.</summary>
    internal TimeSpan Longest(string channel) => channel == MailCarrier.Channel ? mail.Longest : TimeSpan.Zero;

    /// <summary>Everything but the handing over.</summary>
    internal async Task<Prepared> PrepareAsync(Outbound outbound, CancellationToken cancellationToken)
    {
        var message = outbound.Message;
        if (message.Channel == MailCarrier.Channel)
        {
            return await mail.PrepareAsync(outbound, cancellationToken);
        }

        var (filled, fault) = await mail.FillAsync(outbound, cancellationToken);
        if (filled is null)
        {
            return Prepared.Ready.Never(fault);
        }

        var origin = new MailOrigin(message.LeadId, message.Template, message.Topic, message.Journey, message.Version, message.Run, message.Step, outbound.Campaign);
        var said = ChannelMessage.Of(message.Id, message.Channel, message.LeadId, message.To, filled, message.SentAt, message.Data, origin);
        return new Prepared.Ready(Gateway(message.Channel) is { } gateway ? token => gateway.CarryAsync(said, token) : async token =>
        {
            await ShowAsync(message with { Subject = said.Subject ?? "", Text = said.Text, Data = said.Data }, token);
            return new MailOutcome.Accepted();
        });
    }

    private IGateways? Gateway(string channel) => gateways.FirstOrDefault(gateway => gateway.Serves(channel));

    /// <summary>What people who work here are told, and what goes to nobody.</summary>
    internal Task ShowAsync(OutgoingMessage message, CancellationToken cancellationToken) => outbox.DeliverAsync(message, cancellationToken);

    internal Task<bool> HasShownAsync(string id, CancellationToken cancellationToken) => outbox.HasAsync(id, cancellationToken);
}
