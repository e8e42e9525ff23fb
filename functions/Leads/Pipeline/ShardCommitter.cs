using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>Of some addresses those that nothing is sent to.</summary>
internal delegate Task<IReadOnlySet<string>> SuppressedOf(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken);

/// <summary>
/// Writes one shard. Group commit without a timer: what arrives while other transactions are under way waits, and the next
/// one carries it all. A work that lost a race is taken out (the failing index tells which), and the rest go on.
/// </summary>
/// <param name="suppressed">Of some addresses those that nothing is sent to.</param>
internal sealed class ShardCommitter(LeadsTable table, LeadCache cache, Func<LeadRules> rules, CommitTurns turns, TimeProvider time, SuppressedOf? suppressed = null)
{
    private const int RequestEntityTooLarge = 413;

    /// <summary>So many works that have to wait for the next transaction are passed over in search of one that fits.</summary>
    private const int LookAhead = 100;

    private readonly ConcurrentQueue<ShardWork> _arriving = new();
    private readonly Queue<ShardWork> _waiting = new();
    private int _works;

    /// <summary>Works that no transaction carries yet.</summary>
    public int Waiting => Volatile.Read(ref _works);

    public Task<CommitOutcome> CommitAsync(ShardWork work)
    {
        _arriving.Enqueue(work);
        Interlocked.Increment(ref _works);
        turns.Ask(this);
        return work.Outcome;
    }

    /// <summary>Writes what waits, as much as one transaction takes. Not to be called again before it has ended. Every exception reaches the works it concerns.</summary>
    public async Task CommitNextAsync()
    {
        while (_arriving.TryDequeue(out var work))
        {
            _waiting.Enqueue(work);
        }

        var before = _waiting.Count;
        var group = NextGroup();
        Interlocked.Add(ref _works, _waiting.Count - before);
        await CommitAsync(group);
    }

    private ShardGroup NextGroup()
    {
        var group = new ShardGroup(cache, rules(), time.GetUtcNow());
        var left = new List<ShardWork>();
        while (left.Count <= LookAhead && _waiting.TryDequeue(out var work))
        {
            // What comes after a work that has to wait may go first, unless it is for the same row.
            if (left.Exists(l => l.Id == work.Id) || !group.TryAdd(work))
            {
                left.Add(work);
            }
        }

        left.AddRange(_waiting);
        _waiting.Clear();
        left.ForEach(_waiting.Enqueue);
        return group;
    }

    private async Task CommitAsync(ShardGroup group)
    {
        try
        {
            while (group.Build() is { Count: > 0 } actions)
            {
                if (suppressed is not null && group.Unasked is { Count: > 0 } addresses)
                {
                    group.Answer(addresses, await AskAsync(addresses));
                    if ((actions = group.Build()).Count == 0)
                    {
                        return;
                    }
                }

                try
                {
                    group.Committed(await table.SubmitAsync(actions, CancellationToken.None));
                    return;
                }
                catch (TableTransactionFailedException refused) when (refused.FailedTransactionActionIndex is { } index && refused.Status is 404 or 409 or 412)
                {
                    group.TakeOut(index);
                }
                catch (RequestFailedException tooLarge) when (tooLarge.Status == RequestEntityTooLarge || LongText.IsTooLong(tooLarge))
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

    /// <summary>Reports may know one new lead too many, while that table does not answer: nothing else waits for it.</summary>
    private async Task<IReadOnlySet<string>> AskAsync(IReadOnlyCollection<string> addresses)
    {
        try
        {
            return await suppressed!(addresses, CancellationToken.None); // who asks has looked
        }
        catch (Exception exception) when (StorageOutage.Is(exception))
        {
            return new HashSet<string>();
        }
    }

    private async Task SplitAsync(ShardGroup group)
    {
        if (group.Count == 1)
        {
            group.Refuse("The change is larger than a row or a transaction may be.");
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
