using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle.Api;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Leads;

namespace LeadFunctions.Tests.Lifecycle;

public sealed class HandOverTests
{
    [Theory]
    [InlineData("true", "granted")]
    [InlineData("\"yes\"", "granted")]
    [InlineData("\"false\"", "denied")]
    [InlineData("0", "denied")]
    [InlineData("null", "denied")]
    [InlineData("\"perhaps\"", "denied")]
    [InlineData("true,\"*\":false", "denied")] // of a yes that another answer outweighs nobody who calls would know
    [InlineData("{\"optedOut\":true}", "denied")]
    [InlineData("{\"optedOut\":false}", "granted")]
    public void Consent_is_said_as_it_counts_whatever_it_was_said_by(string answer, string shown)
    {
        var properties = System.Text.Json.JsonDocument.Parse($$"""{"news":{{answer}}}""").RootElement;
        var lead = LeadEvents.Apply(LeadEvents.NewLead(), [LeadEvents.Track("c", "Consent Changed", 1, "u1", properties: properties)]);
        LeadRules rules = ScoringModels.None;

        var json = System.Text.Json.JsonSerializer.SerializeToElement(HandOver.Of(lead, [], rules, LeadEvents.Start.AddDays(1)), LeadFunctions.Platform.Http.WebJson.Options);

        Assert.Equal(shown, json.GetProperty("consent").EnumerateObject().Single(topic => topic.Name.StartsWith("news", StringComparison.Ordinal)).Value.GetString());
    }

    [Fact]
    public void It_shows_the_products_of_orders_and_carts_too_and_a_telephone_number_that_came_as_a_number()
    {
        var (order, viewed) = (
            LeadEvents.Track("o", "Order Completed", 2, "u", properties: new { orderId = "7", products = new object[] { new { product_id = "p1", name = "Hat" }, new { sku = 42 }, new { product_id = "p1" }, "no product" } }),
            LeadEvents.Track("v", "Product Viewed", 1, "u", properties: new { productId = "p1" }));
        var lead = LeadEvents.Apply(LeadEvents.NewLead(), [LeadEvents.Identify("i", 0, "u", traits: new { phone = 48123456789, title = "CTO" }), viewed, order]);
        LeadRules rules = ScoringModels.None;

        var handOver = HandOver.Of(lead, [new TimelineEntry(order, order.At, [], null), new TimelineEntry(viewed, viewed.At, [], null)], rules, LeadEvents.Start.AddDays(1));

        Assert.Equal(("48123456789", "CTO"), (handOver.Phone, handOver.Title));
        Assert.Empty(handOver.Consent);
        Assert.Equal([("p1", "Hat", 2), ("42", null, 1)], handOver.Products.Select(product => (product.Id, product.Name, product.Times)));
    }
}
