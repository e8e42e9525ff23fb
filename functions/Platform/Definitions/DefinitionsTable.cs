using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Platform.Definitions;

/// <summary>
/// Named JSON documents with immutable versions and a pointer to the one in effect; the kind is the partition, so that a change of several
/// documents of a kind is one transaction. Every change of what is in effect raises the kind's revision, in the same transaction:
/// its ETag makes publishers take turns, and reading it is all that an instance must do to learn that nothing has changed.
/// </summary>
public sealed partial class DefinitionsTable(StorageClients storage, TimeProvider time, IOptions<DefinitionsOptions>? options = null)
{
    public const string Name = "Definitions";

    /// <summary>As an expected ETag: there must be no such document yet.</summary>
    public const string Nothing = "";

    /// <summary>Each lost race is somebody else's progress, but nobody waits for ever.</summary>
    private const int Attempts = 60;

    private const int ReadsAtOnce = 8;

    /// <summary>Longest pause before another attempt. By then those who write at the same time have drawn apart.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>How soon a change is in effect everywhere.</summary>
    public TimeSpan KnownWithin { get; } = (options?.Value ?? new()).KnownWithin;

    private readonly TableClient _table = storage.Table(Name);

    // All changes of a kind meet at its revision: those of this instance take turns instead of losing to each other.
    private readonly SemaphoreSlim _turns = new(1, 1);

    /// <summary>Raised on the instance that made the change, with the kind, once the change is stored.</summary>
    public event Action<string>? Changed;

    public async Task<DefinitionPointer?> FindAsync(string kind, string id, CancellationToken cancellationToken) =>
        await FindRowAsync(kind, DefinitionRows.PointerKey(id), cancellationToken) is { } row && !DefinitionRows.IsDeleted(row) ? DefinitionRows.ReadPointer(row) : null;

    /// <summary>Whether there is such a document, drafts included; whatever somebody may have typed.</summary>
    public async Task<bool> HasAsync(string kind, string id, CancellationToken cancellationToken) => DefinitionId.IsValid(id) && await FindAsync(kind, id, cancellationToken) is not null;

    public async Task<DefinitionVersion?> FindVersionAsync(string kind, string id, int version, CancellationToken cancellationToken) =>
        await FindRowAsync(kind, DefinitionRows.VersionKey(id, version), cancellationToken) is { } row ? DefinitionRows.ReadVersion(row) : null;

    public async Task<DefinitionVersion?> FindLiveAsync(string kind, string id, CancellationToken cancellationToken) =>
        await FindAsync(kind, id, cancellationToken) is { Live: { } live } ? await FindVersionAsync(kind, id, live, cancellationToken) : null;

    /// <summary>All documents of a kind, by id.</summary>
    public async Task<IReadOnlyList<DefinitionPointer>> ListAsync(string kind, CancellationToken cancellationToken)
    {
        var pointers = new List<DefinitionPointer>();
        await foreach (var row in PointerRows(kind, cancellationToken))
        {
            pointers.Add(DefinitionRows.ReadPointer(row));
        }

        return pointers;
    }

    /// <summary>The versions in effect of all documents of a kind, read now: for listings, where a copy that is seconds old would puzzle the person who just changed something.</summary>
    public async Task<IReadOnlyList<DefinitionVersion>> ReadLiveAsync(string kind, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll((await ListAsync(kind, cancellationToken))
            .Where(p => p.Live is not null)
            .Select(p => FindVersionAsync(kind, p.Id, p.Live!.Value, cancellationToken)));
        return [.. found.OfType<DefinitionVersion>()];
    }

    /// <summary>All documents of a kind, each with its live version, else the latest; without what is deleted meanwhile.</summary>
    public async Task<IReadOnlyList<(DefinitionPointer Pointer, DefinitionVersion Version)>> ReadShownAsync(string kind, CancellationToken cancellationToken)
    {
        var pointers = await ListAsync(kind, cancellationToken);
        var versions = new DefinitionVersion?[pointers.Count];
        await Parallel.ForAsync(0, pointers.Count, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (place, token) =>
            versions[place] = await FindVersionAsync(kind, pointers[place].Id, pointers[place].Live ?? pointers[place].Latest, token));
        return [.. from one in pointers.Zip(versions) where one.Second is not null select (one.First, one.Second)];
    }

