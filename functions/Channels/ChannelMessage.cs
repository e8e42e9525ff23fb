using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Mail;
using LeadFunctions.Templates;

namespace LeadFunctions.Channels;

/// <summary>One message to one person by a gateway, filled in.</summary>
/// <param name="SendId">The same however often it is tried; the gateway takes it once.</param>
/// <param name="To">The address on the channel: a number, a name in a chat.</param>
/// <param name="Subject">Null where the channel knows none.</param>
/// <param name="Data">What else the step sends along.</param>
public sealed record ChannelMessage(string SendId, string Channel, string LeadId, string To, string? Subject, string Text, DateTimeOffset At, JsonElement? Data = null, MailOrigin? Origin = null)
{
    /// <summary>What a template says, as a gateway is told: of a mail its subject and text; the title and body of a push message, whose page and picture win over those of <paramref name="data"/>.</summary>
    internal static ChannelMessage Of(string sendId, string channel, string leadId, string to, RenderedMessage filled, DateTimeOffset at, JsonElement? data, MailOrigin? origin) => filled switch
    {
        RenderedMessage.Mail mail => new(sendId, channel, leadId, to, mail.Subject, mail.Text.Trim(), at, data, origin),
        RenderedMessage.Push push => new(sendId, channel, leadId, to, push.Title, push.Body, at, DataOf(data, push), origin),
        _ => throw new InvalidOperationException($"Nothing says how a gateway is told {filled.GetType().Name}."),
    };

    private static JsonElement? DataOf(JsonElement? data, RenderedMessage.Push push)
    {
        if (push is { Url: null, Icon: null })
        {
            return data;
        }

        var all = data is { ValueKind: JsonValueKind.Object } given ? JsonObject.Create(given)! : []; // it is an object
        (string Name, string? Value)[] named = [("url", push.Url), ("icon", push.Icon)];
        foreach (var (name, value) in named.Where(one => one.Value is not null))
        {
            all[name] = value;
        }

        return JsonSerializer.SerializeToElement(all);
    }
}

/// <summary>What became of it, and what the gateway said.</summary>
/// <param name="Status">Null when it did not answer.</param>
/// <param name="Answer">Its JSON; null for none.</param>
public sealed record ChannelAnswer(MailOutcome Outcome, int? Status = null, JsonElement? Answer = null);

/// <summary>What a gateway's answer means.</summary>
internal static class ChannelVerdict
{
    private const int Longest = 500;

    /// <param name="until">What the answer says of when to come back.</param>
    public static MailOutcome Of(int status, JsonElement? answer, DateTimeOffset? until)
    {
        var reason = Cut(Text(answer, "reason") ?? Text(answer, "message") ?? Text(answer, "detail")) is { } said ? $"{status}: {said}" : $"The gateway answered {status}.";
        return status switch
        {
            // 409: it has the message already.
            >= 200 and < 300 or 409 => new MailOutcome.Accepted(Cut(Text(answer, "id"))),
            400 or 413 or 415 or 422 => new MailOutcome.Rejected(reason, Cut(Text(answer, "code")) ?? $"{status}", IsTrue(answer, "isAddress")),
            // Wrong rights, a wrong address of the gateway, too much to do: nothing of this is about a person.
            _ => new MailOutcome.Deferred(reason, until),
        };
    }

    private static string? Text(JsonElement? answer, string name) => answer is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var value) ? value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    } : null;

    private static bool IsTrue(JsonElement? answer, string name) => answer is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Cut(string? text) => text is null ? null : Events.EventText.Cut(text, Longest);
}
