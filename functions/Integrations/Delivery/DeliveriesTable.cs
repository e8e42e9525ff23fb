using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>Table <c>Deliveries</c>: what each target was told, and was not.</summary>
public sealed class DeliveriesTable(StorageClients storage)
{
    public const string Name = "Deliveries";


    private readonly TableClient _table = storage.Table(Name);

    /// <summary>How long it is known what was delivered.</summary>
    internal static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Once for each target and event, however often it is called.</summary>
    internal async Task AddAsync(string target, WorldEvent e, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await _table.SubmitTransactionAsync(DeliveryRows.Add(target, e, now), cancellationToken);
        }
        catch (RequestFailedException exists) when (exists.Status == 409 && exists.ErrorCode == "EntityAlreadyExists")
        {
        }
    }

    internal async Task<StoredDelivery?> FindAsync(string target, string key, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(target, key, cancellationToken: cancellationToken);
        return found.HasValue ? DeliveryRows.Read(found.Value!) : null; // has a value
    }

    /// <summary>Newest first.</summary>
    /// <param name="after">The key of the last one before.</param>
    internal async Task<IReadOnlyList<StoredDelivery>> ListAsync(string target, DeliveryStatus? status, string? after, int size, CancellationToken cancellationToken)
    {
        var (from, to) = DeliveryRows.Deliveries;
        return await SomeAsync(
            TableClient.CreateQueryFilter($"PartitionKey eq {target} and RowKey gt {after ?? from} and RowKey lt {to}")
                + (status is { } one ? TableClient.CreateQueryFilter($" and Status eq {one.ToString()}") : ""),
            size, cancellationToken);
    }

    /// <summary>Of events between two times, newest first.</summary>
    internal Task<IReadOnlyList<StoredDelivery>> BetweenAsync(string target, DateTimeOffset from, DateTimeOffset to, string? after, int size, CancellationToken cancellationToken) => SomeAsync(
        TableClient.CreateQueryFilter($"PartitionKey eq {target} and RowKey gt {after ?? DeliveryRows.DeliveriesSince(to)} and RowKey lt {DeliveryRows.DeliveriesSince(from.AddMilliseconds(-1))}"),
        size, cancellationToken);

    /// <summary>Back into its lane, under the same id; nothing changes where it is there.</summary>
    internal async Task ReplayAsync(string target, StoredDelivery delivery, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await _table.SubmitTransactionAsync(
                [
                    DeliveryRows.AddEntry(target, delivery.LeadId, delivery.Number, delivery.EventId, delivery.Key, now),
                    DeliveryRows.Settle(target, delivery, DeliveryStatus.Pending, attempt: null),
                ], cancellationToken);
        }
        catch (RequestFailedException there) when (there.Status is 404 or 409)
        {
            // It waits already, or has been forgotten meanwhile.
        }
    }

    /// <summary>Removes what is too old; up to a thousand rows.</summary>
    internal async Task ForgetAsync(string target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (_, end) = DeliveryRows.Deliveries;
        await RemoveAsync(TableClient.CreateQueryFilter($"PartitionKey eq {target} and RowKey ge {DeliveryRows.DeliveriesSince(now - Kept)} and RowKey lt {end} and Status ne {nameof(DeliveryStatus.Pending)}"), 1_000, cancellationToken);
    }

    /// <summary>Removes all that a target was told, and was not. After a crash it goes on where it was.</summary>
    internal Task DeleteAsync(string target, CancellationToken cancellationToken) =>
        RemoveAsync(TableClient.CreateQueryFilter($"PartitionKey eq {target} and RowKey lt {DeliveryRows.StateKey}"), int.MaxValue, cancellationToken);

    /// <summary>Removes what targets were told of leads, and what of it still waits, but that they were erased; how many events that were. Reads the whole table.</summary>
    internal async Task<int> EraseAsync(IReadOnlyCollection<string> leadIds, CancellationToken cancellationToken)
    {
        var rows = 0;
        foreach (var lead in leadIds)
        {
            await foreach (var row in _table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"LeadId eq {lead} and Type ne {HappeningTypes.LeadErased}"), select: ["PartitionKey", "RowKey", "EventId", "Number"], cancellationToken: cancellationToken))
            {
                // The delivery first: an entry without one goes by itself.
                await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
                await _table.DeleteEntityAsync(row.PartitionKey, DeliveryRows.EntryKey(lead, row.GetInt64("Number") ?? 0, row.GetString("EventId")), ETag.All, cancellationToken);
                rows++;
            }
        }

        return rows;
    }

    /// <summary>What targets were told of leads, and what of it still waits, each with its target. Reads the whole table.</summary>
    internal async IAsyncEnumerable<(string Target, StoredDelivery Delivery)> OfLeadsAsync(IReadOnlyCollection<string> leadIds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var lead in leadIds)
        {
            await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"LeadId eq {lead}"), cancellationToken: cancellationToken))
            {
                yield return (row.PartitionKey, DeliveryRows.Read(row));
            }
        }
    }

    private async Task<IReadOnlyList<StoredDelivery>> SomeAsync(string filter, int size, CancellationToken cancellationToken)
    {
        var some = new List<StoredDelivery>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, maxPerPage: size, cancellationToken: cancellationToken))
        {
            some.Add(DeliveryRows.Read(row));
            if (some.Count == size)
            {
                break;
            }
        }

        return some;
    }

    private async Task RemoveAsync(string filter, int limit, CancellationToken cancellationToken)
    {
        var old = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            old.Add(row);
            if (old.Count == limit)
            {
                break;
            }
        }

        await _table.RemoveAsync(old, cancellationToken);
    }
}