    /// <summary>When each version of a document was written, oldest first, without the documents.</summary>
    public async Task<IReadOnlyList<(int Version, DateTimeOffset CreatedAt, Authorship? Author)>> ListVersionsAsync(string kind, string id, CancellationToken cancellationToken)
    {
        var versions = new List<(int, DateTimeOffset, Authorship?)>();
        await foreach (var row in VersionRows(kind, id, ["RowKey", "CreatedAt", "Author"], cancellationToken))
        {
            versions.Add((DefinitionRows.SplitVersionKey(row.RowKey).Version, row.GetDateTimeOffset("CreatedAt") ?? default, DefinitionRows.ReadAuthor(row)));
        }

        return versions;
    }

    /// <summary>0 before the first publication.</summary>
    public async Task<long> RevisionAsync(string kind, CancellationToken cancellationToken) => (await ReadRevisionAsync(kind, cancellationToken)).Value;

    /// <summary>Adds a version that is not in effect yet; nothing when it equals the latest.</summary>
    /// <param name="expectedETag">What the caller saw; a lost race is then an exception instead of a retry.</param>
    /// <exception cref="DefinitionChangedException"/>
    /// <param name="author">Null: the app itself.</param>
    /// <exception cref="TextTooLongException"/>
    public Task<SavedDefinition> SaveDraftAsync(string kind, string id, string json, string? expectedETag, CancellationToken cancellationToken, Authorship? author = null) =>
        SaveAsync(kind, id, json, isLive: false, expectedETag, author, cancellationToken);

    /// <summary>What <see cref="SaveDraftAsync"/> would come to, with nothing stored.</summary>
    public async Task<(DefinitionPointer Pointer, DefinitionVersion Version)> RehearseDraftAsync(string kind, string id, DefinitionPointer? current, string json, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var pointer = current ?? new(kind, id, 0, null, [], now);
        return current is not null && await FindVersionAsync(kind, id, current.Latest, cancellationToken) is { } latest && latest.Json == json
            ? (pointer, latest)
            : (pointer with { Latest = pointer.Latest + 1 }, new DefinitionVersion(kind, id, pointer.Latest + 1, now, json));
    }

    /// <summary>Adds a version and puts it into effect at once, for documents that know no drafts.</summary>
    /// <inheritdoc cref="SaveDraftAsync"/>
    public Task<SavedDefinition> SaveLiveAsync(string kind, string id, string json, string? expectedETag, CancellationToken cancellationToken, Authorship? author = null) =>
        SaveAsync(kind, id, json, isLive: true, expectedETag, author, cancellationToken);

    private Task<SavedDefinition> SaveAsync(string kind, string id, string json, bool isLive, string? expectedETag, Authorship? author, CancellationToken cancellationToken) =>
        WithRetryAsync(async () =>
        {
            var row = await FindRowAsync(kind, DefinitionRows.PointerKey(id), cancellationToken);
            Expect(expectedETag, row);
            var was = row is null || DefinitionRows.IsDeleted((TableEntity)row) ? null : DefinitionRows.ReadPointer((TableEntity)row);
            if (was is not null && (!isLive || was.Live == was.Latest)
                && (await FindVersionAsync(kind, id, was.Latest, cancellationToken))?.Json == json)
            {
                return new SavedDefinition(was, IsNew: false, IsChanged: false);
            }

            var now = time.GetUtcNow();
            var version = (row is null ? 0 : DefinitionRows.ReadPointer((TableEntity)row).Latest) + 1;
            var pointer = new DefinitionPointer(kind, id, version, isLive ? version : was?.Live, isLive ? [.. was?.Published ?? [], version] : was?.Published ?? [], now)
            {
                Proposal = was?.Proposal,
                Decisions = was?.Decisions ?? [],
                Effects = was?.Effects ?? [],
                QuietSince = isLive ? null : was?.QuietSince,
            };
            var changes = new List<TableTransactionAction>
            {
                new(TableTransactionActionType.UpsertReplace, DefinitionRows.Version(new DefinitionVersion(kind, id, version, now, json) { Author = author })),
                row is null ? DefinitionRows.Add(DefinitionRows.Pointer(pointer)) : DefinitionRows.Replace(DefinitionRows.Pointer(pointer), row.ETag),
            };
            if (isLive)
            {
                changes.Add(await NextRevisionAsync(kind, cancellationToken));
            }

            await SubmitAsync(kind, changes, cancellationToken);
            RequestChanges.Note(new(kind, id, Named(was), Named(pointer)) { VersionBefore = was?.Latest, VersionAfter = version });
            return new SavedDefinition(pointer, IsNew: was is null, IsChanged: true);
        }, cancellationToken);

