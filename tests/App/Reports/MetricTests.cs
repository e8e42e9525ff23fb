using LeadFunctions.Reports;
using LeadFunctions.Reports.Metrics;
using NodaTime;

namespace LeadFunctions.Tests.Reports;

/// <summary>Each metric by its edges.</summary>
public sealed class MetricTests
{
    private const string From = "2026-03-01", To = "2026-03-31";

    [Fact]
    public void A_new_lead_counts_once_ever_and_by_whichever_of_its_leads_was_first()
    {
        var facts = new Facts()
            .Add("a", FactKind.Eligible, "2026-03-20T10:00Z", null, (Dimensions.Source, "shop"))
            .Add("b", FactKind.Eligible, "2026-03-05T10:00Z", null, (Dimensions.Source, "blog")).Add("b", FactKind.Eligible, "2026-03-25T10:00Z")
            .Add("c", FactKind.Eligible, "2026-03-06T10:00Z", null, (Dimensions.Origin, "import"))
            .Add("d", FactKind.Eligible, "2026-03-06T10:00Z").Add("d", FactKind.Internal, "2026-03-30T10:00Z");

        Assert.Equal(2, facts.Report("new-leads", From, To).Total.Part);
        Assert.Equal(3, facts.Report("new-leads", From, To, origin: null).Total.Part);
        Assert.Equal(1, facts.Report("new-leads", From, To, origin: "import").Total.Part);

        facts.Add("a", FactKind.Merged, "2026-03-26T10:00Z", "b");
        Assert.Equal(["blog"], facts.Report("new-leads", From, To, ["source"]).Rows.Select(row => row.By[0]));

        facts.Add("a", FactKind.Unmerged, "2026-03-27T10:00Z", "b");
        Assert.Equal(["blog", "shop"], facts.Report("new-leads", From, To, ["source"]).Rows.Select(row => row.By[0]));
    }

    [Fact]
    public void An_mql_counts_once_a_pass_and_is_withdrawn_within_a_day()
    {
        var facts = new Facts()
            .Stage("again", "2026-03-01T10:00Z", "mql").Stage("again", "2026-03-03T10:00Z", "lead").Stage("again", "2026-03-04T10:00Z", "mql").Stage("again", "2026-03-05T10:00Z", "recycled").Stage("again", "2026-03-09T10:00Z", "mql")
            .Stage("brief", "2026-03-01T10:00Z", "mql", cause: "rule").Stage("brief", "2026-03-02T10:00Z", "lead")
            .Stage("jump", "2026-03-01T10:00Z", "sql")
            .Stage("accepted", "2026-03-01T10:00Z", "mql").Stage("accepted", "2026-03-01T11:00Z", "sal").Stage("accepted", "2026-03-01T12:00Z", "lead")
            .Stage("bought", "2026-03-01T10:00Z", "customer");

        Assert.Equal((4, 3), (facts.Report("mqls", From, To).Total.Part, facts.Report("mqls", From, To).Total.People));
        Assert.Equal([("accepted", 1), ("again", 2), ("jump", 1)], PeopleOf(facts, "mqls"));
    }

