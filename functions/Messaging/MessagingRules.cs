using LeadFunctions.Conditions.Values;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Messaging;

/// <summary>How often a lead may be written to.</summary>
/// <param name="Channel">Null: all together.</param>
/// <param name="Waits">A message that would be too many waits until it is not; otherwise it is left out.</param>
internal sealed record MessageCap(string? Channel, int Max, Duration Per, bool Waits);

/// <summary>A daily ceiling that grows, for senders that mailbox providers do not know yet.</summary>
/// <param name="From">The first day.</param>
/// <param name="Start">Messages on that day.</param>
/// <param name="Growth">What each day's ceiling is multiplied by for the next.</param>
/// <param name="Max">Once the ceiling has reached it there is none.</param>
internal sealed record WarmUp(NodaTime.LocalDate From, int Start, double Growth, int Max)
{
    /// <summary>Null when that day has no ceiling.</summary>
    public int? CeilingOn(NodaTime.LocalDate day)
    {
        var days = NodaTime.Period.DaysBetween(From, day);
        var ceiling = days <= 0 ? Start : Start * Math.Pow(Growth, days);
        return ceiling >= Max ? null : (int)ceiling;
    }
}

/// <summary>How fast a provider is given messages.</summary>
/// <param name="Rate">Messages a second, of each instance; null: as fast as it goes.</param>
/// <param name="WarmUp">A ceiling a day of all instances together; null: none.</param>
internal sealed record ProviderPace(double? Rate, WarmUp? WarmUp);

/// <summary>What is to be done with a message that was handed to a carrier who cannot tell one from two, by somebody who did not live to hear the answer.</summary>
internal enum WhenUnknown
{
    /// <summary>It counts as sent: nobody gets it twice, somebody perhaps not at all.</summary>
    AssumeSent,

    /// <summary>It is sent again: everybody gets it, somebody perhaps twice.</summary>
    SendAgain,
}

/// <summary>The workspace's rules for all messages, whoever sends them.</summary>
/// <param name="NeedsConsent">A message of a topic goes only to who has said yes to it; otherwise to all who have not said no.</param>
/// <param name="SoftOptIn">Customers who have not said no count as having agreed.</param>
/// <param name="Late">A message that comes up later than this is left out; null: never.</param>
/// <param name="Gather">How long a message waits for one of more importance, when a cap leaves room for one.</param>
internal sealed record MessagingRules(
    bool NeedsConsent, bool SoftOptIn, IReadOnlyList<MessageCap> Caps, QuietHours? Quiet, Window? Window, Duration? Late, TimeSpan Gather, WhenUnknown Unknown)
{
    public static readonly TimeSpan UsualGather = TimeSpan.FromMinutes(1);

    /// <summary>Everything may go out that nobody has said no to: for trying rules out alone.</summary>
    public static readonly MessagingRules Open = new(NeedsConsent: false, SoftOptIn: false, [], null, null, null, UsualGather, WhenUnknown.AssumeSent);

    /// <summary>As long as nobody has said otherwise.</summary>
    public static readonly MessagingRules BuiltIn = Open with { NeedsConsent = true };

    /// <summary>Of mail whose template does not say; null where nobody has.</summary>
    public string? From { get; init; }

    public string? ReplyTo { get; init; }

    /// <summary>Of every provider that says nothing else.</summary>
    public double? Rate { get; init; }

    /// <summary>Of mail, where that says nothing else: no other channel has somebody who has to get to know a sender.</summary>
    public WarmUp? WarmUp { get; init; }

    /// <summary>By channel: each has one provider.</summary>
    public IReadOnlyDictionary<string, ProviderPace> Providers { get; init; } = new Dictionary<string, ProviderPace>();

    /// <summary>What holds for whoever carries a channel's messages.</summary>
    public ProviderPace PaceOf(string channel)
    {
        var own = Providers.GetValueOrDefault(channel);
        return new(own?.Rate ?? Rate, own?.WarmUp ?? (channel == Addresses.Mail ? WarmUp : null));
    }
}
