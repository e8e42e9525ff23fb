using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Events;

namespace LeadFunctions.Lifecycle;

/// <summary>What happens to a lead on its way through the lifecycle, as events of the lead. Nobody may send one from outside.</summary>
internal static class StageEvents
{
    public const string SlaMissed = "SLA Missed";
    public const string Reopened = "Lead Reopened";
    public const string Neglected = "Neglected";

    /// <summary>Somebody wrote something down.</summary>
    public const string NoteAdded = "Note Added";

    public static readonly IReadOnlyList<string> Names = [SlaMissed, Reopened, Neglected, NoteAdded];

    /// <summary>
    /// What is a contact where the lifecycle's document does not say: what a person of ours did with this one. Not <c>Message Sent</c>, since a newsletter would hide every neglect; nor a stage,
    /// since one that a rule gives is nobody's act, and one that somebody gives begins a new stay, from which the time counts anyway.
    /// </summary>
    public static readonly IReadOnlyList<string> Contacts = ["Call Made", "Meeting Held", "Personal Email Sent", NoteAdded];

    /// <summary>A stage that a publication brought about which was to start nothing.</summary>
    public static bool IsQuiet(LeadEvent e) => e is { Type: EventType.Stage, LeadId: not null } && EventText.Says(e.Properties, "quiet");

    /// <param name="hops">Of the event that caused it (<see cref="LeadEvent.Hops"/>); null: no journey did.</param>
    /// <param name="isQuiet">A publication that was to start nothing moved it.</param>
    public static LeadEvent? Of(string leadId, LifecycleNews news, string? owner, int? hops, bool isQuiet = false) => news switch
    {
        LifecycleNews.Moved move => Inside($"stage/{leadId}.{move.Stay.Number}", EventType.Stage, "stage", move.Stay.At, hops, new(
            Stage: move.Stay.Stage, From: move.From, Cause: move.Stay.Cause, Reason: move.Stay.Reason, Quiet: isQuiet ? true : null)),
        LifecycleNews.SlaMissed missed => Inside($"sla/{leadId}.{missed.Stay.Number}", EventType.Track, SlaMissed, missed.At, hops, new(
            Stage: missed.Stay.Stage, Since: Time(missed.Stay.At), Sla: missed.Sla, Owner: owner)),
        LifecycleNews.Reopened again => Inside($"reopened/{leadId}.{again.Count}", EventType.Track, Reopened, again.At, hops, new(
            Since: Time(again.Recycled.At), Reason: again.Recycled.Reason, Count: again.Count, Low: Rounded(again.Low), Engagement: Rounded(again.Engagement), Owner: owner)),
        LifecycleNews.Neglected alone => Inside($"neglected/{leadId}.{alone.Stay.Number}.{alone.At}", EventType.Track, Neglected, alone.At, hops, new(
            Stage: alone.Stay.Stage, Since: Time(alone.Stay.At), After: alone.After, Owner: owner)),
        _ => null,
    };

    private static LeadEvent Inside(string id, EventType type, string name, long at, int? hops, StageEventProperties properties) => new()
    {
        Id = id,
        Type = type,
        Name = name,
        At = Time(at),
        Hops = hops,
        LeadId = id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..id.IndexOf('.', StringComparison.Ordinal)],
        Properties = JsonSerializer.SerializeToElement(properties, StagesJson.Default.StageEventProperties),
    };

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private static double Rounded(double points) => Math.Round(points, 2);
}

/// <summary>What the events say; each says what it has to.</summary>
/// <param name="Cause">What moved the lead: <c>rule</c>.</param>
/// <param name="Since">When the stay began.</param>
/// <param name="Sla">The time that there was, as the document writes it.</param>
/// <param name="Count">How often the lead was reopened, with this time.</param>
/// <param name="Quiet">True when a publication that was to start nothing moved it; null otherwise.</param>
internal sealed record StageEventProperties(
    string? Stage = null, string? From = null, string? Cause = null, string? Reason = null, DateTimeOffset? Since = null, string? Sla = null, string? After = null, int? Count = null,
    double? Low = null, double? Engagement = null, string? Owner = null, bool? Quiet = null);

/// <summary>What somebody wrote down about a lead.</summary>
/// <param name="By">Who; null where they did not say.</param>
internal sealed record Note(DateTimeOffset At, string? By, string Text);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StageEventProperties))]
[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class StagesJson : JsonSerializerContext;
