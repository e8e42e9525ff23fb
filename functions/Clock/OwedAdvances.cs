using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Clock;

/// <summary>An advance of a run that is owed, or under way.</summary>
/// <param name="IsUnderWay">Somebody does it; otherwise the run was woken, and it will be done.</param>
/// <param name="Since">A real time.</param>
internal sealed record OwedAdvance(string RunId, bool IsUnderWay, DateTimeOffset Since, ETag ETag);

/// <summary>
/// Which runs were woken and have not been advanced since. The engine's queues do not tell, and a run's row does only when its time has come; but who moves the clock,
/// on whatever instance, must know. Kept only where the clock can be moved.
/// </summary>
/// <remarks>In the clock's table. Partition <c>advance</c>, row the run's id; <c>by</c> names the advance that is under way, empty when none is.</remarks>
public sealed class OwedAdvances(StorageClients storage)
{
    private const string Partition = "advance";
    private const int RowBytes = 1024;

    private readonly TableClient _table = storage.Table(ClockTable.Name);
    private readonly GroupedWrites _writes = new(storage.Table(ClockTable.Name));

    /// <summary>The run will be woken. An advance that is under way does not count: it may have looked before.</summary>
    internal Task AddAsync(string runId) => WriteAsync(TableTransactionActionType.UpsertMerge, new TableEntity(Partition, runId) { ["woken"] = true });

    /// <summary>What was owed until now is being done.</summary>
    internal async Task<OwedAdvance> BeginAsync(string runId, string by) =>
        new(runId, true, default, await WriteAsync(TableTransactionActionType.UpsertReplace, new TableEntity(Partition, runId) { ["by"] = by }));

    /// <summary>It was done; what has been owed anew meanwhile stays.</summary>
    internal async Task EndAsync(OwedAdvance begun, string by, CancellationToken cancellationToken)
    {
        if (!await RemoveAsync(begun)
            && (await _table.GetEntityIfExistsAsync<TableEntity>(Partition, begun.RunId, cancellationToken: cancellationToken)) is { HasValue: true, Value: { } row }
            && row.GetString("by") == by)
        {
            await WriteAsync(TableTransactionActionType.UpsertMerge, new TableEntity(Partition, begun.RunId) { ["by"] = "" });
        }
    }

    /// <summary>Some of them.</summary>
    internal async Task<IReadOnlyList<OwedAdvance>> SomeAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), maxPerPage: 20, cancellationToken: cancellationToken).AsPages())
        {
            return [.. page.Values.Select(row => new OwedAdvance(row.RowKey, row.GetString("by") is { Length: > 0 }, row.Timestamp ?? default, row.ETag))];
        }

        return [];
    }

    /// <summary>False when it is owed anew, or was removed.</summary>
    internal async Task<bool> RemoveAsync(OwedAdvance owed)
    {
        try
        {
            await _writes.WriteAsync(new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(Partition, owed.RunId), owed.ETag), RowBytes);
            return true;
        }
        catch (RequestFailedException other) when (other.Status is 404 or 412)
        {
            return false;
        }
    }

    private Task<ETag> WriteAsync(TableTransactionActionType type, TableEntity row) => _writes.WriteAsync(new TableTransactionAction(type, row), RowBytes);
}
