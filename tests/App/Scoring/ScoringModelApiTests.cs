using System.Net;
using LeadFunctions.Scoring;
using LeadFunctions.Scoring.Stored;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Scoring;

/// <summary>Who publishes has an app of its own: there is one live model.</summary>
[Collection(nameof(OneManagedApp))]
public sealed class ScoringModelApiTests(SharedApp shared)
{
    private const string Small = """{ "name": "Small", "engagement": { "rules": [ { "id": "visit", "when": { "event": "page" }, "points": 1 } ] } }""";
    private const string Larger = """{ "name": "Small", "engagement": { "rules": [ { "id": "visit", "when": { "event": "page" }, "points": 2 } ] } }""";

    [Fact]
    public async Task A_fresh_workspace_on_a_developers_machine_has_the_sample_model_live()
    {
        await using var app = shared.Borrow();

        var shop = await app.GetAsync("/api/scoring-models/shop");

        Assert.Equal(HttpStatusCode.OK, shop.Status);
        Assert.Equal(("live", 1), (State(shop), Version(shop)));
        Assert.Equal("Shop", shop.Json.GetProperty("document").GetProperty("name").GetString());
        Assert.Equal("shop@1", (await ModelsAsync(app)).Live?.Reference);
    }

    [Fact]
    public async Task A_put_saves_a_draft_that_changes_nothing_until_it_is_published()
    {
        await using var app = shared.Borrow();

        var created = await app.PutAsync("/api/scoring-models/draft", Small);
        var same = await app.PutAsync("/api/scoring-models/draft", Small.Replace(" ", "  ", StringComparison.Ordinal));
        var changed = await app.PutAsync("/api/scoring-models/draft", Larger);

        Assert.Equal((HttpStatusCode.Created, "draft", 1), (created.Status, State(created), Version(created)));
        Assert.Equal("/api/scoring-models/draft", created.Headers.Location?.ToString());
        Assert.Equal((HttpStatusCode.OK, 1), (same.Status, Version(same)));
        Assert.Equal(created.ETag, same.ETag);
        Assert.Equal((HttpStatusCode.OK, 2), (changed.Status, Version(changed)));
        Assert.Equal("shop@1", (await ModelsAsync(app)).Live?.Reference);
        Assert.Equal(("draft", 2), (State(await app.GetAsync("/api/scoring-models/draft")), Version(await app.GetAsync("/api/scoring-models/draft"))));
    }

