namespace LeadFunctions.Journeys;

/// <summary>How people inside one version of a journey move to another.</summary>
/// <param name="map">From step ids of the old version to those of the new one; a step that both have needs no entry.</param>
internal sealed class Migration(Journey from, Journey to, IReadOnlyDictionary<string, string> map)
{
    /// <summary>The step where a run that stands here goes on; null when there is none.</summary>
    public string? TargetOf(string? step) =>
        step is null ? null
        : map.TryGetValue(step, out var mapped) ? (to.Find(mapped) is null ? null : mapped)
        : to.Find(step) is null ? null : step;

    /// <summary>Mistakes in the map itself.</summary>
    public IEnumerable<(string Step, string Message)> Mistakes() => map
        .Where(pair => from.Find(pair.Key) is null || to.Find(pair.Value) is null)
        .Select(pair => (pair.Key, from.Find(pair.Key) is null ? $"Version {from.Version} has no step \"{pair.Key}\"." : $"Version {to.Version} has no step \"{pair.Value}\"."));

    /// <summary>The run in the new version: a wait goes on, as long as it would have lasted had it begun there.</summary>
    public RunState Move(RunState run, RunFacts facts, DateTimeOffset now)
    {
        var target = TargetOf(run.Step) ?? throw new InvalidOperationException($"The run {run.Id} has no place in version {to.Version}.");
        var around = to.RepeatsAround(target).Append(target).ToHashSet();
        var moved = JourneyPlan.Logged(run, now, target, "moved", to.Reference, $"From \"{run.Step}\" of {from.Reference}.") with
        {
            Version = to.Version,
            Step = target,
            Pending = null,
            Hold = null,
            Told = null,
            Rounds = run.Rounds.Where(round => around.Contains(round.Key)).ToDictionary(),
            Heard = run.Heard.Where(heard => to.Find(heard.Key) is not null).ToDictionary(),
        };
        if (run.Hold is not { } hold)
        {
            return moved;
        }

        // As if it had come to the new step when it came to the old one.
        var (decided, _) = JourneyPlan.Decide(to, moved with { Due = hold.Since, IsPaused = false }, facts with { IsPaused = false, GoalAt = null, ExitAt = null }, hold.Since);
        return decided.Hold is { } again && decided.Step == target && decided.Status == RunStatus.Active
            ? moved with { Hold = again, Due = hold.Since, Until = again.Until, Log = decided.Log }
            : moved with { Due = hold.Since };
    }
}

/// <param name="Moves">How many stand where and go where.</param>
/// <param name="Stuck">How many cannot move: no step of the new version answers to theirs.</param>
/// <param name="Moved">How many were moved; 0 in a preview.</param>
internal sealed record MigrationAnswer(int From, int To, bool DryRun, int Runs, IReadOnlyList<StepMove> Moves, IReadOnlyList<StuckRuns> Stuck, int Moved);

internal sealed record StepMove(string From, string To, int Runs);

internal sealed record StuckRuns(string Step, int Runs, string Reason);
