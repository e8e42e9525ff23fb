using LeadFunctions.Reports;
using LeadFunctions.Reports.Metrics;

namespace LeadFunctions.Tests.Reports;

/// <summary>What outcomes are put down to.</summary>
public sealed class ContributionTests
{
    private const string From = "2026-01-01", To = "2026-12-31";

    [Fact]
    public void The_last_touch_has_it_all_or_each_the_same_and_both_add_up_to_what_was_reached()
    {
        var facts = Some();

        Assert.Equal([("(none)", 2.0, 2), ("spring", 2, 2)], Rows(facts, "last"));
        Assert.Equal([("(none)", 2.0, 2), ("spring", 1.5, 2), ("welcome", 0.5, 1)], Rows(facts, "linear"));
        Assert.Equal([("(none)", 2.0, 2), ("spring", 2, 2), ("welcome", 1, 1)], Rows(facts, "influenced"));
        foreach (var model in (string[])["last", "linear", "influenced"])
        {
            Assert.Equal((4.0, 4), (facts.Report(Query("journey", model)).Total.Weight, facts.Report(Query("journey", model)).Total.People));
        }
    }

    [Fact]
    public void What_nobody_clicked_in_and_what_was_too_long_ago_is_no_touch()
    {
        var facts = Some();

        // Asked by what was done, a form counts; the open and the machine's click do not, and the message of another year does not either.
        Assert.Equal([("(none)", 1.0, 1), ("click", 2, 2), ("form", 1, 1)], Rows(facts, "last", "act"));
        Assert.Equal([("(none)", 3.0, 3), ("contact", 1, 1)], Rows(facts, "last", "form"));
    }

    [Fact]
    public void Money_goes_to_what_came_before_the_deal_and_currencies_are_not_mixed()
    {
        var facts = new Facts();
        Click(facts, "a", "2026-03-01", "welcome");
        facts.Add("a", FactKind.Stage, "2026-03-05T10:00Z", 300.0, (Dimensions.Stage, "customer"), (Dimensions.Currency, "EUR")).Add("b", FactKind.Stage, "2026-03-06T10:00Z", 100.0, (Dimensions.Stage, "customer"), (Dimensions.Currency, "EUR"));

        var report = facts.Report(Query("journey", "last", "revenue"));
        Assert.Equal([("(none)", 100.0), ("welcome", 300)], report.Rows.Select(row => (row.By[0], row.Weight!.Value))); // of one currency there is one
        Assert.Equal(("EUR", 0.75), (report.Currency, report.Rows[1].ShareOf(report.Total)));

        facts.Add("c", FactKind.Stage, "2026-03-06T10:00Z", 100.0, (Dimensions.Stage, "customer"), (Dimensions.Currency, "PLN"));
        Assert.Null(facts.Report(Query("journey", "last", "revenue")).Total.Value(MetricUnit.Credit));
    }

    [Fact]
    public void A_rule_has_its_share_of_the_points_and_is_needed_by_those_who_would_not_have_come_without()
    {
        var facts = new Facts()
            .Stage("a", "2026-03-01T10:00Z", "mql", cause: "rule").Add("a", FactKind.Rule, "2026-03-01T10:00Z", 30.0, (Dimensions.Rule, "pricing"), (Dimensions.Needed, "yes")).Add("a", FactKind.Rule, "2026-03-01T10:00Z", 10.0, (Dimensions.Rule, "blog"))
            .Stage("b", "2026-03-02T10:00Z", "mql", cause: "rule").Add("b", FactKind.Rule, "2026-03-02T10:00Z", 40.0, (Dimensions.Rule, "pricing"))
            .Stage("hand", "2026-03-03T10:00Z", "mql").Stage("before", "2026-03-03T10:00Z", "mql", cause: "rule");

        Assert.Equal(
            [("(none)", 1.0, 0), ("(unknown)", 1, 0), ("blog", 0.25, 0), ("pricing", 1.75, 1)],
            facts.Report(Query("rule", "linear")).Rows.Select(row => (row.By[0], row.Weight!.Value, row.Part))); // of a credit there is one
    }

