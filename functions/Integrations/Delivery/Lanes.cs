using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>
/// One lead's events at one target, one after another. Whoever works in a lane holds it: by a row with a time after which it is anybody's, since its holder may have died. Who finds it held
/// rings, which changes the row; the holder cannot leave a row that is not as it knows it, and so looks once more.
/// </summary>
public sealed class Lanes(StorageClients storage)
{
    /// <summary>Longer than anything that is done at a stretch. In real time, as is all that waits for machines.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    private readonly TableClient _table = storage.Table(DeliveriesTable.Name);

    /// <summary>Null: somebody else has it, and will look for what there is after this.</summary>
    /// <param name="holder">The queue message: when it comes again, the lane is still its own.</param>
    internal async Task<Lane?> TakeAsync(string target, string leadId, string holder, CancellationToken cancellationToken)
    {
        // Usually nobody has it, nor has it been anybody's: then it is taken without a look.
        for (var row = (TableEntity?)null; ; row = await FindAsync(target, leadId, cancellationToken))
        {
            var by = row?.GetString(DeliveryRows.Holder);
            try
            {
                if (by is not null && by != holder && row!.GetDateTimeOffset(DeliveryRows.HeldUntil) > TimeProvider.System.GetUtcNow()) // it has a holder
                {
                    await _table.UpdateEntityAsync(new TableEntity(target, row.RowKey) { ["Rung"] = holder }, row.ETag, TableUpdateMode.Merge, cancellationToken);
                    return null;
                }

                var notBefore = row?.GetDateTimeOffset(DeliveryRows.NotBefore);
                var held = Row(target, leadId, holder, notBefore);
                var response = row is null
                    ? await _table.AddEntityAsync(held, cancellationToken)
                    : await _table.UpdateEntityAsync(held, row.ETag, TableUpdateMode.Replace, cancellationToken);
                return new(target, leadId, holder, notBefore, response.Headers.ETag ?? default);
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
            {
                // It is there, or was taken, left or rung at the same moment: look.
            }
        }
    }

    /// <summary>The event whose turn it is; null when none waits.</summary>
    internal async Task<LaneEntry?> FirstAsync(Lane lane, CancellationToken cancellationToken)
    {
        var (from, to) = DeliveryRows.Entries(lane.LeadId);
        var first = (LaneEntry?)null;
        await foreach (var row in _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {lane.Target} and RowKey ge {from} and RowKey lt {to}"), maxPerPage: 2, cancellationToken: cancellationToken))
        {
            if (first is not null)
            {
                return first;
            }

            first = DeliveryRows.ReadEntry(row);
        }

        return first is null ? null : first with { IsLast = true };
    }

    /// <summary>Leaves the lane. False when somebody rang: there may be more.</summary>
    internal async Task<bool> TryLeaveAsync(Lane lane, CancellationToken cancellationToken)
    {
        try
        {
            if (lane.NotBefore is null)
            {
                await _table.DeleteEntityAsync(lane.Target, DeliveryRows.LaneKey(lane.LeadId), lane.ETag, cancellationToken);
            }
            else
            {
                await _table.UpdateEntityAsync(Row(lane.Target, lane.LeadId, null, lane.NotBefore), lane.ETag, TableUpdateMode.Replace, cancellationToken);
            }

            return true;
        }
        catch (RequestFailedException rung) when (rung.Status is 404 or 412)
        {
            return false;
        }
    }

    /// <summary>Writes what became of the first event, and holds the lane on; or leaves it by that, if nobody rang.</summary>
    /// <param name="delivery">The change of its delivery's row, which may have been forgotten meanwhile.</param>
    /// <param name="leaves">It is the last that was seen, and the lane waits for nothing.</param>
    /// <returns>Null: the lane was left.</returns>
    /// <exception cref="LaneLostException">It was too slow: another holds the lane.</exception>
    internal async Task<Lane?> WriteAsync(Lane lane, TableTransactionAction entry, TableTransactionAction? delivery, DateTimeOffset? notBefore, bool leaves, CancellationToken cancellationToken)
    {
        while (true)
        {
            var held = new TableTransactionAction(leaves ? TableTransactionActionType.Delete : TableTransactionActionType.UpdateReplace, Row(lane.Target, lane.LeadId, lane.Holder, notBefore), lane.ETag);
            try
            {
                var written = await _table.SubmitTransactionAsync(delivery is null ? [held, entry] : [held, entry, delivery], cancellationToken);
                return leaves ? null : lane with { NotBefore = notBefore, ETag = written.Value[0].Headers.ETag ?? default };
            }
            catch (TableTransactionFailedException rung) when (rung.Status == 412)
            {
                lane = await AgainAsync(lane, cancellationToken);
                leaves = false; // there may be more
            }
            catch (TableTransactionFailedException gone) when (gone.Status == 404)
            {
                lane = await AgainAsync(lane, cancellationToken);
                if (gone.FailedTransactionActionIndex != 2)
                {
                    throw new LaneLostException();
                }

                delivery = null;
            }
        }
    }

    /// <summary>The same lane, after somebody rang.</summary>
    /// <exception cref="LaneLostException"/>
    internal async Task<Lane> AgainAsync(Lane lane, CancellationToken cancellationToken)
    {
        return await FindAsync(lane.Target, lane.LeadId, cancellationToken) is { } row && row.GetString(DeliveryRows.Holder) == lane.Holder ? lane with { ETag = row.ETag } : throw new LaneLostException();
    }

    private async Task<TableEntity?> FindAsync(string target, string leadId, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync<TableEntity>(target, DeliveryRows.LaneKey(leadId), cancellationToken: cancellationToken) is { HasValue: true, Value: { } row } ? row : null;

    private static TableEntity Row(string target, string leadId, string? holder, DateTimeOffset? notBefore)
    {
        var row = new TableEntity(target, DeliveryRows.LaneKey(leadId));
        if (holder is not null)
        {
            (row[DeliveryRows.Holder], row[DeliveryRows.HeldUntil]) = (holder, TimeProvider.System.GetUtcNow() + Hold);
        }

        if (notBefore is { } at)
        {
            row[DeliveryRows.NotBefore] = at;
        }

        return row;
    }
}
