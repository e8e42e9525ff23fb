using System.Globalization;
using System.Net;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Mail;
using LeadFunctions.Messaging.Stored;
using LeadFunctions.Templates;
using LeadFunctions.Templates.Liquid;
using LeadFunctions.Templates.Stored;

namespace LeadFunctions.Messaging.Sending;

/// <summary>Mail: filled in, its links counted, and handed to the provider.</summary>
public sealed class MailCarrier(IMailProvider provider, TemplateStore templates, MessagingStore rules, MessageLinks links, SentIndex index, Suppressions suppressions)
{
    public const string Channel = Addresses.Mail;

    private const string NobodyInParticular = "LeadFunctions <no-reply@localhost>";

    /// <summary>Whether the same mail handed over twice is one.</summary>
    internal bool IsIdempotent => provider.IsIdempotent;

    internal TimeSpan Longest => provider.Longest;

    /// <summary>Mail goes nowhere: what is missing for real mail is made up.</summary>
    private bool IsForShow => provider.Name == MailOptions.Outbox;

    /// <summary>Everything but the handing over.</summary>
    internal async Task<Prepared> PrepareAsync(Outbound outbound, CancellationToken cancellationToken)
    {
        var message = outbound.Message;
        if (await suppressions.FindAsync(message.To, cancellationToken) is { } suppressed && Refusal(suppressed.Reason, message.Topic) is { } refusal)
        {
            return new Prepared.Suppressed(refusal);
        }

        var made = await links.ForAsync(new SendContext(message.Id, message.LeadId, message.SentAt, Channel, message.Topic), cancellationToken);
        var said = Fill(outbound, made, out var fault);
        if (said is not RenderedMessage.Mail filled)
        {
            return Prepared.Ready.Never(said is null ? fault : $"The template \"{message.Template}\" is a push message: it cannot be mailed.");
        }

        if ((filled.From ?? rules.Current.From ?? (IsForShow ? NobodyInParticular : null)) is not { } from)
        {
            return Prepared.Ready.Never("Nobody has said who mail comes from: \"from\" in the template, or in the setting messaging.");
        }

        var origin = new MailOrigin(message.LeadId, message.Template, message.Topic, Named(message.Journey), message.Version > 0 ? message.Version : null, Named(message.Run), Named(message.Step), outbound.Campaign, message.Due);
        var mail = new OutgoingMail(
            message.Id, from, filled.ReplyTo ?? rules.Current.ReplyTo, message.To, filled.Subject, made.Rewrite(filled.Html), filled.Text, message.SentAt,
            message.Topic is null ? null : made.UnsubscribeUrl, message.Topic, $"{outbound.Campaign ?? Named(message.Journey) ?? "message"}:{message.Topic ?? "none"}:{message.Template}:leadfunctions", Origin: origin);
        if (IsForShow)
        {
            return new Prepared.Ready(token => provider.SendAsync(mail, token)); // nobody reports of it
        }

        var sent = new SentMessage(message.Id, message.LeadId, message.SentAt, Channel, message.Topic);
        await index.NoteAsync(sent, [], cancellationToken);
        return new Prepared.Ready(token => HandOverAsync(mail, sent, token));
    }

    /// <summary>Once the carrier has answered nobody calls off what follows from it.</summary>
    private async Task<MailOutcome> HandOverAsync(OutgoingMail mail, SentMessage sent, CancellationToken cancellationToken)
    {
        var outcome = await provider.SendAsync(mail, cancellationToken);
        if (outcome is MailOutcome.Accepted { CarrierId: { } named })
        {
            await index.NoteAsync(sent, [named], CancellationToken.None);
        }
        else if (outcome is MailOutcome.Rejected { IsAddress: true })
        {
            await suppressions.AddAsync(mail.To, SuppressionReason.HardBounce, CancellationToken.None);
        }

        return outcome;
    }

    /// <summary>What a gateway is to say: what the template says, where there is one.</summary>
    internal async Task<(RenderedMessage? Filled, string Fault)> FillAsync(Outbound outbound, CancellationToken cancellationToken)
    {
        var message = outbound.Message;
        var made = await links.ForAsync(new SendContext(message.Id, message.LeadId, message.SentAt, message.Channel, message.Topic), cancellationToken);
        return (Fill(outbound, made, out var fault), fault);
    }

    private RenderedMessage? Fill(Outbound outbound, SendLinks made, out string fault)
    {
        fault = "";
        var message = outbound.Message;
        if (templates.FindLive(message.Template ?? "") is not { } template)
        {
            fault = $"There is no published template \"{message.Template}\".";
            return IsForShow || message.Channel == OutgoingMessage.Sales
                ? new RenderedMessage.Mail(message.Subject, $"<!doctype html><html><body><p>{WebUtility.HtmlEncode(message.Text).ReplaceLineEndings("<br>")}</p><p><a href=\"{made.PreferencesUrl}\">Preferences</a></p></body></html>", message.Text, null, null, "en", [])
                : null;
        }

        try
        {
            var reader = new Reader(
                outbound.Lead, outbound.Zone, LocaleTag.Of(outbound.Lead), message.SentAt, new MailLinks(made.UnsubscribeUrl, made.PreferencesUrl, made.WebUrl(VersionOf(template.Template))), outbound.Data);
            var filled = TemplateRenderer.Render(template, reader);
            return outbound.Subject is { } own && filled is RenderedMessage.Mail mail ? mail with { Subject = TemplateRenderer.RenderLine(template, reader, own) } : filled;
        }
        catch (LiquidFaultException lasting)
        {
            fault = lasting.Message;
            return null;
        }
    }

    /// <summary>What the link to the message in the browser says of it.</summary>
    private static string VersionOf(Template template) => string.Create(CultureInfo.InvariantCulture, $"{template.Id}@{template.Version}");

    /// <summary>The template and version that such a link names; null when it names none.</summary>
    internal static (string Id, int Version)? VersionIn(string? text) =>
        text?.Split('@') is [{ Length: > 0 } id, var version] && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (id, number) : null;

    private static string? Named(string text) => text.Length > 0 ? text : null;

    /// <summary>Why a message is not sent to an address that is suppressed; null: who left everything still gets a receipt.</summary>
    internal static string? Refusal(SuppressionReason reason, string? topic) =>
        topic is null && reason == SuppressionReason.Unsubscribed ? null : $"Nothing is sent to the address any more: {Said(reason)}.";

    private static string Said(SuppressionReason reason) => reason switch
    {
        SuppressionReason.HardBounce => "a message came back, nobody can be reached there",
        SuppressionReason.SoftBounces => "messages have come back again and again",
        SuppressionReason.Complaint => "somebody there reported a message as spam",
        SuppressionReason.Unsubscribed => "somebody there unsubscribed from everything",
        SuppressionReason.Erased => "the person was erased",
        _ => "somebody here said so",
    };
}
