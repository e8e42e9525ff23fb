using LeadFunctions.Local.Functions.Time;

namespace LeadFunctions.Local.DurableTask;

/// <summary>Has a hub's due work run by a <see cref="TimeProvider"/>: one timer, set to the earliest thing due.</summary>
internal sealed class DueClock : IDisposable
{
    // Longer waits are taken in pieces: timers do not take every duration.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly DurableHub _hub;
    private readonly ITimer _timer;
    private DateTimeOffset _armedFor = DateTimeOffset.MaxValue;

    private DueClock(TimeProvider clock, DurableHub hub)
    {
        _hub = hub;
        _timer = clock.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        hub.DueEarlier += Rearm;
    }

    /// <summary>The virtual clock is told what is due, so that it can be moved there; any other gets a timer.</summary>
    public static IDisposable Attach(TimeProvider clock, DurableHub hub) =>
        clock is VirtualClock virtualClock ? new DueByVirtualClock(virtualClock, hub) : new DueClock(clock, hub);

    public void Dispose()
    {
        _hub.DueEarlier -= Rearm;
        _timer.Dispose();
    }

    private void Fire()
    {
        lock (_gate)
        {
            _armedFor = DateTimeOffset.MaxValue;
        }

        _hub.RunDue(_hub.Clock.GetUtcNow());
        if (_hub.NextDue is { } next)
        {
            Rearm(next);
        }
    }

    private void Rearm(DateTimeOffset due)
    {
        lock (_gate)
        {
            if (due >= _armedFor)
            {
                return;
            }

            _armedFor = due;
            var wait = due - _hub.Clock.GetUtcNow();

            // Rounded up, since a timer that fires a fraction too early would find nothing due.
            var milliseconds = Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, LongestWait.TotalMilliseconds));
            _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }
    }
}

/// <summary>Lets the virtual clock run a hub's due work.</summary>
internal sealed class DueByVirtualClock : IDueWork, IDisposable
{
    private readonly VirtualClock _clock;
    private readonly DurableHub _hub;
    private bool _isOver;

    public DueByVirtualClock(VirtualClock clock, DurableHub hub)
    {
        (_clock, _hub) = (clock, hub);
        clock.Register(this);
        hub.DueEarlier += Reschedule;
    }

    public DateTimeOffset? NextDue => _isOver ? null : _hub.NextDue;

    public Task RunDueAsync(DateTimeOffset now)
    {
        _hub.RunDue(now);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _isOver = true;
        _hub.DueEarlier -= Reschedule;
    }

    public override string ToString() => "durable timers";

    private void Reschedule(DateTimeOffset due) => _clock.Reschedule();
}
