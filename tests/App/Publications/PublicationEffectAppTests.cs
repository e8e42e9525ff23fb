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

        var mql = said.GetProperty("stages").EnumerateArray().Single(stage => Text(stage, "id") == "mql");
        Assert.Equal(("""[{"rule":"market","leads":1}]""", "market"), (mql.GetProperty("rules").GetRawText(), Text(mql.GetProperty("entering")[0], "rule")));

        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/scoring-models/m/publish")).Status);
        await Eventually.ThatAsync(() => StageAsync(app, "bob"), stage => stage == "mql", TimeSpan.FromSeconds(60));
        await app.SettleAsync();
        Assert.Equal("mql", await StageAsync(app, "ann"));
        Assert.Equal("Bob", Text(Assert.Single((await app.GetAsync("/api/segments/fits/members")).Json.GetProperty("items").EnumerateArray()), "name"));
        Assert.Equal(2, (await app.GetAsync("/api/journeys/call/runs")).Json.GetProperty("items").GetArrayLength());

        // A journey that dates start, and one that somebody is inside of.
        await app.PutAsync("/api/journeys/renew", """{"name":"x","trigger":{"date":{"trait":"renewsAt"}},"steps":[{"id":"s","type":"send","template":"renew"}]}""");
        var renew = Assert.Single((await app.PostAsync("/api/journeys/renew/publish?dryRun=true")).Json.GetProperty("journeys").EnumerateArray());
        Assert.Equal("""{"id":"renew","enter":0,"entering":[],"goOn":0,"inside":[],"soon":[{"day":"2026-06-04","leads":1}],"sends":{"messages":0,"byTemplate":{},"partial":false}}""", renew.GetRawText());
        var call = Assert.Single((await app.PostAsync("/api/journeys/call/publish?dryRun=true")).Json.GetProperty("journeys").EnumerateArray());
        Assert.Equal("""[{"version":1,"runs":2}]""", call.GetProperty("inside").GetRawText());
        Assert.Equal("draft", Text((await app.GetAsync("/api/journeys/renew")).Json, "state"));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/journeys/renew/publish?dryRun=no")).Status);

        await app.PutAsync("/api/journeys/renew", """{"name":"x","trigger":{"date":{"trait":"renewsAt","offset":"-2d"}},"steps":[{"id":"s","type":"send","template":"renew"},{"id":"w","type":"wait","for":"1h"},{"id":"t","type":"send","template":"again"}]}""");
        await app.PutAsync("/api/settings/messaging", NotRefused);
        var soon = Assert.Single((await app.PostAsync("/api/journeys/renew/publish?dryRun=true")).Json.GetProperty("journeys").EnumerateArray());
        Assert.Equal("""{"messages":2,"byTemplate":{"again":1,"renew":1},"partial":false}""", soon.GetProperty("sends").GetRawText());

        // Before the next version of a journey is live it can be told who could go on in it.
        await app.PutAsync("/api/journeys/call", """{"name":"x","trigger":{"stage":["mql"]},"steps":[{"id":"other","type":"wait","for":"90d"}]}""");
        var migration = (await app.PostAsync("/api/journeys/call/migrate", """{"from":1,"to":2,"dryRun":true}""")).Json;
        Assert.Equal(("w", 2), (Text(migration.GetProperty("stuck")[0], "step"), migration.GetProperty("stuck")[0].GetProperty("runs").GetInt32()));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/journeys/call/migrate", """{"from":1,"to":2}""")).Status);

        await QuietlyAsync(app);
        await NamesAsync(app);
    }

    /// <summary>A segment takes in whom it concerns and starts nobody's journey; a rehearsal is of its members alone.</summary>
    private static async Task QuietlyAsync(TestApp app)
    {
        await app.PublishAsync("welcome", """{"name":"Welcome","trigger":{"segment":"german"},"steps":[{"id":"w","type":"wait","for":"90d"}]}""");
        await app.PutAsync("/api/segments/german", """{"name":"German","when":{"trait":"country","equals":"DE"}}""");
        Assert.Equal(1, (await app.PostAsync("/api/segments/german/publish?dryRun=true")).Json.GetProperty("journeys")[0].GetProperty("enter").GetInt32());
        Assert.Equal(0, (await app.PostAsync("/api/segments/german/publish?dryRun=true&quiet=true")).Json.GetProperty("journeys").GetArrayLength());
        Assert.Equal(["quiet"], (await app.PostAsync("/api/segments/german/publish?quiet=no")).ErrorPaths);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/segments/german/publish?quiet=true")).Status);
        await Eventually.ThatAsync(async () => (await app.GetAsync("/api/segments/german/members")).Json.GetProperty("items").GetArrayLength(), count => count == 1, TimeSpan.FromSeconds(60));
        await app.SendAsync(Identify("cid", new { email = "cid@example.com", country = "DE" }));
        await app.SettleAsync();
        Assert.Equal(1, (await app.GetAsync("/api/journeys/welcome/runs")).Json.GetProperty("items").GetArrayLength());

        var rehearsal = """{"document":{"name":"x","trigger":{"event":"page"},"steps":[{"id":"w","type":"wait","for":"1d"}]},"recorded":{"from":"2026-05-31T00:00:00Z","to":"2026-06-02T00:00:00Z","segment":"german"}}""";
        var simulated = (await app.PostAsync("/api/journeys/any/simulate", rehearsal)).Json;
        Assert.Equal((2, "Bob"), (simulated.GetProperty("leads").GetInt32(), Text(simulated.GetProperty("runs")[0], "name")));
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync("/api/journeys/any/simulate", rehearsal.Replace("german", "nobody", StringComparison.Ordinal))).Status);
    }

    /// <summary>What editors suggest, and who names a document.</summary>
    private static async Task NamesAsync(TestApp app)
    {
        var seen = (await app.GetAsync("/api/seen")).Json;
        var page = seen.GetProperty("events").EnumerateArray().Single(one => Text(one, "name") == "page");
        Assert.Equal((10, "path"), (page.GetProperty("count").GetInt32(), Text(page.GetProperty("properties")[0], "name")));
        Assert.Equal(["country", "email", "name", "renewsAt"], seen.GetProperty("traits").EnumerateArray().Select(one => Text(one, "name")).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("example.com", seen.GetRawText(), StringComparison.Ordinal);

        var uses = (await app.GetAsync("/api/uses?kind=segments&id=german")).Json.GetProperty("items");
        Assert.Equal("""[{"kind":"journeys","id":"welcome","name":"Welcome","version":1,"live":true,"paths":["$.trigger.segment"]}]""", uses.GetRawText());
        Assert.Equal(["kind"], (await app.GetAsync("/api/uses?kind=leads&id=german")).ErrorPaths);
        Assert.Equal("[]", (await app.GetAsync("/api/uses?kind=forms&id=nobody")).Json.GetProperty("items").GetRawText());
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
