using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Facts;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Lifecycle;
using LeadFunctions.Platform;
using NodaTime;

namespace LeadFunctions.Messaging;

/// <summary>What the arbiter says to a message.</summary>
internal abstract record Verdict
{
    private Verdict()
    {
    }

    public sealed record Send : Verdict;

    /// <param name="ForRoom"><see cref="LeadMessage.ForRoom"/>.</param>
    /// <param name="ForAnswer"><see cref="LeadMessage.ForAnswer"/>.</param>
    public sealed record Hold(DateTimeOffset Until, string Reason, bool ForRoom = false, bool ForAnswer = false) : Verdict;

    public sealed record Skip(string Reason) : Verdict;
}

/// <summary>
/// Decides of every message to a lead, whoever wants to send it, whether it goes out now, later or not at all. Pure; asked where the lead's events are applied, so that of two who ask at once
/// the second sees what the first was told.
/// </summary>
internal static class Arbiter
{
    /// <summary>A trait: until then the person wants nothing.</summary>
    public const string PausedUntil = "messagesPausedUntil";

    /// <summary>A trait: <c>weekly</c> or <c>monthly</c>, for one message of any topic in that time at most.</summary>
    public const string Frequency = "messagesFrequency";

    /// <param name="lead">With what came along.</param>
    /// <param name="usualZone">Where leads live whose own zone is not known.</param>
    public static Verdict Decide(SendOrder order, LeadMessages messages, ILeadFacts lead, MessagingRules rules, DateTimeZone usualZone, DateTimeOffset now)
    {
        if (Addresses.Of(order.Channel, lead).Length == 0)
        {
            return new Verdict.Skip($"The lead has no address for \"{order.Channel}\".");
        }

        if (Refusal(order, lead, rules) is { } refusal)
        {
            return Awaited(order, messages, lead, now) is { } until ? new Verdict.Hold(until, $"{refusal} An answer may be on its way.", ForAnswer: true) : new Verdict.Skip(refusal);
        }

        var zone = LeadZone.Of(lead).Zone ?? usualZone;
        if (order.Campaign is { } campaign && messages.Kept.Any(other => other.Campaign == campaign && other.Id != order.Send && (other.Counts || other.IsOpen)))
        {
            return new Verdict.Skip("The lead was merged with one who gets this campaign.");
        }

        var due = messages.Find(order.Send) is { } asked ? DateTimeOffset.FromUnixTimeMilliseconds(asked.Due) : order.Due;
        if (rules.Late is { } late && now - due > late.Length)
        {
            return new Verdict.Skip($"It is {(now - due).TotalHours:0.#} h late; more than {late} is too late.");
        }

        // However urgent it is to the sender: what the lead wished outweighs it, the workspace's rules do not.
        return Paused(order, lead, zone, now) ?? (order.Urgent ? null : Quiet(rules, zone, now)) ?? Often(order, messages, lead, now) ?? (order.Urgent ? null : Room(order, messages, rules, now)) ?? new Verdict.Send();
    }

    /// <summary>Whether the lead's answers about consent, or that it has given none, stand in the way; null when nothing does.</summary>
    public static string? Refusal(SendOrder order, ILeadFacts lead, MessagingRules rules) =>
        order.Topic is not { } topic ? null
        : TopicConsent.Refuse(topic, order.Channel, lead) is { } refused ? refused
        : !rules.NeedsConsent || TopicConsent.Agrees(topic, order.Channel, lead) || (rules.SoftOptIn && lead.Trait(ProfileFacts.Stage).Text == Stages.Customer) ? null
        : $"The lead has not agreed to \"{topic}\".";

    /// <summary>Until when it may turn out that somebody agreed who, as far as is known, was never asked; null where they said no, or nobody waits. A campaign is a matter of its moment.</summary>
    private static DateTimeOffset? Awaited(SendOrder order, LeadMessages messages, ILeadFacts lead, DateTimeOffset now) =>
        order is { Topic: { } topic, Journey: not null } && TopicConsent.Refuse(topic, order.Channel, lead) is null
            ? LostHost.WaitUntil(messages.Find(order.Send) is { ForAnswer: true, Until: { } ms } ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null, now)
            : null;

    private static Verdict.Hold? Paused(SendOrder order, ILeadFacts lead, DateTimeZone zone, DateTimeOffset now) =>
        order.Topic is not null && Dates.TryRead(Scalar.Of(lead.Trait(PausedUntil), stackalloc char[Scalar.NumberLength]), out var until) && until > now
            ? new(until, $"The lead wants nothing until {LocalTimes.Show(until, zone)}.")
            : null;

