using LeadFunctions.Journeys.Delivery;
using LeadFunctions.Mail;

namespace LeadFunctions.Messaging.Sending;

/// <summary>Who brings messages of which channel to people.</summary>
public sealed class Carriers(IEnumerable<IChannel> channels)
{
    private readonly IChannel[] _channels = [.. channels];

    /// <summary>Null when nobody serves the channel.</summary>
    internal IChannel? Find(string channel) => _channels.FirstOrDefault(candidate => candidate.Serves(channel));

    /// <summary>Whether the same message handed over twice is one.</summary>
    internal bool IsIdempotent(string channel) => Find(channel) is not null;

    internal async Task<MailOutcome> CarryAsync(JourneyMessage message, CancellationToken cancellationToken)
    {
        if (Find(message.Channel) is not { } channel)
        {
            return new MailOutcome.Rejected($"There is no channel \"{message.Channel}\".");
        }

        await channel.DeliverAsync(message, cancellationToken);
        return new MailOutcome.Accepted();
    }
}
