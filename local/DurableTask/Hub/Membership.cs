using System.Collections.Concurrent;
using Azure.Data.Tables;

namespace LeadFunctions.Local.DurableTask;

/// <summary>
/// Which processes take part, and so which shards this one owns. Each process shows that it is alive by a count that grows; a process whose
/// count stands still, or that this machine no longer runs, is gone. A mistake costs time only: a shard's head row lets one owner write.
/// </summary>
internal sealed class Membership(DurableHub hub, IReadOnlyList<Shard> shards)
{
    private const int BeatsBetweenLooks = 5;
    private static readonly TimeSpan HandOverGrace = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<int, Task> _releasing = new();
    private readonly SemaphoreSlim _nudge = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Workers _workers = new(hub);
    private readonly HashSet<Shard> _unrecovered = [];
    private Task _loop = Task.CompletedTask;
    private int _aloneBeats;

    public Inbox Inbox { get; } = new(hub);

    /// <summary>Completes when this process has its first shards, or knows that others own them.</summary>
    public Task Ready => _ready.Task;

    public bool AreOthersAlive => _workers.AreOthersAlive;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await TickAsync(cancellationToken);
        _ready.TrySetResult();
        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await Task.WhenAll(_releasing.Values);
    }

    public Task LeaveAsync() => _workers.LeaveAsync();

    /// <summary>Looks again at once: something was lost.</summary>
    public void Nudge()
    {
        lock (_nudge)
        {
            if (_nudge.CurrentCount == 0)
            {
                _nudge.Release();
            }
        }
    }

    private async Task RunAsync()
    {
        var lastBeat = TimeProvider.System.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var isNudged = await _nudge.WaitAsync(_workers.AreOthersAlive ? hub.Options.Poll : hub.Options.Beat, _stopping.Token);
                if (isNudged || TimeProvider.System.GetElapsedTime(lastBeat) >= hub.Options.Beat)
                {
                    lastBeat = TimeProvider.System.GetTimestamp();
                    await TickAsync(_stopping.Token);
                }

                // Alone, only what somebody left behind who came and went between two beats can be there.
                if (_workers.AreOthersAlive || ++_aloneBeats % BeatsBetweenLooks == 0)
                {
                    await Inbox.ReceiveAsync(_stopping.Token);
                }
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
            }
            catch (Exception exception) when (exception is OperationCanceledException || Outage.IsBehind(exception))
            {
                Log.BeatFailed(hub.Logger, exception);
            }
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        await _workers.BeatAsync(cancellationToken);
        var alive = _workers.Alive;
        var mine = shards.Where(shard => alive[shard.Number % alive.Count] == hub.WorkerId).ToList();
        foreach (var shard in shards.Except(mine).Where(shard => shard.IsOwned && !_releasing.ContainsKey(shard.Number)))
        {
            _releasing[shard.Number] = ReleaseAsync(shard);
        }

        var wanted = mine.Where(shard => !shard.IsOwned && !_releasing.ContainsKey(shard.Number)).ToList();
        var taken = new ConcurrentBag<Shard>();
        await Parallel.ForEachAsync(wanted, cancellationToken, async (shard, cancellation) =>
        {
            if (await shard.TryClaimAsync(_workers.IsGoneAsync, cancellation))
            {
                Log.ShardTaken(hub.Logger, shard.Number);
                taken.Add(shard);
            }
        });
        if (!taken.IsEmpty)
        {
            await Inbox.OpenAsync([.. taken], cancellationToken);
            _unrecovered.UnionWith(taken);
        }

        // Those of the last beat are among them, if storage went away before they were recovered.
        _unrecovered.RemoveWhere(shard => !shard.IsOwned);
        if (_unrecovered.Count > 0)
        {
            await RecoverAsync(_unrecovered.ToDictionary(shard => shard.Partition), cancellationToken);
            _unrecovered.Clear();
        }
    }

    private async Task ReleaseAsync(Shard shard)
    {
        await Task.Yield();
        try
        {
            await shard.ReleaseAsync(HandOverGrace);
        }
        finally
        {
            _releasing.TryRemove(shard.Number, out _);
        }
    }

    /// <summary>Takes up what the last owner left: timers into memory, work under way at once. Instances that wait for a message are not touched.</summary>
    private async Task RecoverAsync(Dictionary<string, Shard> taken, CancellationToken cancellationToken)
    {
        hub.Work.Begin();
        try
        {
            var rows = hub.Instances.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"Due lt {InstanceRows.Never}"), null, ["PartitionKey", InstanceRows.InstanceId, InstanceRows.Due], cancellationToken);
            await foreach (var row in rows)
            {
                if (!taken.TryGetValue(row.PartitionKey, out var shard))
                {
                    continue;
                }

                var instanceId = row.GetString(InstanceRows.InstanceId);
                var due = row.GetInt64(InstanceRows.Due)!.Value;
                if (due == InstanceRows.Now)
                {
                    shard.TryPost(new Mail(instanceId, new InstanceMessage.Recover()));
                }
                else
                {
                    hub.SetDue(shard, instanceId, new DateTimeOffset(due, TimeSpan.Zero), isNewOnly: true);
                }
            }
        }
        finally
        {
            hub.Work.End();
        }
    }
}
