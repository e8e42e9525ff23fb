using System.Net;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Access;

/// <summary>Marketing and sales agree: what is set to need a second person waits for one.</summary>
public sealed class ApprovalTests
{
    private const string Model = """{ "name": "Small", "engagement": { "rules": [ { "id": "visit", "when": { "event": "page" }, "points": 1 } ] } }""";
    private const string Lifecycle = """{"name":"Ours","stages":[{"id":"subscriber"},{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":30}}},{"id":"sal"},{"id":"sql"},{"id":"customer"},{"id":"recycled"}]}""";
    private const string Segment = """{"name":"Warm","when":{"trait":"email","exists":true}}""";
    private const string Journey = """{"name":"x","trigger":{"event":"Signed Up"},"steps":[{"id":"w","type":"wait","for":"1d"}]}""";
    private static async Task DeletingNeedsTwoAsync(TestApp app, string path, string ann, string bob)
    {
        var proposed = await app.DeleteAsync(path, ann);
        Assert.Equal((HttpStatusCode.Accepted, true, 0), (proposed.Status, proposed.Json.GetProperty("changed").GetBoolean(), proposed.Json.GetProperty("proposal").GetProperty("version").GetInt32()));
        Assert.Equal((HttpStatusCode.Accepted, false), ((await app.DeleteAsync(path, ann)) is { } again ? (again.Status, again.Json.GetProperty("changed").GetBoolean()) : default));
        Assert.Equal(1, (await app.GetAsync(path)).Json.GetProperty("live").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync(path + "/decline", """{"reason":"we need it"}""", bob)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await app.DeleteAsync(path, bob)).Status);

        // What nobody has put into effect goes alone.
        await app.PutAsync("/api/segments/draft", Segment, ann);
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/segments/draft", ann)).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync(path, ann)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync(path)).Status);
    }

    private const string Template = """{"name":"x","subject":"s","html":"<p>x</p>"}""";

    [Theory]
    [InlineData("lifecycle", "/api/lifecycle", "lifecycle", Lifecycle)]
    [InlineData("scoringModels", "/api/scoring-models/small", "small", Model)]
    [InlineData("segments", "/api/segments/warm", "warm", Segment)]
    [InlineData("journeys", "/api/journeys/x", "x", Journey)]
    [InlineData("templates", "/api/templates/hello", "hello", Template)]
    public async Task What_needs_a_second_person_is_in_effect_once_another_publishes_the_same_version(string kind, string path, string id, string document)
    {
        await using var app = await TestApp.StartAsync(App.Build);
        var (ann, bob) = ((await app.CreateKeyAsync("marketer")).Key, (await app.CreateKeyAsync("marketer")).Key);
        Assert.Equal("""{"for":[]}""", (await app.GetAsync("/api/settings/approvals")).Text);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.PutAsync("/api/settings/approvals", """{"for":[]}""", ann)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync("/api/settings/approvals", """{"for":["prices"]}""")).Status);
        var set = await app.PutAsync("/api/settings/approvals", $$"""{"for":["{{kind}}"]}""");
        Assert.Equal((HttpStatusCode.OK, set.ETag), (set.Status, (await app.GetAsync("/api/settings/approvals")).ETag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/settings/approvals", """{"for":[]}""", ifMatch: "\"9.9.9\"")).Status);

        await app.PutAsync(path, document, ann);
        var before = await LiveAsync();
        var proposed = await app.PostAsync(path + "/publish", null, ann);
        Assert.Equal((HttpStatusCode.Accepted, true, 1), (proposed.Status, proposed.Json.GetProperty("changed").GetBoolean(), proposed.Json.GetProperty("proposal").GetProperty("version").GetInt32()));
        Assert.False((await app.PostAsync(path + "/publish", null, ann)).Json.GetProperty("changed").GetBoolean());
        Assert.Equal(before, await LiveAsync());
        var waiting = Assert.Single((await app.GetAsync("/api/approvals")).Json.GetProperty("waiting").EnumerateArray());
        Assert.Equal((kind, id), (waiting.GetProperty("kind").GetString(), waiting.GetProperty("id").GetString()));

        // Declined, with the reason; then once more, and it is in effect.
        Assert.Equal("not yet", (await app.PostAsync(path + "/decline", """{"reason":"not yet"}""", bob)).Json.GetProperty("reason").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync(path + "/decline", "{}", bob)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await app.PostAsync(path + "/publish", null, bob)).Status);
        Assert.Equal(before, await LiveAsync());
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync(path + "/publish", null, ann)).Status);
        Assert.Equal(1, await LiveAsync());
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync(path + "/publish", null, bob)).Status); // it is in effect already
        var approvals = (await app.GetAsync("/api/approvals")).Json;
        Assert.Equal(0, approvals.GetProperty("waiting").GetArrayLength());
        Assert.Equal([true, false], approvals.GetProperty("decided").EnumerateArray().Select(one => one.GetProperty("decision").GetProperty("approved").GetBoolean()));

        if (kind == "segments")
        {
            await DeletingNeedsTwoAsync(app, path, ann, bob);
        }

        async Task<int?> LiveAsync() => (await app.GetAsync(path)).Json.TryGetProperty("live", out var live) ? live.GetInt32() : null;
    }
}