    [Fact]
    public void A_hand_over_is_accepted_rejected_or_pending()
    {
        var facts = new Facts()
            .Stage("yes", "2026-03-01T10:00Z", "mql").Stage("yes", "2026-03-02T10:00Z", "sal").Stage("yes", "2026-03-03T10:00Z", "recycled", "lost", reason: "price")
            .Stage("no", "2026-03-01T10:00Z", "mql").Stage("no", "2026-03-02T10:00Z", "recycled", "rejected", reason: "not now")
            .Stage("rule", "2026-03-01T10:00Z", "mql").Stage("rule", "2026-03-12T10:00Z", "recycled", cause: "rule")
            .Stage("open", "2026-03-31T10:00Z", "mql")
            .Stage("late", "2026-03-10T10:00Z", "mql").Add("late", FactKind.Overdue, "2026-03-12T10:00Z").Stage("late", "2026-03-20T10:00Z", "recycled", cause: "rule")
            .Stage("later", "2026-03-10T10:00Z", "mql").Add("later", FactKind.Overdue, "2026-03-12T10:00Z").Stage("later", "2026-03-20T10:00Z", "sal").Add("later", FactKind.Overdue, "2026-03-30T10:00Z")
            .Stage("won", "2026-03-01T10:00Z", "mql").Stage("won", "2026-04-02T10:00Z", "customer", "won");

        var rejected = facts.Report("rejected", From, To);
        Assert.Equal((1, 4, 1, 1), (rejected.Total.Part, rejected.Total.Whole, Facts.Apart(rejected.Total), Facts.Apart(rejected.Total, "expired")));

        // For a reason: out of all that were decided. Whom else it is cut by is as they were handed over.
        Assert.Equal([("not now", 1, 4, 4)], facts.Report("rejected", From, To, ["reason"]).Rows.Select(row => (row.By[0], row.Part, row.Whole, row.People)));
        Assert.Equal([("2026-03", "not now", 1, 4)], facts.Report("rejected", From, To, ["month", "reason"]).Rows.Select(row => (row.By[0], row.By[1], row.Part, row.Whole)));
        var notNow = Facts.Query("rejected", From, To, null, Basis.Cohort, "live", KeyValuePair.Create("reason", "not now"));
        Assert.Equal((1, 4), (facts.Report(notNow).Total.Part, facts.Report(notNow).Total.Whole));
        Assert.Equal(["no"], PeopleOf(facts, notNow, onlyPart: true));
        Assert.Equal(4, PeopleOf(facts, notNow).Count);
        Assert.Equal(["open"], PeopleOf(facts, Facts.Query("rejected", From, To), of: "pending"));
        Assert.Equal(["late"], PeopleOf(facts, Facts.Query("rejected", From, To), of: "expired"));

        var won = facts.Report("handover-conversion", From, To);
        Assert.Equal((1, 7, 2), (won.Total.Part, won.Total.Whole, Facts.Apart(won.Total)));

        var byAct = facts.Report("handover-conversion", "2026-04-01", "2026-04-30", basis: Basis.Activity);
        Assert.Equal((1, 0), (byAct.Total.Part, byAct.Total.Whole));
        Assert.Null(byAct.Total.Value(MetricUnit.Share));
        Assert.Equal((1, 2), (facts.Report("win-share", From, "2026-04-30").Total.Part, facts.Report("win-share", From, "2026-04-30").Total.Whole));
    }

    [Fact]
    public void A_rejection_is_cut_by_how_the_lead_was_handed_over()
    {
        var facts = new Facts()
            .Stage("a", "2026-03-01T10:00Z", "mql", cause: "rule").Stage("a", "2026-03-02T10:00Z", "recycled", "rejected")
            .Stage("b", "2026-03-01T10:00Z", "mql", cause: "rule").Stage("b", "2026-03-02T10:00Z", "sal");

        Assert.Equal([("rule", 1, 2)], facts.Report("rejected", From, To, ["cause"]).Rows.Select(row => (row.By[0], row.Part, row.Whole)));
    }

    [Fact]
    public void Whoever_was_imported_counts_as_such_in_every_figure()
    {
        var facts = new Facts()
            .Add("came", FactKind.Eligible, "2026-03-01T10:00Z").Stage("came", "2026-03-02T10:00Z", "mql")
            .Add("file", FactKind.Eligible, "2026-03-01T10:00Z", null, (Dimensions.Origin, "import")).Stage("file", "2026-03-02T10:00Z", "mql").Stage("nobody", "2026-03-02T10:00Z", "mql");

        Assert.Equal([("import", 1), ("live", 2)], facts.Report("mqls", From, To, ["origin"], origin: null).Rows.Select(row => (row.By[0], row.Part)));
        Assert.Equal(["file"], PeopleOf(facts, Facts.Query("mqls", From, To, origin: "import")));
    }

