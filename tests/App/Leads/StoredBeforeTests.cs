using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Leads;

/// <summary>
/// What the app stored on 26 November 2026, before it had floors, opens as it was and goes on: two people, one merged of two browsers, and two runs of a journey, one over.
/// The rows in <c>stored-before.json</c> are never written anew: a user's are not either.
/// </summary>
public sealed class StoredBeforeTests
{
    [Fact]
    public async Task People_scores_and_runs_are_as_they_were_and_go_on()
    {
        var account = await Emulator.NewSharedAccountAsync();
        await StoreAsync(account, JsonNode.Parse(Repository.Read("tests/App/Leads/stored-before.json"))!.AsObject());
        await using var app = await TestApp.StartAsync(App.Build, account: account);

        var ann = await LeadAsync(app, "ann");
        Assert.Equal(
            """ann ann@example.com ["browser-1","browser-2"] mql 13.52 80 A ["vip"] {"marketing":true,"tracking":true}""",
            string.Join(' ', ((string[])["userId", "email", "anonymousIds", "stage", "engagement", "fit", "grade", "segments", "consent"]).Select(name => ann.GetProperty(name).ToString())));
        Assert.Equal("""{"company":{"employees":250,"id":"acme","name":"Acme"},"country":"DE","email":"ann@example.com","name":"Ann","title":"CTO"}""", ann.GetProperty("traits").GetRawText());
        Assert.Equal("Europe/Berlin", ann.GetProperty("timeZone").GetProperty("name").GetString());
        var id = ann.GetProperty("id").GetString();
        Assert.Equal(["cart 6.79", "pricing 6.73"], (await app.GetAsync($"/api/leads/{id}/score")).Json.GetProperty("contributions").EnumerateArray().Select(c => $"{c.GetProperty("rule")} {c.GetProperty("now")}"));
        Assert.Equal(15, (await app.GetAsync($"/api/leads/{id}/timeline?limit=100")).Json.GetProperty("items").GetArrayLength());
        Assert.Equal(id, (await app.GetAsync("/api/leads?anonymousId=browser-2")).Json.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Equal(["bob", "ann"], (await app.GetAsync("/api/leads")).Json.GetProperty("items").EnumerateArray().Select(lead => lead.GetProperty("userId").GetString()));
        Assert.Equal(["active ann", "completed bob"], await RunsAsync(app));

        // One more event counts with those of then, and who was waiting goes on.
        await app.SendAsync(JourneyApp.Track("ann", "Product Added", new { productId = "p2" }, id: "m20"));
        await app.SettleAsync();
        Assert.Equal(2, (await LeadAsync(app, "ann")).GetProperty("activity").GetProperty("Product Added").GetProperty("count").GetInt32());
        await app.AdvanceAsync(TimeSpan.FromDays(40));
        Assert.Equal(
            ["2027-01-04 10:00 hello", "2027-01-04 10:00 hello", "2027-01-11 10:00 thanks", "2027-01-11 10:00 week", "2027-01-11 10:00 week", "2027-02-10 10:00 bye"], await app.SentAsync());
        Assert.Equal(["completed ann", "completed bob"], await RunsAsync(app));

        // A merge of then can be taken back.
        var part = ann.GetProperty("mergedLeads")[0].GetProperty("id").GetString();
        var unmerge = await app.PostAsync($"/api/leads/{id}/unmerge", JsonSerializer.Serialize(new { lead = part }));
        Assert.True((int)unmerge.Status < 300, unmerge.Text);
        await app.SettleAsync();
        Assert.NotEqual(id, (await app.GetAsync("/api/leads?anonymousId=browser-2")).Json.GetProperty("items")[0].GetProperty("id").GetString());
    }

    private static async Task<JsonElement> LeadAsync(TestApp app, string user) => (await app.GetAsync($"/api/leads?userId={user}")).Json.GetProperty("items")[0];

    private static async Task<IEnumerable<string>> RunsAsync(TestApp app)
    {
        var users = (await app.GetAsync("/api/leads")).Json.GetProperty("items").EnumerateArray().ToDictionary(lead => lead.GetProperty("id").GetString()!, lead => lead.GetProperty("userId").GetString());
        return (await app.RunsAsync("nurture")).Select(run => $"{run.GetProperty("status")} {users[run.GetProperty("leadId").GetString()!]}").Order(StringComparer.Ordinal);
    }

    private static async Task StoreAsync(string account, JsonObject tables)
    {
        foreach (var (name, rows) in tables)
        {
            var table = new TableClient(account, name);
            await table.CreateAsync();
            foreach (var row in rows!.AsArray())
            {
                await table.AddEntityAsync(new TableEntity(row!.AsObject().ToDictionary(column => column.Key, column => Value(column.Value!))));
            }
        }
    }

    private static object Value(JsonNode column) => column switch
    {
        JsonObject typed when typed["long"] is { } number => (long)number,
        JsonObject typed when typed["double"] is { } number => (double)number,
        JsonObject typed when typed["bytes"] is { } bytes => Convert.FromBase64String((string)bytes!),
        JsonObject typed when typed["time"] is { } time => (DateTimeOffset)time,
        _ when column.GetValueKind() == JsonValueKind.String => (string)column!,
        _ when column.GetValueKind() == JsonValueKind.Number => (int)column,
        _ => (bool)column,
    };
}
