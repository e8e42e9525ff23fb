using System.Net;
using System.Text;
using System.Text.Json;

namespace LeadFunctions.Tests.Integrations;

/// <summary>Webhooks by their API: made, changed, tried out, deleted.</summary>
[Collection(nameof(OneWebhookApp))]
public sealed class WebhookApiTests(SharedWebhookApp shared)
{
    [Fact]
    public async Task A_webhook_is_made_shown_replaced_and_deleted_and_its_secret_is_shown_once()
    {
        await using var app = shared.Borrow();
        const string document = """{"name":"x","url":"https://crm.example.com/a","types":["MessageBounced"],"filter":{"kind":"hard"},"description":"d"}""";
        var made = await app.PutAsync("/api/webhooks/api", document);
        var again = await app.PutAsync("/api/webhooks/api", document);
        var shown = await app.GetAsync("/api/webhooks/api");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK), (made.Status, again.Status, shown.Status));
        Assert.Equal(32, Convert.FromBase64String(made.Json.GetProperty("secret").GetString()!["whsec_".Length..]).Length); // it was just made
        Assert.All([again, shown, await app.GetAsync("/api/webhooks")], answer => Assert.DoesNotContain("whsec_", answer.Text, StringComparison.Ordinal));
        Assert.Equal((made.ETag, shown.ETag), (again.ETag, again.ETag));
        Assert.Equal("""{"kind":"hard"}""", shown.Json.GetProperty("filter").GetRawText());
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/webhooks/api", document, ifNoneMatch: "*")).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.DeleteAsync("/api/webhooks/api", ifMatch: "\"9.9.9\"")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/webhooks/api", ifMatch: made.ETag)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/webhooks/api")).Status);
        Assert.NotEqual(made.Json.GetProperty("secret").GetString(), (await app.PutAsync("/api/webhooks/api", document)).Json.GetProperty("secret").GetString());
        await app.DeleteAsync("/api/webhooks/api");
        await app.SettleAsync();
    }

    [Theory]
    [InlineData("PUT", "/api/webhooks/Not%20an%20id", """{"name":"x","url":"https://example.com"}""", 400, "id")]
    [InlineData("PUT", "/api/webhooks/event-grid", """{"name":"x","url":"https://example.com"}""", 400, "id")]
    [InlineData("PUT", "/api/webhooks/x", """{"name":"x","url":"nowhere"}""", 400, "$.url")]
    [InlineData("PUT", "/api/webhooks/x?dryRun=true", """{"name":"x","url":"https://example.com"}""", 400, "dryRun")]
    [InlineData("GET", "/api/webhooks/none", null, 404, null)]
    [InlineData("DELETE", "/api/webhooks/none", null, 404, null)]
    [InlineData("POST", "/api/webhooks/none/rotate", null, 404, null)]
    [InlineData("POST", "/api/webhooks/none/test", null, 404, null)]
    [InlineData("GET", "/api/webhooks/none/deliveries", null, 404, null)]
    [InlineData("GET", "/api/webhooks/event-grid/deliveries", null, 404, null)] // there is no topic
    [InlineData("GET", "/api/webhooks/none/deliveries?status=lost", null, 400, "status")]
    [InlineData("GET", "/api/webhooks/none/deliveries?limit=0", null, 400, "limit")]
    [InlineData("GET", "/api/webhooks/none/deliveries?cursor=abc", null, 400, "cursor")]
    [InlineData("GET", "/api/webhooks/none/deliveries?state=failed", null, 400, "state")]
    [InlineData("POST", "/api/webhooks/none/replay", """{"from":"2026-06-02T00:00:00Z","to":"2026-06-01T00:00:00Z"}""", 400, "$.to")]
    [InlineData("POST", "/api/webhooks/none/replay", """{"from":"2026-06-02T00:00:00Z"}""", 400, null)]
    [InlineData("POST", "/api/webhooks/none/replay", """{"from":"2026-06-01T00:00:00Z","to":"2026-06-02T00:00:00Z"}""", 404, null)]
    public async Task What_is_asked_wrongly_is_told_where(string method, string path, string? body, int status, string? place)
    {
        await using var app = shared.Borrow();

        var answer = await app.SendAsync(new HttpMethod(method), path, body);

        Assert.Equal(status, (int)answer.Status);
        if (place is not null)
        {
            Assert.Equal([place], answer.ErrorPaths);
        }
    }

    [Fact]
    public async Task Who_may_read_sees_webhooks_and_not_what_they_were_told_and_only_admins_change_them()
    {
        await using var app = shared.Borrow();
        var (_, reader) = await app.CreateKeyAsync("read");
        var (_, marketer) = await app.CreateKeyAsync("marketer");

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden],
            [(await app.GetAsync("/api/webhooks", reader)).Status, (await app.GetAsync("/api/webhooks/x/deliveries", reader)).Status,
                (await app.PutAsync("/api/webhooks/x", "{}", marketer)).Status, (await app.PostAsync("/api/webhooks/x/rotate", key: marketer)).Status]);
    }

    [Fact]
    public async Task A_sample_arrives_signed_and_the_answer_says_how_it_was_taken()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = shared.Borrow();
        var secret = await app.HookAsync("sample", receiver, new[] { "MessageBounced", "StageChanged" });

        var good = (await app.PostAsync("/api/webhooks/sample/test")).Json;
        receiver.Answer = (_, _) => Task.FromResult(401);
        var bad = (await app.PostAsync("/api/webhooks/sample/test")).Json;

        Assert.Equal((true, 204), (good.GetProperty("delivered").GetBoolean(), good.GetProperty("status").GetInt32()));
        Assert.Equal((false, 401, "It answered 401."), (bad.GetProperty("delivered").GetBoolean(), bad.GetProperty("status").GetInt32(), bad.GetProperty("error").GetString()));
        Assert.Equal("MessageBounced", receiver.All.First().Type);
        Assert.All(receiver.All, one => Assert.Null(EventSchemaTests.FaultOf(one.Event)));
        Assert.Equal([true, true], await IndependentVerifier.VerdictsAsync(secret, [.. receiver.All]));
        Assert.Empty(await app.DeliveriesAsync("sample"));
        await app.DeleteAsync("/api/webhooks/sample");
    }

    [Fact]
    public async Task A_new_secret_signs_at_once_and_the_old_one_for_a_day_more()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = shared.Borrow();
        var old = await app.HookAsync("rotate", receiver);
        var rotated = (await app.PostAsync("/api/webhooks/rotate/rotate")).Json;
        await app.PostAsync("/api/webhooks/rotate/test");
        await app.AdvanceAsync(TimeSpan.FromHours(25));
        await app.PostAsync("/api/webhooks/rotate/test");

        var (within, after) = (receiver.All.First(), receiver.All.Last());
        Assert.Equal([true, false], await IndependentVerifier.VerdictsAsync(old, within, after));
        Assert.Equal([true, true], await IndependentVerifier.VerdictsAsync(rotated.GetProperty("secret").GetString()!, within, after)); // it was just made
        await app.DeleteAsync("/api/webhooks/rotate");
    }

    [Fact]
    public async Task Deliveries_are_listed_newest_first_page_by_page()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var app = shared.Borrow();
        await app.HookAsync("pages", receiver, new[] { "StageChanged" });
        var lead = await app.LeadAsync("pages-ann");
        foreach (var stage in (string[])["mql", "sal", "sql", "customer", "promoter"])
        {
            await app.StageAsync(lead, stage);
            await app.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        var stages = new List<string?>();
        for (string? cursor = null, next = ""; next is not null; cursor = next)
        {
            var page = (await app.GetAsync($"/api/webhooks/pages/deliveries?limit=2{(cursor is null or "" ? "" : "&cursor=" + cursor)}")).Json;
            stages.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("event").GetProperty("data").GetProperty("to").GetString()));
            next = page.TryGetProperty("nextCursor", out var more) ? more.GetString() : null;
        }

        Assert.Equal(["promoter", "customer", "sql", "sal", "mql"], stages);
        await app.DeleteAsync("/api/webhooks/pages");
    }

    [Fact]
    public async Task The_schema_of_what_is_told_is_served()
    {
        await using var app = shared.Borrow();

        var schema = await app.GetAsync("/api/schemas/events.json");

        Assert.Equal("application/schema+json", schema.ContentType);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(Encoding.UTF8.GetBytes(Repository.Read("functions/Integrations/events.schema.json"))).RootElement, schema.Json));
    }
}
