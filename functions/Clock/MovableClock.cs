namespace LeadFunctions.Clock;

/// <summary>
/// The app's time where it can be moved. Timers made through it are real ones: what waits for storage or for another process waits in real time.
/// </summary>
public sealed class MovableClock(TimeProvider real) : TimeProvider
{
    /// <summary>Whatever sleeps until a time of the app's looks again after so much real time: a clock that was moved meanwhile is noticed.</summary>
    public static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private volatile ClockState _state = ClockState.Real;
    private long _jumped;

    public ClockState State => _state;

    /// <summary>What it shows where it was never moved.</summary>
    internal DateTimeOffset RealNow => real.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _state.At(RealNow);

    /// <summary>Goes on while the clock stands, and jumps with it: what must be looked at anew after a while is, after a move too.</summary>
    public override long GetTimestamp() => real.GetTimestamp() + Volatile.Read(ref _jumped);

    public override long TimestampFrequency => real.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    /// <summary>The real time at which to look whether a time of the app's has come: then, or at the longest sleep's end where that is sooner.</summary>
    public DateTimeOffset RealTimeOf(DateTimeOffset at)
    {
        var (state, now) = (_state, RealNow);
        var left = state.Stands ? LongestSleep : at - state.At(now);
        return now + (left < LongestSleep ? left : LongestSleep);
    }

    /// <summary>Shows something else from now on.</summary>
    internal void Set(ClockState state)
    {
        lock (_gate)
        {
            var now = RealNow;
            if (state.At(now) - _state.At(now) is { Ticks: > 0 } jump)
            {
                Interlocked.Add(ref _jumped, (long)(jump.TotalSeconds * real.TimestampFrequency));
            }

            _state = state;
        }
    }
}
