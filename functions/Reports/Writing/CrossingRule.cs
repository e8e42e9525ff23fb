using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Scoring;

namespace LeadFunctions.Reports.Writing;

/// <summary>A scoring rule's part in a stage that a lead came into by itself.</summary>
/// <param name="Points">What decay had left of all that it gave; 0 of a rule of the grade.</param>
/// <param name="IsNeeded">Without it the lead would not have come there then.</param>
internal readonly record struct CrossingRule(string Rule, double Points, bool IsNeeded)
{
    /// <summary>Those with the most points.</summary>
    private const int Most = 20;

    /// <summary>Rules of the grade may be called as others are.</summary>
    private const string OfFit = "fit/";

    /// <param name="stage">Into which it came.</param>
    /// <param name="from">Out of which.</param>
    public static IReadOnlyList<CrossingRule> Of(LeadState lead, LeadScore score, string stage, string from, LeadRules rules, DateTimeOffset at)
    {
        if (rules.Lifecycle.Find(stage)?.When?.Compiled is not { } when)
        {
            return [];
        }

        var whole = lead.Whole;
        var sheet = Engagement.Of(whole.Ledger, rules.Scoring, whole, at);
        var fit = rules.Scoring.Live?.FitOf(whole, at) ?? Fit.None;
        var stands = score with { Engagement = sheet.Engagement, Fit = fit.Score, Grade = fit.Grade };

        // One that does not hold any more led somewhere else in the same moment.
        var isClear = Holds(stands);
        List<CrossingRule> found =
        [
            .. sheet.Contributions.GroupBy(one => one.Rule).Select(rule => (Rule: rule.Key, Points: rule.Sum(one => one.Now))).Where(rule => rule.Points != 0).OrderByDescending(rule => rule.Points).Take(Most)
                .Select(rule => new CrossingRule(rule.Rule, rule.Points, isClear && !Holds(stands with { Engagement = ShownScore.Of(Engagement.Clamped(sheet.Sum - rule.Points, rules.Scoring)) }))),
        ];
        foreach (var rule in fit.Contributions.Take(Most - Math.Min(Most, found.Count)))
        {
            var without = ShownScore.Of(fit.Score - rule.Points);
            found.Add(new(OfFit + rule.Rule, 0, isClear && !Holds(stands with { Fit = without, Grade = rules.Scoring.Live?.Document.Fit?.Grades.Of(without) })));
        }

        return found;

        bool Holds(LeadScore one) => when.Holds(null, new LeadInStage(new LeadProfile(whole, one, rules.Scoring, new(rules.Segments, lead.Segments, lead.Id)), from), at);
    }
}