    [Fact]
    public void A_deal_is_as_it_was_closed_last_until_it_is_worked_on_anew()
    {
        var facts = new Facts()
            .Stage("a", "2026-03-01T10:00Z", "sql").Stage("a", "2026-03-02T10:00Z", "recycled", "lost").Stage("a", "2026-03-05T10:00Z", "customer", "won")
            .Stage("b", "2026-03-01T10:00Z", "sql").Stage("b", "2026-03-02T10:00Z", "recycled", "lost").Stage("b", "2026-03-05T10:00Z", "sql").Stage("b", "2026-03-06T10:00Z", "customer");

        Assert.Equal((2, 3), (facts.Report("win-share", From, To).Total.Part, facts.Report("win-share", From, To).Total.Whole));

        // Who has churned and buys again has bought twice.
        var again = new Facts().Stage("c", "2026-03-01T10:00Z", "customer", "won").Stage("c", "2026-03-10T10:00Z", "churned").Stage("c", "2026-03-20T10:00Z", "customer", "won");
        Assert.Equal((2, 2), (again.Report("win-share", From, To).Total.Part, again.Report("win-share", From, To).Total.Whole));
    }

    [Fact]
    public void New_leads_are_followed_to_mql_and_customer()
    {
        var facts = new Facts()
            .Add("quick", FactKind.Eligible, "2026-03-01T10:00Z").Stage("quick", "2026-03-02T10:00Z", "mql").Stage("quick", "2026-05-02T10:00Z", "customer")
            .Add("slow", FactKind.Eligible, "2026-03-01T10:00Z").Stage("slow", "2026-03-02T10:01Z", "mql")
            .Add("before", FactKind.Eligible, "2026-03-10T10:00Z").Stage("before", "2026-02-02T10:01Z", "mql");

        Assert.Equal((2, 3), (facts.Report("ready-on-arrival", From, To).Total.Part, facts.Report("ready-on-arrival", From, To).Total.Whole));
        Assert.Equal((1, 3), (facts.Report("lead-conversion", From, To).Total.Part, facts.Report("lead-conversion", From, To).Total.Whole));
        Assert.Equal((0, 3), (facts.Report("lead-conversion", From, To, basis: Basis.Activity).Total.Part, facts.Report("lead-conversion", From, To, basis: Basis.Activity).Total.Whole));
    }

    [Fact]
    public void A_message_is_read_once_by_people_and_only_if_it_arrived()
    {
        (string, string)[] mail = [(Dimensions.Channel, "email"), (Dimensions.Template, "spring")];
        var facts = new Facts()
            .Add("a", FactKind.Send, "2026-03-01T10:00Z", "s1", mail).Add("a", FactKind.Touch, "2026-03-02T10:00Z", "s1", Touch("open", "human")).Add("a", FactKind.Touch, "2026-03-03T10:00Z", "s1", Touch("open", "human"))
            .Add("b", FactKind.Send, "2026-03-01T10:00Z", "s2", mail).Add("b", FactKind.Touch, "2026-03-01T10:00Z", "s2", Touch("click", "machine"))
            .Add("c", FactKind.Send, "2026-03-01T10:00Z", "s3", mail).Add("c", FactKind.Bounce, "2026-03-01T10:05Z", "s3")
            .Add("d", FactKind.Send, "2026-03-01T10:00Z", "s4", mail).Add("d", FactKind.Touch, "2026-04-01T10:00Z", "s4", Touch("click", "human"))
            .Add("e", FactKind.Send, "2026-03-01T10:00Z", "s5", mail).Add("e", FactKind.Touch, "2026-03-20T10:00Z", "s5", Touch("click", "human"))
            .Add("f", FactKind.Send, "2026-03-01T10:00Z", "s6", (Dimensions.Channel, "sms")).Add("f", FactKind.Touch, "2026-03-20T10:00Z", "s6", Touch("click", "human"));

        var opens = facts.Report("open-rate", From, To).Total;
        Assert.Equal((2, 4, 3, 4), (opens.Part, opens.Whole, opens.Raw, opens.People));
        var clicks = facts.Report("ctr", From, To, ["channel"]).Rows;
        Assert.Equal([("email", 1, 4, 2), ("sms", 1, 1, 1)], clicks.Select(row => (row.By[0], row.Part, row.Whole, row.Raw)));
        Assert.Equal(2, facts.Report("ctr", "2026-03-20", "2026-03-20", basis: Basis.Activity).Total.Part);
    }

