using LeadFunctions.Scoring;
using LeadFunctions.Scoring.Api;

namespace LeadFunctions.Tests.Scoring;

public sealed class RulePointCountTests
{
    [Fact]
    public void Points_of_a_time_are_added_up_by_rule_over_all_leads_as_they_were_given()
    {
        var count = new RulePointCount();
        count.Add(Sheet(Row("order", 0, 40), Row("order", 9, 40, now: 10), Row("pricing", 9, 10), Row("capped", 9, 0)), Shop.Start.AddDays(5));
        count.Add(Sheet(Row("order", 9, 20, count: 3), Row("careers", 9, -30), Row("former", 9, 1)), Shop.Start.AddDays(5));

        var rules = count.Answer(Shop.Model);

        Assert.Equal(["order 60 4 2", "careers -30 1 1", "pricing 10 1 1", "former 1 1 1"], rules.Where(rule => rule.Times > 0).Select(rule => $"{rule.Rule} {rule.Points} {rule.Times} {rule.Leads}"));
        Assert.False(rules.Single(rule => rule.Rule == "former").IsLive);
        Assert.True(Shop.Model.Document.Rules.All(own => rules.Any(rule => rule.Rule == own.Id && rule.IsLive))); // also those that gave nothing

        static ScoreSheet Sheet(params Contribution[] rows) => new(0, 0, rows, null);
    }

    private static Contribution Row(string rule, int day, double applied, int? count = null, double now = 0) =>
        new("shop@3", rule, $"{rule}{day}", rule, Shop.Start.AddDays(day), applied, applied, null, now, count, null);
}
