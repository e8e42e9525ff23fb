using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Feedback.Preferences;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Messaging.Sending;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Forms.Api;

/// <summary>The link of a mail that asks to confirm. To open it changes nothing: programs that look at mails before people do open every link; they press no button.</summary>
public sealed class ConfirmFunctions(FormStore forms, FormsTable table, FeedbackKeys keys, FormCounts counts, EventWriter writer, Suppressions suppressions, LeadReader leads, TimeProvider time)
{
    [Function(nameof(OpenConfirmation))]
    public async Task<IResult> OpenConfirmation(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "f/confirm/{token}")] HttpRequest request, string token, CancellationToken cancellationToken) =>
        await FindAsync(token, cancellationToken) is not { } pending ? Gone(request)
        : pending.ConfirmedAt is not null ? Confirmed(request, pending)
        : Page(request, pending, texts => Markup.Of($"""
            <form class="lf" method="post" action="/f/confirm/{token}">
            <h1>{texts.ConfirmTitle}</h1>
            <p>{texts.ConfirmText}</p>
            <button>{texts.ConfirmButton}</button>
            </form>

            """));

    [Function(nameof(ConfirmForm))]
    public async Task<IResult> ConfirmForm(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "f/confirm/{token}")] HttpRequest request, string token, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindAsync(token, cancellationToken) is not { } pending)
            {
                return Gone(request);
            }

            if (pending.Consent is not { } consent)
            {
                return Confirmed(request, pending);
            }

            // Who once left everything, or was erased, and signs up again, wants something: from before what that causes.
            if (pending.Mail is { } mail)
            {
                await suppressions.AgreeAsync(mail.To, cancellationToken);
            }

            // Told before it is noted: told twice it counts once, noted alone never.
            var now = time.GetUtcNow();
            await writer.EnqueueAsync(FormEvents.Agreed(consent, now, await RefusedAsync(consent, cancellationToken)));

            if (await table.TrySaveAsync(pending, pending with { Consent = null, Mail = null, ConfirmedAt = now }, cancellationToken))
            {
                counts.Add(pending.Form, FormCounts.Confirmed);
                return Confirmed(request, pending);
            }
        }
    }

    /// <summary>Whoever once left everything and signs up again with their mailbox wants this, and no more than this.</summary>
    private async Task<IReadOnlyList<string>> RefusedAsync(FormConsent consent, CancellationToken cancellationToken) =>
        consent.Email is { } address && await leads.FindAsync([Identity.Email(address)], cancellationToken) is [var lead, ..]
            ? Standing.RefusedAsAWhole(MailCarrier.Channel, [.. ((ILeadFacts)lead.Whole).Answers])
            : [];

    /// <summary>Null for what nobody signed, and for what has taken too long.</summary>
    private async Task<Pending?> FindAsync(string token, CancellationToken cancellationToken) =>
        ConfirmToken.Of(await keys.ReadAsync(ConfirmToken.Purpose, token, cancellationToken)) is { } read && await table.FindPendingAsync(read.Day, read.Id, cancellationToken) is { } pending
        && (pending.ConfirmedAt is not null || time.GetUtcNow() <= pending.Until) ? pending : null;

    private IResult Confirmed(HttpRequest request, Pending pending)
    {
        var said = forms.Find(pending.Form, pending.Version) is { } form ? new LocalForm(form, pending.Locale).Confirmed : FormTexts.In(pending.Locale).Confirmed;
        return Page(request, pending, _ => Markup.Of($"<div class=\"lf\"><h1>{said}</h1></div>\n"));
    }

    private IResult Page(HttpRequest request, Pending pending, Func<FormTexts, Markup> content)
    {
        var texts = FormTexts.In(pending.Locale);
        return FormReply.Page(request, FormPage.Of(texts.Language, texts.ConfirmTitle, forms.Find(pending.Form, pending.Version)?.Document, content(texts)));
    }

    private static IResult Gone(HttpRequest request)
    {
        var texts = FormTexts.In(FormReply.Languages(request, null).FirstOrDefault(language => FormTexts.InEveryLanguage.Any(one => one.Language == language.Split('-')[0])) ?? "en");
        return FormReply.Page(request, FormPage.Of(texts.Language, texts.ConfirmTitle, null, Markup.Of($"<div class=\"lf\"><h1>{texts.Expired}</h1></div>\n")), StatusCodes.Status410Gone);
    }
}
