using System.Text.Json;

namespace LeadFunctions.Events;

/// <summary>Texts in what came with an event.</summary>
internal static class EventText
{
    /// <summary>The beginning of a text, up to so many characters; no half of a surrogate pair is left at its end.</summary>
    public static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    /// <summary>Null when there is no such text.</summary>
    public static string? Of(JsonElement properties, string name) =>
        properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>It is said, and with a yes.</summary>
    public static bool Says(JsonElement properties, string name) => properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
