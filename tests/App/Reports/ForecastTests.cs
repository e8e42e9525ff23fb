using LeadFunctions.Reports;
using LeadFunctions.Reports.Metrics;
using NodaTime;

namespace LeadFunctions.Tests.Reports;

/// <summary>How many are to be expected, of people whose chances are known.</summary>
public sealed class ForecastTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 11, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_counts_with_the_share_of_those_who_were_where_it_is_now()
    {
        // Of 100 who were MQLs for ten days, 40 bought in the 90 days after; of 100 who were only leads, 10.
        var facts = new Facts();
        for (var i = 0; i < 100; i++)
        {
            facts.Add($"m{i}", FactKind.Eligible, "2026-02-01T10:00Z").Stage($"m{i}", "2026-03-01T10:00Z", "mql");
            facts.Add($"l{i}", FactKind.Eligible, "2026-02-01T10:00Z");
            _ = i < 40 ? facts.Add($"m{i}", FactKind.Stage, "2026-04-01T10:00Z", 100.0 + i, (Dimensions.Stage, "customer"), (Dimensions.Currency, "EUR")) : i < 80 ? facts.Stage($"m{i}", "2026-05-20T10:00Z", "recycled") : facts.Stage($"m{i}", "2026-05-20T10:00Z", "disqualified");
            _ = i < 10 ? facts.Stage($"l{i}", "2026-03-15T10:00Z", "customer") : facts.Stage($"l{i}", "2026-09-15T10:00Z", "disqualified");
        }

        for (var i = 0; i < 20; i++)
        {
            facts.Add($"open{i}", FactKind.Eligible, "2026-10-01T10:00Z").Stage($"open{i}", "2026-11-20T11:00Z", "mql");
            facts.Add($"new{i}", FactKind.Eligible, "2026-12-01T10:00Z");
        }

        facts.Add("newest", FactKind.Eligible, "2026-12-01T10:00Z").Stage("newest", "2026-12-01T10:30Z", "sql");

        var report = facts.Report(Query(90), Now);
        var (mql, lead) = (report.Rows.Single(row => row.By[0] == "mql"), report.Rows.Single(row => row.By[0] == "lead"));
        Assert.Equal(20 * 0.4, mql.Weight!.Value, 9); // of what is expected there is one
        Assert.Equal((20, 20, 1), (mql.People, lead.People, Facts.Apart(report.Rows.Single(row => row.By[0] == "sql"))));

        // Of all 240 who ever were leads for no time at all, but for the 41 of the last 90 days: ten bought as leads in time, and those forty who had become MQLs in between.
        Assert.Equal(20 * 50.0 / 200, lead.Weight!.Value, 9); // likewise
        Assert.Equal(mql.Weight.Value + lead.Weight.Value, report.Total.Weight!.Value, 9); // likewise

        // By chance, and since a hundred is no more than a hundred.
        Assert.Equal(Math.Sqrt(0.4 * 0.6 * (20 + (20 * 20 / 100.0))), mql.Deviation, 9);
        Assert.Equal((50, (double?)119.5, "EUR"), (report.Outlook!.Won, report.Outlook.Deal, report.Outlook.Currency)); // of a forecast there is one
        Assert.Equal(41, Report.PeopleOf(Query(90) with { By = [] }, facts.People(), Facts.Ljubljana, Now, onlyPart: false).Count + Facts.Apart(report.Total));
    }

    [Fact]
    public void With_fewer_than_thirty_customers_nobody_can_tell()
    {
        var facts = new Facts();
        for (var i = 0; i < 29; i++)
        {
            facts.Add($"a{i}", FactKind.Eligible, "2026-02-01T10:00Z").Stage($"a{i}", "2026-03-01T10:00Z", "customer");
        }

        facts.Add("open", FactKind.Eligible, "2026-11-30T10:00Z");
        var report = facts.Report(Query(30), Now);
        Assert.Equal((null, "fewerThan30Won", 29), (report.Total.Value(MetricUnit.Expected), report.Outlook!.Reason, report.Outlook.Won)); // of a forecast there is one
    }

    [Fact]
    public void The_past_shows_how_far_off_it_is_and_the_interval_holds_most_of_the_time()
    {
        var (held, off) = (0, new List<double>());
        for (var seed = 0; seed < 60; seed++)
        {
            var (random, facts, begin) = (new Random(seed), new Facts(), new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero));
            for (var i = 0; i < 700; i++)
            {
                // The same at all times: who is new buys within a year in one of three cases, sooner rather than later.
                var at = begin.AddMinutes(random.Next(60 * 24 * 547));
                facts.Add($"p{i}", FactKind.Eligible, at.ToString("O"));
                if (random.Next(3) == 0)
                {
                    facts.Stage($"p{i}", at.AddDays(120 * random.NextDouble() * random.NextDouble() + 0.01).ToString("O"), "customer");
                }
            }

            var past = facts.Report(Query(30), Now).Outlook!.Past; // of a forecast there is one
            Assert.Equal(3, past.Count);
            var known = Forecast.Of(facts.People(), past[0].At, 30L * 24 * 60 * 60 * 1000);
            var then = facts.Report(Query(30, DateTimeOffset.FromUnixTimeMilliseconds(past[0].At)), DateTimeOffset.FromUnixTimeMilliseconds(past[0].At)).Total;
            Assert.True(known.Won >= Forecast.FewestWon);
            held += past[0].Actual >= then.Lower && past[0].Actual <= then.Upper ? 1 : 0;
            off.Add(past[0].Expected - past[0].Actual);
        }

        Assert.InRange(held, 40, 58); // 80 of 100, of sixty
        Assert.InRange(off.Average(), -3, 3);
    }

    private static ReportQuery Query(int days, DateTimeOffset? now = null)
    {
        var today = Instant.FromDateTimeOffset(now ?? Now).InZone(Facts.Ljubljana).Date;
        return new(AllMetrics.Find("forecast")!, today, today.PlusDays(days - 1), ["stage"], Basis.Cohort, null, []); // there is one
    }
}
