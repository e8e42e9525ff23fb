using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;

namespace LeadFunctions.Journeys.Api;

/// <summary>One version of a journey with its document as it was sent, less the white space.</summary>
/// <param name="State">Of the journey: draft, live, paused or archived.</param>
/// <param name="Live">The version that leads enter; absent when none is published.</param>
/// <param name="Warnings">What is allowed and probably not meant.</param>
internal sealed record ShownJourney(
    string Id, int Version, JourneyState State, int? Live, int Latest, DateTimeOffset CreatedAt, JsonElement Document, IReadOnlyList<DocumentError> Warnings);

internal sealed record ListedJourney(string Id, string Name, JourneyState State, int? Live, int Latest, DateTimeOffset UpdatedAt);

internal sealed record ListedJourneyVersion(int Version, bool Live, bool WasLive, DateTimeOffset CreatedAt);

internal sealed record ChangedJourney(string Id, JourneyState State, int? Live, bool Changed);

/// <summary>A run in a listing.</summary>
internal sealed record ListedRun(
    string Id, string Journey, int Version, string LeadId, string Key, RunStatus Status, string? Step, DateTimeOffset EnteredAt, DateTimeOffset? WaitsUntil, DateTimeOffset? EndedAt, string? EndReason)
{
    public static ListedRun Of(RunState run) => new(
        run.Id, run.Journey, run.Version, run.LeadId, run.Key, run.Status, run.Status == RunStatus.Active ? run.Step : null, run.EnteredAt, run.Until, run.EndedAt, run.EndReason);
}

/// <summary>A run with all that happened in it, and why.</summary>
/// <param name="Waits">What it is waiting for now.</param>
internal sealed record ShownRun(
    string Id, string Journey, int Version, string LeadId, string Key, RunStatus Status, string? Step, DateTimeOffset EnteredAt, DateTimeOffset? EndedAt, string? EndReason,
    Hold? Waits, bool Paused, JsonElement Trigger, IReadOnlyDictionary<string, JsonElement> Saved, IReadOnlyList<RunRecord> Steps)
{
    public static ShownRun Of(RunState run) => new(
        run.Id, run.Journey, run.Version, run.LeadId, run.Key, run.Status, run.Status == RunStatus.Active ? run.Step : null, run.EnteredAt, run.EndedAt, run.EndReason,
        run.Hold, run.IsPaused, run.Trigger, run.Saved, run.Log);
}

/// <summary>What people did in a journey.</summary>
/// <param name="Entered">Runs in all.</param>
/// <param name="Inside">Of active runs, how many stand at which step.</param>
/// <param name="Left">Of ended runs, how many ended how.</param>
/// <param name="Paths">For each step that chooses, how many went which way, and how many of those reached the goal.</param>
internal sealed record JourneyStats(
    int Entered, int Active, int Goals, IReadOnlyDictionary<string, int> Inside, IReadOnlyDictionary<string, int> Left, int Sent,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, PathStats>> Paths, IReadOnlyDictionary<string, JourneyStats>? Versions = null)
{
    public static JourneyStats Of(IReadOnlyCollection<RunSummary> runs, bool byVersion)
    {
        var paths = runs.SelectMany(run => run.Paths.Select(taken => (run, taken.Step, taken.Path)))
            .GroupBy(line => line.Step)
            .ToDictionary(step => step.Key, step => (IReadOnlyDictionary<string, PathStats>)step.GroupBy(line => line.Path).ToDictionary(
                path => path.Key, path => new PathStats(path.Count(), path.Count(line => line.run.Status == RunStatus.Goal))));
        return new(
            runs.Count,
            runs.Count(run => run.Status == RunStatus.Active),
            runs.Count(run => run.Status == RunStatus.Goal),
            runs.Where(run => run is { Status: RunStatus.Active, Step: not null }).GroupBy(run => run.Step!).ToDictionary(step => step.Key, step => step.Count()),
            runs.Where(run => run.Status != RunStatus.Active).GroupBy(run => run.Status.ToString().ToLowerInvariant()).ToDictionary(status => status.Key, status => status.Count()),
            runs.Sum(run => run.Sent),
            paths,
            byVersion ? runs.GroupBy(run => run.Version).ToDictionary(version => $"{version.Key}", version => Of([.. version], byVersion: false)) : null);
    }
}

internal sealed record PathStats(int Runs, int Goals);
