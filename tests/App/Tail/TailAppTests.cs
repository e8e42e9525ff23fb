using System.Net;
using System.Text;
using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Tail;
using LeadFunctions.Tail.Api;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Tests.Tail;

[Collection(nameof(OneManagedApp))]
public sealed class TailAppTests(SharedApp shared)
{
    private const string Page = "https://tail.example/pricing";
    private const string Visitor = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";

    [Fact]
    public async Task What_comes_in_is_told_with_what_became_of_it_and_without_its_key()
    {
        await using var app = shared.Borrow();
        var key = await SourceAsync(app, "tail-site", """{"name":"Site","allowedOrigins":["https://tail.example"]}""");
        var before = (await app.GetAsync("/api/tail")).Json;

        await SendAsync(app, key, new { type = "track", userId = "tail-ann", @event = "Product Added", messageId = "tail-1", properties = new { productId = "p" } });
        await SendAsync(app, key, new { type = "track", userId = "tail-ann", @event = "Product Added", messageId = "tail-1", properties = new { productId = "p" } });
        await SendAsync(app, key, new { batch = new object[] { new { type = "page", anonymousId = "tail-b", messageId = "tail-2", properties = new { url = Page + "?email=ann@tail.example" } }, new { type = "page", anonymousId = "tail-b", messageId = "tail-2" } } }, "https://tail.example");
        await SendAsync(app, key, new { type = "track", @event = "Nobody" });
        await SendAsync(app, key, new { type = "page", anonymousId = "tail-c" }, "https://tail.example", ("Sec-GPC", "1"));
        await SendAsync(app, key, new { type = "page", anonymousId = "tail-d" }, "https://elsewhere.example");
        await SendAsync(app, "lfw_nobodys-key", new { type = "page", anonymousId = "tail-d" });
        await SendAsync(app, key, new { batch = new[] { new { type = "track", userId = "tail-dry", @event = "Dry" } } }, path: "/v1/batch?dryRun=true");
        using (var settings = new HttpRequestMessage(HttpMethod.Get, $"/v1/projects/{key}/settings") { Headers = { { "Origin", "https://reads.example" } } })
        {
            await app.Client.SendAsync(settings);
        }

        var items = await ToldAsync(app, before, "source=tail-site", items => items.Count(item => Outcome(item) is "applied" or "duplicate") == 4 && items.Count == 9);
        string[] expected =
        [
            "applied tail-ann Product Added", "duplicate tail-ann Product Added", "applied tail-b page", "duplicate duplicate messageId", "refused noIdentity userId",
            "refused consentDenied ", "refused originNotAllowed https://elsewhere.example", "refused unknownSource", "refused originNotAllowed https://reads.example",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), items.Select(Line).Order(StringComparer.Ordinal));

