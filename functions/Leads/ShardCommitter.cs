using System.Threading.Channels;
using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Leads;

/// <summary>
/// Writes one shard. Group commit without a timer: while one transaction is under way, the works that arrive wait, and
/// the next transaction carries them all. A work that lost a race is taken out (the failing index tells which), and the
/// rest go on.
/// </summary>
/// <param name="turns">Shared by all shards: how many transactions may be under way. Few on purpose: what waits for a turn makes the next transaction larger, and leaves storage free for the front door.</param>
internal sealed class ShardCommitter(LeadsTable table, LeadCache cache, Func<LeadRules> rules, SemaphoreSlim turns, TimeProvider time)
{
    private const int RequestEntityTooLarge = 413;

    private readonly Channel<ShardWork> _arriving = Channel.CreateUnbounded<ShardWork>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private bool _isRunning;

    public Task<CommitOutcome> CommitAsync(ShardWork work)
    {
        _arriving.Writer.TryWrite(work);
        lock (_gate)
        {
            if (!_isRunning)
            {
                _isRunning = true;

                // The loop serves many callers: it must not run on under the trace of the one who happened to start it.
                using (ExecutionContext.SuppressFlow())
                {
                    _ = Task.Run(RunAsync);
                }
            }
        }

        return work.Outcome;
    }

    /// <summary>Runs while there is work, then ends: an idle shard costs nothing. Every exception reaches the works it concerns.</summary>
    private async Task RunAsync()
    {
        var waiting = new Queue<ShardWork>();
        while (true)
        {
            await turns.WaitAsync();
            while (_arriving.Reader.TryRead(out var work))
            {
                waiting.Enqueue(work);
            }

            if (waiting.Count == 0)
            {
                turns.Release();
                lock (_gate)
                {
                    if (!_arriving.Reader.TryPeek(out _))
                    {
                        _isRunning = false;
                        return;
                    }
                }

                continue;
            }

            try
            {
                await CommitAsync(NextGroup(waiting));
            }
            finally
            {
                turns.Release();
            }
        }
    }

    private ShardGroup NextGroup(Queue<ShardWork> waiting)
    {
        var group = new ShardGroup(cache, rules(), time.GetUtcNow());
        var left = new List<ShardWork>();
        while (waiting.TryDequeue(out var work))
        {
            // What comes after a work that has to wait may go first, unless it is for the same row.
            if (left.Exists(l => l.Id == work.Id) || !group.TryAdd(work))
            {
                left.Add(work);
                if (left.Count > 100)
                {
                    break;
                }
            }
        }

        foreach (var work in waiting)
        {
            left.Add(work);
        }

        waiting.Clear();
        left.ForEach(waiting.Enqueue);
        return group;
    }

    private async Task CommitAsync(ShardGroup group)
    {
        try
        {
            while (group.Build() is { Count: > 0 } actions)
            {
                try
                {
                    group.Committed(await table.SubmitAsync(actions, CancellationToken.None));
                    return;
                }
                catch (TableTransactionFailedException refused) when (refused.FailedTransactionActionIndex is { } index && refused.Status is 404 or 409 or 412)
                {
                    group.TakeOut(index);
                }
                catch (RequestFailedException tooLarge) when (tooLarge.Status == RequestEntityTooLarge)
                {
                    await SplitAsync(group);
                    return;
                }
            }
        }
        catch (Exception exception)
        {
            group.Fail(exception);
        }
    }

    private async Task SplitAsync(ShardGroup group)
    {
        if (group.Count == 1)
        {
            group.Refuse("The change is larger than a transaction may be.");
            return;
        }

        foreach (var half in group.Works.GroupBy(work => work.Id).Chunk((group.Count + 1) / 2))
        {
            var smaller = new ShardGroup(cache, rules(), time.GetUtcNow());
            foreach (var work in half.SelectMany(works => works))
            {
                smaller.TryAdd(work);
            }

            await CommitAsync(smaller);
        }
    }
}
