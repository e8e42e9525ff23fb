using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Events;

namespace LeadFunctions.Segments;

/// <summary>Entering and leaving a segment are events of the lead. Nobody may send one from outside.</summary>
internal static class SegmentEvents
{
    public const string Entered = "Segment Entered";
    public const string Left = "Segment Left";

    public static readonly IReadOnlyList<string> Names = [Entered, Left];

    /// <summary>It is one of these, and not something that a client sent under their names before they were reserved.</summary>
    public static bool AreOf(LeadEvent e) => e.LeadId is not null && Names.Contains(e.Name);

    /// <summary>A publication that was to start nothing brought it about.</summary>
    public static bool IsQuiet(LeadEvent e) => AreOf(e) && EventText.Says(e.Properties, "quiet");

    /// <param name="hops">Of the event that caused it (<see cref="LeadEvent.Hops"/>); null: no journey did.</param>
    public static LeadEvent Of(string leadId, SegmentNews.Changed change, int? hops, DateTimeOffset now)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(change.At);
        return new()
        {
            Id = $"segment/{leadId}.{change.Number}",
            Type = EventType.Track,
            Name = change.Enters ? Entered : Left,
            At = at,
            LeadId = leadId,
            Hops = hops,
            Properties = JsonSerializer.SerializeToElement(
                new SegmentEventProperties(change.Segment, change.Version, change.At == now.ToUnixTimeMilliseconds() ? null : now, change.IsQuiet ? true : null), SegmentsJson.Default.SegmentEventProperties),
        };
    }
}

/// <param name="Version">Of the segment's definition; null when it is gone.</param>
/// <param name="NoticedAt">When it was noticed, where that is later than when it became so: due minutes are rounded up.</param>
/// <param name="Quiet">True when a publication that was to start nothing brought it about; null otherwise.</param>
internal sealed record SegmentEventProperties(string Segment, int? Version, DateTimeOffset? NoticedAt, bool? Quiet = null);

/// <summary>What goes out when a lead enters or leaves a segment.</summary>
/// <param name="EventId">Of the event in its timeline.</param>
/// <param name="At">When it became so.</param>
/// <param name="Stay">Which stay in the segment begins or ends.</param>
internal sealed record SegmentMove(string EventId, DateTimeOffset At, int? Version, int Stay);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SegmentEventProperties))]
[JsonSerializable(typeof(SegmentMove))]
internal sealed partial class SegmentsJson : JsonSerializerContext;
