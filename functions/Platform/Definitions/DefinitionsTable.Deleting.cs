using LeadFunctions.Platform.Http;

namespace LeadFunctions.Platform.Definitions;

/// <summary>How documents go.</summary>
public sealed partial class DefinitionsTable
{
    /// <summary>
    /// Deletes a document with all its versions. Its pointer stays behind as a tombstone that keeps the version count: should the id come
    /// back, no number ever means two different texts, and instances may cache versions for good.
    /// </summary>
    /// <returns>False when it did not exist.</returns>
    public async Task<bool> DeleteAsync(string kind, string id, string? expectedETag, CancellationToken cancellationToken) =>
        (await DeleteAsync(kind, id, expectedETag, by: null, cancellationToken)).IsGone;

    /// <summary>As above, where a second person has to agree to what is to be in effect no more: the first proposes it.</summary>
    /// <param name="by">Who wants it; null: one suffices.</param>
    /// <returns>Whether it is gone; and the document with the proposal, where that waits. Neither: it did not exist.</returns>
    public async Task<(bool IsGone, PublishedDefinition? Proposed)> DeleteAsync(string kind, string id, string? expectedETag, Person? by, CancellationToken cancellationToken) =>
        await WithRetryAsync<(bool, PublishedDefinition?)>(async () =>
        {
            var row = await FindRowAsync(kind, DefinitionRows.PointerKey(id), cancellationToken);
            Expect(expectedETag, row);
            if (row is null || DefinitionRows.IsDeleted(row))
            {
                return (false, null);
            }

            var (was, now) = (DefinitionRows.ReadPointer(row), time.GetUtcNow());
            if (by is not null && was.Live is not null && SecondPerson.Publish(was, SecondPerson.Deletion, InEffect([was]), by, now) is (var proposed, false))
            {
                if (proposed != was)
                {
                    await SubmitAsync(kind, [DefinitionRows.Replace(DefinitionRows.Pointer(proposed), row.ETag)], cancellationToken);
                }

                return (false, new(proposed, proposed != was, [], IsProposed: true));
            }

            // The pointer goes first and alone decides: versions that a crash leaves behind are out of reach.
            var text = RequestChanges.AreNoted ? (await FindVersionAsync(kind, id, was.Live ?? was.Latest, cancellationToken))?.Json : null; // nobody can read it later
            await SubmitAsync(kind, [DefinitionRows.Replace(DefinitionRows.Tombstone(was with { UpdatedAt = now }), row.ETag), await NextRevisionAsync(kind, cancellationToken)], cancellationToken);
            RequestChanges.Note(new(kind, id, Named(was), null) { TextBefore = text });
            await foreach (var version in VersionRows(kind, id, ["PartitionKey", "RowKey"], cancellationToken))
            {
                // The id may be somebody's new document by now, whose versions go on from there.
                if (DefinitionRows.SplitVersionKey(version.RowKey).Version <= was.Latest)
                {
                    await _table.DeleteEntityAsync(kind, version.RowKey, version.ETag, cancellationToken);
                }
            }

            return (true, null);
        }, cancellationToken);
}
