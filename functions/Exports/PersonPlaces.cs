using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using LeadFunctions.Erasures;
using LeadFunctions.Events.Poison;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Forms;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Imports;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Leads.Erasing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Mail.Outbox;

namespace LeadFunctions.Exports;

/// <summary>
/// What is kept of a person beside their lead: the places that an erasure empties, told instead. A place whose rows say nothing that the lead, its timeline, messages and runs do not say is named with what
/// repeats it; a test holds both lists against the erasure's own, so that a new place is told of or excused.
/// </summary>
public sealed class PersonPlaces(
    Suppressions suppressions, OutboundTable outbound, DeliveriesTable deliveries, LeadScan leads, FormFiles formFiles, OutboxTable outbox, FormsTable forms, DeadLetters letters, ImportRuns imports)
{
    /// <summary>By the name of the place: where in the export the same stands.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Repeated = new Dictionary<string, string>
    {
        ["runs"] = "runs",
        ["rows"] = "lead, identities, score, stages, timeline",
        ["listings"] = "lead: a copy of some traits and scores, to be searched",
        ["facts"] = "timeline: what of it is counted in reports",
        ["segments"] = "lead.segments",
        ["sales"] = "lead.owner, lead.stage",
        ["notes"] = "timeline: a copy of the notes, to be searched",
        ["sent"] = "messages: their ids, hashed, by which carriers' reports find them",
        ["tail"] = "timeline: what came in while somebody looked on, for a quarter of an hour",
        ["due"] = "lead: when time will change it next",
    };

    /// <summary>All other places, in the order of the erasure.</summary>
    internal IReadOnlyList<(string Name, Func<ErasedPerson, CancellationToken, IAsyncEnumerable<object>> TellAsync)> All =>
    [
        ("addresses", AddressesAsync),
        ("told", ToldAsync),
        ("deliveries", DeliveriesAsync),
        ("formFiles", FormFilesAsync),
        ("outbox", OutboxAsync),
        ("forms", FormsAsync),
        ("letters", LettersAsync),
        ("files", FilesAsync),
    ];

    private async IAsyncEnumerable<object> AddressesAsync(ErasedPerson person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var address in person.Addresses)
        {
            if (await suppressions.LookAsync(address, cancellationToken) is { State: var state } && state != Suppression.None)
            {
                yield return new KnownAddress(
                    address, state.Why, state.Why is null ? null : Time(state.Since), [.. (state.Soft ?? []).Select(bounce => Time(bounce.At)!.Value)], Time(state.DeliveredAt), Time(state.LiftedAt)); // a bounce has a time
            }
        }
    }

    private async IAsyncEnumerable<object> ToldAsync(ErasedPerson person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var lead in person.LeadIds)
        {
            await foreach (var waiting in outbound.OfLeadAsync(lead, cancellationToken))
            {
                yield return JsonNode.Parse(waiting.ToJson())!; // it is an object
            }
        }
    }

    private async IAsyncEnumerable<object> DeliveriesAsync(ErasedPerson person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (target, delivery) in deliveries.OfLeadsAsync(person.LeadIds, cancellationToken))
        {
            yield return new KnownDelivery(target, delivery.Status, delivery.DeliveredAt, JsonNode.Parse(delivery.Body)!); // it is an object
        }
    }

    private async IAsyncEnumerable<object> FormFilesAsync(ErasedPerson person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var lead in person.LeadIds)
        {
            var entries = (await leads.TimelineRowsAsync(lead, cancellationToken)).SelectMany(row => row);
            foreach (var (form, submission) in entries.Select(entry => FormEvents.SubmissionOf(entry.Event)).OfType<(string, string)>().Distinct())
            {
                await foreach (var (field, kind) in formFiles.NamesAsync(form, submission, cancellationToken))
                {
                    yield return new KnownFile(form, submission, field, kind, $"/api/forms/{form}/files/{submission}/{field}");
                }
            }
        }
    }

    private async IAsyncEnumerable<object> OutboxAsync(ErasedPerson person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var message in outbox.ReadAsync(cancellationToken))
        {
            if (Places.IsOf(person, message))
            {
                yield return message;
            }
        }
    }

    private async IAsyncEnumerable<object> FormsAsync(ErasedPerson person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var spam in forms.AllSpamAsync(cancellationToken))
        {
            if (Places.IsOf(person, spam))
            {
                yield return new HeldSubmission("spam", spam.Form, spam.Version, spam.Sending, Reason: spam.Reason, Values: spam.Values, Files: spam.Files);
            }
        }

        await foreach (var pending in forms.AllPendingAsync(cancellationToken))
        {
            if (pending.Consent is { } consent && Places.IsOf(person, pending))
            {
                yield return new HeldSubmission("confirmation", pending.Form, pending.Version, consent.Sending, consent.Email, consent.Topics, pending.Until, pending.Mail?.SentAt);
            }
        }
    }

    private async IAsyncEnumerable<object> LettersAsync(ErasedPerson person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (letter, text, _) in letters.Table.ReadAsync(cancellationToken))
        {
            if (LettersWithout.Theirs(person, letter, text) is { } theirs)
            {
                yield return new KnownLetter(letter.Id, letter.Queue, letter.Reason, letter.At, theirs);
            }
        }
    }

    private async IAsyncEnumerable<object> FilesAsync(ErasedPerson person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (import, row) in imports.RowsAsync(person.HasValue, cancellationToken))
        {
            yield return new KnownRow(import.Id, import.Name, row?.Line, row?.Cells.Select((cell, i) => (Name: import.File!.Header.ElementAtOrDefault(i) ?? $"{i + 1}", cell)).DistinctBy(one => one.Name).ToDictionary(one => one.Name, one => one.cell)); // a row is of a file
        }
    }

    private static DateTimeOffset? Time(long milliseconds) => milliseconds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    /// <param name="Reason">Why nothing is sent there; null: something is.</param>
    private sealed record KnownAddress(
        string Address, SuppressionReason? Reason, DateTimeOffset? Since, IReadOnlyList<DateTimeOffset> SoftBounces, DateTimeOffset? DeliveredAt, DateTimeOffset? LiftedAt);

    /// <param name="Target">A webhook's id, or the topic.</param>
    private sealed record KnownDelivery(string Target, DeliveryStatus Status, DateTimeOffset? DeliveredAt, JsonNode Event);

    /// <param name="File">Where it can be fetched.</param>
    private sealed record KnownFile(string Form, string Submission, string Field, string Kind, string File);

    /// <param name="Kind"><c>spam</c>, kept apart; <c>confirmation</c>, which waits for them to confirm.</param>
    private sealed record HeldSubmission(
        string Kind, string Form, int Version, FormSending Sending, string? Email = null, IReadOnlyList<string>? Topics = null, DateTimeOffset? Until = null, DateTimeOffset? AskedAt = null,
        SpamReason? Reason = null, IReadOnlyDictionary<string, IReadOnlyList<string>>? Values = null, IReadOnlyList<HeldFile>? Files = null);

    private sealed record KnownLetter(string Id, string Queue, string Reason, DateTimeOffset At, JsonNode Content);

    /// <param name="Line">Null: nobody can read the file, and say whether they are in it.</param>
    private sealed record KnownRow(string Import, string Name, long? Line, IReadOnlyDictionary<string, string>? Values);
}
