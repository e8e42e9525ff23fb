using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Mail;

namespace LeadFunctions.Forms.Confirming;

/// <summary>A mail that asks somebody to confirm what they agreed to.</summary>
/// <param name="Id">The submission's: names the mail, however often it is tried.</param>
/// <param name="Locale">The language that the form was shown in.</param>
/// <param name="Title">Of the form, as it was shown.</param>
/// <param name="To">The address in its normal form.</param>
/// <param name="Url">Where it is confirmed.</param>
/// <param name="Template">As the form names it; null: what comes with the app.</param>
/// <param name="From">As the form names it; null: as the settings do.</param>
public sealed record FormConfirmation(string Id, string Form, int Version, string Locale, string Title, string To, string Url, string? Template, string? From, DateTimeOffset At)
{
    /// <summary>Of the mail.</summary>
    public string SendId => $"form/{Id}";
}

/// <summary>Whoever sends them.</summary>
public interface IConfirmMails
{
    /// <summary>The same again is the same mail. Does not throw for what a carrier may answer or fail to: that is the outcome.</summary>
    Task<MailOutcome> SendAsync(FormConfirmation confirmation, CancellationToken cancellationToken);
}

/// <summary>
/// The small mail that comes with the app, straight to the carrier: nobody has agreed to anything yet, so no rule for messages applies to it. But anybody can write any address into a form: one that nothing is
/// sent to gets none, unless all that its reader did was to unsubscribe.
/// </summary>
public sealed class PlainConfirmMails(IMailProvider provider, FormsOptions options, Suppressions suppressions) : IConfirmMails
{
    public async Task<MailOutcome> SendAsync(FormConfirmation confirmation, CancellationToken cancellationToken)
    {
        if (await suppressions.FindAsync(confirmation.To, cancellationToken) is { Reason: not SuppressionReason.Unsubscribed })
        {
            return new MailOutcome.Rejected("Nothing is sent to the address any more.");
        }

        var mail = ConfirmationMail.Of(confirmation.Locale, confirmation.Title, confirmation.Url);
        var outcome = await provider.SendAsync(
            new OutgoingMail(confirmation.SendId, confirmation.From ?? options.From, ReplyTo: null, confirmation.To, mail.Subject, mail.Html, mail.Text, confirmation.At), cancellationToken);
        if (outcome is MailOutcome.Rejected { IsAddress: true })
        {
            await suppressions.AddAsync(confirmation.To, SuppressionReason.HardBounce, cancellationToken);
        }

        return outcome;
    }
}
