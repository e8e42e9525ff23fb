using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Ingest.Reading;

/// <summary>
/// The event that the query of <c>/p.gif</c> describes, as a page's script would have sent it: <c>e</c> is <c>page</c> (or missing) or the name of an event,
/// <c>k</c> the write key, <c>a</c> and <c>u</c> the anonymous and the user id, <c>id</c> the message id, <c>url</c> the page (by default the one that shows the pixel).
/// <c>p.x=1</c> is a property, and a number or a truth value when it reads as one; any other parameter is a property and text.
/// </summary>
internal static class PixelEvent
{
    public static byte[] ToJson(HttpRequest request)
    {
        var query = request.Query;
        var name = query["e"].ToString();
        var isPage = name is "" or "page";
        var url = query["url"].ToString() is { Length: > 0 } given ? given : request.Headers.Referer.ToString();

        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("type"u8, isPage ? "page"u8 : "track"u8);
        Text(writer, "event", isPage ? "" : name);
        Text(writer, "anonymousId", query["a"].ToString());
        Text(writer, "userId", query["u"].ToString());
        Text(writer, "messageId", query["id"].ToString());

        writer.WriteStartObject("properties"u8);
        if (isPage)
        {
            Text(writer, "url", url);
        }

        foreach (var (key, values) in query)
        {
            var value = values.ToString();
            if (key.StartsWith("p.", StringComparison.Ordinal) && key.Length > 2)
            {
                writer.WritePropertyName(key.AsSpan(2));
                Typed(writer, value);
            }
            else if (key is not ("e" or "k" or "writeKey" or "a" or "u" or "id" or "url"))
            {
                writer.WriteString(key, value);
            }
        }

        writer.WriteEndObject();

        writer.WriteStartObject("context"u8);
        Text(writer, "userAgent", request.Headers.UserAgent.ToString());
        if (url.Length > 0)
        {
            writer.WriteStartObject("page"u8);
            writer.WriteString("url"u8, url);
            writer.WriteEndObject();
        }

        writer.WriteStartObject("library"u8);
        writer.WriteString("name"u8, "pixel"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Text(Utf8JsonWriter writer, string key, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(key, value);
        }
    }

    // Only what JSON itself writes that way: "007" and "1e5" stay text.
    private static void Typed(Utf8JsonWriter writer, string value)
    {
        if (value is "true" or "false")
        {
            writer.WriteBooleanValue(value == "true");
        }
        else if (value.Length is > 0 and <= 15 && decimal.TryParse(value, System.Globalization.NumberStyles.AllowLeadingSign | System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var number)
            && number.ToString(System.Globalization.CultureInfo.InvariantCulture) == value)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(value);
        }
    }
}
