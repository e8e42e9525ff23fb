using Azure.Data.Tables;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Listing;

/// <param name="Head">Null when no snapshot was ever made: then all leads were read.</param>
/// <param name="AsOf">By storage's clock: all that was written until then is in.</param>
internal sealed record LoadedListing(ShardListing List, ListingRow.Head? Head, IReadOnlyList<ListingRow.Log> Log, DateTimeOffset AsOf);

/// <summary>How far a listing in memory is, by storage's clock.</summary>
/// <param name="Read">When the log was read last.</param>
/// <param name="ReadThoroughly">When it was last read so far back that nothing can have come behind.</param>
internal readonly record struct ListingTime(DateTimeOffset Read, DateTimeOffset ReadThoroughly);

/// <summary>
/// The listings in storage. Every commit of a known lead tells in its own transaction what listings show of it now, in a row of its shard's log; now and then the log is folded into a snapshot. A listing in memory is
/// the newest snapshot and the log: whoever has it goes on by reading what was written since, one query a shard.
/// </summary>
public sealed class ListingStore
{
    /// <summary>Of the log, what was written so lately is kept when it is folded, so that who lists leads at least so often never has to begin anew.</summary>
    private static readonly TimeSpan KeptAfter = TimeSpan.FromMinutes(5);

    /// <summary>Between a row's name, by its writer's clock as it began to write, and the time at which storage wrote it.</summary>
    private static readonly TimeSpan MostWriting = TimeSpan.FromMinutes(2);

    /// <summary>A row is there so long after its stamp at the latest, as good as always; storage's answers give their time in whole seconds.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    /// <summary>Or so long, when storage is as slow as it can be: then it gives up. That far it is looked back every so often.</summary>
    private static readonly TimeSpan SlowestWrite = TimeSpan.FromSeconds(30);

    private const int MostTries = 20;
    private const int RowsInATransaction = 100;

    private readonly LeadsTable _leads;
    private readonly ListingSnapshots _snapshots;
    private readonly Func<LeadRules> _rules;
    private readonly TimeProvider _time;
    private readonly TimeSpan _keptAfter;

    /// <param name="keptAfter">Another than 5 minutes.</param>
    internal ListingStore(LeadsTable leads, ListingSnapshots snapshots, Func<LeadRules> rules, TimeProvider time, TimeSpan? keptAfter = null) =>
        (_leads, _snapshots, _rules, _time, _keptAfter) = (leads, snapshots, rules, time, keptAfter ?? KeptAfter);

    internal async Task<LoadedListing> LoadAsync(string shard, CancellationToken cancellationToken) =>
        await LoadAsync(shard, isFillable: true, cancellationToken) ?? throw new InvalidOperationException("One that is filled is there.");

    /// <returns>Null where there is no listing yet, and none is to be made.</returns>
    private async Task<LoadedListing?> LoadAsync(string shard, bool isFillable, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var list = new ShardListing();
            var read = await ReadAsync(ListingRows.All(shard), null, cancellationToken);
            if (read.Head is null && !isFillable)
            {
                return null;
            }

            if (read.Head is null)
            {
                await FillAsync(shard, list, cancellationToken);
                read = await ReadAsync(ListingRows.All(shard), null, cancellationToken); // and what was committed meanwhile
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
            return new LoadedListing(list, read.Head, read.Log, read.AsOf);
        }

        throw new TimeoutException($"The listing of {shard} was replaced {MostTries} times while it was read.");
    }

    /// <summary>Brings a listing up to date.</summary>
    /// <returns>As of when it is now; null when the log no longer goes back that far.</returns>
    internal async Task<ListingTime?> FollowAsync(string shard, ShardListing list, ListingTime known, CancellationToken cancellationToken)
    {
        var isThorough = known.Read - known.ReadThoroughly >= SlowestWrite;
        var since = isThorough ? known.ReadThoroughly - SlowestWrite : known.Read - Settling;
        var read = await ReadAsync(ListingRows.Since(shard, since - MostWriting, since), null, cancellationToken);
        if (read.Head is { Value.DeletedUntil: var deleted } && deleted > since)
        {
            return null;
        }

        read.Log.ForEach(row => list.Apply(row.Changes));
        return new ListingTime(read.AsOf, isThorough ? read.AsOf : known.ReadThoroughly);
    }

