using LeadFunctions.Access;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Scoring.Api;

/// <summary>What earns points: counted from the leads' own ledgers when somebody asks, for as long as they wait (ADR 51).</summary>
public sealed class RulePointsFunctions(LeadScan everybody, RulesInEffect rules, TimeProvider time)
{
    internal const int Days = 30;

    [Function(nameof(GetRulePoints)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetRulePoints([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scoring/points")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query).ToList() is [_, ..] unknown)
        {
            return Problems.Invalid(unknown);
        }

        var (known, now, scan, count) = (rules.Current, time.GetUtcNow(), new BriefScan(everybody, time), new RulePointCount());
        await foreach (var lead in scan.ReadAsync(null, known.History, cancellationToken))
        {
            count.Add(Engagement.Of(lead.Whole.Ledger, known.Scoring, lead.Whole, now), now.AddDays(-Days));
        }

        return WebJson.Ok(new RulePointsAnswer(now, Days, scan.StoppedAt is not null, scan.Looked, known.Scoring.Live is { } live ? new(live.Id, live.Version) : null, count.Answer(known.Scoring.Live)));
    }
}

/// <summary>Adds up, lead by lead, what each rule gave. Pure.</summary>
internal sealed class RulePointCount
{
    private readonly Dictionary<string, (double Points, int Times, int Leads)> _rules = [];

    public void Add(ScoreSheet sheet, DateTimeOffset since)
    {
        foreach (var rule in Given(sheet, since))
        {
            var (points, times, leads) = _rules.GetValueOrDefault(rule.Rule);
            _rules[rule.Rule] = (points + rule.Points, times + rule.Times, leads + 1);
        }
    }

    /// <summary>What each rule gave one lead, and when last: what is counted, and what is listed behind it.</summary>
    public static IEnumerable<(string Rule, double Points, int Times, DateTimeOffset At)> Given(ScoreSheet sheet, DateTimeOffset since) =>
        sheet.Contributions.Where(row => row.At >= since && row.Applied != 0).GroupBy(row => row.Rule)
            .Select(rule => (rule.Key, rule.Sum(row => row.Applied), rule.Sum(row => row.Count ?? 1), rule.Max(row => row.At)));

    /// <summary>Those that gave most first; those of the live model that gave nothing last.</summary>
    public IReadOnlyList<RulePoints> Answer(ScoringModel? live)
    {
        var own = live?.Document.Rules.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal) ?? [];
        return
        [
            .. _rules.Keys.Union(own).Select(rule => (Rule: rule, Sum: _rules.GetValueOrDefault(rule))).OrderByDescending(one => Math.Abs(one.Sum.Points)).ThenBy(one => one.Rule, StringComparer.Ordinal)
                .Select(one => new RulePoints(one.Rule, Math.Round(one.Sum.Points, 2), one.Sum.Times, one.Sum.Leads, own.Contains(one.Rule))),
        ];
    }
}

/// <param name="Partial">There are leads that were not looked at: time was up.</param>
/// <param name="Leads">Looked at.</param>
/// <param name="Model">The live one; null when there is none.</param>
internal sealed record RulePointsAnswer(DateTimeOffset AsOf, int Days, bool Partial, int Leads, ScoringModelVersion? Model, IReadOnlyList<RulePoints> Rules);

/// <param name="Points">Given in these days, less what was taken: as applied, before decay.</param>
/// <param name="Times">Events that it gave them for.</param>
/// <param name="Leads">Who got some, anonymous ones too.</param>
/// <param name="IsLive">It is one of the live model; else of a former one, or points by hand.</param>
internal sealed record RulePoints(string Rule, double Points, int Times, int Leads, bool IsLive);
