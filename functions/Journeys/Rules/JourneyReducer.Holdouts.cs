using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Rules;

/// <summary>
/// Who is held out, and whose goals are heard although they are not inside. Both sides of a comparison are followed for the same time from their entry: else who got the journey, and was soon
/// through it, would have less time to reach the goal.
/// </summary>
internal sealed partial class JourneyReducer
{
    /// <summary>A run that was down may yet have to read that its goal came in time.</summary>
    private const long KeptAfterMs = 7 * DayMs;

    /// <summary>Null: there is no hold-out, or nothing to follow this entry for.</summary>
    private Trial? Drawn(Journey journey, bool isFirst)
    {
        var (own, all) = (journey.Document.Holdout, _rules.Holdout);
        if ((own ?? all) is not { } holdout)
        {
            return null;
        }

        var arm = all?.Holds(_change.LeadId) == true ? Arm.HeldOutEverywhere : own?.Holds(journey.Id, _change.LeadId) == true ? Arm.HeldOut : Arm.Treated;
        var counts = isFirst && journey.Document.Goal is not null;
        return arm == Arm.Treated && !counts ? null : new(arm, own?.Millionths ?? 0, all?.Millionths ?? 0, _now + holdout.Window.Length, counts);
    }

    private bool IsPast(LeadRun run) => _ms > run.WatchedUntil;

    private void ForgetWatched()
    {
        if (_state.Runs.Any(run => _ms - run.WatchedUntil > KeptAfterMs))
        {
            _state = _state with { Runs = [.. _state.Runs.Where(run => !(_ms - run.WatchedUntil > KeptAfterMs))] };
        }
    }
}
