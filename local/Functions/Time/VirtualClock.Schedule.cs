namespace LeadFunctions.Local.Functions.Time;

/// <summary>What is due when, and the one real timer that waits for it while time runs.</summary>
public sealed partial class VirtualClock
{
    internal void Schedule(VirtualTimer timer, int version, DateTimeOffset due)
    {
        lock (gate)
        {
            timers.Enqueue((timer, version), due.UtcTicks);
        }

        if (due.UtcTicks < Interlocked.Read(ref pumpAt))
        {
            Arm();
        }
    }

    /// <summary>A scheduled entry will never fire; once most of them are such, they are thrown out.</summary>
    internal void Unschedule()
    {
        lock (gate)
        {
            if (++stale > 1000 && stale > timers.Count / 2)
            {
                var live = timers.UnorderedItems.Where(e => e.Element.Timer.IsCurrent(e.Element.Version)).ToArray();
                timers.Clear();
                timers.EnqueueRange(live);
                stale = 0;
            }
        }
    }

    /// <summary>Sets the one real timer to the earliest thing due.</summary>
    private void Arm()
    {
        lock (gate)
        {
            if (disposed || state.Stopped is not null || FindNextDue() is not { } next)
            {
                Interlocked.Exchange(ref pumpAt, long.MaxValue);
                return;
            }

            Interlocked.Exchange(ref pumpAt, next.UtcTicks);
            var wait = next - GetUtcNow();
            // Rounded up: a real timer that fires a fraction early would find nothing due.
            var milliseconds = Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, LongestWait.TotalMilliseconds));
            pump.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }
    }

    private void Pump()
    {
        if (Volatile.Read(ref state).Stopped is null)
        {
            var now = GetUtcNow();
            foreach (var timer in TakeDue(now))
            {
                ThreadPool.UnsafeQueueUserWorkItem(static t => t.Fire(), timer, preferLocal: false);
            }

            RunOverdue();
        }

        Arm();
    }

    private List<VirtualTimer> TakeDue(DateTimeOffset now)
    {
        var due = new List<VirtualTimer>();
        lock (gate)
        {
            while (timers.TryPeek(out var entry, out var at) && (at <= now.UtcTicks || !entry.Timer.IsCurrent(entry.Version)))
            {
                timers.Dequeue();
                if (entry.Timer.IsCurrent(entry.Version))
                {
                    due.Add(entry.Timer);
                }
                else
                {
                    stale = Math.Max(0, stale - 1);
                }
            }
        }

        return due;
    }

    private DateTimeOffset? FindNextTimer()
    {
        lock (gate)
        {
            while (timers.TryPeek(out var entry, out var at))
            {
                if (entry.Timer.IsCurrent(entry.Version))
                {
                    return new DateTimeOffset(at, TimeSpan.Zero);
                }

                timers.Dequeue();
                stale = Math.Max(0, stale - 1);
            }

            return null;
        }
    }

    private DateTimeOffset? FindNextDue()
    {
        lock (gate)
        {
            var next = FindNextTimer();
            foreach (var run in dueWork)
            {
                if (!run.IsRunning && run.Work.NextDue is { } due && (next is null || due < next))
                {
                    next = due;
                }
            }

            return next;
        }
    }

    private DueWorkRun[] DueWorks()
    {
        lock (gate)
        {
            return [.. dueWork];
        }
    }
}
