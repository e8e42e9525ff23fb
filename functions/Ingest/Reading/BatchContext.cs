using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using LeadFunctions.Events;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// The <c>context</c> of a whole batch, which every event in it has too: whoever refuses tracking, or names the user agent, says it once. What an event says itself wins, member by member; null says nothing.
/// A batch's <c>integrations</c> need no such care, since nobody keeps or reads those of an event either.
/// </summary>
internal static class BatchContext
{
    /// <summary>Undefined when the batch has none.</summary>
    public static JsonElement Find(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("context"u8, out var context) && !IsNothing(context) ? context : default;

    /// <summary>In bytes; what each event of the batch carries in addition.</summary>
    public static int Length(JsonElement context) => context.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(context).Length;

    /// <summary>One that is no object makes the event's context invalid, as its own would.</summary>
    public static JsonElement Under(JsonElement own, JsonElement batch)
    {
        if (batch.ValueKind == JsonValueKind.Undefined)
        {
            return own;
        }

        if (batch.ValueKind != JsonValueKind.Object || IsNothing(own))
        {
            return batch;
        }

        if (own.ValueKind != JsonValueKind.Object)
        {
            return own;
        }

        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, own, batch);
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement own, JsonElement batch)
    {
        writer.WriteStartObject();
        foreach (var member in batch.EnumerateObject().Where(member => !own.TryGetProperty(member.Name, out var mine) || IsNothing(mine)))
        {
            member.WriteTo(writer);
        }

        foreach (var member in own.EnumerateObject())
        {
            if (!batch.TryGetProperty(member.Name, out var theirs))
            {
                member.WriteTo(writer);
            }
            else if (member.Value.ValueKind == JsonValueKind.Object && theirs.ValueKind == JsonValueKind.Object)
            {
                writer.WritePropertyName(member.Name);
                Write(writer, member.Value, theirs);
            }
            else if (member.Value.ValueKind == JsonValueKind.Object && !IsNothing(member.Value) && EventConsent.IsPlace(member) && !EventConsent.IsNone(theirs))
            {
                WriteAnswers(writer, member, theirs);
            }
            else if (!IsNothing(member.Value))
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>The batch has one answer, which is about being tracked; what its event says of topics does not take that back.</summary>
    private static void WriteAnswers(Utf8JsonWriter writer, JsonProperty own, JsonElement tracking)
    {
        writer.WriteStartObject(own.Name);
        if (!own.Value.TryGetProperty(ConsentEvents.Tracking, out _))
        {
            writer.WritePropertyName(ConsentEvents.Tracking);
            tracking.WriteTo(writer);
        }

        foreach (var answer in own.Value.EnumerateObject())
        {
            answer.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    // Null, an object without members, and how PHP writes that.
    private static bool IsNothing(JsonElement context) => context.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => true,
        JsonValueKind.Array => context.GetArrayLength() == 0,
        JsonValueKind.Object => context.GetPropertyCount() == 0,
        _ => false,
    };
}
