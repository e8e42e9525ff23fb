using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Journeys.Rules;

/// <summary>
/// A start that the entry condition refused, as the lead's profile keeps it: what makes the condition hold may have been accepted before, and be in the hands of a host that was lost. Immutable.
/// </summary>
/// <param name="At">When it was refused, Unix ms.</param>
/// <param name="Accepted">When what was to start it was, Unix ms: what was accepted before should have counted.</param>
/// <param name="Due">When the lead was to enter, Unix ms.</param>
/// <param name="MayComeAgain">The key is chosen outside.</param>
internal sealed record MissedStart(
    [property: JsonPropertyName("j")] string Journey,
    [property: JsonPropertyName("k")] string Key,
    [property: JsonPropertyName("at")] long At,
    [property: JsonPropertyName("a")] long Accepted,
    [property: JsonPropertyName("d")] long Due,
    [property: JsonPropertyName("t")] JsonElement Trigger,
    [property: JsonPropertyName("w")] string Reason,
    [property: JsonPropertyName("c"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool MayComeAgain = false,
    [property: JsonPropertyName("h"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Hops = 0)
{
    /// <summary>Of a lead. Each is looked at with every event.</summary>
    private const int MostKept = 8;

    /// <summary>Characters of all that a lead has of these together. What is larger is not kept: it would make the row of everybody large for whom a journey is not.</summary>
    private const int MostData = 4096;

    /// <summary>As long as an event's id is known: what comes later may count twice, and is no repetition of anything.</summary>
    private const long KeptForMs = 24 * 3_600_000;

    /// <summary>The lead was merged into another by something that had been accepted before: that may be what makes the condition hold.</summary>
    [JsonPropertyName("l"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOwed { get; init; }

    /// <summary>As a run's (<see cref="LeadRun.Heard"/>): what it would have heard.</summary>
    [JsonPropertyName("e")]
    public IReadOnlyDictionary<string, long>? Heard { get; init; }

    /// <summary>Characters.</summary>
    [JsonIgnore]
    public int Size => Trigger.GetRawText().Length + Key.Length + Reason.Length;

    public bool IsOver(long now) => now - At > KeptForMs;

    /// <param name="isSideBySide">The journey has a run for each key; of any other the last one alone would start.</param>
    public static IReadOnlyList<MissedStart> With(IReadOnlyList<MissedStart>? missed, MissedStart one, bool isSideBySide) =>
        one.Size > MostData ? missed ?? [] : Newest([.. (missed ?? []).Where(other => other.Journey != one.Journey || (isSideBySide && other.Key != one.Key)), one]);

    public static IReadOnlyList<MissedStart>? Union(IReadOnlyList<MissedStart>? own, IReadOnlyList<MissedStart>? other) =>
        other is null ? own : own is null ? other : Newest([.. own.Concat(other).DistinctBy(one => (one.Journey, one.Key)).OrderBy(one => one.At)]);

    private static List<MissedStart> Newest(IReadOnlyList<MissedStart> all)
    {
        var (kept, size) = (0, 0);
        while (kept < Math.Min(all.Count, MostKept) && (size += all[^(kept + 1)].Size) <= MostData)
        {
            kept++;
        }

        return [.. all.Skip(all.Count - kept)];
    }

    /// <summary>The lead is frozen into another by what was accepted then.</summary>
    public static LeadJourneys? OwedSince(LeadJourneys? journeys, DateTimeOffset accepted) => journeys?.Missed is not { } missed ? journeys
        : journeys with { Missed = [.. missed.Select(one => accepted.ToUnixTimeMilliseconds() < one.Accepted ? one with { IsOwed = true } : one)] };
}
