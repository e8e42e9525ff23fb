using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Leads.Erasing;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Erasures;

/// <summary>Dead letters without somebody: a message holds other people's events too, which go on waiting to be replayed.</summary>
internal static class LettersWithout
{
    /// <summary>A shorter name stands in any text.</summary>
    private const int TellingLength = 6;

    /// <returns>The very same text where the person is not in it; null where nobody else is.</returns>
    public static string? Of(ErasedPerson person, DeadLetter letter, string text)
    {
        try
        {
            return letter switch
            {
                { Kind: DeadLetterKind.Event } => JsonSerializer.Deserialize(text, EventsJson.Default.LeadEvent) is { } e && !person.Has(e) ? text : null,
                { Queue: Queues.LeadEvents } => Events(person, text),
                { Queue: Queues.LeadEffects or Queues.JourneyEffects or Queues.Outbound } => Effects(person, text),
                { Queue: Queues.WebhookDeliveries } => QueueText.Read(text, DeliveryJson.Default.DeliveryOrder).LeadId is { } lead && person.LeadIds.Contains(lead) ? null : text,
                _ => Unread(person, text),
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException)
        {
            return Unread(person, text);
        }
    }

    /// <summary>The other half: what in a letter is the person's. Null where they are not in it.</summary>
    public static JsonNode? Theirs(ErasedPerson person, DeadLetter letter, string text)
    {
        try
        {
            return letter switch
            {
                _ when ReferenceEquals(Of(person, letter, text), text) => null,
                { Kind: DeadLetterKind.Event } => JsonNode.Parse(text),
                { Queue: Queues.LeadEvents } => JsonSerializer.SerializeToNode(QueueText.Read(text, EventsJson.Default.EventBatch).Events.Where(person.Has), JsonSerializerOptions.Web),
                { Queue: Queues.LeadEffects or Queues.JourneyEffects or Queues.Outbound } =>
                    JsonSerializer.SerializeToNode(QueueText.Read(text, EffectsJson.Default.EffectBatch).Effects.Where(effect => person.LeadIds.Contains(effect.LeadId)), JsonSerializerOptions.Web),
                _ => text,
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException)
        {
            return text;
        }
    }

    private static string? Events(ErasedPerson person, string text)
    {
        var batch = QueueText.Read(text, EventsJson.Default.EventBatch);
        List<LeadEvent> left = [.. batch.Events.Where(e => !person.Has(e))];
        return left.Count == batch.Events.Count ? text : left.Count == 0 ? null : QueueText.Write(batch with { Events = left }, EventsJson.Default.EventBatch);
    }

    private static string? Effects(ErasedPerson person, string text)
    {
        var batch = QueueText.Read(text, EffectsJson.Default.EffectBatch);
        List<LeadEffect> left = [.. batch.Effects.Where(effect => !person.LeadIds.Contains(effect.LeadId))];
        return left.Count == batch.Effects.Count ? text : left.Count == 0 ? null : QueueText.Write(batch with { Effects = left }, EffectsJson.Default.EffectBatch);
    }

    /// <summary>What nobody can take apart goes as a whole.</summary>
    private static string? Unread(ErasedPerson person, string text) =>
        person.LeadIds.Concat(person.Addresses).Concat(person.Phones).Concat(person.Names.Select(name => Identity.OfKey(name).Value)).Any(mark => mark.Length >= TellingLength && text.Contains(mark, StringComparison.OrdinalIgnoreCase))
            ? null : text;
}
