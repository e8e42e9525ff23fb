using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Events;

namespace LeadFunctions.Messaging;

/// <summary>
/// What comes back of a message names it by its send id alone: a link has to be short, and a carrier knows no more. What else is known of the message is added as the event comes to its lead, so that journeys, segments
/// and whoever listens can ask for a click in one template, or one campaign.
/// </summary>
internal static class KnownMessage
{
    private static readonly FrozenSet<string> Names = new[]
    {
        MessageEvents.Opened, MessageEvents.Clicked, MessageEvents.OpenedByMachine, MessageEvents.ClickedByMachine, MessageEvents.Bounced, MessageEvents.Complained, MessageEvents.Unsubscribed,
    }.ToFrozenSet();

    /// <summary>The event with template, journey, step and campaign of its message, as far as the lead still knows it; the very event where there is nothing to add.</summary>
    public static LeadEvent Named(LeadEvent e, LeadMessages messages)
    {
        // From outside anybody may say anything.
        if (e is not { Type: EventType.Track, LeadId: not null, Name: { } name, Properties.ValueKind: JsonValueKind.Object } || !Names.Contains(name) || e.Properties.TryGetProperty("template", out _)
            || EventText.Of(e.Properties, "messageId") is not { } send || messages.Find(send) is not { } message)
        {
            return e;
        }

        var properties = JsonObject.Create(e.Properties)!; // it is an object
        (string Name, string? Value)[] known = [("template", message.Template), ("journey", message.Journey), ("step", message.Step), ("campaign", message.Campaign)];
        foreach (var (field, value) in known.Where(one => one.Value is not null && !properties.ContainsKey(one.Name)))
        {
            properties[field] = value;
        }

        return e with { Properties = JsonSerializer.SerializeToElement(properties) };
    }
}
