namespace LeadFunctions.Local.DurableTask;

/// <summary>
/// When the instances of a shard are next due. Kept in memory; each instance's row holds the same time, from which a new owner of the shard
/// fills it. A changed time leaves its old entry in the heap, to be skipped when it comes up.
/// </summary>
internal sealed class DueTimes
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _due = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, long> _heap = new();

    /// <summary>The earliest due time; null when there is none.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            lock (_gate)
            {
                SkipStale();
                return _heap.TryPeek(out _, out var ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _due.Count;
            }
        }
    }

    /// <returns>Whether the instance is now due at another time than before.</returns>
    public bool Set(string instanceId, DateTimeOffset? due, bool isNewOnly)
    {
        lock (_gate)
        {
            // What a table scan finds may be older than what has been set meanwhile.
            if (isNewOnly && _due.ContainsKey(instanceId))
            {
                return false;
            }

            if (due is null)
            {
                return _due.Remove(instanceId);
            }

            var ticks = due.Value.UtcTicks;
            if (_due.TryGetValue(instanceId, out var known) && known == ticks)
            {
                return false;
            }

            _due[instanceId] = ticks;
            _heap.Enqueue(instanceId, ticks);
            return true;
        }
    }

    /// <summary>Takes out the instances that are due, in due order.</summary>
    public List<string> Take(DateTimeOffset now)
    {
        var taken = new List<string>();
        lock (_gate)
        {
            while (true)
            {
                SkipStale();
                if (!_heap.TryPeek(out var instanceId, out var ticks) || ticks > now.UtcTicks)
                {
                    return taken;
                }

                _heap.Dequeue();
                _due.Remove(instanceId);
                taken.Add(instanceId);
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _due.Clear();
            _heap.Clear();
        }
    }

    private void SkipStale()
    {
        while (_heap.TryPeek(out var instanceId, out var ticks) && (!_due.TryGetValue(instanceId, out var due) || due != ticks))
        {
            _heap.Dequeue();
        }
    }
}
