using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Reports.Stored;

/// <summary>
/// The facts in storage: as commits wrote them, a row for each transaction beside the leads, and gathered in the table <c>Facts</c>, a partition for each shard. Gathering writes first and deletes then, and a fact that is
/// read twice counts once: so there is nothing that a crash in between could leave wrong.
/// </summary>
public sealed class FactStore
{
    internal const string Name = "Facts";

    /// <summary>Facts in a gathered row; however long they are, it fits.</summary>
    private const int MostTogether = 2_000;

    /// <summary>Rows that commits wrote, before gathering them is worth while.</summary>
    private const int FewRows = 500;

    private const int RowsInATransaction = 100;

    /// <summary>What was written so lately is left where it is, so that who reads facts at least so often finds them all there.</summary>
    internal static readonly TimeSpan KeptAfter = TimeSpan.FromMinutes(5);

    /// <summary>Between a row's name, by its writer's clock as it began to write, and the time at which storage wrote it.</summary>
    private static readonly TimeSpan MostWriting = TimeSpan.FromMinutes(2);

    private readonly LeadsTable _leads;
    private readonly TableClient _table;
    private readonly TimeSpan _keptAfter;
    private readonly int _fewRows;

    /// <param name="keptAfter">Another than 5 minutes.</param>
    /// <param name="fewRows">Another than 500.</param>
    internal FactStore(LeadsTable leads, StorageClients storage, TimeSpan? keptAfter = null, int fewRows = FewRows) =>
        (_leads, _table, _keptAfter, _fewRows) = (leads, storage.Table(Name), keptAfter ?? KeptAfter, fewRows);

