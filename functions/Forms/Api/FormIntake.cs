using System.Security.Cryptography;
using System.Text;
using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Forms.Confirming;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Ingest.Reading;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace LeadFunctions.Forms.Api;

/// <summary>
/// A form on its way in, from the request to the answer: who sends it, is it spam, what does it say; then it is stored, as events and, where it has to be confirmed, as what waits for that. Whoever is told that it
/// was received can rely on it; the same again from the same page is the same submission.
/// </summary>
public sealed class FormIntake(FormStore forms, FormsTable table, FeedbackKeys keys, FormCounts counts, FormRates rates, Confirmations confirmations, EventWriter writer, FormFiles files, SiteOptions site, TimeProvider time)
{
    internal async Task<IResult> TakeAsync(HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (forms.Find(id) is not { } live)
        {
            return FormReply.Problem(request, Problems.NotFound("The form"));
        }

        if (!FormReply.MayAsk(request, live.Document))
        {
            return FormReply.Problem(request, Problems.Forbidden("This form is not taken from this site."));
        }

        var (sent, problem) = await FormBody.ReadAsync(request, live.Document, cancellationToken);
        if (sent is null)
        {
            return FormReply.Problem(request, problem!); // one of the two is always set
        }

        var ticket = FormTicket.Of(await keys.ReadAsync(FormTicket.PurposeOf(id), sent.First(SentForm.Ticket), cancellationToken));
        var form = ticket is not null && forms.Find(id, ticket.Version) is { } shown ? shown : live; // what they agreed to is what they saw
        var local = LocalForm.For(form, FormReply.Languages(request, sent.First(SentForm.Language)));
        var sending = new FormSending(
            ticket is null ? Guid.CreateVersion7(now).ToString("N") : IdOf(form, ticket, sent), local.Locale, sent.PageUrl, AnonymousIdOf(sent.First(SentForm.AnonymousId)),
            await keys.HashAsync($"{WrongKeys.AddressOf(request)}", cancellationToken), now);
        var pace = rates.Take(id, sending.Address, form.Document.Rate, time.GetElapsedTime(0), out var retryAfter);
        if (pace == FormPace.Flood)
        {
            counts.Add(id, SpamReason.Rate);
            return FormReply.Problem(request, Problems.TooManyRequests(retryAfter));
        }

        if ((Spam.Find(form.Document, sent, ticket, now) ?? (pace == FormPace.TooQuick ? SpamReason.Rate : null)) is { } reason)
        {
            await table.KeepAsync(new(FormsTable.SpamId(ticket?.ShownAt ?? now, sending.Id), id, form.Version, reason, sending, Known(form, sent), ticket?.Asked) { Files = await HoldAsync(local, sent, sending, cancellationToken) }, cancellationToken);
            counts.Add(id, reason);
            return FormReply.Done(request, local, sent);
        }

        var read = ReadForm.Of(local, sent, field => ticket?.WasAsked(form.Document, field) ?? true);
        if (read.Faults.Count > 0)
        {
            counts.Add(id, FormCounts.Invalid);
            return FormReply.Again(request, local, await AgainAsync(local, sent, read, ticket, now, cancellationToken));
        }

        await KeepFilesAsync(id, read, sent, sending, cancellationToken);
        var problemWithStoring = await StoreAsync(local, read, sending, ticket, now, cancellationToken);
        return problemWithStoring is null ? FormReply.Done(request, local, sent) : FormReply.Problem(request, problemWithStoring);
    }

    /// <summary>Before the event that tells of them: a file that nobody knows of is deleted with its age, one that is missing is missed.</summary>
    internal async Task KeepFilesAsync(string form, ReadForm read, SentForm sent, FormSending sending, CancellationToken cancellationToken)
    {
        foreach (var (field, value) in read.Answers.Where(answer => answer.Field.Kind == FieldKind.Attachment))
        {
            await files.KeepAsync(form, sending.Id, field.Name, value["kind"]!.GetValue<string>(), sent.Files[field.Name], cancellationToken); // as it was read
        }
    }

