using System.Net;

namespace LeadFunctions.Tests.Platform;

/// <summary>What every kind of versioned document does alike.</summary>
[Collection(nameof(OneManagedApp))]
public sealed class DraftCheckTests(SharedApp shared)
{
    public static TheoryData<string, string> Kinds => new()
    {
        { "/api/journeys/checked", """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"a","type":"wait","for":"1h"}]}""" },
        { "/api/scoring-models/checked", """{"name":"x","engagement":{"rules":[{"id":"a","when":{"event":"page"},"points":1}]}}""" },
        { "/api/segments/checked", """{"name":"x","when":{"trait":"plan","equals":"a"}}""" },
        { "/api/templates/checked", """{"name":"x","subject":"Hi","html":"<p>Hi</p>"}""" },
        { "/api/forms/checked", """{"name":"x","fields":[{"type":"email","name":"email","label":"E-mail"}]}""" },
        { "/api/content/checked", """{"name":"x","slot":"hero","html":"<p>Hi</p>"}""" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_draft_is_checked_without_being_saved_and_shows_who_saved_it(string path, string document)
    {
        await using var app = shared.Borrow();
        var key = await app.CreateKeyAsync("marketer");

        var dry = await app.SendAsync(HttpMethod.Put, $"{path}?dryRun=true", document, key.Key);
        Assert.True(dry.Status == HttpStatusCode.OK, dry.ToString());
        Assert.Equal(1, dry.Json.GetProperty("version").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.SendAsync(HttpMethod.Put, $"{path}?dryRun=true", """{"nmae":"x"}""", key.Key)).Status);

        var saved = await app.SendAsync(HttpMethod.Put, $"{path}?note=As%20agreed", document, key.Key);
        Assert.Equal(HttpStatusCode.Created, saved.Status);
        var again = await app.SendAsync(HttpMethod.Put, $"{path}?dryRun=true", document.Replace("\"x\"", "\"y\"", StringComparison.Ordinal), key.Key);
        Assert.Equal((2, saved.ETag), (again.Json.GetProperty("version").GetInt32(), again.ETag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync($"{path}?dryRun=true", document, key.Key, ifMatch: "\"9.9.9\"")).Status);

        var version = Assert.Single((await app.GetAsync($"{path}/versions")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(("test", "As agreed"), (version.GetProperty("by").GetString(), version.GetProperty("note").GetString()));
        Assert.Equal(["dryRun"], (await app.PutAsync($"{path}?dryRun=false", document)).ErrorPaths);
        Assert.Equal(["note"], (await app.PutAsync($"{path}?note={new string('n', 201)}", document)).ErrorPaths);
        Assert.Equal(["drRun"], (await app.PutAsync($"{path}?drRun=true", document)).ErrorPaths);
    }
}