    /// <summary>All facts of a shard, page by page; some may come twice.</summary>
    /// <param name="since">By storage's clock: only what was written after it, and some from before. Null: all.</param>
    /// <param name="gathered">Also those that were gathered since.</param>
    /// <returns>Storage's time when the first page was read, with its facts.</returns>
    internal async IAsyncEnumerable<(DateTimeOffset AsOf, IReadOnlyList<Fact> Facts)> ReadAsync(
        string shard, DateTimeOffset? since, bool gathered, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What commits wrote first: whatever is gathered and deleted between the two is found in the second place.
        DateTimeOffset? asOf = null;
        var filter = since is { } time ? FactRows.Since(shard, time - MostWriting, time) : FactRows.All(shard);
        await foreach (var page in _leads.ListingRowsAsync(filter, null, cancellationToken))
        {
            asOf ??= page.GetRawResponse().Headers.Date ?? throw new InvalidDataException("Storage did not say what time it is.");
            yield return (asOf.Value, [.. page.Values.SelectMany(FactRows.Read)]);
        }

        if (!gathered)
        {
            yield break;
        }

        var from = since is { } written ? FactRows.NameOf(written - MostWriting) : "";
        await foreach (var page in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {shard} and RowKey ge {from}"), cancellationToken: cancellationToken).AsPages())
        {
            yield return (asOf ?? throw new InvalidDataException("Storage answered without a page."), [.. page.Values.SelectMany(FactRows.Read)]);
        }
    }

    /// <summary>Gathers what commits wrote, where that is much.</summary>
    internal async Task FoldAsync(string shard, CancellationToken cancellationToken)
    {
        var (rows, asOf) = (new List<TableEntity>(), (DateTimeOffset?)null);
        await foreach (var page in _leads.ListingRowsAsync(FactRows.All(shard), null, cancellationToken))
        {
            asOf ??= page.GetRawResponse().Headers.Date;
            rows.AddRange(page.Values.Where(row => row.Timestamp < asOf - _keptAfter));
        }

        if (rows.Count >= _fewRows)
        {
            await GatherAsync(shard, rows, cancellationToken);
        }
    }

    /// <summary>Facts that nobody has written before. Whoever is killed here and begins again writes some twice, which counts once.</summary>
    internal async Task AddAsync(IEnumerable<Fact> facts, CancellationToken cancellationToken)
    {
        foreach (var some in facts.GroupBy(fact => LeadIds.Shard(fact.LeadId)).SelectMany(shard => shard.Chunk(MostTogether)))
        {
            await WriteAsync(LeadIds.Shard(some[0].LeadId), some, cancellationToken);
        }
    }

    /// <summary>
    /// Has all facts of leads that are to be forgotten bear other ids, which mean nothing: so they count as before. To be called when these leads make no more facts, with all that are one person; it may be called again.
    /// An instance that has read the facts before goes on under the old ids until it ends.
    /// </summary>
    /// <param name="newIds">By lead id, in the same form.</param>
    internal async Task RenameAsync(IReadOnlyDictionary<string, string> newIds, CancellationToken cancellationToken)
    {
        foreach (var shard in newIds.Keys.Select(LeadIds.Shard).Distinct())
        {
            await foreach (var page in _leads.ListingRowsAsync(FactRows.All(shard), null, cancellationToken))
            {
                foreach (var row in page.Values.Where(IsConcerned))
                {
                    await _leads.SubmitAsync([new(TableTransactionActionType.UpdateReplace, Renamed(row), row.ETag)], cancellationToken);
                }
            }

            // Then what was gathered: whoever gathers a row just now finds that it has changed, and takes back what they wrote.
            await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {shard}"), cancellationToken: cancellationToken))
            {
                if (IsConcerned(row))
                {
                    await _table.UpdateEntityAsync(Renamed(row), row.ETag, TableUpdateMode.Replace, cancellationToken);
                }
            }
        }

        bool IsConcerned(TableEntity row) => FactRows.Read(row).Any(fact => newIds.ContainsKey(fact.LeadId) || (fact.Subject is { } subject && newIds.ContainsKey(subject)));

        TableEntity Renamed(TableEntity row)
        {
            var renamed = new TableEntity(row.PartitionKey, row.RowKey);
            FactRows.Write(renamed, [.. FactRows.Read(row).Select(fact => fact with { LeadId = newIds.GetValueOrDefault(fact.LeadId, fact.LeadId), Subject = fact.Subject is { } subject ? newIds.GetValueOrDefault(subject, subject) : null })]);
            return renamed;
        }
    }

    private async Task GatherAsync(string shard, List<TableEntity> rows, CancellationToken cancellationToken)
    {
        foreach (var some in Pieces(rows))
        {
            var key = await WriteAsync(shard, [.. some.SelectMany(FactRows.Read)], cancellationToken);
            try
            {
                await _leads.SubmitAsync([.. some.Select(FactRows.Delete)], cancellationToken);
            }
            catch (TableTransactionFailedException refused) when (refused.Status == 412)
            {
                await _table.DeleteEntityAsync(shard, key, cancellationToken: cancellationToken);
                return; // somebody has changed one: what was just written is as it was before, and all are still there
            }
            catch (TableTransactionFailedException refused) when (refused.Status == 404)
            {
                return; // another gathers them, or this was done and its answer lost: what was written twice counts once
            }
        }
    }

    /// <summary>As many as one row and one transaction take.</summary>
    private static IEnumerable<IReadOnlyList<TableEntity>> Pieces(IReadOnlyList<TableEntity> rows)
    {
        var (piece, facts) = (new List<TableEntity>(), 0);
        foreach (var row in rows)
        {
            var count = row.GetInt32("n") ?? 0;
            if (piece.Count == RowsInATransaction || (piece.Count > 0 && facts + count > MostTogether))
            {
                yield return piece;
                (piece, facts) = ([], 0);
            }

            piece.Add(row);
            facts += count;
        }

        if (piece.Count > 0)
        {
            yield return piece;
        }
    }

    private async Task<string> WriteAsync(string shard, IReadOnlyList<Fact> facts, CancellationToken cancellationToken)
    {
        var row = new TableEntity(shard, Guid.CreateVersion7().ToString("N"));
        FactRows.Write(row, facts);
        await _table.AddEntityAsync(row, cancellationToken);
        return row.RowKey;
    }
}
