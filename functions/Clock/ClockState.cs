namespace LeadFunctions.Clock;

/// <summary>What a movable clock shows: it stands, or it goes on with real time from some real moment.</summary>
/// <param name="StandsAt">The app's time.</param>
/// <param name="GoesOnAt">The real time from which it goes on; null: it stands until it is moved.</param>
public sealed record ClockState(DateTimeOffset StandsAt, DateTimeOffset? GoesOnAt)
{
    /// <summary>A clock that was never moved.</summary>
    public static readonly ClockState Real = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    public bool Stands => GoesOnAt is null;

    /// <summary>The app's time at a real time.</summary>
    public DateTimeOffset At(DateTimeOffset real) => GoesOnAt is { } from && real > from ? StandsAt + (real - from) : StandsAt;
}
