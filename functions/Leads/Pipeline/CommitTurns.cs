namespace LeadFunctions.Leads.Pipeline;

/// <summary>
/// Decides which shard writes next, so that transactions are few and large. One transaction is always under way while
/// there is work; the shards take turns at it, and what arrives meanwhile makes the next ones larger. A second one runs
/// beside it only for a shard that can fill it: a smaller one would do better to wait, and leaves storage free for the
/// front door.
/// </summary>
/// <param name="full">So many works waiting in a shard fill a transaction.</param>
internal sealed class CommitTurns(int full)
{
    private readonly Lock _gate = new();
    private readonly List<ShardCommitter> _asking = [];
    private readonly HashSet<ShardCommitter> _writing = [];
    private bool _isTurnTaken;
    private bool _isSecondTaken;

    /// <summary>The shard has work. It will be asked to write, unless it is writing or waiting for its turn already.</summary>
    public void Ask(ShardCommitter shard)
    {
        lock (_gate)
        {
            if (!_asking.Contains(shard) && !_writing.Contains(shard))
            {
                _asking.Add(shard);
            }

            Start();
        }
    }

    private void Start()
    {
        if (!_isTurnTaken && _asking.Count > 0)
        {
            _isTurnTaken = true;
            Start(_asking[0], isSecond: false);
        }

        if (!_isSecondTaken && _asking.Find(shard => shard.Waiting >= full) is { } filled)
        {
            _isSecondTaken = true;
            Start(filled, isSecond: true);
        }
    }

    private void Start(ShardCommitter shard, bool isSecond)
    {
        _asking.Remove(shard);
        _writing.Add(shard);

        // It serves many callers: it must not run on under the trace of the one who happened to start it.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => WriteAsync(shard, isSecond));
        }
    }

    private async Task WriteAsync(ShardCommitter shard, bool isSecond)
    {
        try
        {
            await shard.CommitNextAsync();
        }
        finally
        {
            lock (_gate)
            {
                _writing.Remove(shard);
                _ = isSecond ? _isSecondTaken = false : _isTurnTaken = false;
                if (shard.Waiting > 0)
                {
                    _asking.Add(shard);
                }

                Start();
            }
        }
    }
}