    [Fact]
    public void A_message_that_does_nothing_shows_no_sign_of_it_and_one_that_does_shows_one()
    {
        var (random, facts) = (new Random(12), new Facts());
        for (var i = 0; i < 600; i++)
        {
            // Of those who get "offer" half become MQLs, of all others a tenth, whether or not they got "news".
            var (isOffered, isTold) = (i % 3 == 0, i % 2 == 0);
            facts.Add($"p{i}", FactKind.Send, "2026-03-01T10:00Z", $"a{i}", (Dimensions.Template, "hello"));
            _ = isOffered ? facts.Add($"p{i}", FactKind.Send, "2026-03-02T10:00Z", $"b{i}", (Dimensions.Template, "offer")) : facts;
            _ = isTold ? facts.Add($"p{i}", FactKind.Send, "2026-03-03T10:00Z", $"c{i}", (Dimensions.Template, "news")) : facts;
            _ = random.NextDouble() < (isOffered ? 0.5 : 0.1) ? facts.Stage($"p{i}", "2026-03-20T10:00Z", "mql") : facts;
        }

        var signs = Sign.Of(new(Query("template", "last"), facts.People(), Facts.Ljubljana, Facts.Now.ToUnixTimeMilliseconds(), ReportSources.None), Dimensions.Template);
        Assert.False(signs["offer"].IsNone);
        Assert.InRange(signs["offer"].Difference, 0.3, 0.5);
        Assert.True(signs["news"].IsNone);
        Assert.False(signs.ContainsKey("hello")); // everybody got it: there is nobody to hold them against
    }

    [Fact]
    public void Each_number_has_its_people()
    {
        var facts = Some();
        foreach (var row in facts.Report(Query("journey", "influenced")).Rows)
        {
            var query = Query("journey", "influenced") with { By = [], Where = [KeyValuePair.Create("journey", row.By[0])] };
            Assert.Equal(row.People, Report.PeopleOf(query, facts.People(), Facts.Ljubljana, Facts.Now, onlyPart: false).Count);
        }
    }

    /// <summary>Of a: welcome, then spring; of b: spring twice; of c: only a form; of d: nothing in time.</summary>
    private static Facts Some()
    {
        var facts = new Facts();
        Click(facts, "a", "2026-03-01", "welcome");
        Click(facts, "a", "2026-03-02", "spring");
        Click(facts, "b", "2026-03-02", "spring");
        Click(facts, "b", "2026-03-03", "spring");
        Click(facts, "b", "2025-10-03", "old");
        facts.Stage("a", "2026-03-05T10:00Z", "mql").Stage("b", "2026-03-05T10:00Z", "mql").Stage("c", "2026-03-05T10:00Z", "mql").Stage("d", "2026-03-05T10:00Z", "mql");
        Click(facts, "d", "2026-03-06", "late");
        facts.Add("c", FactKind.Act, "2026-03-04T10:00Z", null, (Dimensions.Act, "form"), (Dimensions.Form, "contact"));
        facts.Add("d", FactKind.Send, "2026-03-01T10:00Z", "seen", (Dimensions.Journey, "seen")).Add("d", FactKind.Touch, "2026-03-02T10:00Z", "seen", (Dimensions.Act, "open"), (Dimensions.By, "human"))
            .Add("d", FactKind.Touch, "2026-03-02T10:00Z", "seen", (Dimensions.Act, "click"), (Dimensions.By, "machine"));

        return facts.Add("e", FactKind.Eligible, "2026-03-01T10:00Z");
    }

    private static void Click(Facts facts, string lead, string day, string journey) => facts
        .Add(lead, FactKind.Send, $"{day}T10:00Z", $"{lead}{day}", (Dimensions.Journey, journey), (Dimensions.Channel, "email"))
        .Add(lead, FactKind.Touch, $"{day}T11:00Z", $"{lead}{day}", (Dimensions.Act, "click"), (Dimensions.By, "human"));

    private static ReportQuery Query(string by, string model, string outcome = "mql") =>
        Facts.Query("contribution", From, To, [by]) with { Options = new Dictionary<string, string> { ["model"] = model, ["outcome"] = outcome } };

    private static IEnumerable<(string, double, int)> Rows(Facts facts, string model, string by = "journey") =>
        facts.Report(Query(by, model)).Rows.Select(row => (row.By[0], row.Weight!.Value, row.People)); // of a credit there is one
}
