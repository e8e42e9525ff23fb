using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// Snowplow's tracker protocol, written as the batch that a Segment client would have sent. The app id (<c>aid</c>) is the write key, <c>eid</c> the message id,
/// <c>uid</c> the user, the domain's user id the anonymous one; a page view is a page, a structured event a track named by its action, a self-describing
/// one a track named as its schema. Page pings stay what they are, for a rule to drop.
/// </summary>
internal static class SnowplowEvents
{
    private static readonly JsonDocumentOptions Inner = new() { MaxDepth = IngestLimits.Depth - 8 };

    /// <summary>The body of <c>/com.snowplowanalytics.snowplow/tp2</c>; as it is when it is no such payload.</summary>
    /// <param name="isAnonymous">Nothing is to be kept that the network knows the visitor by.</param>
    public static byte[] ToJson(JsonElement payload, bool isAnonymous = false)
    {
        if (payload.ValueKind != JsonValueKind.Object || !payload.TryGetProperty("data"u8, out var data) || data.ValueKind != JsonValueKind.Array)
        {
            return Encoding.UTF8.GetBytes(payload.GetRawText());
        }

        return Batch([.. data.EnumerateArray().Select<JsonElement, Func<string, string?>>(item => name => IsKept(name, isAnonymous) ? Text(item, name) : null)], isBatch: true);
    }

    /// <summary>The query of <c>/i</c>, which holds one event.</summary>
    public static byte[] ToJson(IQueryCollection query, bool isAnonymous = false) =>
        Batch([name => IsKept(name, isAnonymous) && query[name].ToString() is { Length: > 0 } text ? text : null], isBatch: false);

    private static bool IsKept(string name, bool isAnonymous) => !isAnonymous || name is not ("ip" or "nuid" or "tnuid");

    private static byte[] Batch(IReadOnlyList<Func<string, string?>> events, bool isBatch)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        Write(writer, "writeKey", events.Select(find => find("aid")).FirstOrDefault(aid => aid is not null));
        if (!isBatch)
        {
            Write(writer, events[0]);
        }
        else
        {
            writer.WriteStartArray("batch"u8);
            foreach (var find in events)
            {
                writer.WriteStartObject();
                Write(writer, find);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, Func<string, string?> find)
    {
        Write(writer, "messageId", find("eid"));
        Write(writer, "userId", find("uid"));
        Write(writer, "anonymousId", find("duid") ?? find("tnuid") ?? find("nuid"));
        // The true timestamp is what a server knows it to have been; the device's is as wrong as its clock, and sent together with it.
        var isTrue = find("ttm") is not null;
        WriteTyped(writer, "timestamp", find(isTrue ? "ttm" : "dtm"));
        WriteTyped(writer, "sentAt", isTrue ? null : find("stm"));
        switch (find("e"))
        {
            case "pv":
                writer.WriteString("type"u8, "page"u8);
                writer.WriteStartObject("properties"u8);
                WritePage(writer, find);
                writer.WriteEndObject();
                break;
            case "se":
                WriteStructured(writer, find);
                break;
            case "ue":
                WriteSelfDescribing(writer, find);
                break;
            case var other:
                Write(writer, "type", other == "pp" ? EventTypes.PagePing : other);
                break;
        }

        WriteContext(writer, find);
    }

    private static void WriteStructured(Utf8JsonWriter writer, Func<string, string?> find)
    {
        writer.WriteString("type"u8, "track"u8);
        Write(writer, "event", find("se_ac"));
        writer.WriteStartObject("properties"u8);
        Write(writer, "category", find("se_ca"));
        Write(writer, "action", find("se_ac"));
        Write(writer, "label", find("se_la"));
        Write(writer, "property", find("se_pr"));
        WriteTyped(writer, "value", find("se_va"));
        writer.WriteEndObject();
    }

    private static void WriteSelfDescribing(Utf8JsonWriter writer, Func<string, string?> find)
    {
        writer.WriteString("type"u8, "track"u8);
        using var document = Parse(find("ue_pr"), find("ue_px"));
        if (Member(document?.RootElement, "data") is { } self && Member(self, "schema") is { ValueKind: JsonValueKind.String } schema
            && schema.GetString()!.Split('/') is [_, var name, ..])
        {
            writer.WriteString("event"u8, name);
            if (Member(self, "data") is { ValueKind: JsonValueKind.Object } data)
            {
                writer.WritePropertyName("properties"u8);
                data.WriteTo(writer);
            }
        }
    }

    private static void WriteContext(Utf8JsonWriter writer, Func<string, string?> find)
    {
        writer.WriteStartObject("context"u8);
        writer.WriteStartObject("page"u8);
        WritePage(writer, find);
        writer.WriteEndObject();
        Write(writer, "userAgent", find("ua"));
        Write(writer, "ip", find("ip"));
        Write(writer, "locale", find("lang"));
        Write(writer, "timezone", find("tz"));
        writer.WriteStartObject("library"u8);
        writer.WriteString("name"u8, "snowplow"u8);
        Write(writer, "version", find("tv"));
        writer.WriteEndObject();
        using var contexts = Parse(find("co"), find("cx"));
        if (Member(contexts?.RootElement, "data") is { ValueKind: JsonValueKind.Array } entities)
        {
            writer.WritePropertyName("snowplow"u8);
            entities.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WritePage(Utf8JsonWriter writer, Func<string, string?> find)
    {
        Write(writer, "url", find("url"));
        Write(writer, "title", find("page"));
        Write(writer, "referrer", find("refr"));
    }

    private static void Write(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    // The protocol knows texts only.
    private static void WriteTyped(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            Write(writer, name, text);
        }
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
        : null;

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var member) ? member : null;

    /// <summary>JSON within the JSON: as text, or in Base64 of either alphabet, without padding. Null when it is neither; the event then lacks what it would have said.</summary>
    private static JsonDocument? Parse(string? plain, string? base64)
    {
        try
        {
            var utf8 = plain is not null ? Encoding.UTF8.GetBytes(plain)
                : base64 is not null ? Base64Url.DecodeFromChars(base64.TrimEnd('=').Replace('+', '-').Replace('/', '_'))
                : null;
            if (utf8 is null)
            {
                return null;
            }

            Surrogates.Mend(utf8);
            return JsonDocument.Parse(utf8, Inner);
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException)
        {
            return null;
        }
    }
}