    [Fact]
    public async Task A_model_that_was_never_live_is_deleted_and_one_that_is_explains_points_and_stays()
    {
        await using var app = shared.Borrow();
        var first = await app.PutAsync("/api/scoring-models/unused", Small);
        var second = await app.PutAsync("/api/scoring-models/unused", Larger);

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.DeleteAsync("/api/scoring-models/unused", ifMatch: first.ETag)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/scoring-models/unused", ifMatch: second.ETag)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/scoring-models/unused")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await app.DeleteAsync("/api/scoring-models/shop")).Status);
        Assert.Equal("shop@1", (await ModelsAsync(app)).Live?.Reference);
    }

    [Fact]
    public async Task Publishing_makes_it_the_one_live_model_and_says_what_it_replaced()
    {
        await using var app = await TestApp.StartAsync(App.Build);
        await app.PutAsync("/api/scoring-models/small", Small);
        await app.PutAsync("/api/scoring-models/small", Larger);

        var published = await app.PostAsync("/api/scoring-models/small/publish?version=1");
        var again = await app.PostAsync("/api/scoring-models/small/publish?version=1");
        var latest = await app.PostAsync("/api/scoring-models/small/publish");

        Assert.True(published.Json.GetProperty("changed").GetBoolean());
        Assert.Equal("""[{"id":"shop","version":1}]""", published.Json.GetProperty("replaced").GetRawText());
        Assert.False(again.Json.GetProperty("changed").GetBoolean());
        Assert.Equal((2, """[{"id":"small","version":1}]"""), (Version(latest), latest.Json.GetProperty("replaced").GetRawText()));
        var models = await ModelsAsync(app);
        Assert.Equal("small@2", models.Live?.Reference);
        Assert.NotNull(models.Find("small@1"));
        Assert.NotNull(models.Find("shop@1"));
        Assert.Equal(
            ["shop retired", "small live"],
            (await app.GetAsync("/api/scoring-models")).Json.GetProperty("items").EnumerateArray().Select(i => $"{i.GetProperty("id").GetString()} {i.GetProperty("state").GetString()}"));
        Assert.Equal(
            ["2 live", "1 retired"],
            (await app.GetAsync("/api/scoring-models/small/versions")).Json.GetProperty("items").EnumerateArray().Select(i => $"{i.GetProperty("version").GetInt32()} {i.GetProperty("state").GetString()}"));
        Assert.Equal(1, (await app.GetAsync("/api/scoring-models/small/versions/1")).Json.GetProperty("document").GetProperty("engagement").GetProperty("rules")[0].GetProperty("points").GetInt32());
    }

    [Fact]
    public async Task A_publication_holds_here_at_once_and_on_another_instance_within_five_seconds()
    {
        var account = await Emulator.NewSharedAccountAsync();
        await using var first = await TestApp.StartAsync(App.Build, account: account);
        await using var second = await TestApp.StartAsync(App.Build, account: account);
        // Where storage is slow to be made ready, the sample comes a moment after the start.
        await Eventually.ThatAsync(async () => (await ModelsAsync(second)).Live?.Reference, live => live == "shop@1");
        await first.PutAsync("/api/scoring-models/small", Small);

        await first.PostAsync("/api/scoring-models/small/publish");

        Assert.Equal("small@1", (await ModelsAsync(first)).Live?.Reference);
        await second.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("small@1", (await ModelsAsync(second)).Live?.Reference);
    }

    [Fact]
    public async Task Every_mistake_in_a_document_is_told_with_its_path()
    {
        await using var app = shared.Borrow();

        var answer = await app.PutAsync("/api/scoring-models/wrong", """
            { "name": "Wrong", "colour": "red",
              "engagement": { "cap": -1, "rules": [
                { "id": "a", "when": { "event": "page", "where": { "path": { "beginsWith": "/" } } }, "points": 1 },
                { "id": "a", "when": { "event": "page" }, "points": 1, "halfLife": "a while" } ] } }
            """);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("/problems/invalid-document", answer.Problem);
        Assert.True(answer.ErrorPaths.Count >= 5, answer.Text);
        Assert.All(answer.ErrorPaths, path => Assert.StartsWith("$", path, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/scoring-models/wrong")).Status);
        Assert.Equal(["$"], (await app.PutAsync("/api/scoring-models/wrong", "{ \"name\": ")).ErrorPaths);
        Assert.Equal(["id"], (await app.PutAsync("/api/scoring-models/Not%20Allowed", Small)).ErrorPaths);
    }

    [Fact]
    public async Task A_put_with_the_etag_of_an_older_state_is_refused()
    {
        await using var app = shared.Borrow();
        var first = await app.PutAsync("/api/scoring-models/tagged", Small, ifNoneMatch: "*");
        var second = await app.PutAsync("/api/scoring-models/tagged", Larger, ifMatch: first.ETag);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.Status, second.Status));

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/scoring-models/tagged", Small, ifMatch: first.ETag)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/scoring-models/tagged", Small, ifNoneMatch: "*")).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/scoring-models/no-tagged", Small, ifMatch: "\"1.0.0\"")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync("/api/scoring-models/tagged", Small, ifMatch: $"\"x\", {second.ETag}")).Status);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found()
    {
        await using var app = shared.Borrow();

        Assert.All(
            new[]
            {
                await app.GetAsync("/api/scoring-models/none"),
                await app.GetAsync("/api/scoring-models/none/versions"),
                await app.GetAsync("/api/scoring-models/none/versions/1"),
                await app.GetAsync("/api/scoring-models/shop/versions/2"),
                await app.PostAsync("/api/scoring-models/none/publish"),
                await app.PostAsync("/api/scoring-models/shop/publish?version=2"),
            },
            a => Assert.Equal((HttpStatusCode.NotFound, "/problems/not-found"), (a.Status, a.Problem)));
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PostAsync("/api/scoring-models/shop/publish?version=last")).Status);
    }

    private static string State(Answer answer) => answer.Json.GetProperty("state").GetString()!;

    private static int Version(Answer answer) => answer.Json.GetProperty("version").GetInt32();

    private static async Task<ScoringModels> ModelsAsync(TestApp app)
    {
        var store = app.NewServices().GetRequiredService<ScoringModelStore>();
        await store.FreshAsync(CancellationToken.None);
        return store.Current;
    }
}