    private async Task SubmitAsync(string kind, IReadOnlyList<TableTransactionAction> changes, CancellationToken cancellationToken)
    {
        await _table.SubmitTransactionAsync(changes, cancellationToken);
        Changed?.Invoke(kind);
    }

    private async Task<TableTransactionAction> NextRevisionAsync(string kind, CancellationToken cancellationToken)
    {
        var row = await FindRowAsync(kind, DefinitionRows.RevisionKey, cancellationToken);
        return row is null
            ? DefinitionRows.Add(DefinitionRows.Revision(kind, 1))
            : new(TableTransactionActionType.UpdateMerge, DefinitionRows.Revision(kind, (row.GetInt64("Value") ?? 0) + 1), row.ETag); // who looks on goes on looking
    }

    private static string? Named(DefinitionPointer? pointer) => pointer is null ? null : RequestChanges.Versions(pointer.Latest, pointer.Live);

    private static void Expect(string? expectedETag, TableEntity? row)
    {
        var current = row is null || DefinitionRows.IsDeleted((TableEntity)row) ? null : DefinitionRows.ReadPointer((TableEntity)row).ETag;
        if (expectedETag is not null && expectedETag != (current ?? Nothing))
        {
            throw new DefinitionChangedException(current);
        }
    }

    // 409: someone else added the row; 412: someone else changed it. Read again and apply again.
    // With an expectation, the next attempt finds the new ETag and says so. The pauses are the machine's own time, not the product's.
    private async Task<T> WithRetryAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            for (var attempts = 1; ; attempts++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    return await attempt();
                }
                catch (RequestFailedException lost) when (lost.Status is 409 or 412 && lost.ErrorCode is not ("TableBeingDeleted" or "InvalidInput"))
                {
                    if (attempts == Attempts)
                    {
                        throw new TimeoutException($"Others changed it {Attempts} times meanwhile.", lost);
                    }

                    var pause = Math.Min(LongestPause.TotalMilliseconds, Math.Pow(2, attempts)) * Random.Shared.NextDouble();
                    await Task.Delay(TimeSpan.FromMilliseconds(pause), TimeProvider.System, cancellationToken);
                }
            }
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<TableEntity?> FindRowAsync(string kind, string rowKey, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(kind, rowKey, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    private IAsyncEnumerable<TableEntity> PointerRows(string kind, CancellationToken cancellationToken) =>
        _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {kind} and RowKey ge {DefinitionRows.FirstPointerKey} and RowKey lt {DefinitionRows.AfterPointerKeys}"),
            cancellationToken: cancellationToken).Where(row => !DefinitionRows.IsDeleted(row));

    private AsyncPageable<TableEntity> VersionRows(string kind, string id, IEnumerable<string> select, CancellationToken cancellationToken) =>
        _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {kind} and RowKey ge {DefinitionRows.VersionKey(id, 0)} and RowKey le {DefinitionRows.VersionKey(id, 999_999)}"),
            select: select,
            cancellationToken: cancellationToken);
}
