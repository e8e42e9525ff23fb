using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;

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
        : message.Topic is { } topic ? TopicConsent.Refuse(topic, message.Channel, lead)
        : null;

    internal const string Sales = "sales";

    private IChannel? Find(string channel) => _channels.FirstOrDefault(candidate => candidate.Serves(channel));
}
