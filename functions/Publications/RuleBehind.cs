using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Publications;

/// <summary>Which rule of two scoring models makes most of the difference for one lead. Pure.</summary>
internal static class RuleBehind
{
    /// <summary>The rule whose points differ most, of engagement or of fit; null when all give what they gave, as when only the cap differs.</summary>
    public static string? Of(LeadState lead, ScoringModels known, ScoringModels then, DateTimeOffset now)
    {
        var differences = new Dictionary<string, double>(StringComparer.Ordinal);
        Add(lead, then, now, 1, differences);
        Add(lead, known, now, -1, differences);
        var (rule, difference) = differences.OrderByDescending(one => Math.Abs(one.Value)).ThenBy(one => one.Key, StringComparer.Ordinal).FirstOrDefault();
        return Math.Abs(difference) >= 0.005 ? rule : null; // less is not shown
    }

    private static void Add(LeadState lead, ScoringModels models, DateTimeOffset now, int sign, Dictionary<string, double> sums)
    {
        foreach (var contribution in Engagement.Of(lead.Whole.Ledger, models, lead.Whole, now).Contributions)
        {
            sums[contribution.Rule] = sums.GetValueOrDefault(contribution.Rule) + (sign * contribution.Now);
        }

        foreach (var contribution in models.Live?.FitOf(lead.Whole, now).Contributions ?? [])
        {
            sums[contribution.Rule] = sums.GetValueOrDefault(contribution.Rule) + (sign * contribution.Points);
        }
    }
}
