using System.Text.Json.Serialization;

namespace LeadFunctions.Scoring;

/// <summary>The answer of <c>GET /api/leads/{id}/score</c>. Rounded to hundredths such that the shown <c>now</c> values sum to the shown engagement.</summary>
/// <param name="Clamp">Present when the sum of the contributions is not the engagement: <c>sum</c> is, <c>to</c> what it was clamped to.</param>
/// <param name="FitMissing">Fit rules whose traits nobody has said; null where that was not asked.</param>
internal sealed record ScoreExplanation(
    string LeadId,
    DateTimeOffset AsOf,
    ScoreExplanation.ModelVersion? Model,
    decimal Engagement,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ScoreExplanation.Clamped? Clamp,
    decimal Fit,
    string? Grade,
    IReadOnlyList<ScoreExplanation.Row> Contributions,
    IReadOnlyList<ScoreExplanation.FitRow> FitContributions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<MissingFit>? FitMissing = null)
{
    private const double Most = 1e27;

    /// <summary>
    /// Every shown <c>now</c> is the step from one running sum to the next, each rounded half to even: so the steps add up to the rounded sum, whatever their number, and none is
    /// off by a hundredth or more.
    /// </summary>
    public static ScoreExplanation Of(string leadId, DateTimeOffset asOf, ScoringModel? live, ScoreSheet sheet, Fit fit)
    {
        var rows = new List<Row>(sheet.Contributions.Count);
        var (running, shown) = (0.0, 0m);
        foreach (var contribution in sheet.Contributions)
        {
            running += contribution.Now;
            var upToHere = Hundredths(running);
            rows.Add(new(
                contribution.Rule, contribution.Model, new(contribution.EventId, contribution.EventName, contribution.At), Hundredths(contribution.Points),
                Hundredths(contribution.Applied), contribution.HalfLife, Trimmed(upToHere - shown), contribution.Count, NameOf(contribution.Reduced), contribution.Coarse, contribution.Amount));
            shown = upToHere;
        }
        var engagement = Math.Max(0, live?.Document.Cap is { } cap ? Math.Min(shown, Hundredths(cap)) : shown);
        return new(
            leadId, asOf, live is null ? null : new(live.Id, live.Version), engagement, engagement == shown ? null : new(shown, engagement, shown < 0 ? "zero" : "cap"),
            Hundredths(fit.Score), fit.Grade, rows, [.. fit.Contributions.Select(contribution => new FitRow(contribution.Rule, Hundredths(contribution.Points)))]);
    }

    /// <summary>How scores are rounded wherever they are shown. A document may say a cap of 1e300, which no decimal holds.</summary>
    public static decimal Hundredths(double score) => (decimal)Math.Clamp(Math.Round(score * 100, MidpointRounding.ToEven), -Most, Most) / 100;

    // 57.5 less 7.5 is 50.0 to a decimal, and would be written so.
    private static decimal Trimmed(decimal difference) => decimal.Truncate(difference * 100) / 100;

    private static string? NameOf(Reduction? reduced) => reduced switch
    {
        Reduction.Repeat => "repeat",
        Reduction.Cap => "cap",
        Reduction.Condition => "condition",
        Reduction.UnknownModel => "unknownModel",
        Reduction.Amount => "amount",
        _ => null,
    };

    internal sealed record ModelVersion(string Id, int Version);

    internal sealed record Clamped(decimal Sum, decimal To, string By);

    internal sealed record EventOf(string Id, string Name, DateTimeOffset At);

    /// <param name="Model">The version whose definition counted.</param>
    /// <param name="Count">Of old events folded together: how many; <c>event</c> is then the last of them, its points their worth at that time.</param>
    /// <param name="Reduced">Why <c>applied</c> is less than <c>points</c> (of several events: why the last that was reduced was): repeat, cap, condition, unknownModel; or why there are none: amount.</param>
    /// <param name="Amount">Of a rule that gives points by amount: what the event named.</param>
    /// <param name="Coarse">Names of the events that the condition counts and whose number then is known only to the hour or day: exact times of so long ago are not kept.</param>
    internal sealed record Row(
        string Rule,
        string Model,
        EventOf Event,
        decimal Points,
        decimal Applied,
        string? HalfLife,
        decimal Now,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Count,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reduced,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Coarse,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Amount = null);

    internal sealed record FitRow(string Rule, decimal Points);
}
