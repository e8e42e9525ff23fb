using System.Text.Json;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Leads.State;
using LeadFunctions.Mail;
using LeadFunctions.Scoring;
using LeadFunctions.Templates;
using LeadFunctions.Templates.Liquid;
using LeadFunctions.Templates.Stored;
using NodaTime;

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
/// The form's own template, or the small mail that comes with the app, straight to the carrier: nobody has agreed to anything yet, so no rule for messages applies to it, and nothing in it is counted. But anybody
/// can write any address into a form: one that nothing is sent to gets none, unless all that its reader did was to unsubscribe, or to have themselves erased, from which this is the way back.
/// </summary>
public sealed class ConfirmMails(IMailProvider provider, FormsOptions options, TemplateStore templates, Suppressions suppressions) : IConfirmMails
{
    /// <summary>As templates name it: <c>{{ data.confirmUrl }}</c>.</summary>
    internal const string UrlName = "confirmUrl";

    public async Task<MailOutcome> SendAsync(FormConfirmation confirmation, CancellationToken cancellationToken)
    {
        if (await suppressions.FindAsync(confirmation.To, cancellationToken) is { Reason: not (SuppressionReason.Unsubscribed or SuppressionReason.Erased) })
        {
            return new MailOutcome.Rejected("Nothing is sent to the address any more.");
        }

        var own = ConfirmationMail.Of(confirmation.Locale, confirmation.Title, confirmation.Url);
        var named = confirmation.Template is { } template && templates.FindLive(template) is { } live ? Render(live, confirmation) : null;
        var outcome = await provider.SendAsync(
            new OutgoingMail(
                confirmation.SendId, confirmation.From ?? named?.From ?? options.From, named?.ReplyTo, confirmation.To, named?.Subject ?? own.Subject, named?.Html ?? own.Html, named?.Text ?? own.Text, confirmation.At),
            cancellationToken);
        if (outcome is MailOutcome.Rejected { IsAddress: true })
        {
            await suppressions.AddAsync(confirmation.To, SuppressionReason.HardBounce, cancellationToken);
        }

        return outcome;
    }

    /// <summary>Null for what nobody could confirm by: then the small mail goes out, since one that is plain does more than none.</summary>
    internal static RenderedMessage.Mail? Render(CompiledTemplate template, FormConfirmation confirmation)
    {
        var lead = new LeadRecord();
        lead.Traits.Set(FormDocument.EmailTrait, Value.From(confirmation.To), confirmation.At.ToUnixTimeMilliseconds());
        var data = JsonSerializer.SerializeToElement(new Dictionary<string, string> { [UrlName] = confirmation.Url, ["form"] = confirmation.Form, ["title"] = confirmation.Title });
        try
        {
            var made = TemplateRenderer.Render(
                template, new(new LeadProfile(lead, default, ScoringModels.None), DateTimeZone.Utc, confirmation.Locale, confirmation.At, new MailLinks(), new Dictionary<string, JsonElement> { ["data"] = data }));
            return made is RenderedMessage.Mail mail && mail.Html.Contains(confirmation.Url, StringComparison.Ordinal) && mail.Text.Contains(confirmation.Url, StringComparison.Ordinal) ? mail : null;
        }
        catch (LiquidFaultException)
        {
            return null;
        }
    }
}
