using Azure;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>Table <c>Leads</c>: point reads and one partition's transactions.</summary>
internal sealed class LeadsTable(StorageClients storage)
{
    private readonly TableClient _table = storage.Table(LeadRows.Table);

    public async Task<LeadRow> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(LeadIds.Shard(id), LeadRows.ProfileKey(id), cancellationToken: cancellationToken);
        return LeadRows.Read(found.HasValue ? found.Value : null);
    }

    /// <returns>The new ETag of each action's row, in order.</returns>
    /// <exception cref="TableTransactionFailedException">None was applied; the index tells which one refused.</exception>
    public async Task<IReadOnlyList<ETag>> SubmitAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var response = await _table.SubmitTransactionAsync(actions, cancellationToken);
        return [.. response.Value.Select(r => r.Headers.ETag ?? default)];
    }

    /// <summary>Rows of listings (<see cref="ListingRows"/>) and facts (<see cref="FactRows"/>), by their filters, page by page.</summary>
    public IAsyncEnumerable<Page<TableEntity>> ListingRowsAsync(string filter, IEnumerable<string>? columns, CancellationToken cancellationToken) =>
        _table.QueryAsync<TableEntity>(filter, select: columns, cancellationToken: cancellationToken).AsPages();

    /// <summary>The profiles of a shard, by id; other rows have no stage.</summary>
    public AsyncPageable<TableEntity> ProfilesAsync(int shard, string? after, CancellationToken cancellationToken)
    {
        var (partition, from) = (LeadIds.ShardName(shard), after is null ? "" : LeadRows.ProfileKey(after));
        return _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {from} and RowKey lt {LeadRows.End} and stage gt ''"), maxPerPage: 200, cancellationToken: cancellationToken);
    }

    /// <summary>Leads without a name, of as many rows as one request looks at: no more, however many there are.</summary>
    public async Task<(int Count, bool IsAll)> CountAnonymousAsync(string shard, CancellationToken cancellationToken)
    {
        // A filter cannot ask what a row lacks: so rows without a user id or an address are told by their columns.
        var rows = _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {shard} and RowKey lt {LeadRows.End} and stage gt ''"), maxPerPage: 1000, select: ["email", "userId", "mergedInto"], cancellationToken: cancellationToken);
        await foreach (var page in rows.AsPages().WithCancellation(cancellationToken))
        {
            return (page.Values.Count(row => row.GetString("email") is null && row.GetString("userId") is null && row.GetString("mergedInto") is null), page.ContinuationToken is null);
        }

        return (0, true);
    }

    /// <summary>Keys of all rows of a lead but its own.</summary>
    public async Task<IReadOnlyList<string>> KeysBesideAsync(string leadId, CancellationToken cancellationToken)
    {
        var (shard, from, to) = (LeadIds.Shard(leadId), leadId + "|", leadId + "}");
        var keys = new List<string>();
        await foreach (var row in _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {shard} and RowKey gt {from} and RowKey lt {to}"), select: ["RowKey"], cancellationToken: cancellationToken))
        {
            keys.Add(row.RowKey);
        }

        keys.Remove(LeadRows.ProfileKey(leadId));
        return keys;
    }

    /// <summary>With the tag by which it can be replaced; null where nothing stands.</summary>
    public async Task<(LeadRow Row, ETag ETag)?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(LeadIds.Shard(id), LeadRows.ProfileKey(id), cancellationToken: cancellationToken);
        return found.HasValue ? (LeadRows.Read(found.Value), found.Value!.ETag) : null; // it has a value
    }

    /// <summary>A lead's packed timeline rows, newest first, from the row key <paramref name="start"/> on where given.</summary>
    public AsyncPageable<TableEntity> TimelineAsync(string leadId, string? start, CancellationToken cancellationToken)
    {
        var shard = LeadIds.Shard(leadId);
        var (first, end) = LeadRows.TimelineRange(leadId);
        var from = start ?? first;
        return _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {shard} and RowKey ge {from} and RowKey lt {end}"), maxPerPage: 50, cancellationToken: cancellationToken);
    }
}
