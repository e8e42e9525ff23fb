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
