using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Channels;
using LeadFunctions.Events;

namespace LeadFunctions.Push;

/// <summary>What a browser shows, as the service worker <c>lf-sw.js</c> reads it. Browsers take no more than 4 KB, encrypted.</summary>
internal static class PushText
{
    private const int LongestTitle = 200;
    private const int LongestBody = 500;
    private const int LongestAddress = 2_000;

    /// <summary>In bytes: what is left of 4,096 after the encryption's own.</summary>
    private const int Most = 3_990;

    // Letters beyond ASCII as they are: spelt as escapes, a Russian text would take three times the room.
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="message">Its subject is the title, its text the body; <c>data</c> may name a page to open (<c>url</c>) and a picture (<c>icon</c>).</param>
    /// <param name="counted">The address that counts a click on this one before it leads there.</param>
    public static string Of(ChannelMessage message, string tag, Func<string, string?> counted)
    {
        var isTitled = message.Subject is { Length: > 0 };
        var json = new JsonObject
        {
            ["title"] = EventText.Cut(isTitled ? message.Subject! : message.Text, LongestTitle), // it has one
            ["body"] = isTitled ? EventText.Cut(message.Text, LongestBody) : "",
            // The same message again takes the place of the first.
            ["tag"] = tag,
        };
        if (Page(message, "url") is { } url)
        {
            json["url"] = counted(url) is { Length: <= LongestAddress } address ? address : url;
        }

        if (Page(message, "icon") is { } icon)
        {
            json["icon"] = icon;
        }

        return Fitting(json);
    }

    /// <summary>A picture that does not fit goes first; then the body is cut.</summary>
    private static string Fitting(JsonObject json)
    {
        var text = json.ToJsonString(Written);
        if (Encoding.UTF8.GetByteCount(text) > Most && json.Remove("icon"))
        {
            text = json.ToJsonString(Written);
        }

        for (var length = LongestBody; Encoding.UTF8.GetByteCount(text) > Most && length > 1; length /= 2)
        {
            json["body"] = EventText.Cut((string)json["body"]!, length / 2); // it has one
            text = json.ToJsonString(Written);
        }

        return text;
    }

    private static string? Page(ChannelMessage message, string name) =>
        message.Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: <= 1_000 } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? text : null;
}
