using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Journeys.Model;

namespace LeadFunctions.Journeys.Rules;

/// <summary>What an event of type <c>Journey</c> asks of its lead; the event's name says which.</summary>
/// <param name="Bound">Of a move: the values that the new version's conditions need (<see cref="Journey.BoundBy"/>).</param>
/// <param name="After">Of a wait: events up to this time (Unix ms) have ended it before and do not count again. Of what is no start: when the run with its key began.</param>
/// <param name="Until">Of a wait: when it is over at the latest (Unix ms); null: never. Of an end: up to when the goal is heard all the same; null: no longer.</param>
internal sealed record RunOrder(
    string? Run = null, string? Step = null, long? After = null, string? Reason = null, int? Version = null, string? Journey = null, string? Key = null, JsonElement? Data = null,
    IReadOnlyDictionary<string, JsonElement>? Bound = null, long? Until = null)
{
    /// <summary>The run stands at a waitFor step from now on, or at a send step without an address.</summary>
    public const string Waits = "Journey Waits";

    /// <summary>The run is over; its reason is a <see cref="RunStatus"/> in lower case.</summary>
    public const string Ended = "Journey Ended";

    /// <summary>What the lead took for a beginning was none: there was such a run before, and it is over. A lead remembers its last keys only, storage all of them.</summary>
    public const string NoStart = "Journey Not Started";

    /// <summary>End a run.</summary>
    public const string Stop = "Journey Stopped";

    /// <summary>A run goes on in another version.</summary>
    public const string Move = "Journey Moved";

    /// <summary>Let the lead into a journey, if its rules allow.</summary>
    public const string Start = "Journey Asked";

    /// <summary>Time has passed. Every event makes the lead look at what that changes; this one comes when there is no other, and says what time it is at least.</summary>
    public const string Tick = "Journey Ticked";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, WriteIndented = false)]
[JsonSerializable(typeof(RunOrder))]
[JsonSerializable(typeof(IReadOnlyList<LeadRun>))]
[JsonSerializable(typeof(RunStart))]
[JsonSerializable(typeof(RunState))]
internal sealed partial class JourneysJson : JsonSerializerContext;