    /// <summary>What came with spam, where the form would take it from anybody: nothing else is worth the room.</summary>
    private async Task<IReadOnlyList<HeldFile>> HoldAsync(LocalForm local, SentForm sent, FormSending sending, CancellationToken cancellationToken)
    {
        var held = new List<HeldFile>();
        foreach (var field in local.Form.Document.Fields.Where(field => field.Kind == FieldKind.Attachment))
        {
            if (sent.Files.TryGetValue(field.Name, out var file) && SentFile.Read(field, file, local.Texts).Value is { } told)
            {
                held.Add(new(field.Name, told["name"]!.GetValue<string>(), file.Content.Length, await files.TryHoldAsync(local.Form.Id, sending.Id, field.Name, file, cancellationToken))); // it tells one
            }
        }

        return held;
    }

    /// <summary>Null when it is durable.</summary>
    internal async Task<ProblemResult?> StoreAsync(LocalForm local, ReadForm read, FormSending sending, FormTicket? ticket, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var form = local.Form;
        var events = FormEvents.Submitted(form, read, sending).ToList();
        if (FormEvents.Consent(local, read, sending) is { } consent)
        {
            if (form.Document.DoubleOptIn is not { } optIn)
            {
                events.AddRange(FormEvents.Agreed(consent, confirmedAt: null));
            }
            else if (consent.Email is { } address)
            {
                // First: should the app end between the two, they are asked all the same.
                await confirmations.AskAsync(await PendingAsync(local, optIn, consent, address, ticket, now, cancellationToken), cancellationToken);
            }
        }

        var buffer = EventBuffer.Rent();
        try
        {
            if (!events.TrueForAll(buffer.TryAdd))
            {
                return Problems.TooLarge(FormBody.Limit);
            }

            if (!await writer.TryWriteAsync(buffer, now))
            {
                return Problems.Unavailable(retryAfterSeconds: 2);
            }
        }
        finally
        {
            buffer.Return();
        }

        counts.Add(form.Id, FormCounts.Submitted);
        return null;
    }

    internal static string NewNonce() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(9));

    /// <summary>Null for what names no browser.</summary>
    internal static string? AnonymousIdOf(string? text) =>
        text?.Trim() is { Length: > 0 and <= IngestLimits.Text } id && !Nobody.Is(id, Source.Default) && !id.Any(char.IsControl) ? id : null;

    private async Task<Pending> PendingAsync(LocalForm local, DoubleOptIn optIn, FormConsent consent, string address, FormTicket? ticket, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The same for a repetition, and not over before it can no longer be confirmed.
        var day = Pending.DayOf((ticket is { } shown && shown.ShownAt + FormTicket.ValidFor > now ? shown.ShownAt : now) + FormTicket.ValidFor + optIn.ValidFor.Length);
        var token = await keys.SignAsync(ConfirmToken.Purpose, new ConfirmToken(day, consent.Sending.Id).Said, cancellationToken);
        return new(day, consent.Sending.Id, consent.Form, consent.Version, local.Locale, now + optIn.ValidFor.Length, consent, new(address, local.Title, new Uri(site.Base, $"f/confirm/{token}").AbsoluteUri, optIn.Template, optIn.From));
    }

    /// <summary>The same page once more; whoever had none of ours gets one.</summary>
    private async Task<FormShowing> AgainAsync(LocalForm local, SentForm sent, ReadForm read, FormTicket? ticket, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var document = local.Form.Document;
        IReadOnlyList<FormField> asked = [.. document.Fields.Where(field => ticket?.WasAsked(document, field) ?? true)];
        var again = ticket ?? new(local.Form.Version, now, NewNonce(), FormTicket.Bits(document, _ => true));
        return new(asked, sent, read.Faults, await keys.SignAsync(FormTicket.PurposeOf(local.Form.Id), again.Said, cancellationToken), sent.First(SentForm.Embedded) is not null);
    }

    private static Dictionary<string, IReadOnlyList<string>> Known(Form form, SentForm sent) =>
        form.Document.Fields.Where(field => sent.All(field.Name).Count > 0).ToDictionary(field => field.Name, field => sent.All(field.Name));

    private static string IdOf(Form form, FormTicket ticket, SentForm sent) =>
        LeadIds.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{form.Id}\n{ticket.Nonce}\n{sent.Canonical(form)}")).AsSpan(0, 16));
}
