using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Delivery;

/// <summary>A message that a journey sends.</summary>
/// <param name="Id">The act's: the same however often the step is tried.</param>
/// <param name="To">The address on the channel.</param>
/// <param name="Due">When it should go out.</param>
public sealed record JourneyMessage(
    string Id, string Channel, string LeadId, string To, string Subject, string Text,
    string Journey, int Version, string Run, string Step, DateTimeOffset Due, DateTimeOffset SentAt, string? Template = null, string? Topic = null, JsonElement? Data = null);

/// <summary>A way to reach people. Delivering the same message again must have no further effect.</summary>
public interface IChannel
{
    /// <summary>Whether it serves messages of this kind ("email").</summary>
    bool Serves(string channel);

    Task DeliverAsync(JourneyMessage message, CancellationToken cancellationToken);

    /// <summary>Whether the message was delivered, or may have been.</summary>
    Task<bool> HasAsync(string messageId, CancellationToken cancellationToken);
}

/// <summary>Decides about every message, whoever wants to send it, and hands it to its channel.</summary>
public sealed class SendArbiter(IEnumerable<IChannel> channels)
{
    private readonly IChannel[] _channels = [.. channels];

    internal Task<bool> HasBegunAsync(string channel, PendingAct act, CancellationToken cancellationToken) =>
        Find(channel) is { } found ? found.HasAsync(act.Id, cancellationToken) : Task.FromResult(false);

    /// <summary>Null when it went out; otherwise why not.</summary>
    internal async Task<string?> SendAsync(JourneyMessage message, ILeadFacts lead, CancellationToken cancellationToken)
    {
        if (Refuse(message, lead) is { } reason)
        {
            return reason;
        }

        if (Find(message.Channel) is not { } channel)
        {
            return $"There is no channel \"{message.Channel}\".";
        }

        await channel.DeliverAsync(message, cancellationToken);
        return null;
    }

    /// <summary>The rules that need no channel: a simulation asks them too.</summary>
    internal static string? Refuse(JourneyMessage message, ILeadFacts lead) =>
        message.Channel != Sales && message.To.Length == 0 ? $"The lead has no address for \"{message.Channel}\"."
        : message.Topic is { } topic ? Refuse(topic, message.Channel, lead)
        : null;

    /// <summary>Whether consent stands in the way.</summary>
    internal static bool Declines(string topic, string channel, ILeadFacts lead) => Refuse(topic, channel, lead) is not null;

    /// <summary>
    /// A topic that nobody was asked about may be sent. A no to a topic is one to all below it (<c>news.weekly</c>), and a no may also be given to the topic on this channel, to the channel, or as what consent
    /// tools call the answer inside a topic. A yes further down does not overrule it: one may be older than the other.
    /// </summary>
    private static string? Refuse(string topic, string channel, ILeadFacts lead)
    {
        for (var asked = topic; asked.Length > 0; asked = asked[..Math.Max(0, asked.LastIndexOf('.'))])
        {
            foreach (var inside in (string[])["", $".{channel}", .. AnswersInside])
            {
                var answer = lead.Trait(Consent.Prefix + asked + inside);
                if (Consent.Read(answer) is var said and (Said.No or Said.Unclear))
                {
                    return said == Said.No ? $"The lead does not want \"{asked}\"." : $"The lead's answer about \"{asked}{inside}\" is neither a yes nor a no, and counts as no.";
                }
            }
        }

        return Consent.Read(lead.Trait(Consent.Prefix + channel)) == Said.No ? $"The lead does not want \"{channel}\"." : null;
    }

    private static readonly string[] AnswersInside = [".granted", ".given", ".status", ".value", ".consent"];

    internal const string Sales = "sales";

    private IChannel? Find(string channel) => _channels.FirstOrDefault(candidate => candidate.Serves(channel));
}
