using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Leads.State;

/// <summary>
/// Something that a change of a lead must cause outside its own rows. Stored in the profile with the change (outbox),
/// published after it, cleared by a later commit: at least once, with the same <see cref="Id"/> each time.
/// </summary>
/// <param name="Id">Deterministic: the same change of the same lead gives the same id.</param>
/// <param name="Kind">What happened.</param>
/// <param name="LeadId">To whom.</param>
/// <param name="At">When it was decided.</param>
/// <param name="From">The value before (stage, index entry), where there is one.</param>
/// <param name="To">The value after, where there is one.</param>
/// <param name="Data">What else the receiver needs.</param>
public sealed record LeadEffect(string Id, EffectKind Kind, string LeadId, DateTimeOffset At, string? From = null, string? To = null, JsonElement? Data = null);

public enum EffectKind
{
    /// <summary>Earlier builds told so that the lead's place in a list had changed. Nobody acts on it; messages and outboxes may still hold some.</summary>
    Listed,

    /// <summary>The lead's lifecycle stage changed; <c>To</c> is null when the lead was frozen into another.</summary>
    StageChanged,

    /// <summary>A lead was frozen into another: <c>LeadId</c> is the frozen one, <c>To</c> the one that absorbs it.</summary>
    Merged,

    /// <summary>A merge was taken back: <c>LeadId</c> absorbed, <c>To</c> is the lead to set free.</summary>
    Unmerged,

    /// <summary>A journey begins for the lead: <c>To</c> is the run, <c>Data</c> a <c>RunStart</c>.</summary>
    JourneyEntered,

    /// <summary>The run <c>To</c> may be able to go on.</summary>
    JourneyWoken,

    /// <summary>Time is to be looked at again for this lead: <c>To</c> says when (round-trip format).</summary>
    LeadDue,

    /// <summary>The lead entered the stage in which leads are given to somebody in sales: <c>To</c> is the stay's number, <c>Data</c> the owners whose conditions hold.</summary>
    OwnerWanted,

    /// <summary>The lead has another owner: <c>To</c>; null for none. <c>Data</c> is the stage that it is in.</summary>
    OwnerChanged,

    /// <summary>The lead entered the segment <c>To</c>; <c>Data</c> is a <c>SegmentMove</c>.</summary>
    SegmentEntered,

    /// <summary>The lead left the segment <c>From</c>; <c>Data</c> is a <c>SegmentMove</c>.</summary>
    SegmentLeft,

    /// <summary>The log of listings has grown in the lead's shard: time to look whether it is long.</summary>
    ListingGrew,

    /// <summary>Somebody wrote something down about the lead: <c>To</c> is the event's id, <c>Data</c> a <c>Note</c>.</summary>
    NoteAdded,

    /// <summary>The world is to be told: <c>To</c> is one of <c>HappeningTypes</c>, <c>Data</c> has the lead's own <c>number</c> for it and the <c>data</c>.</summary>
    Told,
}

/// <summary>Effects of one commit, published at least once; consumers are idempotent on each effect's id.</summary>
public sealed record EffectBatch(IReadOnlyList<LeadEffect> Effects, string? TraceParent = null);

/// <summary>How effects are written in queues, as events are.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(EffectKindNames)])]
[JsonSerializable(typeof(EffectBatch))]
internal sealed partial class EffectsJson : JsonSerializerContext;

internal sealed class EffectKindNames() : JsonStringEnumConverter<EffectKind>(JsonNamingPolicy.CamelCase);
