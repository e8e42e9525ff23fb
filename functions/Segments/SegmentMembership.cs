using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Facts;

namespace LeadFunctions.Segments;

/// <summary>Segments that are kept by hand: people and journeys put leads in and take them out, the last word counts by event time.</summary>
internal static class SegmentMembership
{
    public const int NameLimit = 64;

    /// <summary>Names of those that the lead is in, with since when: Unix ms.</summary>
    public static IEnumerable<(string Name, long Since)> Lists(TraitMap traits) => traits.All
        .Where(trait => trait.Key.StartsWith(ProfileFacts.Segment, StringComparison.Ordinal) && trait.Value.Value.Truth == true)
        .Select(trait => (trait.Key[ProfileFacts.Segment.Length..], trait.Value.At));

    /// <summary>Names of all that the lead is in, by hand or by conditions. Where a live segment bears a list's name, its conditions decide.</summary>
    public static IReadOnlyList<string> Of(TraitMap traits, SegmentView decided = default) =>
    [
        .. Lists(traits).Select(list => list.Name).Where(name => decided.IsIn(name) is null)
            .Concat((decided.Lead?.In.Keys ?? []).Where(name => decided.IsIn(name) == true))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Why nobody can be put on a list of this name; null: they can.</summary>
    /// <param name="isDecided">Whether a segment of a name has conditions.</param>
    public static (string Message, string Expected)? Fault(string list, Func<string, bool> isDecided) =>
        string.IsNullOrWhiteSpace(list) || list.Length > NameLimit ? ("This is no list's name.", $"names of 1 to {NameLimit} characters")
        : isDecided(list) ? ("This segment is not kept by hand: its conditions decide who is in it.", "a list")
        : null;

    /// <summary>What an event of type <c>Segment</c> is to say.</summary>
    public static JsonObject Say(string list, bool isMember) => new() { ["segment"] = list, ["member"] = isMember };

    /// <summary>What an event of type <c>Segment</c> says; null when it says nothing.</summary>
    public static (string Segment, bool IsMember)? Read(JsonElement properties) =>
        EventText.Of(properties, "segment") is { Length: > 0 } segment && properties.TryGetProperty("member", out var member) && member.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? (segment, member.GetBoolean())
            : null;

    public static TimelineChanges? Apply(TraitMap traits, LeadEvent e) =>
        e.Type != EventType.Segment || Read(e.Properties) is not var (segment, isMember) || !traits.Set(ProfileFacts.Segment + segment, Value.From(isMember), e.At.ToUnixTimeMilliseconds(), TraitMap.OwnLimit) ? null
        : isMember ? new TimelineChanges(Entered: [segment])
        : new TimelineChanges(Left: [segment]);
}
