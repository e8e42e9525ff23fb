using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;

namespace LeadFunctions.Journeys.Api;

/// <summary>One version of a journey with its document as it was sent, less the white space.</summary>
/// <param name="State">Of the journey: draft, live, paused or archived.</param>
/// <param name="Live">The version that leads enter; absent when none is published.</param>
/// <param name="Warnings">What is allowed and probably not meant.</param>
internal sealed record ShownJourney(
    string Id, int Version, JourneyState State, int? Live, int Latest, DateTimeOffset CreatedAt, JsonElement Document, IReadOnlyList<DocumentError> Warnings);

/// <param name="Activity">Only where it was asked for.</param>
internal sealed record ListedJourney(string Id, string Name, JourneyState State, int? Live, int Latest, DateTimeOffset UpdatedAt, JourneyActivity? Activity = null);

internal sealed record ListedJourneyVersion(int Version, bool Live, bool WasLive, DateTimeOffset CreatedAt, string? By, string? Note);

/// <param name="Warnings">Of a publication: what is allowed and probably not meant.</param>
internal sealed record ChangedJourney(string Id, JourneyState State, int? Live, bool Changed, IReadOnlyList<DocumentError>? Warnings = null);

/// <summary>A run in a listing.</summary>
/// <param name="Waits">What it is waiting for now.</param>
internal sealed record ListedRun(
    string Id, string Journey, int Version, string LeadId, string Key, RunStatus Status, string? Step, DateTimeOffset EnteredAt, DateTimeOffset? WaitsUntil, DateTimeOffset? EndedAt, string? EndReason,
    Hold? Waits, bool Paused)
{
    public static ListedRun Of(RunState run) => new(
        run.Id, run.Journey, run.Version, run.LeadId, run.Key, run.Status, run.Status == RunStatus.Active ? run.Step : null, run.EnteredAt, run.Until, run.EndedAt, run.EndReason,
        run.Status == RunStatus.Active ? run.Hold : null, run.IsPaused);
}

/// <summary>A run with all that happened in it, and why.</summary>
/// <param name="Waits">What it is waiting for now.</param>
/// <param name="Trial">Its part in the comparison with those who are held out.</param>
internal sealed record ShownRun(
    string Id, string Journey, int Version, string LeadId, string Key, RunStatus Status, string? Step, DateTimeOffset EnteredAt, DateTimeOffset? EndedAt, string? EndReason,
    Hold? Waits, bool Paused, Trial? Trial, JsonElement Trigger, IReadOnlyDictionary<string, JsonElement> Saved, IReadOnlyList<RunRecord> Steps)
{
    public static ShownRun Of(RunState run) => new(
        run.Id, run.Journey, run.Version, run.LeadId, run.Key, run.Status, run.Status == RunStatus.Active ? run.Step : null, run.EnteredAt, run.EndedAt, run.EndReason,
        run.Hold, run.IsPaused, run.Trial, run.Trigger, run.Saved, run.Log);
}
