using System.Text.Json.Serialization;

namespace LeadFunctions.Segments;

/// <param name="Since">When the lead entered: Unix ms.</param>
/// <param name="Number">Of the lead's change that made it enter: tells one stay from the next.</param>
internal readonly record struct Membership([property: JsonPropertyName("s")] long Since, [property: JsonPropertyName("n")] int Number);

/// <summary>All that a lead's profile knows of the segments that conditions decide. Immutable.</summary>
internal sealed record LeadSegments
{
    public static readonly LeadSegments None = new();

    /// <summary>Those that the lead is in, by id.</summary>
    [JsonPropertyName("i")]
    public IReadOnlyDictionary<string, Membership> In { get; init; } = new Dictionary<string, Membership>();

    /// <summary>When time alone may next make it enter or leave one: Unix ms. It may be too early, but is never too late.</summary>
    [JsonPropertyName("d")]
    public long? Due { get; init; }

    /// <summary>The revision of the segments that it was judged by.</summary>
    [JsonPropertyName("r")]
    public long Rules { get; init; }

    /// <summary>The revision of the scoring models that it was judged by.</summary>
    [JsonPropertyName("m")]
    public long Scoring { get; init; }

    /// <summary>Something happened that was not judged, because an instance that applied it knew older rules: all is to be looked at again.</summary>
    [JsonPropertyName("a"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Again { get; init; }

    /// <summary>The segments as they were at a time, of a lead that was in others at first.</summary>
    /// <param name="moves">Since then, in order.</param>
    public static LeadSegments? AsOf(LeadSegments? first, IReadOnlyList<SegmentNews.Changed> moves, DateTimeOffset at)
    {
        var until = at.ToUnixTimeMilliseconds();
        if (moves.Count == 0 || moves[0].At > until)
        {
            return first;
        }

        var stays = new Dictionary<string, Membership>((first ?? None).In);
        foreach (var move in moves.TakeWhile(move => move.At <= until))
        {
            _ = move.Enters ? stays.TryAdd(move.Segment, new(move.At, move.Stay)) : stays.Remove(move.Segment);
        }

        return (first ?? None) with { In = stays };
    }

    /// <summary>Whether the two say the same of the lead, by whatever rules.</summary>
    public bool IsSame(LeadSegments other) =>
        Due == other.Due && Again == other.Again && In.Count == other.In.Count && In.All(own => other.In.TryGetValue(own.Key, out var theirs) && theirs == own.Value);
}

/// <summary>The segments of one lead, as conditions ask for them.</summary>
/// <param name="LeadId">Decides about random shares; null where nobody asks.</param>
internal readonly record struct SegmentView(SegmentRules Rules, LeadSegments? Lead, string? LeadId = null)
{
    /// <summary>Null where no segment that conditions decide has this name: then it is a list, or nothing.</summary>
    public bool? IsIn(string name) => Rules?.IsLive(name) == true ? Lead?.In.ContainsKey(name) == true : null;
}
