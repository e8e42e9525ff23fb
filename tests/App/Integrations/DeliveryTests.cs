using System.Net;
using System.Text.Json;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;
using Xunit.Abstractions;

namespace LeadFunctions.Tests.Integrations;

/// <summary>What happens to leads, on its way to somebody else's server.</summary>
[Collection(nameof(OneWebhookApp))]
public sealed class DeliveryTests(SharedWebhookApp shared, ITestOutputHelper output)
{
    /// <summary>To put an event in order, into its lane, and to have it delivered; with the commits of the leads, which share transactions.</summary>
    private const int MostRequests = 11; // 8 where all goes quickly; on a slow machine a target's state is read for each event, and messages are shared by fewer

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

    /// <summary>Each event in a lane of its own, which is the dearest: what follows in one lane shares its taking and leaving.</summary>
    [Fact]
    public async Task Events_of_many_leads_share_messages_and_each_costs_few_requests()
    {
        const int Leads = 40;
        await using var receiver = await Receiver.StartAsync();
        await using var app = shared.Borrow();
        await app.HookAsync("many", receiver, new[] { "StageChanged" });
        await app.SendAsync([.. Enumerable.Range(0, Leads).Select(i => JourneyApp.Identify($"many{i}", new { email = $"many{i}@example.com" }))]);
        await app.SettleAsync();
        var leads = await Task.WhenAll(Enumerable.Range(0, Leads).Select(async i => (await app.GetAsync($"/api/leads?userId=many{i}")).Json.GetProperty("items")[0].GetProperty("id").GetString()!)); // all are there
        using var meter = new StorageMeter(app.ConnectionString);
        var before = await meter.ReadAsync();

        await Task.WhenAll(leads.Select(lead => app.StageAsync(lead, "sql")));
        await app.SettleAsync();

        Assert.Equal(leads.Order(), receiver.All.Select(told => told.Lead).Order());
        var cost = await meter.ReadAsync() - before;
        var requests = cost.Where(kind => !kind.IsEmptyPoll && (kind.Resource is "Outbound" or "Deliveries" or "$batch" || (kind.Service == "queue" && kind.Resource is "outbound/messages" or "webhook-deliveries/messages")));
        output.WriteLine($"{requests / (double)Leads} requests an event: {cost}");
        Assert.True(requests <= MostRequests * Leads, $"{requests / (double)Leads} requests an event: {cost}");
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/webhooks/many")).Status);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
