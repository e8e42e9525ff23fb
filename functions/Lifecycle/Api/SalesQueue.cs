using System.Text.Json.Serialization;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Lifecycle.Api;

/// <summary>
/// Whom sales calls first. The rank, up to 115, is the sum of four parts, each shown: engagement (50 × e ÷ (e + 50)), fit (A 30, B 22, C 14, D 6, unknown 10), freshness (20, halved with every week since the lead was
/// last seen) and the clock (15 once the time for the stage is missed, up to 10 in its last day).
/// </summary>
internal static class SalesQueue
{
    /// <summary>Leads of a stage that are ranked, those with the highest engagement: nobody calls more in a day.</summary>
    public const int Most = 200;

    public static readonly IReadOnlyList<string> Stages = [Lifecycle.Stages.Mql, Lifecycle.Stages.Sal, Lifecycle.Stages.Sql];

    /// <summary>Of those, how many are looked at for the clock, at least: one who is not is missed only if its clock alone would bring it up.</summary>
    public const int LeastRead = 100;

    /// <summary>Without the clock, which no listing shows.</summary>
    public static double RankOf(ListedRow row, DateTimeOffset now) => PartsOf(row.Engagement, row.Lead.Grade, row.Lead.LastSeen, null, now).Sum;

    public static QueuedLead Of(LeadState lead, LeadRules rules, DateTimeOffset now)
    {
        var (whole, way) = (lead.Whole, lead.Lifecycle ?? LeadLifecycle.None);
        var score = Reducer.ScoreOf(lead, rules.Scoring, now);
        var until = LeadStages.SlaOf(way, rules.Lifecycle);
        var parts = PartsOf(score.Engagement, score.Grade, whole.LastSeen, until, now);
        return new(
            lead.Id, whole.Name, whole.Email, whole.Company, whole.Stage, way.Now is { } stay ? DateTimeOffset.FromUnixTimeMilliseconds(stay.At) : null, whole.Owner,
            (double)ScoreExplanation.Hundredths(score.Engagement), (double)ScoreExplanation.Hundredths(score.Fit), score.Grade,
            whole.LastSeen > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(whole.LastSeen) : null, until, until <= now, Points(parts.Sum), parts,
            InterestAnswer.Of(whole, rules.Scoring.Interests, now)?.ToDictionary(dimension => dimension.Key, dimension => dimension.Value[0].Value));
    }

    private static RankParts PartsOf(double engagement, string? grade, long lastSeen, DateTimeOffset? until, DateTimeOffset now) => new(
        Points(50 * engagement / (engagement + 50)),
        grade switch { "A" => 30, "B" => 22, "C" => 14, "D" => 6, null => 10, _ => 0 },
        lastSeen > 0 ? Points(20 * Math.Pow(0.5, Math.Max(0, (now - DateTimeOffset.FromUnixTimeMilliseconds(lastSeen)).TotalDays) / 7)) : 0,
        until is not { } end ? 0 : end <= now ? 15 : Points(10 * Math.Max(0, 1 - (end - now).TotalDays)));

    private static double Points(double points) => Math.Round(points, 2);
}

/// <param name="SlaUntil">Until when it is to be moved on; absent where no time is set.</param>
/// <param name="Rank">Higher first.</param>
/// <param name="Interests">What it looks at most, by dimension; absent where nothing is known.</param>
internal sealed record QueuedLead(
    string LeadId, string? Name, string? Email, string? Company, string Stage, DateTimeOffset? StageSince, string? Owner, double Engagement, double Fit, string? Grade, DateTimeOffset? LastSeen,
    DateTimeOffset? SlaUntil, bool SlaMissed, double Rank, RankParts RankedBy, IReadOnlyDictionary<string, string>? Interests);

internal sealed record RankParts(double Engagement, double Fit, double Freshness, double Clock)
{
    [JsonIgnore]
    public double Sum => Engagement + Fit + Freshness + Clock;
}
