using System.Net;
using LeadFunctions.Access;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Access;

[Collection(nameof(OneManagedApp))]
public sealed class SourceTests(SharedApp shared)
{
    [Fact]
    public async Task The_write_key_of_the_settings_belongs_to_the_default_source()
    {
        await using var app = shared.Borrow();

        Assert.Equal(Source.Default, await FindAsync(app, Api.WriteKey));
        Assert.Null(await FindAsync(app, "nobody"));
        Assert.Null(await FindAsync(app, ""));
        Assert.Null(await FindAsync(app, Api.AdminKey));
    }

    [Fact]
    public async Task A_source_is_found_by_each_of_its_write_keys_until_they_are_deleted()
    {
        await using var app = shared.Borrow();
        var put = await app.PutAsync("/api/sources/shop", """{ "name": "Shop", "allowedOrigins": ["https://shop.example"], "eventsPerSecond": 50, "dropBots": false }""");
        Assert.Equal(HttpStatusCode.Created, put.Status);

        var (oldId, oldKey) = await CreateKeyAsync(app, "shop");
        var (_, newKey) = await CreateKeyAsync(app, "shop");
        var found = await FindAsync(app, oldKey);
        Assert.Equal(("shop", "Shop", 50, true, false), (found?.Id, found?.Name, found!.EventsPerSecond, found.RespectPrivacySignals, found.DropBots));
        Assert.Equal(["https://shop.example"], found.AllowedOrigins);
        Assert.Equal("shop", (await FindAsync(app, newKey))?.Id);

        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync($"/api/sources/shop/keys/{oldId}")).Status);
        Assert.Null(await FindAsync(app, oldKey));
        Assert.Equal("shop", (await FindAsync(app, newKey))?.Id);

        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/sources/shop")).Status);
        Assert.Null(await FindAsync(app, newKey));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/sources/shop")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.DeleteAsync("/api/sources/shop")).Status);
    }

    [Fact]
    public async Task The_default_source_can_be_changed_but_not_deleted()
    {
        await using var app = shared.Borrow();
        Assert.Equal("Default", (await app.GetAsync("/api/sources/default")).Json.GetProperty("name").GetString());

        await app.PutAsync("/api/sources/default", """{ "name": "Our site", "respectPrivacySignals": false }""");

        var found = await FindAsync(app, Api.WriteKey);
        Assert.Equal(("Our site", false), (found!.Name, found.RespectPrivacySignals));
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/sources/default")).Status);
        Assert.Equal(Source.Default, await FindAsync(app, Api.WriteKey));
        Assert.Equal(HttpStatusCode.Conflict, (await app.DeleteAsync("/api/sources/default")).Status);
    }

    [Fact]
    public async Task A_change_reaches_the_other_instances_within_five_seconds()
    {
        await using var first = shared.Borrow();
        await using var second = await shared.BorrowSecondAsync();
        Assert.Equal(HttpStatusCode.Created, (await first.PutAsync("/api/sources/elsewhere", """{ "name": "Elsewhere" }""")).Status);
        var (_, key) = await CreateKeyAsync(first, "elsewhere");
        await Eventually.ThatAsync(() => LetsInAsync(second, key, "https://other.example"), isIn => isIn);

        await first.PutAsync("/api/sources/elsewhere", """{ "name": "Changed", "allowedOrigins": ["https://shop.example"] }""");
        await second.AdvanceAsync(TimeSpan.FromSeconds(5));

        Assert.False(await LetsInAsync(second, key, "https://other.example"));
        Assert.True(await LetsInAsync(second, key, "https://shop.example"));
    }

    [Fact]
    public async Task Mistakes_in_a_source_are_all_told()
    {
        await using var app = shared.Borrow();

        var answer = await app.PutAsync(
            "/api/sources/mistaken",
            """{ "name": "", "eventsPerSecond": -1, "allowedOrigins": ["https://shop.example", "shop.example", "https://shop.example/path", "https://*.shop.example", "*"] }""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(["$.name", "$.eventsPerSecond", "$.allowedOrigins[1]", "$.allowedOrigins[2]"], answer.ErrorPaths);
        Assert.Equal(["id"], (await app.PutAsync("/api/sources/Our%20Shop", """{ "name": "x" }""")).ErrorPaths);
    }

    [Fact]
    public async Task A_put_with_the_etag_of_an_older_state_is_refused()
    {
        await using var app = shared.Borrow();
        var first = await app.PutAsync("/api/sources/tagged", """{ "name": "One" }""", ifNoneMatch: "*");
        Assert.Equal(HttpStatusCode.Created, first.Status);

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/sources/tagged", """{ "name": "Two" }""", ifNoneMatch: "*")).Status);
        var second = await app.PutAsync("/api/sources/tagged", """{ "name": "Two" }""", ifMatch: first.ETag);
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/sources/tagged", """{ "name": "Three" }""", ifMatch: first.ETag)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.DeleteAsync("/api/sources/tagged", ifMatch: first.ETag)).Status);
        Assert.Equal("Two", (await app.GetAsync("/api/sources/tagged")).Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_condition_that_cannot_be_read_does_not_pass_for_none()
    {
        await using var app = shared.Borrow();
        await app.PutAsync("/api/sources/conditional", """{ "name": "One" }""");

        var answer = await app.PutAsync("/api/sources/conditional", """{ "name": "Two" }""", ifMatch: "9.9.9");

        Assert.Equal((HttpStatusCode.BadRequest, "If-Match"), (answer.Status, Assert.Single(answer.ErrorPaths)));
        Assert.Equal("One", (await app.GetAsync("/api/sources/conditional")).Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_field_that_is_given_twice_is_a_mistake()
    {
        await using var app = shared.Borrow();

        var answer = await app.PutAsync("/api/sources/twice", """{ "name": "One", "name": "Two" }""");

        Assert.Equal((HttpStatusCode.BadRequest, "each field once"), (answer.Status, answer.Json.GetProperty("errors")[0].GetProperty("expected").GetString()));
    }

    private static async Task<bool> LetsInAsync(TestApp app, string writeKey, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/track") { Content = new StringContent("""{ "userId": "ann", "event": "Seen" }""") };
        request.Headers.Add("Origin", origin);
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(writeKey + ":")));
        using var response = await app.Client.SendAsync(request);
        return response.Headers.Contains("Access-Control-Allow-Origin");
    }

    private static async Task<Source?> FindAsync(TestApp app, string writeKey)
    {
        var sources = app.NewServices().GetRequiredService<Sources>();
        await sources.FreshAsync(CancellationToken.None);
        return sources.FindByWriteKey(writeKey);
    }

    private static async Task<(string Id, string Key)> CreateKeyAsync(TestApp app, string source)
    {
        var made = await app.PostAsync($"/api/sources/{source}/keys");
        Assert.Equal(HttpStatusCode.Created, made.Status);
        return (made.Json.GetProperty("id").GetString()!, made.Json.GetProperty("key").GetString()!);
    }
}
