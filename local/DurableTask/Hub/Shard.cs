using System.Threading.Channels;

namespace LeadFunctions.Local.DurableTask;

/// <summary>The shard has gone to another process; whatever was asked of it must be asked again.</summary>
internal sealed class ShardMovedException() : Exception("The shard belongs to another process now.");

/// <summary>
/// The instances of one partition, while this process owns it: takes what messages have come, lets their instances run, stores all that
/// changed in one transaction, and only then lets the effects out. What comes meanwhile makes the next transaction.
/// </summary>
internal sealed class Shard(int number, DurableHub hub)
{
    private const int MostInstances = 90;
    private const int MostMails = 2_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private Channel<Mail> _mails = Channel.CreateUnbounded<Mail>();
    private Task _loop = Task.CompletedTask;
    private bool _isOwned;
    private bool _isReleasing;
    private long _batches;
    private int _activities;

    public int Number => number;

    public string Partition { get; } = InstanceRows.PartitionOf(number);

    public DueTimes Due { get; } = new();

    public ShardHead Head { get; private set; } = null!;

    public bool IsOwned
    {
        get
        {
            lock (_gate)
            {
                return _isOwned;
            }
        }
    }

    /// <summary>Gives a message to the shard, if it is owned here.</summary>
    public bool TryPost(Mail mail)
    {
        lock (_gate)
        {
            if (!_isOwned)
            {
                return false;
            }

            hub.Work.Begin();
            _mails.Writer.TryWrite(mail);
            return true;
        }
    }

    /// <summary>Takes the shard, if it is free; <see cref="Open"/> and <see cref="Begin"/> follow.</summary>
    public async Task<bool> TryClaimAsync(Func<string, Task<bool>> isGone, CancellationToken cancellationToken)
    {
        var head = new ShardHead(hub.Instances, Partition, hub.WorkerId);
        if (!await head.TryClaimAsync(isGone, cancellationToken))
        {
            return false;
        }

        await _loop;
        Head = head;
        _mails = Channel.CreateUnbounded<Mail>(new UnboundedChannelOptions { SingleReader = true });
        return true;
    }

    /// <summary>Takes messages from now on, behind those that waited for the shard.</summary>
    public void Open(IEnumerable<Mail> waiting)
    {
        lock (_gate)
        {
            foreach (var mail in waiting)
            {
                hub.Work.Begin();
                _mails.Writer.TryWrite(mail);
            }

            (_isOwned, _isReleasing) = (true, false);
        }
    }

    /// <summary>Lets the shard's instances run.</summary>
    public void Begin()
    {
        var mails = _mails.Reader;
        _loop = Task.Run(() => RunAsync(mails), CancellationToken.None);
    }

    /// <summary>Lets what is under way end and gives the shard to whoever is next.</summary>
    public async Task ReleaseAsync(TimeSpan grace)
    {
        if (!IsOwned)
        {
            return;
        }

        _isReleasing = true;
        var started = TimeProvider.System.GetTimestamp();
        while (Volatile.Read(ref _activities) > 0 && TimeProvider.System.GetElapsedTime(started) < grace)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }

        lock (_gate)
        {
            _isOwned = false;
            _mails.Writer.TryComplete();
        }

