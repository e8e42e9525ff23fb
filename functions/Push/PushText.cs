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

    /// <param name="message">Its subject is the title, its text the body; <c>data</c> may name a page to open (<c>url</c>) and a picture (<c>icon</c>).</param>
    /// <param name="counted">The address that counts a click on this one before it leads there.</param>
    public static string Of(ChannelMessage message, string tag, Func<string, string?> counted)
    {
        var json = new JsonObject
        {
            ["title"] = EventText.Cut(message.Subject is { Length: > 0 } subject ? subject : message.Text, LongestTitle),
            ["body"] = message.Subject is { Length: > 0 } ? EventText.Cut(message.Text, LongestBody) : "",
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

        return json.ToJsonString();
    }

    private static string? Page(ChannelMessage message, string name) =>
        message.Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: <= 1_000 } text && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? text : null;
}