        var page = items.Single(item => Text(item, "anonymousId") == "tail-b" && Outcome(item) == "applied");
        Assert.Equal((Page, "https://tail.example", "tail-2"), (Text(page, "page"), Text(page, "origin"), Text(page, "messageId")));
        Assert.InRange(page.GetProperty("lagMs").GetDouble(), 0, 60_000);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync($"/api/leads/{Text(page, "leadId")}")).Status);
        var lead = items.First(item => Outcome(item) == "applied" && Text(item, "userId") == "tail-ann");
        Assert.Equal(Line(lead), Line(Assert.Single((await TailAsync(app, before, $"lead={Text(lead, "leadId")}")).Items)));
        Assert.Equal(2, (await TailAsync(app, before, "name=product&source=tail-site")).Items.Count(item => Text(item, "name") is not null));

        var all = (await app.GetAsync("/api/tail?limit=200")).Text;
        Assert.DoesNotContain(key, all, StringComparison.Ordinal);
        Assert.DoesNotContain("nobodys-key", all, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@tail.example", all, StringComparison.Ordinal);
        Assert.Equal(["outcome"], (await app.GetAsync("/api/tail?outcome=x")).ErrorPaths);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.GetAsync("/api/tail", key: null)).Status);
    }

    [Fact]
    public async Task While_nobody_looks_nothing_is_written_down_and_what_came_then_is_told_to_nobody()
    {
        await using var app = shared.Borrow();
        using var meter = new StorageMeter(app.ConnectionString);
        await app.GetAsync("/api/tail");
        await app.AdvanceAsync(TimeSpan.FromMinutes(5)); // nobody asked again
        await app.SettleAsync();
        var before = await meter.ReadAsync();

        await SendAsync(app, Api.WriteKey, new { batch = Enumerable.Range(0, 20).Select(i => new { type = "track", userId = $"unseen{i}", @event = "Unseen", messageId = $"unseen-{i}" }) });
        await SendAsync(app, "nobodys", new { type = "track", userId = "unseen", @event = "Unseen" });
        await app.SettleAsync();

        Assert.Equal(0, (await meter.ReadAsync() - before).For("Tail"));
        Assert.Empty((await TailAsync(app, default, "name=unseen")).Items);

        // From here on somebody looks again.
        await SendAsync(app, Api.WriteKey, new { type = "track", userId = "unseen1", @event = "Unseen", messageId = "seen" });
        Assert.Equal("seen", Text(Assert.Single(await ToldAsync(app, default, "name=unseen", items => items.Count == 1 && Outcome(items[0]) == "applied")), "messageId"));
    }

    [Fact]
    public async Task An_event_from_before_is_no_success_of_who_looks_now()
    {
        await using var app = shared.Borrow();
        var before = (await app.GetAsync("/api/tail")).Json;
        await SendAsync(app, Api.WriteKey, new { type = "track", userId = "early", @event = "Early", messageId = "early-1" });
        await ToldAsync(app, before, "name=early", items => items.Count == 1 && Outcome(items[0]) == "applied");

        var opened = Uri.EscapeDataString((await app.GetAsync("/api/tail?limit=1")).Json.GetProperty("now").GetString()!); // it says so
        Assert.Empty((await TailAsync(app, default, $"name=early&from={opened}")).Items);

        await SendAsync(app, Api.WriteKey, new { type = "track", userId = "early", @event = "Early", messageId = "early-2" });
        Assert.Equal("early-2", Text(Assert.Single(await ToldAsync(app, default, $"name=early&from={opened}", items => items.Count > 0)), "messageId"));
    }

    [Fact]
    public async Task Of_more_than_fifty_a_second_the_rest_is_a_number_and_all_of_it_is_applied()
    {
        await using var app = shared.Borrow();
        await app.SettleAsync();
        var before = (await app.GetAsync("/api/tail")).Json;

        await SendAsync(app, Api.WriteKey, new { batch = Enumerable.Range(0, 150).Select(i => new { type = "track", userId = $"many{i}", @event = "Many", messageId = $"many-{i}" }) });
        await SendAsync(app, Api.WriteKey, new { type = "track", userId = "many0", @event = "Last", messageId = "many-last" });

        var told = await Eventually.ThatAsync(() => TailAsync(app, before, "limit=200"), tail => tail.Items.Count(item => Text(item, "name") == "Many") + tail.NotShown >= 150);
        Assert.InRange(told.Items.Count(item => Text(item, "name") == "Many"), 1, 100); // a second may have passed meanwhile
        await app.SettleAsync();
        Assert.Single((await app.GetAsync("/api/leads?userId=many149")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_is_old_is_gone_when_somebody_looks_or_when_nobody_does_any_more_and_a_publication_ends_no_look()
    {
        await using var app = shared.Borrow();
        var services = app.NewServices();
        var table = services.GetRequiredService<TailTable>();
        var (definitions, sources) = (services.GetRequiredService<DefinitionsTable>(), services.GetRequiredService<Sources>());
        var before = (await app.GetAsync("/api/tail")).Json;
        await SendAsync(app, Api.WriteKey, new { type = "track", userId = "old", @event = "Old", messageId = "old-1" });
        await ToldAsync(app, before, "name=old", items => items.Count == 1);

        var revision = await definitions.RevisionAsync(Sources.Kind, default);
        await SourceAsync(app, "tail-published", """{"name":"Published"}""");
        await definitions.WatchAsync(Sources.Kind, new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), default);
        Assert.Equal(revision + 1, await definitions.RevisionAsync(Sources.Kind, default)); // by the publication alone
        var until = (await app.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset() + TailFunctions.Lasts;
        await definitions.WatchAsync(Sources.Kind, new(until - TailFunctions.Lasts, until), default);
        await SourceAsync(app, "tail-published-again", """{"name":"Published"}""");
        await sources.FreshAsync(default);
        Assert.True(sources.AreWatched(until.AddSeconds(-1)) && !sources.AreWatched(until));

        await app.AdvanceAsync(TailFunctions.Lasts + TailTable.Age + TimeSpan.FromSeconds(1));
        Assert.Empty((await TailAsync(app, default, "name=old")).Items);
        await foreach (var part in table.ReadAsync(DateTimeOffset.UnixEpoch, default))
        {
            Assert.DoesNotContain(part.Rows, row => row.Name == "Old");
        }
    }

    private static async Task<string> SourceAsync(TestApp app, string id, string document)
    {
        await app.PutAsync($"/api/sources/{id}", document);
        return (await app.PostAsync($"/api/sources/{id}/keys")).Json.GetProperty("key").GetString()!; // it was made
    }

    private static async Task SendAsync(TestApp app, string key, object body, string? origin = null, (string Name, string Value)? header = null, string path = "/v1/batch")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(JsonSerializer.Serialize(body is { } one && one.GetType().GetProperty("batch") is null ? new { batch = new[] { one } } : body), Encoding.UTF8, "text/plain") };
        request.Headers.TryAddWithoutValidation("User-Agent", Visitor);
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(key + ":")));
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        if (header is { } more)
        {
            request.Headers.Add(more.Name, more.Value);
        }

        using var response = await app.Client.SendAsync(request);
    }

    private static async Task<(IReadOnlyList<JsonElement> Items, int NotShown)> TailAsync(TestApp app, JsonElement since, string query)
    {
        var cursor = since.ValueKind == JsonValueKind.Undefined ? "" : $"&cursor={since.GetProperty("nextCursor").GetString()}&from={Uri.EscapeDataString(since.GetProperty("now").GetString()!)}"; // it has one
        var answer = await app.GetAsync($"/api/tail?{query}{cursor}");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        return ([.. answer.Json.GetProperty("items").EnumerateArray()], answer.Json.GetProperty("notShown").GetInt32());
    }

    private static async Task<IReadOnlyList<JsonElement>> ToldAsync(TestApp app, JsonElement since, string query, Func<IReadOnlyList<JsonElement>, bool> holds) =>
        (await Eventually.ThatAsync(() => TailAsync(app, since, query), tail => holds(tail.Items))).Items;

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Outcome(JsonElement item) => Text(item, "outcome")!; // each has one

    private static string Line(JsonElement item) => Text(item, "reason") switch
    {
        null => $"{Outcome(item)} {Text(item, "userId") ?? Text(item, "anonymousId")} {Text(item, "name")}",
        "unknownSource" => $"{Outcome(item)} unknownSource",
        "originNotAllowed" => $"{Outcome(item)} originNotAllowed {Text(item, "origin")}",
        var reason => $"{Outcome(item)} {reason} {Text(item, "path")}",
    };
}
