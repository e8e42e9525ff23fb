using System.Text.Json;

namespace LeadFunctions.Messaging.Sending;

/// <summary>A message on its way to a person.</summary>
/// <param name="Id">The act's: the same however often the step is tried.</param>
/// <param name="To">The address on the channel.</param>
/// <param name="Due">When it should go out.</param>
public sealed record OutgoingMessage(
    string Id, string Channel, string LeadId, string To, string Subject, string Text,
    string Journey, int Version, string Run, string Step, DateTimeOffset Due, DateTimeOffset SentAt, string? Template = null, string? Topic = null, JsonElement? Data = null)
{
    /// <summary>The channel of what sales is told.</summary>
    public const string Sales = "sales";
}
