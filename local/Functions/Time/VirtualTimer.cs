namespace LeadFunctions.Local.Functions.Time;

/// <summary>A timer that fires by a <see cref="VirtualClock"/>'s time.</summary>
internal sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
{
    private readonly ExecutionContext? context = ExecutionContext.Capture();
    private readonly Lock gate = new();
    private int version;
    private bool scheduled;
    private bool disposed;
    private DateTimeOffset due;
    private TimeSpan period;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        int current;
        DateTimeOffset at;
        bool wasScheduled, isScheduled;
        lock (gate)
        {
            if (disposed)
            {
                return false;
            }

            wasScheduled = scheduled;
            isScheduled = scheduled = dueTime != Timeout.InfiniteTimeSpan;
            this.period = period;
            current = ++version;
            at = due = isScheduled ? clock.GetUtcNow() + dueTime : default;
        }

        if (wasScheduled)
        {
            clock.Unschedule();
        }

        if (isScheduled)
        {
            clock.Schedule(this, current, at);
        }

        return true;
    }

    public void Dispose()
    {
        bool wasScheduled;
        lock (gate)
        {
            wasScheduled = scheduled;
            disposed = true;
            scheduled = false;
            version++;
        }

        if (wasScheduled)
        {
            clock.Unschedule();
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether a scheduled entry is the timer's latest.</summary>
    internal bool IsCurrent(int entry) => entry == Volatile.Read(ref version);

    internal void Fire()
    {
        int next = 0;
        DateTimeOffset at = default;
        lock (gate)
        {
            if (!scheduled)
            {
                return;
            }

            version++;
            scheduled = period > TimeSpan.Zero;
            if (scheduled)
            {
                next = version;
                // From the time it was due, so that a period never drifts; a timer that is far behind does not fire in a burst.
                at = due = due + period > clock.GetUtcNow() ? due + period : clock.GetUtcNow() + period;
            }
        }

        if (next != 0)
        {
            clock.Schedule(this, next, at);
        }

        if (context is null)
        {
            callback(state);
        }
        else
        {
            ExecutionContext.Run(context, static timer => ((VirtualTimer)timer!).Call(), this);
        }
    }

    private void Call() => callback(state);
}
