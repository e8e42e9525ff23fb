using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Runs;

/// <summary>How people inside one version of a journey move to another.</summary>
/// <param name="map">From step ids of the old version to those of the new one, or to null: the end. A step that both have needs no entry.</param>
/// <param name="isMapAlone">It does: of one person who has gone on, nobody said where from there.</param>
internal sealed class Migration(Journey from, Journey to, IReadOnlyDictionary<string, string?> map, bool isMapAlone = false)
{
    /// <summary>In a run's log: it goes on in another version.</summary>
    public const string Moved = "moved";

    /// <summary>Where a run that stands at a step goes on; null when it has no place.</summary>
    public Place? FindPlace(string? step) =>
        step is null ? null
        : map.TryGetValue(step, out var mapped) ? new(mapped)
        : isMapAlone || to.Find(step) is null ? null : new(step);

    /// <summary>Mistakes in the map itself.</summary>
    public IEnumerable<(string Step, string Message)> Mistakes() => map
        .Where(pair => from.Find(pair.Key) is null || (pair.Value is not null && to.Find(pair.Value) is null))
        .Select(pair => (pair.Key, from.Find(pair.Key) is null ? $"Version {from.Version} has no step \"{pair.Key}\"." : $"Version {to.Version} has no step \"{pair.Value}\"."));

    /// <summary>The run in the new version. A wait goes on: the same one to its end, one of another length as long as it would have lasted had it begun there.</summary>
    public RunState Move(RunState run, Place place, DateTimeOffset now)
    {
        var target = place.Step;
        var hold = run.Hold is { } held && target is not null ? HoldAt(from.Find(run.Step), to.Find(target), held) : null;
        return JourneyPlan.Logged(run, now, target, Moved, to.Reference, $"From \"{run.Step}\" of {from.Reference}.", hold?.Until) with
        {
            Version = to.Version,
            Step = target,
            Hold = hold,
            Pending = null,
            Told = null,
            // Nobody is late for having been moved.
            Due = hold?.Since ?? (run.Hold is null && target == run.Step ? run.Due : now),
            Rounds = target is null ? new Dictionary<string, int>() : RoundsAt(target, run.Rounds),
            Heard = run.Heard.Where(heard => to.Find(heard.Key) is not null).ToDictionary(),
            // Counts as an advance, so that one that is under way, or being tried again, gives way to the next; which is due at once.
            Turn = run.Turn + 1,
            Until = now,
        };
    }

    /// <summary>Null: what the person waits for, if anything, is decided afresh.</summary>
    private static Hold? HoldAt(Step? was, Step? step, Hold hold) => (was, step) switch
    {
        (Step.Wait { Time: var before }, Step.Wait { Time: var after }) when IsSame(before, after) => hold,
        (_, Step.Wait { Time: WaitTime.For { Length: var length } }) => new(HoldKind.Wait, hold.Since, hold.Since + length.Length),
        (_, Step.WaitFor { Timeout: var timeout }) => new(HoldKind.Event, hold.Since, hold.Since + timeout?.Length),
        (Step.Send, Step.Send) => hold, // when it is over, the new version's quiet hours and caps are asked
        _ => null,
    };

    private static bool IsSame(WaitTime a, WaitTime b) => (a, b) switch
    {
        (WaitTime.UntilTime x, WaitTime.UntilTime y) => x.At == y.At && x.Days.SequenceEqual(y.Days),
        (WaitTime.InWindow { Window: var x }, WaitTime.InWindow { Window: var y }) => (x.From, x.To) == (y.From, y.To) && x.Days.SequenceEqual(y.Days),
        _ => a == b,
    };

    /// <summary>Who comes to stand inside a repeat without having begun it is in its first round.</summary>
    private Dictionary<string, int> RoundsAt(string target, IReadOnlyDictionary<string, int> rounds)
    {
        var around = to.RepeatsAround(target).ToDictionary(repeat => repeat, repeat => rounds.GetValueOrDefault(repeat, 1));
        if (rounds.TryGetValue(target, out var own))
        {
            around[target] = own;
        }

        return around;
    }

    /// <summary>A step of the new version; null: its end.</summary>
    public readonly record struct Place(string? Step);
}

/// <param name="Moves">How many stand where and go where.</param>
/// <param name="Stuck">How many cannot move: no step of the new version answers to theirs.</param>
/// <param name="Moved">How many were moved; 0 in a preview.</param>
internal sealed record MigrationAnswer(int From, int To, bool DryRun, int Runs, IReadOnlyList<StepMove> Moves, IReadOnlyList<StuckRuns> Stuck, int Moved);

/// <param name="To">Null: the end.</param>
internal sealed record StepMove(string From, string? To, int Runs);

internal sealed record StuckRuns(string Step, int Runs, string Reason);
