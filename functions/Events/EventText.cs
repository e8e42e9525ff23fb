using System.Text.Json;

namespace LeadFunctions.Events;

/// <summary>Texts in what came with an event.</summary>
internal static class EventText
{
    /// <summary>Null when there is no such text.</summary>
    public static string? Of(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
