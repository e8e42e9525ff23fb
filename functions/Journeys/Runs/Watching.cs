using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;

namespace LeadFunctions.Journeys.Runs;

/// <summary>
/// How long people are followed who are compared: those who are held out, and those who got the journey and are through, up to the same distance from their entry. Pure; a part of
/// <see cref="JourneyPlan"/>.
/// </summary>
internal static class Watching
{
    /// <summary>What the lead of such a run was told last: that it is over, long ago.</summary>
    private const string Told = "watched";

    /// <summary>A run of nothing: no step, no message, no word to anybody.</summary>
    public static RunState HeldOut(Journey journey, RunStart start) => new(start.RunId, journey.Id, journey.Version, start.LeadId, start.Key, start.At, start.Trigger)
    {
        Status = RunStatus.HeldOut,
        Due = start.Due,
        Trial = start.Trial,
        Log =
        [
            new(start.At, null, "heldOut", journey.Reference, start.Trial?.Arm == Arm.HeldOutEverywhere ? "By the hash of the lead: the workspace holds it out of all journeys." : "By the hash of journey and lead.", start.Due),
        ],
    };

    /// <summary>A run that has just ended is followed on, unless its time is up.</summary>
    public static RunState After(RunState run, DateTimeOffset now) =>
        !run.IsWatched ? run
        : run.Trial is { } trial && trial.Until <= now ? run with { Trial = trial with { IsOver = true } }
        : run with { Until = run.Trial?.Until };

    /// <summary>The goal was reached.</summary>
    public static RunState Reached(RunState run, DateTimeOffset at) =>
        run.Trial is { } trial ? run with { Trial = trial with { IsOver = true, GoalAt = at <= trial.Until ? at : null } } : run;

    public static RunState Look(RunState run, DateTimeOffset? goalAt, DateTimeOffset now)
    {
        run = run with { Told = Told, Until = null };
        return run.Trial is not { } trial ? run
            : goalAt is { } goal && goal <= trial.Until ? JourneyPlan.Logged(Reached(run, goal > run.EnteredAt ? goal : run.EnteredAt), now, null, "goal", null, "The goal was reached, outside of the journey.")
            : now >= trial.Until ? run with { Trial = trial with { IsOver = true } }
            : run with { Until = trial.Until };
    }

    /// <summary>Whether it is over and its lead may not know yet. Who is held out never was inside.</summary>
    public static bool IsToldOfEnd(RunState run) => run.Status is not (RunStatus.Active or RunStatus.HeldOut) && run.Told != Told;
}
