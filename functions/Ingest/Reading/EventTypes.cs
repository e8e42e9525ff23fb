using System.Text.Json;
using LeadFunctions.Events;

namespace LeadFunctions.Ingest.Reading;

/// <summary>The calls of the tracking API by name. The types that only come from inside are not among them.</summary>
internal static class EventTypes
{
    /// <summary>What a Snowplow client calls every few seconds while a page is open.</summary>
    public const string PagePing = "pagePing";

    public static EventType? Find(JsonElement field)
    {
        if (field.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        return field.ValueEquals("track"u8) ? EventType.Track
            : field.ValueEquals("page"u8) ? EventType.Page
            : field.ValueEquals("identify"u8) ? EventType.Identify
            : field.ValueEquals("screen"u8) ? EventType.Screen
            : field.ValueEquals("group"u8) ? EventType.Group
            : field.ValueEquals("alias"u8) ? EventType.Alias
            : null;
    }

    public static string Name(EventType type) => type switch
    {
        EventType.Track => "track",
        EventType.Page => "page",
        EventType.Identify => "identify",
        EventType.Screen => "screen",
        EventType.Group => "group",
        EventType.Alias => "alias",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a call of the tracking API."),
    };
}
