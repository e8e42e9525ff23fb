namespace LeadFunctions.Local.Functions.Time;

/// <summary>
/// The time of the local runtime: real time plus an offset, until it is frozen or advanced. Timers made through it
/// (so also <c>Task.Delay(…, timeProvider)</c>) fire by its time, and <see cref="AdvanceAsync(TimeSpan, CancellationToken)"/> moves it to each next due thing in turn.
/// </summary>
public sealed partial class VirtualClock : TimeProvider, IDisposable
{
    // A laptop that slept has lost real timers' time but not the wall clock's: look again at least this often.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly TimeProvider real = System;
    private readonly Lock gate = new();
    private readonly PriorityQueue<(VirtualTimer Timer, int Version), long> timers = new();
    private readonly List<DueWorkRun> dueWork = [];
    private readonly ITimer pump;
    private NumbersFile? file;
    private State state = new(0, null);
    private int stale;
    private long pumpAt = long.MaxValue;
    private bool disposed;

    public VirtualClock() => pump = real.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Time stands still until it is advanced or set going again.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>How far this clock is ahead of the real one.</summary>
    public TimeSpan Ahead => GetUtcNow() - real.GetUtcNow();

    /// <summary>Timer entries held, those given up but not yet thrown out among them.</summary>
    internal int ScheduledCount
    {
        get
        {
            lock (gate)
            {
                return timers.Count;
            }
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    public override DateTimeOffset GetUtcNow()
    {
        var current = Volatile.Read(ref state);
        return current.Stopped ?? real.GetUtcNow().AddTicks(current.Offset);
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Stops time where it is.</summary>
    public void Freeze()
    {
        IsFrozen = true;
        Stop();
    }

    /// <summary>Stops time at a moment of one's choice, before anything has been scheduled by it.</summary>
    internal void FreezeAt(DateTimeOffset now)
    {
        lock (gate)
        {
            IsFrozen = true;
            MoveTo(now.ToUniversalTime());
        }
    }

    /// <summary>Lets time go on from where it stands.</summary>
    public void Unfreeze()
    {
        IsFrozen = false;
        Go();
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            pump.Dispose();
            file?.Dispose();
            file = null;
        }
    }

    /// <summary>Goes on where the last process that used the file stopped, and keeps it up to date.</summary>
    internal void Keep(string path)
    {
        lock (gate)
        {
            file = new NumbersFile(path);
            Span<long> saved = stackalloc long[3];
            if (file.TryRead(saved))
            {
                IsFrozen = saved[2] != 0;
                state = IsFrozen ? new State(0, new DateTimeOffset(saved[0], TimeSpan.Zero)) : new State(saved[0] - saved[1], null);
            }
        }
    }

    /// <summary>Has the clock run <paramref name="work"/> whenever it is due.</summary>
    internal void Register(IDueWork work)
    {
        lock (gate)
        {
            dueWork.Add(new DueWorkRun(work));
        }

        Arm();
    }

    /// <summary>No more runs of <paramref name="work"/>; completes when the one under way has ended.</summary>
    internal Task Unregister(IDueWork work)
    {
        lock (gate)
        {
            var run = dueWork.Find(r => r.Work == work);
            return run is not null && dueWork.Remove(run) ? run.Current : Task.CompletedTask;
        }
    }

    /// <summary>Runs registered work that is due already, even if time stands still.</summary>
    internal void RunOverdue()
    {
        var now = GetUtcNow();
        foreach (var work in DueWorks())
        {
            // Not on the thread that keeps the time: a function may block.
            work.Start(now, then: Arm);
        }
    }

    /// <summary>Tells that some registered work is due at another time than before.</summary>
    internal void Reschedule() => Arm();

    private void Stop()
    {
        lock (gate)
        {
            state = new State(0, GetUtcNow());
            Save();
        }
    }

    private void Go()
    {
        lock (gate)
        {
            state = new State((GetUtcNow() - real.GetUtcNow()).Ticks, null);
            Save();
        }

        Arm();
    }

    private void MoveTo(DateTimeOffset now)
    {
        state = new State(0, now);
        Save();
    }

    /// <summary>What this clock shows, at which real time, and whether it stands still.</summary>
    private void Save() => file?.Write([GetUtcNow().UtcTicks, real.GetUtcNow().UtcTicks, IsFrozen ? 1 : 0]);

    /// <summary>Either <paramref name="Offset"/> ticks from real time, or stopped.</summary>
    private sealed record State(long Offset, DateTimeOffset? Stopped);
}
