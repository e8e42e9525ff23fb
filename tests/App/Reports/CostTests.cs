using LeadFunctions.Reports;
using LeadFunctions.Reports.Api;
using LeadFunctions.Reports.Metrics;

namespace LeadFunctions.Tests.Reports;

/// <summary>What was spent, for whom, and what came in.</summary>
public sealed class CostTests
{
    [Fact]
    public async Task A_file_says_of_every_row_what_the_answer_says()
    {
        var facts = new Facts()
            .Add("=a", FactKind.Eligible, "2026-03-01T10:00Z", null, (Dimensions.Source, "=cmd|' /C calc'!A0")).Stage("=a", "2026-03-02T10:00Z", "customer")
            .Add("b", FactKind.Eligible, "2026-03-01T10:00Z", null, (Dimensions.Source, "fair"));
        foreach (var (by, lines) in ((string[], int)[])[(["source"], 3), (["stage"], 5), (["source", "stage"], 9)])
        {
            var query = Facts.Query("funnel", From, To, by);
            var report = facts.Report(query);
            var text = new System.Text.StringBuilder();
            await foreach (var piece in ReportCsv.PiecesAsync(query, report))
            {
                text.Append(System.Text.Encoding.UTF8.GetString(piece.Span));
            }

            var rows = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(lines, rows.Length);
            Assert.All(rows.Skip(1), row => Assert.False(row.StartsWith('='), row));
            var shown = new ShownReport(new(query, false, "json", 100, []), report, null, "Europe/Ljubljana", Facts.Now, "0", []).ToJson(report.Rows, null, null)["rows"]!.AsArray();
            Assert.Equal(shown.Select(row => (row!["value"]?.ToString() ?? "", row["reason"]?.ToString() ?? "")), rows.Skip(1).Select(row => row.Split(',')[^5..]).Select(cells => (cells[0], cells[1])));
            Assert.Equal(by is ["source"], shown.All(row => (string?)row!["reason"] == "onlyByStage"));
        }
    }

    private const string From = "2026-03-01", To = "2026-03-31";