    [Fact]
    public void A_lead_is_reopened_once_in_thirty_days()
    {
        var facts = new Facts();
        foreach (var day in (string[])["2026-01-01", "2026-01-30", "2026-01-31", "2026-03-01", "2026-03-02"])
        {
            facts.Add("a", FactKind.Reopened, day + "T10:00Z");
        }

        Assert.Equal([("2026-01", 2), ("2026-02", 0), ("2026-03", 1)], facts.Report("reopened", "2026-01-01", To, ["month"]).Rows.Select(row => (row.By[0], row.Part)));
    }

    [Fact]
    public void Who_has_not_come_there_yet_counts_for_as_long_as_they_have_been_on_the_way()
    {
        // Two of four have bought, after 10 and 20 days; one has not for 15, one not for 30: left to buy are 4, 3 less one, and so on.
        Assert.Equal(new Spread(10, 20, null, 2, 2), Spread.Of([(20, false), (30, true), (10, false), (15, true)]));
        Assert.Equal(new Spread(null, null, null, 0, 1), Spread.Of([(20, true)]));
        Assert.Equal(new Spread(1, 2, 3, 4, 0), Spread.Of([(1, false), (2, false), (3, false), (4, false)]));
    }

    [Fact]
    public void The_funnel_passes_stages_that_were_skipped()
    {
        var facts = new Facts()
            .Add("a", FactKind.Eligible, "2026-03-01T10:00Z").Stage("a", "2026-03-05T10:00Z", "sql").Stage("a", "2026-03-11T10:00Z", "customer")
            .Add("b", FactKind.Eligible, "2026-03-02T10:00Z").Stage("b", "2026-03-03T10:00Z", "mql")
            .Add("c", FactKind.Eligible, "2026-03-03T10:00Z");

        Assert.Equal([("customer", 1, 3), ("mql", 2, 3), ("sal", 1, 3), ("sql", 1, 3)], facts.Report("funnel", From, To, ["stage"]).Rows.Select(row => (row.By[0], row.Part, row.Whole)));
        Assert.Equal(4, facts.Report("stage-time", From, To, ["stage"]).Rows.Single(row => row.By[0] == "mql").Spread!.Median); // of a median there is one
    }

    /// <summary>Whoever only has their pictures loaded for them may or may not have read: that is no opened mail, and no unopened one.</summary>
    [Fact]
    public void Opens_are_a_share_of_the_mails_that_can_be_measured()
    {
        var facts = new Facts();
        foreach (var (send, acts) in ((string, (string, string)[])[])[
            ("read", [("open", "human")]), ("loaded", [("open", "proxy")]), ("clicked", [("open", "proxy"), ("click", "human")]), ("read first", [("open", "human"), ("open", "proxy")]), ("scanned", [("open", "machine")]), ("nothing", []), ("back", [("open", "proxy")])])
        {
            facts.Add("a", FactKind.Send, "2026-03-01T10:00Z", send, (Dimensions.Channel, "email"));
            foreach (var (act, by) in acts)
            {
                facts.Add("a", FactKind.Touch, "2026-03-02T10:00Z", send, Touch(act, by));
            }
        }

        facts.Add("a", FactKind.Bounce, "2026-03-03T10:00Z", "back");

        var opens = facts.Report("open-rate", From, To).Total;
        Assert.Equal((3, 5, 1, 5), (opens.Part, opens.Whole, Facts.Apart(opens, "unmeasured"), opens.Raw));
        Assert.Equal(5.0 / 6, opens.RawValue);
        Assert.Equal((1, 6), (facts.Report("ctr", From, To).Total.Part, facts.Report("ctr", From, To).Total.Whole));
    }

