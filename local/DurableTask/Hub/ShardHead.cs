using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Local.DurableTask;

/// <summary>
/// The row that says who owns a shard. Every transaction of the shard changes it under its ETag: a process that lost the shard cannot
/// write any more, however late its request arrives.
/// </summary>
internal sealed class ShardHead(TableClient table, string partition, string owner)
{
    private readonly string _key = "head-" + partition;
    private ETag _etag;
    private long _commits;
    private long _epoch;

    /// <summary>Takes the shard, if nobody who may be alive has it.</summary>
    public async Task<bool> TryClaimAsync(Func<string, Task<bool>> isGone, CancellationToken cancellationToken)
    {
        var current = await table.GetEntityIfExistsAsync<TableEntity>(partition, _key, null, cancellationToken);
        try
        {
            if (!current.HasValue)
            {
                (_epoch, _commits) = (1, 0);
                _etag = (await table.AddEntityAsync(Row(0), cancellationToken)).Headers.ETag!.Value;
                return true;
            }

            var head = current.Value!;
            if (head.GetString("Owner") is { Length: > 0 } holder && holder != owner && !await isGone(holder))
            {
                return false;
            }

            (_epoch, _commits) = (head.GetInt64("Epoch")!.Value + 1, head.GetInt64("Commits")!.Value);
            _etag = (await table.UpdateEntityAsync(Row(_commits), head.ETag, TableUpdateMode.Replace, cancellationToken)).Headers.ETag!.Value;
            return true;
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <summary>Gives the shard up; a failure only means that others wait until this process is gone.</summary>
    public async Task ReleaseAsync()
    {
        var row = Row(_commits);
        row["Owner"] = "";
        try
        {
            await table.UpdateEntityAsync(row, _etag, TableUpdateMode.Replace);
        }
        catch (Exception exception) when (Outage.IsBehind(exception))
        {
        }
    }

    /// <summary>Stores all actions or none.</summary>
    /// <returns>False when the shard belongs to someone else now.</returns>
    public async Task<bool> TryCommitAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        while (true)
        {
            var commit = _commits + 1;
            var head = new TableTransactionAction(TableTransactionActionType.UpdateReplace, Row(commit), _etag);
            try
            {
                var stored = await table.SubmitTransactionAsync([head, .. actions], cancellationToken);
                (_commits, _etag) = (commit, stored.Value[0].Headers.ETag!.Value);
                return true;
            }
            catch (Exception exception) when (Outage.IsBehind(exception) && exception is not RequestFailedException { Status: 400 or 413 })
            {
                // Refused, or the answer was lost: the row tells whether it was stored.
                switch (await FindOutAsync(commit, cancellationToken))
                {
                    case true:
                        return true;
                    case null:
                        return false;
                }
            }
        }
    }

    /// <summary>True: stored. False: not stored, and still ours. Null: not ours any more.</summary>
    private async Task<bool?> FindOutAsync(long commit, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var found = await table.GetEntityIfExistsAsync<TableEntity>(partition, _key, null, cancellationToken);
                if (!found.HasValue || found.Value!.GetString("Owner") != owner || found.Value.GetInt64("Epoch") != _epoch)
                {
                    return null;
                }

                var isStored = found.Value.GetInt64("Commits") == commit;
                _commits = found.Value.GetInt64("Commits")!.Value;
                _etag = found.Value.ETag;
                if (!isStored)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
                }

                return isStored;
            }
            catch (Exception exception) when (Outage.IsBehind(exception))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
            }
        }
    }

    private TableEntity Row(long commits) => new(partition, _key) { ["Owner"] = owner, ["Epoch"] = _epoch, ["Commits"] = commits };
}