    private static Verdict? Quiet(MessagingRules rules, DateTimeZone zone, DateTimeOffset now) => FindOpen(rules.Quiet, rules.Window, zone, now) is not { } open
        ? new Verdict.Skip("Messages go out in a window that lies in the quiet hours: never.")
        : open == now ? null
        : new Verdict.Hold(open, rules.Quiet is { } quiet && LocalTimes.AfterQuiet(now, quiet, zone) == open
            ? $"Quiet hours until {LocalTimes.Show(open, zone)}."
            : $"Messages go out in the window that opens {LocalTimes.Show(open, zone)}.");

    /// <summary>The first moment from now on that is in the window and not quiet; null when there is none.</summary>
    internal static DateTimeOffset? FindOpen(QuietHours? quiet, Window? window, DateTimeZone zone, DateTimeOffset now)
    {
        // Where a window has been quiet for two weeks it always is.
        for (var (at, until) = (now, now.AddDays(15)); at <= until;)
        {
            var loud = quiet is null ? at : LocalTimes.AfterQuiet(at, quiet, zone);
            at = window is null ? loud : LocalTimes.InWindow(loud, window, zone);
            if (at == loud)
            {
                return at;
            }
        }

        return null;
    }

    private static Verdict.Skip? Often(SendOrder order, LeadMessages messages, ILeadFacts lead, DateTimeOffset now) =>
        order.Topic is not null && DaysOf(lead.Trait(Frequency)) is > 0 and var once
            && messages.Kept.Any(other => other.Topic is not null && other.Counts && other.Id != order.Send && other.At > now.AddDays(-once).ToUnixTimeMilliseconds())
            ? new($"The lead wants one message within {once} days at most.")
            : null;

    /// <summary>Within so many days somebody wants one message at most; 0: they did not say.</summary>
    internal static int DaysOf(Value frequency) => frequency.Text?.ToLowerInvariant() switch { "weekly" => 7, "monthly" => 30, _ => 0 };

    private static Verdict? Room(SendOrder order, LeadMessages messages, MessagingRules rules, DateTimeOffset now)
    {
        foreach (var cap in rules.Caps.Where(cap => cap.Channel is null || cap.Channel == order.Channel))
        {
            var from = now.ToUnixTimeMilliseconds() - (long)cap.Per.Length.TotalMilliseconds;
            List<long> sent = [.. messages.Times.Where(times => cap.Channel is null || times.Key == cap.Channel).SelectMany(times => times.Value).Where(at => at > from).Order()];
            var left = cap.Max - sent.Count;
            var isFull = left <= 0;
            if (!isFull && !(left == 1 && Yields(order, messages, cap, rules, now)))
            {
                continue;
            }

            var reason = isFull
                ? $"{sent.Count} {(cap.Channel is null ? "messages" : $"messages by {cap.Channel}")} within {cap.Per}; {cap.Max} are the most."
                : $"One more may go out within {cap.Per}, and something more important waits for it.";
            if (!isFull && !HasGathered(order, messages, rules, now, out var until))
            {
                return new Verdict.Hold(until, $"One more may go out within {cap.Per}: something more important may come.", ForRoom: true);
            }

            if (!cap.Waits)
            {
                return new Verdict.Skip(reason);
            }

            var free = isFull ? DateTimeOffset.FromUnixTimeMilliseconds(sent[sent.Count - cap.Max] + (long)cap.Per.Length.TotalMilliseconds) : now + rules.Gather + TimeSpan.FromSeconds(1);
            return new Verdict.Hold(free, reason, ForRoom: true);
        }

        return null;
    }

    /// <summary>Whether it leaves the last place to something more important that waits already, or may come in a moment.</summary>
    private static bool Yields(SendOrder order, LeadMessages messages, MessageCap cap, MessagingRules rules, DateTimeOffset now) =>
        order.Priority != Priority.High && (IsOutranked(order, messages, cap, rules, now) || !HasGathered(order, messages, rules, now, out _));

    private static bool IsOutranked(SendOrder order, LeadMessages messages, MessageCap cap, MessagingRules rules, DateTimeOffset now) =>
        messages.Kept.Any(other => other.Id != order.Send && other is { State: MessageState.Held, ForAnswer: null } && (cap.Channel is null || other.Channel == cap.Channel)
            && (other.Priority ?? Priority.Normal) > order.Priority && other.Until <= (now + rules.Gather).ToUnixTimeMilliseconds()
            && now.ToUnixTimeMilliseconds() - other.Until < Forgotten.TotalMilliseconds);

    /// <summary>One that has not asked again for so long after it might is not coming any more: its journey was left.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private static bool HasGathered(SendOrder order, LeadMessages messages, MessagingRules rules, DateTimeOffset now, out DateTimeOffset until)
    {
        var held = messages.Find(order.Send) is { State: MessageState.Held, ForRoom: true } before ? before : null;
        until = held?.Until is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : now + rules.Gather;
        return rules.Gather == TimeSpan.Zero || order.Priority == Priority.High || (held is not null && until <= now);
    }
}
