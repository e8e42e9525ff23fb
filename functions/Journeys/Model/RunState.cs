using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Journeys.Model;

internal enum RunStatus
{
    /// <summary>Inside: at a step or waiting.</summary>
    Active,

    /// <summary>Walked to the end.</summary>
    Completed,

    /// <summary>Ended because the goal was reached.</summary>
    Goal,

    /// <summary>Ended by the exit condition, an exit step or a step's lateness.</summary>
    Exited,

    /// <summary>Ended by hand, or because the journey was archived or the lead merged.</summary>
    Cancelled,

    /// <summary>A step failed for good.</summary>
    Failed,

    /// <summary>Would have entered, and gets nothing: for comparison.</summary>
    HeldOut,
}

internal static class RunStatuses
{
    /// <summary>As documents, rows and answers write it.</summary>
    public static string Name(this RunStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}

internal enum HoldKind
{
    /// <summary>A wait step.</summary>
    Wait,

    /// <summary>For an event or a condition.</summary>
    Event,

    /// <summary>For quiet hours to end.</summary>
    QuietHours,

    /// <summary>For a frequency cap to allow a message.</summary>
    Frequency,

    /// <summary>For an address, which may be on its way.</summary>
    Address,

    /// <summary>For the workspace's rules to allow a message.</summary>
    Arbiter,
}

/// <summary>What a run is waiting for.</summary>
/// <param name="Since">When it began.</param>
/// <param name="Until">When it is over at the latest; null: never.</param>
internal sealed record Hold(HoldKind Kind, DateTimeOffset Since, DateTimeOffset? Until);

/// <summary>A step that was decided and is to be done.</summary>
/// <param name="Id">The same however often it is tried: what makes its effect happen once.</param>
/// <param name="Due">When it should be done.</param>
/// <param name="At">When that was decided.</param>
internal sealed record PendingAct(string Id, string Step, DateTimeOffset Due, DateTimeOffset At);

/// <summary>One line of a run's history.</summary>
/// <param name="Step">Null for what concerns the run itself.</param>
/// <param name="What">What happened: entered, waits, done, skipped, path, timeout, moved, ended …</param>
/// <param name="Detail">The path taken, the template sent, until when it waits.</param>
/// <param name="Reason">Why.</param>
internal sealed record RunRecord(DateTimeOffset At, string? Step, string What, string? Detail = null, string? Reason = null, DateTimeOffset? Due = null);

/// <summary>
/// Where one lead stands in one journey, and how it got there. Immutable; only <c>JourneyPlan</c> makes the next one.
/// </summary>
/// <param name="Id"><see cref="RunId"/>.</param>
/// <param name="Key">What tells this run from others of the same lead: the value of the trigger's key, or the event's id.</param>
/// <param name="Trigger">Properties of what let the lead in: <c>trigger.…</c> in placeholders and conditions.</param>
internal sealed record RunState(string Id, string Journey, int Version, string LeadId, string Key, DateTimeOffset EnteredAt, JsonElement Trigger)
{
    public RunStatus Status { get; init; } = RunStatus.Active;

    /// <summary>The step that it is at; null when none is left.</summary>
    public string? Step { get; init; }

    /// <summary>When the step should have begun: waits are reckoned from here, so that delays do not add up.</summary>
    public DateTimeOffset Due { get; init; }

    public Hold? Hold { get; init; }

    public PendingAct? Pending { get; init; }

    /// <summary>It found the journey held and stands still until that is resumed.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Counts the times that it was advanced: an advance that is repeated after a crash changes nothing.</summary>
    public int Turn { get; init; }

    /// <summary>When it is to be looked at again, if nothing happens before; null: only when something happens.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The wait that the lead's profile was told of.</summary>
    public string? Told { get; init; }

    /// <summary>The <see cref="Due"/> whose messages have waited for an address in vain: those that follow at once do not wait anew.</summary>
    public DateTimeOffset? Sought { get; init; }

    /// <summary>How many runs began before it, one because of the other, since one of them waited last (<see cref="Chain"/>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Hops { get; init; }

    /// <summary>Counts what was done: part of act ids.</summary>
    public int Acts { get; init; }

    /// <summary>How often each repeat that it is inside of has begun its round.</summary>
    public IReadOnlyDictionary<string, int> Rounds { get; init; } = new Dictionary<string, int>();

    /// <summary>For each waitFor that ended by an event, when that came: the same event does not end it again.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Heard { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>Answers of webhooks: <c>saved.…</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Saved { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>What became of messages, by step: <c>steps.….outcome</c> in conditions and placeholders. Null as long as there were none.</summary>
    public IReadOnlyDictionary<string, string>? Outcomes { get; init; }

    public IReadOnlyList<RunRecord> Log { get; init; } = [];

    /// <summary>Its part in a comparison with those who are held out; null: none.</summary>
    public Trial? Trial { get; init; }

    /// <summary>Inside; or it is not, and it is still looked for whether the goal is reached in time.</summary>
    [JsonIgnore]
    public bool IsOpen => Status == RunStatus.Active || IsWatched;

    /// <summary>Not inside, and looked for whether the goal is reached in time.</summary>
    [JsonIgnore]
    public bool IsWatched => Status != RunStatus.Active && Trial is { IsOver: false };

    public DateTimeOffset? EndedAt { get; init; }

    public string? EndReason { get; init; }
}

/// <summary>A run's id says whose it is: journey, lead and entry key. A second start with the same key is thus the same run.</summary>
internal static class RunId
{
    public static string Of(string journey, string leadId, string key) => $"{journey}.{leadId}.{StableHash.Text(key)}";

    /// <summary>Null when it is none.</summary>
    public static (string Journey, string LeadId)? Parse(string id) =>
        id.Split('.') is [{ Length: > 0 } journey, { Length: > 0 } leadId, { Length: > 0 }] ? (journey, leadId) : null;

    /// <summary>The run whose <see cref="PendingAct"/> bears this id; null when it is no run's.</summary>
    public static string? OfAct(string act) => act.Split('/') is [{ Length: > 0 } run, _, _] ? run : null;
}
