using Azure.Data.Tables;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Leads.Listing;

/// <param name="Head">Null when no snapshot was ever made: then all leads were read.</param>
/// <param name="AsOf">By storage's clock: all that was written until then is in.</param>
internal sealed record LoadedList(ShardList List, ListRow.Head? Head, IReadOnlyList<ListRow.Log> Log, DateTimeOffset AsOf);

/// <summary>
/// The lists in storage. Every commit of a known lead tells in its own transaction what lists show of it now, in a row of its shard's log; now and then the log is folded into a snapshot. A list in memory is
/// the newest snapshot and the log: whoever has it goes on by reading what was written since, one query a shard.
/// </summary>
public sealed class ListStore
{
    /// <summary>Of the log, what was written so lately is kept when it is folded, so that who lists leads at least so often never has to begin anew.</summary>
    private static readonly TimeSpan KeptAfter = TimeSpan.FromMinutes(5);

    /// <summary>Between a row's name, by its writer's clock as it began to write, and the time at which storage wrote it.</summary>
    private static readonly TimeSpan MostWriting = TimeSpan.FromMinutes(2);

    /// <summary>Rows that storage stamped so long before it answered are seen; its answers give their time in whole seconds.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private const int MostTries = 20;
    private const int RowsInATransaction = 100;

    private readonly LeadsTable _leads;
    private readonly ListSnapshots _snapshots;
    private readonly Func<ScoringModels> _rules;
    private readonly TimeProvider _time;
    private readonly TimeSpan _keptAfter;

    /// <param name="keptAfter">Another than 5 minutes.</param>
    internal ListStore(LeadsTable leads, ListSnapshots snapshots, Func<ScoringModels> rules, TimeProvider time, TimeSpan? keptAfter = null) =>
        (_leads, _snapshots, _rules, _time, _keptAfter) = (leads, snapshots, rules, time, keptAfter ?? KeptAfter);

    internal async Task<LoadedList> LoadAsync(string shard, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var list = new ShardList();
            var read = await ReadAsync(ListRows.All(shard), null, cancellationToken);
            if (read.Head is null)
            {
                await FillAsync(shard, list, cancellationToken);
                read = await ReadAsync(ListRows.All(shard), null, cancellationToken); // and what was committed meanwhile
                if (read.Head is not null)
                {
                    continue;
                }
            }
            else if (await _snapshots.FindAsync(shard, read.Head.Value, cancellationToken) is { } changes)
            {
                list.Apply(changes);
            }
            else
            {
                continue;
            }

            read.Log.ForEach(row => list.Apply(row.Changes));
            return new LoadedList(list, read.Head, read.Log, read.AsOf);
        }

