using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Runs;

/// <param name="IsPaused">It stands still until its journey is resumed.</param>
internal sealed record WaitingRun(DueRun Run, int Version, bool IsPaused);

/// <summary>A run whose time has come, or will.</summary>
internal sealed record DueRun(string Id, string Journey, string? Step, DateTimeOffset At)
{
    /// <summary>When a run has something to do by itself: at once, where it has not been looked at yet or a step is decided and not done. Null: when something happens, or never.</summary>
    public static DateTimeOffset? Of(RunState run) =>
        !run.IsOpen ? null
        : run.Until ?? (run.Turn == 0 ? run.EnteredAt : run.Pending?.At);
}