    [Fact]
    public void Touches_are_what_arrived_and_what_people_did_before_each_hand_over()
    {
        var facts = new Facts()
            .Add("a", FactKind.Send, "2026-03-01T10:00Z", "s1").Add("a", FactKind.Touch, "2026-03-02T10:00Z", "s1", Touch("open", "human")).Add("a", FactKind.Touch, "2026-03-02T10:01Z", "s1", Touch("open", "machine"))
            .Add("a", FactKind.Send, "2026-03-03T10:00Z", "s2").Add("a", FactKind.Bounce, "2026-03-03T10:01Z", "s2")
            .Stage("a", "2026-03-05T10:00Z", "mql").Stage("a", "2026-03-06T10:00Z", "recycled").Add("a", FactKind.Send, "2026-03-07T10:00Z", "s3").Stage("a", "2026-03-08T10:00Z", "mql");
        var untilWon = Facts.Query("touches", From, To) with { Options = new Dictionary<string, string> { [Ways.Before] = "customer" } };

        Assert.Equal(new Spread(1, 1, 2, 2, 0), facts.Report("touches", From, To).Total.Spread);
        Assert.Equal(0, facts.Report(untilWon, null).Total.Spread!.Observed); // of a median there is one

        facts.Add("a", FactKind.Send, "2026-03-09T10:00Z", "s4").Stage("a", "2026-03-10T10:00Z", "customer");
        Assert.Equal(new Spread(4, 4, 4, 1, 0), facts.Report(untilWon, null).Total.Spread);
    }

    [Fact]
    public void Days_and_months_are_cut_in_the_workspaces_zone_also_when_clocks_change()
    {
        // Midnight in Ljubljana is 23:00Z in winter, 22:00Z in summer; clocks change on 29 March and 25 October 2026.
        var facts = new Facts()
            .Stage("a", "2026-03-28T22:59:59.999Z", "mql").Stage("b", "2026-03-28T23:00Z", "mql").Stage("c", "2026-03-29T21:59:59.999Z", "mql").Stage("d", "2026-03-29T22:00Z", "mql")
            .Stage("e", "2026-10-24T22:00Z", "mql").Stage("f", "2026-10-25T22:59:59.999Z", "mql").Stage("g", "2026-10-25T23:00Z", "mql").Stage("h", "2026-10-31T23:00Z", "mql");

        Assert.Equal([("2026-03-28", 1), ("2026-03-29", 2), ("2026-03-30", 1)], Rows("2026-03-28", "2026-03-30", "day"));
        Assert.Equal([("2026-10-25", 2), ("2026-10-26", 1)], Rows("2026-10-25", "2026-10-26", "day"));
        Assert.Equal([("2026-10", 3), ("2026-11", 1)], Rows("2026-10-01", "2026-11-30", "month"));
        Assert.Equal([("2026-W13", 3), ("2026-W14", 1)], Rows("2026-03-28", "2026-04-01", "week"));
        Assert.Equal([("2026-Q1", 4), ("2026-Q2", 0), ("2026-Q3", 0), ("2026-Q4", 4)], Rows("2026-01-01", "2026-12-31", "quarter"));
        Assert.Equal([("2026-10", 4)], facts.Report("mqls", "2026-10-01", "2026-10-31", ["month"], zone: DateTimeZone.Utc).Rows.Select(row => (row.By[0], row.Part)));

        // A zone that leaves midnight out: the day begins at one.
        var cairo = Periods.Of("day", new(2026, 4, 24), new(2026, 4, 24), DateTimeZoneProviders.Tzdb["Africa/Cairo"]).All.Single();
        Assert.Equal(23, TimeSpan.FromMilliseconds(cairo.End - cairo.Begin).TotalHours);

        IEnumerable<(string, int)> Rows(string from, string to, string unit) => facts.Report("mqls", from, to, [unit]).Rows.Select(row => (row.By[0], row.Part));
    }

