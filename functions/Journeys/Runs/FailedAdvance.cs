namespace LeadFunctions.Journeys.Runs;

/// <summary>An advance that failed is tried again, later each time; in the end the step is left behind and the run goes on after it. The pauses are waits like any other: in the run's row, on the app's clock, and ended by whatever wakes the run.</summary>
internal static class FailedAdvance
{
    /// <summary>Over an hour and a bit.</summary>
    public const int MostTries = 12;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <param name="tries">How often it has failed, from 1.</param>
    public static TimeSpan PauseAfter(int tries)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(tries, MostTries) - 1);
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>Where the run stands for it.</summary>
    public static async Task<RunStop> HandleAsync(IRunWorld world, FailedStep failed, CancellationToken cancellationToken)
    {
        if (failed.Walk.Tries >= MostTries)
        {
            return await RunTurn.LeaveAsync(world, failed, cancellationToken);
        }

        if (await world.FindAsync(failed.Walk, cancellationToken) is not { Run: { IsOpen: true } run } stored || run.Turn != failed.Walk.Turn)
        {
            // It had come further than it could say, or was moved.
            return await RunTurn.AdvanceAsync(world, failed.Walk, cancellationToken);
        }

        var until = world.Now + PauseAfter(failed.Walk.Tries);
        await world.SaveAsync(stored, run with { Turn = run.Turn + 1, Until = until });
        return new(run.Turn + 1, Acts: false, until, Done: false);
    }
}