        await _loop;
        await Head.ReleaseAsync();
    }

    public void ActivityStarted() => Interlocked.Increment(ref _activities);

    public void ActivityEnded() => Interlocked.Decrement(ref _activities);

    private async Task RunAsync(ChannelReader<Mail> mails)
    {
        while (await mails.WaitToReadAsync())
        {
            var batch = new MailBatch();
            while (batch.Instances < MostInstances && batch.Count < MostMails && mails.TryRead(out var mail))
            {
                batch.Add(mail);
            }

            try
            {
                if (!await ProcessAsync(batch))
                {
                    Log.ShardLost(hub.Logger, number);
                    Lose();
                }
            }
            catch (Exception exception)
            {
                // Whatever it was, memory may no longer agree with the table. Start over from the table.
                Log.ShardFailed(hub.Logger, exception, number);
                Lose();
                await Head.ReleaseAsync();
            }

            batch.FailRest();
            hub.Work.End(batch.Count);
            Trim();
        }

        Clear();
    }

    private async Task<bool> ProcessAsync(MailBatch batch)
    {
        await LoadAsync(batch);
        var now = hub.Clock.GetUtcNow();
        _batches++;
        var dirty = new List<ShardTransaction.Written>();
        var clean = new List<ShardTransaction.Written>();
        foreach (var (instanceId, mails) in batch.ByInstance)
        {
            var instance = _instances[instanceId];
            instance.LastUsed = _batches;
            var written = new ShardTransaction.Written(instance, instance.Apply(mails, now));
            (written.Change.IsDirty ? dirty : clean).Add(written);
        }

        foreach (var (actions, written) in ShardTransaction.Group(Partition, dirty))
        {
            if (actions.Count > 0 && !await Head.TryCommitAsync(actions, hub.Stopping))
            {
                return false;
            }

            written.ForEach(LetOut);
        }

        clean.ForEach(LetOut);
        return true;
    }

    private async Task LoadAsync(MailBatch batch)
    {
        var missing = batch.ByInstance.Keys.Where(id => !_instances.TryGetValue(id, out var known) || known.NeedsHistory).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var loaded = new Instance[missing.Count];
        await Parallel.ForAsync(
            0, missing.Count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = hub.Stopping },
            async (index, cancellationToken) => loaded[index] = await hub.LoadAsync(Partition, missing[index], cancellationToken));
        foreach (var instance in loaded)
        {
            _instances[instance.Id] = instance;
        }
    }

    /// <summary>What was stored may now be seen.</summary>
    private void LetOut(ShardTransaction.Written written)
    {
        var (instance, change) = written;
        instance.IsStored = instance.State is not null;
        hub.SetDue(this, instance.Id, instance.NextDue);

        foreach (var work in change.Activities)
        {
            if (!_isReleasing)
            {
                hub.RunActivity(this, work);
            }
        }

        foreach (var entry in change.Deliveries)
        {
            hub.Deliver(this, instance.Id, entry);
        }

        foreach (var (mail, reply) in change.Replies)
        {
            mail.Waiter?.TrySetResult(reply);
        }

        if (change.MustProceed)
        {
            TryPost(new Mail(instance.Id, new InstanceMessage.Proceed()));
        }

        if (change.Retired is { } rows)
        {
            hub.Remove(Partition, instance.Id, rows);
        }

        if (instance.Announced != instance.State?.Status)
        {
            instance.Announced = instance.State?.Status;
            hub.Changed(instance.Id);
        }

        if (instance.State is null or { HasEnded: true, Outbox.Count: 0 })
        {
            instance.Dispose();
            _instances.Remove(instance.Id);
        }
    }

    private void Lose()
    {
        lock (_gate)
        {
            _isOwned = false;
            _mails.Writer.TryComplete();
        }

        Clear();
        hub.ShardLost();
        while (_mails.Reader.TryRead(out var mail))
        {
            mail.Waiter?.TrySetException(new ShardMovedException());
            hub.Work.End();
        }
    }

    private void Clear()
    {
        foreach (var instance in _instances.Values)
        {
            instance.Dispose();
        }

        _instances.Clear();
        Due.Clear();
    }

    /// <summary>Drops the runs that were not used for the longest time.</summary>
    private void Trim()
    {
        var most = Math.Max(1, hub.Options.RunsInMemory / hub.Options.Shards);
        if (_instances.Count <= most)
        {
            return;
        }

        foreach (var instance in _instances.Values.OrderBy(instance => instance.LastUsed).Take(_instances.Count - (most * 9 / 10)).ToList())
        {
            instance.Dispose();
            _instances.Remove(instance.Id);
        }
    }
}