    [Fact]
    public void The_range_before_is_as_many_months_or_days()
    {
        Assert.Equal((Facts.Day("2026-02-01"), Facts.Day("2026-02-28")), Before("2026-03-01", "2026-03-31"));
        Assert.Equal((Facts.Day("2025-10-01"), Facts.Day("2025-12-31")), Before("2026-01-01", "2026-03-31"));
        Assert.Equal((Facts.Day("2026-02-22"), Facts.Day("2026-02-28")), Before("2026-03-01", "2026-03-07"));

        static (LocalDate, LocalDate) Before(string from, string to) => Facts.Query("mqls", from, to).Previous() is var before ? (before.From, before.To) : default;
    }

    [Fact]
    public void What_may_still_change_is_said()
    {
        var query = Facts.Query("open-rate", "2026-01-01", "2026-03-31", ["month"]);

        var incomplete = Report.IncompleteOf(query, DateTimeZone.Utc, new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal([("2026-02", "immature"), ("2026-03", "open")], incomplete.Select(period => (period.Period, period.Why)));
        Assert.Equal(new DateTimeOffset(2026, 3, 31, 0, 0, 0, TimeSpan.Zero), DateTimeOffset.FromUnixTimeMilliseconds(incomplete[0].Until));
    }

    [Fact]
    public void Two_dimensions_cut_what_one_does_and_their_people_are_those_counted()
    {
        var facts = new Facts();
        for (var i = 0; i < 60; i++)
        {
            facts.Add($"p{i}", FactKind.Eligible, $"2026-03-{1 + (i % 28):00}T10:00Z", null, (Dimensions.Source, $"s{i % 3}"), (Dimensions.Country, i % 2 == 0 ? "SI" : "AT"));
        }

        var rows = facts.Report("new-leads", From, To, ["source", "week"]).Rows;
        Assert.Equal(60, rows.Sum(row => row.Part));
        foreach (var row in rows)
        {
            var people = Report.PeopleOf(Facts.Query("new-leads", From, To, null, Basis.Cohort, "live", KeyValuePair.Create("source", row.By[0]), KeyValuePair.Create("week", row.By[1])), facts.People(), Facts.Ljubljana, Facts.Now, onlyPart: false);
            Assert.Equal(row.Part, people.Count);
        }
    }

    [Fact]
    public void The_page_of_metrics_says_what_the_server_counts_by()
    {
        var written = MetricsDocument.Text();
        var path = Path.Combine(Path.GetTempPath(), "metrics.md");
        if (written != Repository.Read("docs/metrics.md"))
        {
            File.WriteAllText(path, written);
        }

        Assert.True(written == Repository.Read("docs/metrics.md"), $"docs/metrics.md is to be as {path}.");
    }

    private static (string, string)[] Touch(string act, string by) => [(Dimensions.Act, act), (Dimensions.By, by)];

    private static List<string> PeopleOf(Facts facts, ReportQuery query, bool onlyPart = false, string? of = null) =>
        [.. Report.PeopleOf(query, facts.People(), Facts.Ljubljana, Facts.Now, onlyPart, of: of).Select(person => person.LeadId)];

    private static IEnumerable<(string, int)> PeopleOf(Facts facts, string metric) =>
        Report.PeopleOf(Facts.Query(metric, From, To), facts.People(backwards: true), Facts.Ljubljana, Facts.Now, onlyPart: false).Select(person => (person.LeadId, person.Times));
}
