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

    private async Task GatherAsync(string shard, List<TableEntity> rows, CancellationToken cancellationToken)
    {
        foreach (var some in rows.Chunk(RowsInATransaction))
        {
            await AddAsync(some.SelectMany(FactRows.Read), cancellationToken);
            try
            {
                await _leads.SubmitAsync([.. some.Select(FactRows.Delete)], cancellationToken);
            }
            catch (TableTransactionFailedException refused) when (refused.Status is 404 or 412)
            {
                return; // another gathers them: what both have written counts once
            }
        }
    }

    private async Task WriteAsync(string shard, IReadOnlyList<Fact> facts, CancellationToken cancellationToken)
    {
        var row = new TableEntity(shard, Guid.CreateVersion7().ToString("N"));
        FactRows.Write(row, facts);
        await _table.AddEntityAsync(row, cancellationToken);
    }
}
