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
    public void A_plain_count_over_random_lives_says_the_same()
    {
        string[] stages = ["mql", "sal", "sql", "customer", "recycled", "disqualified", "lead"];
        for (var seed = 0; seed < 20; seed++)
        {
            var (random, facts, lives) = (new Random(seed), new Facts(), new List<Life>());
            for (var i = 0; i < 300; i++)
            {
                var life = new Life(Now.AddDays(-random.Next(600)).AddMinutes(-random.Next(1440)), []);
                facts.Add($"r{i}", FactKind.Eligible, life.Began.ToString("O"));
                for (var at = life.Began.AddDays(random.Next(-5, 40) + 0.5); at < Now && random.Next(4) > 0; at = at.AddDays(random.Next(1, 60)))
                {
                    life.Moves.Add((at, stages.Where(stage => stage != life.StageAt(at)).ElementAt(random.Next(stages.Length - 1))));
                    facts.Stage($"r{i}", at.ToString("O"), life.Moves[^1].Stage);
                }

                lives.Add(life);
            }

            var days = 30 + random.Next(60);
            var report = facts.Report(Query(days), Now);
            var until = Periods.Moment(Instant.FromDateTimeOffset(Now).InZone(Facts.Ljubljana).Date.PlusDays(days), Facts.Ljubljana);
            var plain = Plain(lives, TimeSpan.FromMilliseconds(until - Now.ToUnixTimeMilliseconds()));
            Assert.True(plain.Count > 1, "Nobody was open.");
            foreach (var (stage, (expected, untried)) in plain)
            {
                var row = report.Rows.Single(row => row.By[0] == stage);
                Assert.Equal((stage, Math.Round(expected, 9), untried), (stage, Math.Round(row.Weight ?? 0, 9), Facts.Apart(row)));
            }

            Assert.Equal(plain.Values.Sum(one => one.Expected), report.Total.Weight!.Value, 9); // of what is expected there is one
        }
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

    /// <summary>By stage: of how many it is expected that they become customers, and of how many nobody knows. As somebody would count who looks at each open lead, and then for those who were once where such leads are on the average.</summary>
    private static Dictionary<string, (double Expected, int Untried)> Plain(List<Life> lives, TimeSpan ahead)
    {
        var open = lives.Where(life => life.WonAt is null && life.StageAt(Now) is "lead" or "mql" or "sal" or "sql")
            .Select(life => (Stage: life.StageAt(Now), Age: Now - life.Stays()[^1].From)).ToList();
        return open.GroupBy(one => one.Stage).ToDictionary(stage => stage.Key, stage =>
        {
            var shares = stage.Select(one => Share(one.Stage, Band(one.Age))).ToList();
            return (shares.Sum(share => share ?? 0), shares.Count(share => share is null));
        });

        static int Band(TimeSpan age) => Array.FindLastIndex([0, 1, 3, 7, 14, 30, 60, 90, 180, 365, 730], days => days <= age.TotalDays);

        double? Share(string stage, int band)
        {
            var same = open.Where(one => one.Stage == stage && Band(one.Age) == band).ToList();
            var age = same.Count > 0 ? TimeSpan.FromMilliseconds((long)(same.Sum(one => one.Age.TotalMilliseconds) / same.Count)) : TimeSpan.FromDays(new[] { 0, 1, 3, 7, 14, 30, 60, 90, 180, 365, 730 }[band]);
            var there = lives.SelectMany(life => life.Stays().Select(stay => (stay.Stage, At: stay.From + age, Until: stay.To, WonAt: life.WonAt is { } won && won >= stay.From ? won : DateTimeOffset.MaxValue)))
                .Where(one => one.Stage == stage && one.At + ahead <= Now && one.Until > one.At && one.WonAt > one.At).ToList();
            return there.Count >= 20 ? (double)there.Count(one => one.WonAt <= one.At + ahead) / there.Count : band > 0 ? Share(stage, band - 1) : null;
        }
    }

    /// <param name="Moves">To which stages and when, in order; some before it began to count.</param>
    private sealed record Life(DateTimeOffset Began, List<(DateTimeOffset At, string Stage)> Moves)
    {
        public DateTimeOffset? WonAt => Moves.Where(move => move.Stage == "customer").Select(move => (DateTimeOffset?)move.At).FirstOrDefault();

        public string StageAt(DateTimeOffset at) => Moves.LastOrDefault(move => move.At <= at).Stage ?? "lead";

        public List<(string Stage, DateTimeOffset From, DateTimeOffset To)> Stays()
        {
            DateTimeOffset[] cuts = [Began, .. Moves.Select(move => move.At).Where(at => at > Began), DateTimeOffset.MaxValue];
            return [.. cuts.Zip(cuts.Skip(1)).Select(stay => (StageAt(stay.First), stay.First, stay.Second))];
        }
    }

    private static ReportQuery Query(int days, DateTimeOffset? now = null)
    {
        var today = Instant.FromDateTimeOffset(now ?? Now).InZone(Facts.Ljubljana).Date;
        return new(AllMetrics.Find("forecast")!, today, today.PlusDays(days - 1), ["stage"], Basis.Cohort, null, []); // there is one
    }
}
