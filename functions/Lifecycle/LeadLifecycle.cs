using System.Text.Json.Serialization;

namespace LeadFunctions.Lifecycle;

/// <summary>A lead's stay in a stage.</summary>
/// <param name="At">When it began: Unix ms.</param>
/// <param name="Number">Of the lead's stays, counted from 1: part of the ids of what happens in it.</param>
/// <param name="Cause"><c>rule</c>, <c>person</c>, <c>journey</c> or <c>merge</c>.</param>
/// <param name="By">The journey, or who said so.</param>
internal sealed record Stay(
    [property: JsonPropertyName("s")] string Stage, [property: JsonPropertyName("a")] long At, [property: JsonPropertyName("n")] int Number,
    [property: JsonPropertyName("c")] string? Cause = null, [property: JsonPropertyName("w")] string? Reason = null, [property: JsonPropertyName("b")] string? By = null,
    [property: JsonPropertyName("o")] string? Outcome = null, [property: JsonPropertyName("m")] double? Amount = null, [property: JsonPropertyName("u")] string? Currency = null);

/// <summary>All that a lead's profile knows of its way through the lifecycle, beside the stage itself. Immutable.</summary>
internal sealed record LeadLifecycle
{
    /// <summary>Stays kept, the oldest go first.</summary>
    public const int StaysKept = 100;

    public static readonly LeadLifecycle None = new();

    /// <summary>Oldest first; the last one is the stage as it was last looked at. Empty: nobody has looked yet.</summary>
    [JsonPropertyName("h")]
    public IReadOnlyList<Stay> Stays { get; init; } = [];

    /// <summary>Stages that somebody took the lead out of, or passed over, while their conditions held: they do not take it in before they have ceased to hold.</summary>
    [JsonPropertyName("x")]
    public IReadOnlyList<string>? Held { get; init; }

    /// <summary>The stay's time has been missed.</summary>
    [JsonPropertyName("o"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsOverdue { get; init; }

    /// <summary>Nobody has been in touch for so long, and it has been said.</summary>
    [JsonPropertyName("g"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsNeglected { get; init; }

    /// <summary>Of a recycled lead: the lowest that engagement has been since.</summary>
    [JsonPropertyName("l")]
    public double? Low { get; init; }

    /// <summary>How often it was reopened.</summary>
    [JsonPropertyName("rc"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Reopened { get; init; }

    /// <summary>When time alone may next concern it: Unix ms. It may be too early, but is never too late.</summary>
    [JsonPropertyName("d")]
    public long? Due { get; init; }

    /// <summary>The revision of the lifecycle that it was judged by.</summary>
    [JsonPropertyName("r")]
    public long Rules { get; init; }

    /// <summary>The revision of the scoring models that it was judged by.</summary>
    [JsonPropertyName("m")]
    public long Scoring { get; init; }

    /// <summary>Something was not judged, because an instance that applied it knew older rules.</summary>
    [JsonPropertyName("ag"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Again { get; init; }

    [JsonIgnore]
    public Stay? Now => Stays.Count > 0 ? Stays[^1] : null;

    /// <summary>Whether a look at the lead made no difference that matters outside.</summary>
    public bool IsSame(LeadLifecycle other) =>
        Due == other.Due && Again == other.Again && IsOverdue == other.IsOverdue && IsNeglected == other.IsNeglected && Reopened == other.Reopened && (Now?.Stage == other.Now?.Stage || (other.Now is null && Stays.Count == 1));
}
