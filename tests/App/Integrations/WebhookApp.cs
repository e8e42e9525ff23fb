using System.Net;
using System.Text.Json;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Integrations;

/// <summary>One app for the tests of what goes out, one after another, on a clock that stands until it is moved.</summary>
public sealed class SharedWebhookApp() : SharedApp(JourneyApp.Start);

/// <summary>Who is told what happens. Each test has webhooks of its own, and deletes them.</summary>
[CollectionDefinition(nameof(OneWebhookApp))]
public sealed class OneWebhookApp : ICollectionFixture<SharedWebhookApp>;

internal static class WebhookApp
{
    /// <returns>Its secret.</returns>
    public static async Task<string> HookAsync(this TestApp app, string id, Receiver receiver, object? types = null, object? filter = null)
    {
        var document = new Dictionary<string, object?> { ["name"] = id, ["url"] = receiver.Url + "/" + id };
        if (types is not null)
        {
            document["types"] = types;
        }

        if (filter is not null)
        {
            document["filter"] = filter;
        }

        var put = await app.PutAsync($"/api/webhooks/{id}", JsonSerializer.Serialize(document));
        Assert.True(put.Status == HttpStatusCode.Created, put.Text);
        return put.Json.GetProperty("secret").GetString()!; // it was just made
    }

    public static async Task<string> LeadAsync(this TestApp app, string user, object? traits = null)
    {
        await app.SendAsync(JourneyApp.Identify(user, traits ?? new { email = $"{user}@example.com" }));
        await app.SettleAsync();
        return (await app.GetAsync($"/api/leads?userId={user}")).Json.GetProperty("items")[0].GetProperty("id").GetString()!; // every lead has one
    }

    public static async Task StageAsync(this TestApp app, string lead, string stage)
    {
        var set = await app.PostAsync($"/api/leads/{lead}/stage", JsonSerializer.Serialize(new { stage, reason = "a test" }));
        Assert.True((int)set.Status < 300, set.Text);
    }

    public static async Task<IReadOnlyList<JsonElement>> DeliveriesAsync(this TestApp app, string id, string query = "") =>
        [.. (await app.GetAsync($"/api/webhooks/{id}/deliveries{query}")).Json.GetProperty("items").EnumerateArray()];
}
