using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Forms;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Imports;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.Erasing;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle.Notes;
using LeadFunctions.Lifecycle.Owners;
using LeadFunctions.Mail.Outbox;
using LeadFunctions.Reports.Stored;
using LeadFunctions.Segments.Stored;
using LeadFunctions.Tail;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Erasures;

/// <param name="Left">What stands in the lead's place.</param>
/// <param name="Salt">Of this erasure, by chance.</param>
internal sealed record Sweep(ErasedPerson Person, LeadErasure Left, string Salt, DurableTaskClient Client);

/// <summary>Where something of a person may be.</summary>
/// <param name="Name">In the answers of the API.</param>
/// <param name="Stored">The tables and containers that are looked at. A test holds these against all that there are.</param>
/// <param name="EraseAsync">Repeatable. Answers how much there was, and whether none of it has to wait.</param>
internal sealed record Place(string Name, IReadOnlyList<string> Stored, Func<Sweep, CancellationToken, Task<(int Count, bool IsDone)>> EraseAsync)
{
    public static Place Of(string name, IReadOnlyList<string> stored, Func<Sweep, CancellationToken, Task<int>> eraseAsync) =>
        new(name, stored, async (sweep, cancellationToken) => (await eraseAsync(sweep, cancellationToken), true));
}

/// <summary>All places where something of a person may be but the lead's own row, in the order in which they are emptied: first what may still go out to somebody.</summary>
public sealed class Places
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int AtOnce = 8;

    private readonly RunsTable _runs;
    private readonly RulesInEffect _rules;

    public Places(
        LeadBurial burial, LeadScan leads, ListingStore listings, MembersTable members, OwnersTable owners, NotesTable notes, RunsTable runs, DueTable due, Suppressions suppressions, SentIndex sent, OutboxTable outbox,
        OutboundTable outbound, DeliveriesTable deliveries, DeadLetters letters, FormsTable forms, ImportRuns imports, FormFiles formFiles, FactStore facts, RulesInEffect rules, TailTable tail)
    {
        (_runs, _rules) = (runs, rules);
        All =
        [
            Place.Of("addresses", [Suppressions.Name], async (sweep, token) =>
            {
                foreach (var address in sweep.Person.Addresses)
                {
                    await suppressions.AddAsync(address, SuppressionReason.Erased, token);
                }

                return 0; // a hash is what stays
            }),
            Place.Of("told", [OutboundTable.Name], async (sweep, token) =>
            {
                var count = 0;
                foreach (var lead in sweep.Person.LeadIds)
                {
                    count += await outbound.EraseAsync(lead, lead == sweep.Person.LeadId ? sweep.Left.Told : null, token);
                }

                return count;
            }),
            Place.Of("deliveries", [DeliveriesTable.Name], (sweep, token) => deliveries.EraseAsync(sweep.Person.LeadIds, token)),
            Place.Of("runs", [RunsTable.Name], EndRunsAsync),
            Place.Of("formFiles", [FormFiles.Container], async (sweep, token) =>
            {
                // The timeline names them: so they go before it does.
                foreach (var lead in sweep.Person.LeadIds)
                {
                    var entries = (await leads.TimelineRowsAsync(lead, token)).SelectMany(row => row);
                    foreach (var (form, submission) in entries.Select(entry => FormEvents.SubmissionOf(entry.Event)).OfType<(string, string)>().Distinct())
                    {
                        await formFiles.ForgetAsync(form, submission, token);
                    }
                }

                return 0;
            }),
            Place.Of("rows", [LeadRows.Table], (sweep, token) => burial.ClearAsync(sweep.Person, token)),
            Place.Of("listings", [LeadRows.Table, ListingSnapshots.Name], async (sweep, token) =>
            {
                foreach (var shard in sweep.Person.LeadIds.GroupBy(LeadIds.Shard))
                {
                    await listings.EraseAsync(shard.Key, shard.ToHashSet(), token);
                }

                return 0;
            }),
            Place.Of("facts", [FactStore.Name], async (sweep, token) =>
            {
                await facts.RenameAsync(sweep.Person.LeadIds.ToDictionary(lead => lead, lead => Identity.Anonymous($"{sweep.Salt}/{lead}").Hash()), token);
                return 0; // they count as before
            }),
            Place.Of("segments", [MembersTable.Name], (sweep, token) => members.RemoveLeadsAsync(sweep.Person.LeadIds, _rules.Current.Segments.All.Select(segment => segment.Id), token)),
            Place.Of("sales", [OwnersTable.Name], (sweep, token) => owners.RemoveAsync(sweep.Person.LeadIds, token)),
            Place.Of("notes", [NotesTable.Name], (sweep, token) => notes.RemoveAsync(sweep.Person.LeadIds, token)),
            Place.Of("outbox", [OutboxTable.Name], (sweep, token) => outbox.RemoveAsync(message => IsOf(sweep.Person, message), token)),
            Place.Of("sent", [SentIndex.Name], (sweep, token) => sent.RemoveAsync(sweep.Person.LeadIds, token)),
            Place.Of("due", [DueTable.Name], (sweep, token) => due.RemoveLeadsAsync(sweep.Person.LeadIds, token)),
            Place.Of("forms", [FormsTable.Name], (sweep, token) => forms.EraseAsync(
                spam => IsOf(sweep.Person, spam), spam => formFiles.ForgetHeldAsync(spam.Form, spam.Sending.Id, token), pending => IsOf(sweep.Person, pending), token)),
            Place.Of("letters", [DeadLettersTable.Name], (sweep, token) => letters.EraseAsync((letter, text) => LettersWithout.Of(sweep.Person, letter, text), token)),
            Place.Of("tail", [TailTable.Name], (sweep, token) => tail.EraseAsync(row => (row.Lead is { } lead && sweep.Person.LeadIds.Contains(lead)) || row.Names.Any(sweep.Person.Names.Contains), token)),
            new("files", [ImportsTable.Name, ImportFiles.Container], (sweep, token) => imports.EraseAsync(sweep.Person.HasValue, token)),
        ];
    }

    internal IReadOnlyList<Place> All { get; }

    internal static bool IsOf(ErasedPerson person, KeptSpam spam) => person.HasBrowser(spam.Sending.AnonymousId) || spam.Values.Values.Any(values => values.Any(person.HasValue));

    internal static bool IsOf(ErasedPerson person, Pending pending) =>
        person.HasBrowser(pending.Consent?.Sending.AnonymousId) || person.HasAddress(pending.Consent?.Email) || person.HasAddress(pending.Mail?.To);

    internal static bool IsOf(ErasedPerson person, OutboxMessage message) => person.LeadIds.Contains(message.LeadId) || person.HasAddress(message.To);

    /// <summary>The orchestration first, with its whole history; the row names it.</summary>
    private async Task<int> EndRunsAsync(Sweep sweep, CancellationToken cancellationToken)
    {
        var count = 0;
        var journeys = _rules.Current.Journeys.Ids.SelectMany(_ => sweep.Person.LeadIds, (journey, lead) => (journey, lead));
        await Parallel.ForEachAsync(journeys, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (one, token) =>
        {
            foreach (var run in await _runs.OfLeadAsync(one.journey, one.lead, token))
            {
                await PurgeAsync(sweep.Client, run.Id, token);
                await _runs.RemoveAsync(run.Id, token);
                Interlocked.Increment(ref count);
            }
        });
        return count;
    }

    private static async Task PurgeAsync(DurableTaskClient client, string instance, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(instance, cancellationToken) is not { } run)
        {
            return;
        }

        if (!run.IsCompleted)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience); // then this place is tried again, later
            await client.TerminateInstanceAsync(instance, patience.Token);
            await client.WaitForInstanceCompletionAsync(instance, patience.Token);
        }

        await client.PurgeInstanceAsync(instance, cancellationToken);
    }
}
