using System.Net;
using System.Text.Json;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Support;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Publications;

/// <summary>Through the whole app: what a publication would do, and that it then does it.</summary>
public sealed class PublicationEffectAppTests
{
    private const string Model = """
        {"name":"m","engagement":{"rules":[{"id":"view","when":{"event":"page"},"points":10}]},"fit":{"rules":[{"id":"market","when":{"trait":"country","equals":"SI"},"points":50}]}}
        """;

    [Fact]
    public async Task A_rehearsal_of_a_scoring_model_and_of_a_journey_says_what_publishing_does()
    {
        await using var app = await StartAsync();
        await app.PutAsync("/api/scoring-models/m", Model);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/scoring-models/m/publish")).Status);
        await PublishSegmentAsync(app, "fits", """{"name":"Fits","when":{"grade":["A","B","C"]}}""");
        await app.PublishAsync("call", """{"name":"x","trigger":{"stage":["mql"]},"steps":[{"id":"w","type":"wait","for":"90d"}]}""");
        await app.SendAsync(
        [
            Identify("ann", new { email = "ann@example.com", name = "Ann", country = "SI" }), Identify("bob", new { email = "bob@example.com", name = "Bob", country = "DE", renewsAt = "2026-06-04" }),
            .. Enumerable.Range(0, 5).SelectMany(_ => new[] { Page("ann"), Page("bob") }),
        ]);
        await app.SettleAsync();

        // Another market, and a cap. Ann stays what she is: no rule takes her back.
        var draft = Model.Replace("\"SI\"", "\"DE\"", StringComparison.Ordinal).Replace("\"rules\":[{\"id\":\"view\"", "\"cap\":45,\"rules\":[{\"id\":\"view\"", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync("/api/scoring-models/m", draft)).Status);
        var said = (await app.PostAsync("/api/scoring-models/m/publish?dryRun=true")).Json;
        Assert.Equal((2, false), (said.GetProperty("looked").GetInt32(), said.GetProperty("partial").GetBoolean()));
        Assert.Equal("""[{"from":"lead","to":"mql","leads":1}]""", said.GetProperty("moves").GetRawText());
        var fits = Assert.Single(said.GetProperty("segments").EnumerateArray());
        Assert.Equal(("fits", "Bob", "Ann", 1, 1), (Text(fits, "id"), Text(fits.GetProperty("entering")[0], "name"), Text(fits.GetProperty("leaving")[0], "name"), fits.GetProperty("before").GetInt32(), fits.GetProperty("after").GetInt32()));
        Assert.Equal("""{"stage":"lead","engagement":50,"fit":0,"grade":"F"} {"stage":"mql","engagement":45,"fit":50,"grade":"C"}""", $"{fits.GetProperty("entering")[0].GetProperty("before").GetRawText()} {fits.GetProperty("entering")[0].GetProperty("after").GetRawText()}");
        Assert.Equal("""[{"from":25,"to":50,"before":0,"after":2},{"from":50,"to":75,"before":2,"after":0}]""", said.GetProperty("scores").GetProperty("engagement").GetRawText());
        Assert.Equal("""[{"grade":"C","before":1,"after":1},{"grade":"F","before":1,"after":1}]""", said.GetProperty("scores").GetProperty("grades").GetRawText());
        Assert.Equal(("call", 1), (Text(said.GetProperty("journeys")[0], "id"), said.GetProperty("journeys")[0].GetProperty("enter").GetInt32()));
        Assert.Equal((1, "draft"), ((await app.GetAsync("/api/scoring-models/m")).Json.GetProperty("live").GetInt32(), Text((await app.GetAsync("/api/scoring-models/m/versions/2")).Json, "state")));
        Assert.Equal("lead", await StageAsync(app, "bob"));

        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/scoring-models/m/publish")).Status);
        await Eventually.ThatAsync(() => StageAsync(app, "bob"), stage => stage == "mql", TimeSpan.FromSeconds(60));
        await app.SettleAsync();
        Assert.Equal("mql", await StageAsync(app, "ann"));
        Assert.Equal("Bob", Text(Assert.Single((await app.GetAsync("/api/segments/fits/members")).Json.GetProperty("items").EnumerateArray()), "name"));
        Assert.Equal(2, (await app.GetAsync("/api/journeys/call/runs")).Json.GetProperty("items").GetArrayLength());

        // A journey that dates start, and one that somebody is inside of.
        await app.PutAsync("/api/journeys/renew", """{"name":"x","trigger":{"date":{"trait":"renewsAt"}},"steps":[{"id":"s","type":"send","template":"renew"}]}""");
        var renew = Assert.Single((await app.PostAsync("/api/journeys/renew/publish?dryRun=true")).Json.GetProperty("journeys").EnumerateArray());
        Assert.Equal("""{"id":"renew","enter":0,"entering":[],"goOn":0,"inside":[],"soon":[{"day":"2026-06-04","leads":1}]}""", renew.GetRawText());
        var call = Assert.Single((await app.PostAsync("/api/journeys/call/publish?dryRun=true")).Json.GetProperty("journeys").EnumerateArray());
        Assert.Equal("""[{"version":1,"runs":2}]""", call.GetProperty("inside").GetRawText());
        Assert.Equal("draft", Text((await app.GetAsync("/api/journeys/renew")).Json, "state"));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/journeys/renew/publish?dryRun=no")).Status);
    }

    private static object Page(string user) => new { type = "page", userId = user, properties = new { path = "/" }, messageId = $"p-{Guid.NewGuid():N}" };

    private static async Task PublishSegmentAsync(TestApp app, string id, string document)
    {
        Assert.Equal(HttpStatusCode.Created, (await app.PutAsync($"/api/segments/{id}", document)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync($"/api/segments/{id}/publish")).Status);
    }

    private static async Task<string> StageAsync(TestApp app, string user) => Text((await app.GetAsync($"/api/leads?userId={user}")).Json.GetProperty("items")[0], "stage");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
