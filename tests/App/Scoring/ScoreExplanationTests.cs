using System.Text.Json;
using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Scoring;

public sealed class ScoreExplanationTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Fact]
    public void The_answer_has_every_contribution_with_its_event()
    {
        var now = Shop.Start.AddDays(7);
        var ledger = Shop.Model.Earn(Shop.Event("Product Added", TimeSpan.Zero, null, "m1"), Shop.Event("Order Completed", TimeSpan.FromDays(1), null, "m2"));
        var lead = new Lead("""{"country":"DE"}""");

        var json = JsonSerializer.Serialize(ScoreExplanation.Of("l1", now, Shop.Model, Engagement.Of(ledger, Shop.Models, lead, now), Shop.Model.FitOf(lead, now)), Web);

        Assert.Equal(
            """
            {"leadId":"l1","asOf":"2026-03-08T12:00:00+00:00","model":{"id":"shop","version":3},"engagement":57.5,"fit":30,"grade":"D","contributions":[
            {"rule":"cart","model":"shop@3","event":{"id":"m1","name":"Product Added","at":"2026-03-01T12:00:00+00:00"},"points":15,"applied":15,"halfLife":"7d","now":7.5},
            {"rule":"order","model":"shop@3","event":{"id":"m2","name":"Order Completed","at":"2026-03-02T12:00:00+00:00"},"points":50,"applied":50,"halfLife":null,"now":50}],
            "fitContributions":[{"rule":"market","points":30}]}
            """.Replace("\n", "", StringComparison.Ordinal),
            json);
    }

    [Fact]
    public void A_clamp_and_a_reduction_are_shown()
    {
        var ledger = Shop.Model.Earn(Shop.Event("page", TimeSpan.Zero, """{"path":"/careers"}"""), Shop.Event("page", TimeSpan.FromDays(1), """{"path":"/careers"}"""));

        var shown = ScoreExplanation.Of("l1", Shop.Start.AddDays(2), Shop.Model, Engagement.Of(ledger, Shop.Models, Lead.Unknown, Shop.Start.AddDays(2)), Fit.None);

        Assert.Equal((0m, new ScoreExplanation.Clamped(-20, 0, "zero")), (shown.Engagement, shown.Clamp));
        Assert.Equal([null, "repeat"], shown.Contributions.Select(row => row.Reduced));
    }

    [Fact]
    public void Points_by_amount_show_the_amount_and_say_where_there_was_none()
    {
        var model = Shop.Engagement("""{ "id": "order", "points": { "per": "revenue", "points": 1, "each": 10, "max": 50 }, "when": { "event": "Order" } }""");
        var models = ScoringModels.None.WithLive(model);
        string[] orders = ["""{"revenue":74.5}""", """{"revenue":" 9e2"}""", """{"revenue":-20}""", """{"revenue":"a lot"}""", "{}", """{"revenue":9.99}""", """{"revenue":[30]}"""];
        var ledger = model.Earn(orders.Select((order, i) => Shop.Event("Order", TimeSpan.FromDays(i), order, $"e{i}")));

        var shown = ScoreExplanation.Of("l1", Shop.Start.AddDays(9), model, Engagement.Of(ledger, models, Lead.Unknown, Shop.Start.AddDays(9)), Fit.None);

        Assert.Equal(57m, shown.Engagement);
        Assert.Equal([(7m, 74.5, null), (50m, 900, null), (0m, -20, "amount"), (0m, null, "amount"), (0m, null, "amount"), (0m, 9.99, "amount"), (0m, (double?)null, "amount")], shown.Contributions.Select(row => (row.Points, row.Amount, row.Reduced)));
        Assert.Contains("\"now\":7,\"amount\":74.5", JsonSerializer.Serialize(shown, Web), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.3, 0.1, 3)] // in binary fractions it would hold two
    [InlineData(99.99, 33.33, 3)]
    [InlineData(1e300, 1, 1_000_000)] // as many as the points may be
    [InlineData(0.999999, 1, 0)]
    public void Each_full_amount_counts_in_decimals(double revenue, double each, double points)
    {
        var model = Shop.Engagement(FormattableString.Invariant($$"""{ "id": "order", "points": { "per": "revenue", "points": 1, "each": {{each}} }, "when": { "event": "Order" } }"""));
        var order = Shop.Event("Order", TimeSpan.Zero, FormattableString.Invariant($$"""{"revenue":{{revenue}}}"""));

        Assert.Equal(points, Engagement.Value(model.Earn(order), ScoringModels.None.WithLive(model), Lead.Unknown, Shop.Start.AddDays(1)));
    }

    [Theory]
    [InlineData(0.125, "0.12")]
    [InlineData(0.375, "0.38")]
    [InlineData(-0.125, "-0.12")]
    [InlineData(-0.001, "0")]
    [InlineData(1e9, "1000000000")]
    [InlineData(1e300, "10000000000000000000000000")]
    public void Hundredths_are_rounded_half_to_even(double score, string shown) =>
        Assert.Equal(shown, ScoreExplanation.Hundredths(score).ToString(System.Globalization.CultureInfo.InvariantCulture));
}
