using LeadFunctions.Leads.State;
using LeadFunctions.Reports.Metrics;
using NodaTime;

namespace LeadFunctions.Reports.Writing;

/// <summary>
/// How a lead stood when the month of its last commit ended: the first commit after that still has it in hand as it was. The same that its listing says of it as long as nothing comes (<see cref="ScoreProfile"/>), so that a month
/// that is over does not change: graded as it was last, and with the cap of then.
/// </summary>
/// <param name="Model">The version that was live.</param>
internal readonly record struct MonthEnd(double Engagement, string? Grade, string? Model)
{
    /// <param name="before">The lead before a commit.</param>
    public static MonthEnd Of(LeadState before, LeadRules rules, Metrics.Period month)
    {
        var last = DateTimeOffset.FromUnixTimeMilliseconds(month.End - 1);
        var model = rules.Scoring.LiveAt(last);
        return new(Scoring.Engagement.Value(before.Whole.Ledger, rules.Scoring.WithLive(model), before.Whole, last), before.Grade, model?.Reference);
    }

    /// <summary>The month that a commit was made in, if it is over.</summary>
    /// <param name="committed">Unix ms; 0: never.</param>
    public static Metrics.Period? Passed(long committed, DateTimeZone zone, DateTimeOffset now)
    {
        var last = DateTimeOffset.FromUnixTimeMilliseconds(committed);
        if (committed == 0 || (last.Year == now.Year && last.Month == now.Month && last.Day > 1 && now.Day < 28))
        {
            return null; // in no zone: they are less than a day apart
        }

        return Periods.MonthOf(committed, zone) is var month && month.End <= now.ToUnixTimeMilliseconds() ? month : null;
    }
}
