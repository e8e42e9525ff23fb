using Azure.Data.Tables;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Platform.Definitions;

/// <summary>What is in effect, and who wants something else to be.</summary>
public sealed partial class DefinitionsTable
{
    /// <summary>Puts a version into effect.</summary>
    /// <param name="isExclusive">Only one document of the kind may be in effect: the others cease to be, in the same transaction.</param>
    /// <param name="by">Who wants it, where a second person has to agree; null: one suffices.</param>
    /// <param name="isQuiet">What follows from that alone is not to start anything (<see cref="DefinitionPointer.QuietSince"/>); null: as it was proposed, else it may.</param>
    /// <returns>Null when the document or the version does not exist.</returns>
    public Task<PublishedDefinition?> PublishAsync(string kind, string id, int? version, bool isExclusive, CancellationToken cancellationToken, Person? by = null, bool? isQuiet = null) =>
        WithRetryAsync(async () =>
        {
            var rows = new List<TableEntity>();
            await foreach (var row in PointerRows(kind, cancellationToken))
            {
                rows.Add(row);
            }

            var pointers = rows.ConvertAll(DefinitionRows.ReadPointer);
            var pointer = pointers.Find(p => p.Id == id);
            var wanted = version ?? pointer?.Latest ?? 0;
            if (pointer is null || wanted < 1 || wanted > pointer.Latest)
            {
                return null;
            }

            var now = time.GetUtcNow();
            var agreed = pointer;
            if (by is not null && pointer.Live != wanted)
            {
                (agreed, var isApproved) = SecondPerson.Publish(pointer, wanted, InEffect(isExclusive ? pointers : [pointer]), by, now, isQuiet);
                if (!isApproved)
                {
                    if (agreed != pointer)
                    {
                        await SubmitAsync(kind, [DefinitionRows.Replace(DefinitionRows.Pointer(agreed), rows[pointers.IndexOf(pointer)].ETag)], cancellationToken);
                    }

                    return new PublishedDefinition(agreed, agreed != pointer, [], IsProposed: true);
                }
            }

            var quietly = isQuiet ?? (by is not null && pointer.Live != wanted && pointer.Proposal?.IsQuiet == true); // what was approved is the very proposal
            var changes = new List<TableTransactionAction>();
            var before = new List<(string, int)>();
            var result = pointer;
            foreach (var (was, row) in pointers.Zip(rows))
            {
                var becomes = was.Id == id ? wanted : isExclusive ? null : was.Live;
                if (was.Live == becomes)
                {
                    continue;
                }

                var changed = (was.Id == id ? agreed with { Proposal = null } : was).With(becomes, now) with { QuietSince = quietly && was.Id == id ? now : null };
                changes.Add(DefinitionRows.Replace(DefinitionRows.Pointer(changed), row.ETag));
                result = was.Id == id ? changed : result;
                if (was.Live is { } former)
                {
                    before.Add((was.Id, former));
                }
            }

            if (changes.Count > 0)
            {
                changes.Add(await NextRevisionAsync(kind, cancellationToken));
                await SubmitAsync(kind, changes, cancellationToken);
                RequestChanges.Note(new(kind, id, Named(pointer), Named(result)) { VersionBefore = pointer.Live, VersionAfter = result.Live });
            }

            return new PublishedDefinition(result, changes.Count > 0, before);
        }, cancellationToken);

    /// <summary>Puts a proposal aside.</summary>
    /// <returns>The document after it; null when nothing is proposed there.</returns>
    public Task<DefinitionPointer?> DeclineAsync(string kind, string id, Person by, string? reason, CancellationToken cancellationToken) =>
        WithRetryAsync(async () =>
        {
            var row = await FindRowAsync(kind, DefinitionRows.PointerKey(id), cancellationToken);
            if (row is null || DefinitionRows.IsDeleted(row) || DefinitionRows.ReadPointer(row) is not { Proposal: { } proposal } pointer)
            {
                return null;
            }

            var declined = SecondPerson.Decline(pointer, proposal, by, time.GetUtcNow(), reason);
            await SubmitAsync(kind, [DefinitionRows.Replace(DefinitionRows.Pointer(declined), row.ETag)], cancellationToken);
            return declined;
        }, cancellationToken);

    private static string InEffect(IEnumerable<DefinitionPointer> pointers) => string.Join(',', pointers.Where(pointer => pointer.Live is not null).Select(pointer => $"{pointer.Id}@{pointer.Live}"));
}
