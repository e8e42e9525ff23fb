using System.Text.Json.Serialization;

namespace LeadFunctions.Scoring;

/// <summary>The answer of <c>GET /api/leads/{id}/score</c>. Rounded to hundredths such that the shown <c>now</c> values sum to the shown engagement.</summary>
/// <param name="Clamp">Present when the sum of the contributions is not the engagement: <c>sum</c> is, <c>to</c> what it was clamped to.</param>
internal sealed record ScoreExplanation(
    string LeadId,
    DateTimeOffset AsOf,
    ScoreExplanation.ModelVersion? Model,
    decimal Engagement,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ScoreExplanation.Clamped? Clamp,
    decimal Fit,
    string? Grade,
    IReadOnlyList<ScoreExplanation.Row> Contributions,
    IReadOnlyList<ScoreExplanation.FitRow> FitContributions)
{
    public static ScoreExplanation Of(string leadId, DateTimeOffset asOf, ScoringModel? live, ScoreSheet sheet, Fit fit) => throw new NotImplementedException();

    internal sealed record ModelVersion(string Id, int Version);

    internal sealed record Clamped(decimal Sum, decimal To, string By);

    internal sealed record EventOf(string Id, string Name, DateTimeOffset At);

    /// <param name="Model">The version whose definition counted.</param>
    /// <param name="Count">Of old events folded together: how many; <c>event</c> is then the last of them, its points their worth at that time.</param>
    /// <param name="Reduced">Why <c>applied</c> is less than <c>points</c>: repeat, cap, condition, unknownModel.</param>
    internal sealed record Row(
        string Rule,
        string Model,
        EventOf Event,
        decimal Points,
        decimal Applied,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? HalfLife,
        decimal Now,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Count,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reduced);

    internal sealed record FitRow(string Rule, decimal Points);
}
