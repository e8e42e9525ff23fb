using System.Buffers;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Conditions;
using LeadFunctions.Events;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// What the context of an event says about consent: <c>consent.tracking</c> or <c>consent</c> itself, in anybody's words, and the categories of consent banners (<c>consent.categoryPreferences</c>
/// or beside <c>tracking</c>), of which the source says what they stand for.
/// </summary>
internal static class EventConsent
{
    private const string Categories = "categoryPreferences";

    /// <summary>About being tracked. Of several answers a no counts.</summary>
    /// <param name="path">Where the answer stands.</param>
    public static Said Tracking(JsonElement context, Source source, out string path)
    {
        path = "context.consent";
        if (context.ValueKind != JsonValueKind.Object || !context.TryGetProperty("consent"u8, out var consent))
        {
            return Said.Nothing;
        }

        if (consent.ValueKind != JsonValueKind.Object)
        {
            // How clients write an object that they have not; anything else is an answer.
            return consent.ValueKind == JsonValueKind.Null || (consent.ValueKind == JsonValueKind.Array && consent.GetArrayLength() == 0) ? Said.Nothing : Consent.Read(consent);
        }

        var heard = Said.Nothing;
        Hear(consent, "context.consent", source, ref heard, ref path);
        return heard;
    }

    /// <summary>The properties of an event that changes consent, with what its context says by category of the topics that they do not name.</summary>
    public static JsonElement Fill(JsonElement properties, JsonElement context, Source source)
    {
        if (context.ValueKind != JsonValueKind.Object || !context.TryGetProperty("consent"u8, out var consent) || consent.ValueKind != JsonValueKind.Object
            || !consent.TryGetProperty(Categories, out var categories) || categories.ValueKind != JsonValueKind.Object)
        {
            return properties;
        }

        var topics = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);
        foreach (var category in categories.EnumerateObject())
        {
            var topic = source.TopicOf(category.Name);
            topics[topic] = topics.GetValueOrDefault(topic, true) && Consent.Read(category.Value) == Said.Yes;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (properties.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in properties.EnumerateObject())
                {
                    property.WriteTo(writer);
                    topics.Remove(property.Name);
                }
            }

            foreach (var (topic, agreed) in topics)
            {
                writer.WriteBoolean(topic, agreed);
            }

            writer.WriteEndObject();
        }

        return Parsed(buffer);
    }

    /// <summary>What is left of the context of somebody who does not want to be tracked: the answer.</summary>
    public static JsonElement Alone(JsonElement context)
    {
        if (context.ValueKind != JsonValueKind.Object || !context.TryGetProperty("consent"u8, out var consent))
        {
            return default;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("consent"u8);
            consent.WriteTo(writer);
            writer.WriteEndObject();
        }

        return Parsed(buffer);
    }

    private static void Hear(JsonElement answers, string at, Source source, ref Said heard, ref string path)
    {
        foreach (var answer in answers.EnumerateObject())
        {
            if (answer.NameEquals(Categories) && answer.Value.ValueKind == JsonValueKind.Object)
            {
                Hear(answer.Value, $"{at}.{Categories}", source, ref heard, ref path);
            }
            else if (IsTracking(answer, source) && Consent.Read(answer.Value) is var said && said > heard)
            {
                (heard, path) = (said, $"{at}.{answer.Name}");
            }
        }
    }

    private static bool IsTracking(JsonProperty answer, Source source) =>
        answer.NameEquals(ConsentEvents.Tracking) || ConsentEvents.Tracking.Equals(source.TopicOf(answer.Name), StringComparison.OrdinalIgnoreCase);

    private static JsonElement Parsed(ArrayBufferWriter<byte> buffer)
    {
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
