using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using NodaTime;

namespace LeadFunctions.Messaging;

/// <summary>What events say of a lead's messages: those that are asked about are decided, and what becomes of them is written down. Pure.</summary>
internal static class MessagingReducer
{
    /// <param name="facts">The lead with all that came along; asked for only where something is to be decided.</param>
    /// <returns>The messages after, and what the timeline tells.</returns>
    public static (LeadMessages Messages, MessageAnswer? Answer) Apply(LeadMessages messages, LeadEvent e, Func<ILeadFacts> facts, MessagingRules rules, DateTimeZone usualZone, DateTimeOffset now)
    {
        if (e.LeadId is null)
        {
            return (messages, null); // from outside anybody may say anything
        }

        var ms = e.At.ToUnixTimeMilliseconds();
        return e switch
        {
            { Type: EventType.Message, Name: MessageEvents.Asked } when Read(e) is { } order => Decide(messages, order, facts(), rules, usualZone, now),
            { Type: EventType.Message, Name: MessageEvents.NotSent } when Read(e) is { } order => (NotSent(messages, order, now), null),
            { Type: EventType.Track, Name: MessageEvents.Sent } when Find(messages, e) is { } sent => (messages.With(sent with
            {
                State = EventText.Says(e.Properties, "unconfirmed") ? MessageState.Unconfirmed : MessageState.Sent,
                At = ms,
                Reason = null,
                Until = null,
            }), null),
            { Type: EventType.Track, Name: MessageEvents.Bounced } when Find(messages, e) is { } bounced => (messages.With(IsSoft(e) ? bounced with { BouncedAt = ms, Reason = EventText.Of(e.Properties, "reason") }
                : bounced with { State = MessageState.Bounced, At = ms, BouncedAt = ms, Until = null, Reason = EventText.Of(e.Properties, "reason") }), null),
            { Type: EventType.Track, Name: MessageEvents.Opened } when Find(messages, e) is { } opened => (messages.With(opened with { OpenedAt = Earlier(opened.OpenedAt, ms) }), null),
            { Type: EventType.Track, Name: MessageEvents.Clicked } when Find(messages, e) is { } clicked => (messages.With(clicked with { ClickedAt = Earlier(clicked.ClickedAt, ms) }), null),
            { Type: EventType.Track, Name: MessageEvents.Complained } when Find(messages, e) is { } complained => (messages.With(complained with { ComplainedAt = Earlier(complained.ComplainedAt, ms) }), null),
            _ => (messages, null),
        };
    }

    private static (LeadMessages, MessageAnswer?) Decide(LeadMessages messages, SendOrder order, ILeadFacts facts, MessagingRules rules, DateTimeZone usualZone, DateTimeOffset now)
    {
        var before = messages.Find(order.Send);
        if (before is { State: not (MessageState.Held or MessageState.Deferred) })
        {
            // It is over, or somebody is at it, or was and did not live to tell: who asks sees which.
            return (messages, null);
        }

        var verdict = Arbiter.Decide(order, messages, facts, rules, usualZone, now);
        var message = new LeadMessage(
            order.Send, order.Channel, MessageState.Begun, now.ToUnixTimeMilliseconds(), before?.Due ?? order.Due.ToUnixTimeMilliseconds(), order.Attempt, null, null,
            order.Topic, order.Template, order.Journey, order.Step, order.Campaign, order.Priority == Priority.Normal ? null : order.Priority);
        return verdict switch
        {
            Verdict.Hold hold => (
                messages.With(message with { State = MessageState.Held, Attempt = null, Until = hold.Until.ToUnixTimeMilliseconds(), Reason = hold.Reason, ForRoom = hold.ForRoom ? true : null, ForAnswer = hold.ForAnswer ? true : null }),
                new("hold", hold.Until, hold.Reason)),
            Verdict.Skip skip => (messages.With(message with { State = MessageState.Skipped, Attempt = null, Reason = skip.Reason }), new("skip", null, skip.Reason)),
            _ => (messages.With(message), new("send")),
        };
    }

    private static LeadMessages NotSent(LeadMessages messages, SendOrder order, DateTimeOffset now) =>
        messages.Find(order.Send) is { State: MessageState.Begun } begun && begun.Attempt == order.Attempt
            ? messages.With(begun with
            {
                State = order.Outcome switch { Messaging.NotSent.Deferred => MessageState.Deferred, Messaging.NotSent.Skipped => MessageState.Skipped, _ => MessageState.Failed },
                At = now.ToUnixTimeMilliseconds(),
                Attempt = null,
                Reason = order.Reason,
            })
            : messages;

    private static SendOrder? Read(LeadEvent e) => e.Properties.ValueKind == JsonValueKind.Object ? e.Properties.Deserialize(MessagingJson.Default.SendOrder) : null;

    private static LeadMessage? Find(LeadMessages messages, LeadEvent e) => EventText.Of(e.Properties, "messageId") is { } send ? messages.Find(send) : null;

    private static bool IsSoft(LeadEvent e) => EventText.Of(e.Properties, "kind") == "soft";

    private static long Earlier(long? before, long at) => Math.Min(before ?? long.MaxValue, at);
}
