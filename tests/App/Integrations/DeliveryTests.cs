using System.Net;
using System.Text.Json;

namespace LeadFunctions.Tests.Integrations;

/// <summary>What happens to leads, on its way to somebody else's server.</summary>
[Collection(nameof(OneWebhookApp))]
public sealed class DeliveryTests(SharedWebhookApp shared)
{
    [Fact]
    public async Task A_change_of_stage_arrives_signed_with_a_picture_of_the_lead()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = shared.Borrow();
        var secret = await app.HookAsync("crm", receiver, new[] { "StageChanged" });
        var lead = await app.LeadAsync("ann", new { email = "ann@example.com", firstName = "Ann", lastName = "Lee", company = new { name = "Lee & Co" } });
        await app.StageAsync(lead, "mql");
        await app.SettleAsync();

        var told = Assert.Single(receiver.All);
        Assert.Equal(("/crm", "StageChanged", lead, 1), (told.Path, told.Type, told.Lead, told.Number));
        Assert.StartsWith("application/cloudevents+json", told.ContentType, StringComparison.Ordinal);
        Assert.Equal(told.Id, told.Event.GetProperty("id").GetString());
        Assert.Equal(("lead", "mql", "a test"), (Text(told.Data, "from"), Text(told.Data, "to"), Text(told.Data, "reason")));
        var picture = told.Data.GetProperty("lead");
        Assert.Equal(("Ann Lee", "Lee & Co", "ann", "mql"), (Text(picture, "name"), Text(picture, "company"), Text(picture, "userId"), Text(picture, "stage")));
        Assert.Equal(("Ann Lee", "a test"), (Text(told.Data.GetProperty("handOver"), "name"), Text(told.Data.GetProperty("handOver"), "stageReason")));
        Assert.True(await IndependentVerifier.AcceptsAsync(secret, told), "Another implementation does not accept the signature.");
        Assert.False(await IndependentVerifier.AcceptsAsync(secret, told with { Body = told.Body.Replace("mql", "sql", StringComparison.Ordinal) }));
        var delivery = Assert.Single(await app.DeliveriesAsync("crm"));
        Assert.Equal(("delivered", told.Id, 204), (Text(delivery, "status"), Text(delivery, "id"), delivery.GetProperty("attempts")[0].GetProperty("status").GetInt32()));
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/webhooks/crm")).Status);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