        throw new TimeoutException($"The list of {shard} was replaced {MostTries} times while it was read.");
    }

    /// <summary>Brings a list up to date that was so at a time of storage's clock.</summary>
    /// <returns>As of when it is now; null when the log no longer goes back that far.</returns>
    internal async Task<DateTimeOffset?> FollowAsync(string shard, ShardList list, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(ListRows.Since(shard, since - Settling - MostWriting, since - Settling), null, cancellationToken);
        if (read.Head is { Value.DeletedUntil: var deleted } && deleted > since - Settling)
        {
            return null;
        }

        read.Log.ForEach(row => list.Apply(row.Changes));
        return read.AsOf;
    }

    /// <summary>Folds the log into a new snapshot, if it has become long.</summary>
    internal async Task FoldAsync(string shard, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(ListRows.All(shard), ["PartitionKey", "RowKey", "Timestamp", "n", "generation", "chunks", "leads", "deletedUntil"], cancellationToken);
        var old = Old(read.Log, read.AsOf);
        if (ListUpkeep.IsLong(old.Count, old.Sum(row => row.Count), read.Head?.Value.Leads ?? 0))
        {
            await WriteAsync(shard, await LoadAsync(shard, cancellationToken), cancellationToken);
        }
    }

    /// <summary>
    /// Makes what was loaded the newest snapshot, and deletes what it makes superfluous. Each step may be the last before a crash: the head changes in one write, what is deleted after it nobody needs, and what is
    /// left over the next one deletes.
    /// </summary>
    /// <returns>False when another was quicker.</returns>
    internal async Task<bool> WriteAsync(string shard, LoadedList loaded, CancellationToken cancellationToken)
    {
        var generation = ListGeneration.After(loaded.Head?.Value.Generation);
        var chunks = await _snapshots.WriteAsync(shard, generation, loaded.List.Changes(), cancellationToken);
        var old = Old(loaded.Log, loaded.AsOf);
        var before = loaded.Head?.Value.DeletedUntil ?? DateTimeOffset.UnixEpoch;
        var head = new ListHead(generation, chunks, loaded.List.Count, old.Select(row => row.WrittenAt).Append(before).Max());
        try
        {
            await _leads.SubmitAsync([ListRows.WriteHead(shard, head, loaded.Head?.ETag)], cancellationToken);
        }
        catch (TableTransactionFailedException refused) when (refused.Status is 404 or 409 or 412)
        {
            await _snapshots.DeleteAsync(shard, generation, cancellationToken);
            return false;
        }

        foreach (var some in old.Chunk(RowsInATransaction))
        {
            await DeleteAsync(shard, some, cancellationToken);
        }

        await _snapshots.DeleteOthersAsync(shard, generation, cancellationToken);
        return true;
    }

    private List<ListRow.Log> Old(IReadOnlyList<ListRow.Log> log, DateTimeOffset asOf) => [.. log.Where(row => row.WrittenAt < asOf - _keptAfter)];

    private async Task DeleteAsync(string shard, IReadOnlyList<ListRow.Log> rows, CancellationToken cancellationToken)
    {
        try
        {
            await _leads.SubmitAsync([.. rows.Select(row => ListRows.DeleteLog(shard, row.Key))], cancellationToken);
        }
        catch (TableTransactionFailedException refused) when (refused.Status == 404 && rows.Count > 1)
        {
            // Another that folds deletes them too.
            foreach (var row in rows)
            {
                await DeleteAsync(shard, [row], cancellationToken);
            }
        }
        catch (TableTransactionFailedException refused) when (refused.Status == 404)
        {
        }
    }

    /// <summary>From the leads themselves: of what earlier builds stored there is no log.</summary>
    private async Task FillAsync(string shard, ShardList list, CancellationToken cancellationToken)
    {
        var (rules, now) = (_rules(), _time.GetUtcNow());
        await foreach (var page in _leads.ListRowsAsync(ListRows.Known(shard), null, cancellationToken))
        {
            list.Apply([.. page.Values.Select(LeadRows.Read).OfType<LeadRow.Profile>().Select(lead => lead.State).Where(ListedLead.IsListed)
                .Select(state => new ListChange(state.Id, state.ListVersion, ListedLead.Of(state, Reducer.ScoreOf(state, rules, now))))]);
        }
    }

    private async Task<(ListRow.Head? Head, List<ListRow.Log> Log, DateTimeOffset AsOf)> ReadAsync(string filter, IEnumerable<string>? columns, CancellationToken cancellationToken)
    {
        (ListRow.Head? head, List<ListRow.Log> log, DateTimeOffset? asOf) = (null, [], null);
        await foreach (var page in _leads.ListRowsAsync(filter, columns, cancellationToken))
        {
            asOf ??= page.GetRawResponse().Headers.Date;
            foreach (var row in page.Values.Select(ListRows.Read))
            {
                if (row is ListRow.Log entry)
                {
                    log.Add(entry);
                }

                head = row as ListRow.Head ?? head;
            }
        }

        return (head, log, asOf ?? throw new InvalidDataException("Storage did not say what time it is."));
    }
}