    /// <summary>JSON has no infinity: two costs of the largest number would leave no report.</summary>
    [Theory]
    [InlineData("1e12", true)]
    [InlineData("1.7e308", false)]
    [InlineData("-1", false)]
    public void What_was_spent_is_an_amount_that_others_can_be_added_to(string amount, bool isOne) => Assert.Equal(
        isOne ? [] : ["$.amount"],
        Cost.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"from":"2026-01-01","to":"2026-01-31","amount":{{amount}},"currency":"EUR"}""")).Errors.Select(error => error.Path));

    [Fact]
    public void Costs_are_spread_over_their_days_and_go_to_the_mqls_of_their_source()
    {
        var facts = new Facts()
            .Add("a", FactKind.Stage, "2026-03-01T10:00Z", null, (Dimensions.Stage, "mql"), (Dimensions.Source, "fair"))
            .Add("b", FactKind.Stage, "2026-03-11T10:00Z", null, (Dimensions.Stage, "mql"), (Dimensions.Source, "fair"))
            .Add("c", FactKind.Stage, "2026-04-02T10:00Z", null, (Dimensions.Stage, "mql"));
        IReadOnlyList<Cost> costs = [CostOf("2026-03-01", "2026-04-30", 610, "fair"), CostOf("2026-03-01", "2026-03-31", 310, null), CostOf("2026-03-05", "2026-03-05", 50, "ads"), CostOf("2026-05-01", "2026-05-31", 99, "fair")];

        Assert.Equal([("(unallocated)", null, 310.0), ("ads", null, 50), ("fair", 155.0, 310)], Rows(From, To, "source"));
        Assert.Equal([("(none)", 0.0, 0), ("(unallocated)", null, 670)], Rows(From, To, "journey"));
        Assert.Equal([("2026-03", 335.0, 670.0), ("2026-04", 300, 300)], Rows(From, "2026-04-30", "month"));

        // What is in another currency is not mixed with it, and takes nothing from rows that are in one.
        var mixed = Of(From, To, "source", [.. costs, CostOf("2026-03-02", "2026-03-02", 1, null, "PLN")]);
        Assert.Equal((null, null), (mixed.Total.Value(MetricUnit.Cost), mixed.Total.Currency));
        Assert.Equal([("(unallocated)", null, null), ("ads", null, "EUR"), ("fair", 155.0, "EUR")], mixed.Rows.Select(row => (row.By[0], row.Value(MetricUnit.Cost), row.Currency)));
        Assert.Equal(50, Of(From, To, "source", [.. costs, CostOf("2026-03-02", "2026-03-02", 1, null, "PLN")]).Rows.Single(row => row.By[0] == "ads").Kinds["other"]);

        IEnumerable<(string, double?, double?)> Rows(string from, string to, string by) =>
            Of(from, to, by, costs).Rows.Select(row => (row.By[0], row.Value(MetricUnit.Cost) is { } value ? Math.Round(value, 6) : (double?)null, (double?)Math.Round(row.Cost!.Value, 6))); // of one currency there is one

        Report Of(string from, string to, string by, IReadOnlyList<Cost> spent) => Report.Of(Facts.Query("cost-per-mql", from, to, [by]), facts.People(), Facts.Ljubljana, Facts.Now, ReportSources.None with { Costs = spent });

        static Cost CostOf(string from, string to, double amount, string? source, string currency = "EUR") =>
            new(null, Facts.Day(from), Facts.Day(to), amount, currency, null, source is null ? null : KeyValuePair.Create(Dimensions.Source, source));
    }

    /// <summary>What was won is said beside what was spent, and counts nobody.</summary>
    [Theory]
    [InlineData("EUR", 400.0, 4.0)]
    [InlineData("PLN", null, null)]
    public void What_deals_bring_in_stands_beside_what_was_spent(string currency, double? revenue, double? perCost)
    {
        var facts = new Facts()
            .Add("a", FactKind.Stage, "2026-03-01T10:00Z", null, (Dimensions.Stage, "mql"), (Dimensions.Journey, "welcome")).Add("a", FactKind.Stage, "2026-03-09T10:00Z", 400, (Dimensions.Stage, "customer"), (Dimensions.Currency, currency))
            .Add("b", FactKind.Stage, "2026-02-01T10:00Z", null, (Dimensions.Stage, "mql"), (Dimensions.Journey, "spring")).Add("b", FactKind.Stage, "2026-04-09T10:00Z", 70, (Dimensions.Stage, "customer"), (Dimensions.Currency, currency));
        var sources = ReportSources.None with { Costs = [new(null, Facts.Day(From), Facts.Day(To), 100, "EUR", "media", KeyValuePair.Create(Dimensions.Journey, "welcome"))] };

        var report = Report.Of(Facts.Query("cost-per-mql", From, To, ["journey"]), facts.People(), Facts.Ljubljana, Facts.Now, sources);
        var row = Assert.Single(report.Rows);
        Assert.Equal(("welcome", 100.0, revenue, perCost, 1), (row.By[0], Rounded(row.Value(MetricUnit.Cost)), Rounded(row.Revenue), Rounded(row.RevenuePerCost), row.People));
        Assert.Equal((100.0, revenue), (Rounded(report.Total.Cost), Rounded(report.Total.Revenue)));
        Assert.Equal(["a"], Report.PeopleOf(Facts.Query("cost-per-mql", From, To), facts.People(), Facts.Ljubljana, Facts.Now, onlyPart: false, sources).Select(person => person.LeadId));
    }

    [Theory]
    [InlineData("""{"source":"fair"}""", "source fair", null)]
    [InlineData("""{"firstCampaign":"spring"}""", "firstCampaign spring", null)]
    [InlineData("""{"journey":"welcome"}""", "journey welcome", null)]
    [InlineData("""{}""", null, null)]
    [InlineData("""{"source":"fair","journey":"welcome"}""", null, "$.journey")]
    public void A_cost_is_for_the_leads_of_one_thing_or_of_none(string target, string? expected, string? mistake)
    {
        var (cost, errors) = Cost.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{"from":"2026-01-01","to":"2026-01-31","amount":1,"currency":"EUR"{{(target.Length > 2 ? "," : "")}}{{target[1..]}}"""));

        Assert.Equal(mistake, errors.Count == 0 ? null : errors[0].Path);
        Assert.Equal(expected, cost?.Target is { } named ? $"{named.Key} {named.Value}" : null);
    }

    private static double? Rounded(double? amount) => amount is { } known ? Math.Round(known, 6) : null;
}
