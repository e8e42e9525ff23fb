namespace LeadFunctions.Mail;

/// <summary>One mail to one person, filled in: what a provider hands on.</summary>
/// <param name="SendId">Names it: the same however often it is tried. Its Message-ID follows from it.</param>
/// <param name="From">As in a header, <c>Name &lt;address&gt;</c> or an address alone.</param>
/// <param name="To">The address alone, in its normal form.</param>
/// <param name="UnsubscribeUrl">What one click on "unsubscribe" in a mail program posts to (RFC 8058); null for mail that everybody gets, such as a confirmation.</param>
/// <param name="ListId">What the mail is part of, such as a topic; null for a mail that stands alone.</param>
/// <param name="FeedbackId">What mailbox providers group complaints by; null for none.</param>
/// <param name="At">When it is sent.</param>
/// <param name="UnsubscribeAddress">Where a mail unsubscribes, for programs that know nothing else; null for none.</param>
/// <param name="Origin">What it comes from, for people who look at the outbox; no carrier is told.</param>
public sealed record OutgoingMail(
    string SendId, string From, string? ReplyTo, string To, string Subject, string Html, string Text, DateTimeOffset At,
    string? UnsubscribeUrl = null, string? ListId = null, string? FeedbackId = null, string? UnsubscribeAddress = null, MailOrigin? Origin = null);

/// <summary>What a mail comes from.</summary>
/// <param name="Due">When it should have gone out; null: when it did.</param>
public sealed record MailOrigin(
    string? LeadId = null, string? Template = null, string? Topic = null, string? Journey = null, int? Version = null, string? Run = null, string? Step = null, string? Campaign = null, DateTimeOffset? Due = null);

/// <summary>What became of handing a message to whoever carries it.</summary>
public abstract record MailOutcome
{
    private MailOutcome()
    {
    }

    /// <summary>Taken: it is the carrier's now.</summary>
    /// <param name="CarrierId">What the carrier calls it; null when it did not say.</param>
    public sealed record Accepted(string? CarrierId = null) : MailOutcome;

    /// <summary>Surely not taken, for now: the same again later may succeed.</summary>
    /// <param name="Until">Not before then; null when nobody said.</param>
    public sealed record Deferred(string Reason, DateTimeOffset? Until = null) : MailOutcome;

    /// <summary>Surely not taken, and never will be.</summary>
    /// <param name="IsAddress">Nobody can be reached at the address: a hard bounce.</param>
    public sealed record Rejected(string Reason, string? Code = null, bool IsAddress = false) : MailOutcome;

    /// <summary>Perhaps taken: the connection was lost before the answer came.</summary>
    public sealed record Unknown(string Reason) : MailOutcome;
}

/// <summary>Whoever carries mail from here.</summary>
public interface IMailProvider
{
    /// <summary>As settings name it.</summary>
    string Name { get; }

    /// <summary>Whether the same send id handed over twice is one mail: then what is unknown is simply tried again.</summary>
    bool IsIdempotent { get; }

    /// <summary>From the moment at which nobody can call it off any more: its outcome is known after so long at most. Zero where nobody has to wait for another.</summary>
    TimeSpan Longest => TimeSpan.Zero;

    /// <summary>Does not throw for what a carrier may answer or fail to: that is the outcome.</summary>
    /// <param name="cancellationToken">Heard until the mail is on its way; from then on its end is waited for, so that it is known. Whoever is called off has not handed it over.</param>
    Task<MailOutcome> SendAsync(OutgoingMail mail, CancellationToken cancellationToken);
}