    /// <summary>Folds the log into a new snapshot, if it has become long.</summary>
    internal async Task FoldAsync(string shard, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(ListingRows.All(shard), ["PartitionKey", "RowKey", "Timestamp", "n", "generation", "chunks", "leads", "deletedUntil"], cancellationToken);
        var old = Old(read.Log, read.AsOf);
        if (ListingUpkeep.IsLong(old.Count, old.Sum(row => row.Count), read.Head?.Value.Leads ?? 0))
        {
            await WriteAsync(shard, await LoadAsync(shard, cancellationToken), cancellationToken);
        }
    }

    /// <summary>
    /// Makes what was loaded the newest snapshot, and deletes what it makes superfluous. Each step may be the last before a crash: the head changes in one write, what is deleted after it nobody needs, and what is
    /// left over the next one deletes.
    /// </summary>
    /// <returns>False when another was quicker.</returns>
    internal async Task<bool> WriteAsync(string shard, LoadedListing loaded, CancellationToken cancellationToken)
    {
        var generation = ListingGeneration.After(loaded.Head?.Value.Generation);
        var chunks = await _snapshots.WriteAsync(shard, generation, loaded.List.Changes(), cancellationToken);
        var old = Old(loaded.Log, loaded.AsOf);
        var before = loaded.Head?.Value.DeletedUntil ?? DateTimeOffset.UnixEpoch;
        var head = new ListingHead(generation, chunks, loaded.List.Count, old.Select(row => row.WrittenAt).Append(before).Max());
        try
        {
            await _leads.SubmitAsync([ListingRows.WriteHead(shard, head, loaded.Head?.ETag)], cancellationToken);
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

    /// <summary>
    /// Takes what is shown of leads out of the log and the snapshots. They must be gone from the leads' own rows before, so that who is at a snapshot just now, and read them, loses to this one.
    /// </summary>
    internal async Task EraseAsync(string shard, IReadOnlySet<string> leadIds, CancellationToken cancellationToken)
    {
        bool IsShown(ListingChange change) => change.Lead is not null && leadIds.Contains(change.LeadId);
        while ((await ReadAsync(ListingRows.All(shard), null, cancellationToken)).Log.Where(row => row.Changes.Any(IsShown)).ToList() is { Count: > 0 } telling)
        {
            foreach (var row in telling)
            {
                try
                {
                    await _leads.SubmitAsync([ListingRows.RewriteLog(row, [.. row.Changes.Select(change => IsShown(change) ? change with { Lead = null } : change)])], cancellationToken);
                }
                catch (TableTransactionFailedException lost) when (lost.Status is 404 or 412)
                {
                    // It was folded meanwhile, or another erases too.
                }
            }
        }

        while (await LoadAsync(shard, isFillable: false, cancellationToken) is { } loaded && !await WriteAsync(shard, loaded, cancellationToken))
        {
        }
    }

    private List<ListingRow.Log> Old(IReadOnlyList<ListingRow.Log> log, DateTimeOffset asOf) => [.. log.Where(row => row.WrittenAt < asOf - _keptAfter)];

    private async Task DeleteAsync(string shard, IReadOnlyList<ListingRow.Log> rows, CancellationToken cancellationToken)
    {
        try
        {
            await _leads.SubmitAsync([.. rows.Select(row => ListingRows.DeleteLog(shard, row.Key))], cancellationToken);
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
    private async Task FillAsync(string shard, ShardListing list, CancellationToken cancellationToken)
    {
        var (rules, now) = (_rules(), _time.GetUtcNow());
        await foreach (var page in _leads.ListingRowsAsync(ListingRows.Known(shard), null, cancellationToken))
        {
            list.Apply([.. page.Values.Select(LeadRows.Read).OfType<LeadRow.Profile>().Select(lead => lead.State).Where(ListedLead.IsListed)
                .Select(state => new ListingChange(state.Id, state.ListingVersion, ListedLead.Of(state, Reducer.ScoreOf(state, rules.Scoring, now) with { Grade = state.Grade }, rules.Segments)))]);
        }
    }

    private async Task<(ListingRow.Head? Head, List<ListingRow.Log> Log, DateTimeOffset AsOf)> ReadAsync(string filter, IEnumerable<string>? columns, CancellationToken cancellationToken)
    {
        (ListingRow.Head? head, List<ListingRow.Log> log, DateTimeOffset? asOf) = (null, [], null);
        await foreach (var page in _leads.ListingRowsAsync(filter, columns, cancellationToken))
        {
            asOf ??= page.GetRawResponse().Headers.Date;
            foreach (var row in page.Values.Select(ListingRows.Read))
            {
                if (row is ListingRow.Log entry)
                {
                    log.Add(entry);
                }

                head = row as ListingRow.Head ?? head;
            }
        }

        return (head, log, asOf ?? throw new InvalidDataException("Storage did not say what time it is."));
    }
}
