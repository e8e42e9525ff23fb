using LeadFunctions.Channels;
using LeadFunctions.Mail;

namespace LeadFunctions.Messaging.Sending;

/// <summary>Gateways to channels that this app does not serve itself.</summary>
public interface IGateways
{
    /// <summary>Whether messages of this kind go to a gateway.</summary>
    bool Serves(string channel);

    /// <summary>Hands one over; the same send id twice is one message. Does not throw for what a gateway may answer or fail to: that is the outcome.</summary>
    Task<MailOutcome> CarryAsync(ChannelMessage message, CancellationToken cancellationToken);
}
