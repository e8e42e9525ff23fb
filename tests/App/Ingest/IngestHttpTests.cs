using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Ingest;

[Collection(nameof(OneIngestApp))]
public sealed class IngestHttpTests(IngestApp app)
{
    [Fact]
    public async Task Every_recorded_request_is_taken_as_the_client_sent_it()
    {
        var ids = new List<string>();
        foreach (var capture in Captures.Posts)
        {
            using var response = await SendAsync(capture);
            var answer = await response.JsonAsync();
            var events = EventsOf(capture);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(events.Count, answer.GetProperty("accepted").GetInt32());
            Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
            ids.AddRange(events);
        }

        var stored = await app.StoredAsync();
        Assert.All(ids, id => Assert.True(stored.ContainsKey(id), id));
    }

    [Theory]
    [InlineData("/v1/identify", "identify")]
    [InlineData("/v1/i", "identify")]
    [InlineData("/v1/track", "track")]
    [InlineData("/v1/t", "track")]
    [InlineData("/v1/page", "page")]
    [InlineData("/v1/p", "page")]
    [InlineData("/v1/screen", "screen")]
    [InlineData("/v1/s", "screen")]
    [InlineData("/v1/group", "group")]
    [InlineData("/v1/g", "group")]
    [InlineData("/v1/alias", "alias")]
    [InlineData("/v1/a", "alias")]
    public async Task A_path_says_what_its_event_is(string path, string type)
    {
        var id = Guid.NewGuid().ToString();
        await app.PostAsync(path, $$"""{"messageId":"{{id}}","userId":"u","event":"x","groupId":"g","previousId":"p","type":"whatever"}""").JsonAsync();

        Assert.Equal(type, (await app.FindStoredAsync(id))?.Type.ToString().ToLowerInvariant());
    }

    [Theory]
    [InlineData("/v1/batch")]
    [InlineData("/v1/b")]
    [InlineData("/v1/import")]
    [InlineData("/collect")]
    public async Task A_batch_is_taken_event_by_event_and_every_refusal_is_told(string path)
    {
        var id = Guid.NewGuid().ToString();
        var answer = await app.PostAsync(path, $$"""{"batch":[{"type":"page","userId":"u","messageId":"{{id}}"},{"type":"page","messageId":"m2"},{"type":"track","userId":"u"},7]}""").JsonAsync();

        Assert.True(answer.GetProperty("success").GetBoolean());
        Assert.Equal(1, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(
            ["""1 m2 noIdentity""", """2  noEventName""", """3  noType"""],
            answer.GetProperty("rejected").EnumerateArray().Select(r => $"{r.GetProperty("index")} {(r.TryGetProperty("messageId", out var m) ? m.GetString() : "")} {r.GetProperty("reason").GetString()}"));
        Assert.NotNull(await app.FindStoredAsync(id));
    }

    [Fact]
    public async Task A_batch_of_garbage_gets_a_bounded_answer()
    {
        var answer = await app.PostAsync("/v1/batch", $$"""{"batch":[{{string.Join(',', Enumerable.Repeat("7", 5000))}}]}""").JsonAsync();

        Assert.Equal(100, answer.GetProperty("rejected").GetArrayLength());
        Assert.Equal(5000, answer.GetProperty("rejectedCount").GetInt32());
    }

    [Fact]
    public async Task The_content_type_does_not_matter_and_compression_is_seen()
    {
        foreach (var contentType in new[] { null, "application/json", "text/plain", "application/x-www-form-urlencoded", "image/png" })
        {
            foreach (var (encoding, pack) in new (string?, Func<byte[], byte[]>)[] { (null, b => b), ("gzip", b => Bodies.Gzip(b)), (null, b => Bodies.Gzip(b)), ("deflate", b => Bodies.Deflate(b)), ("deflate", b => Bodies.Zlib(b)), ("gzip", b => b) })
            {
                var id = Guid.NewGuid().ToString();
                var json = Encoding.UTF8.GetBytes($$"""{"type":"page","userId":"u","messageId":"{{id}}"}""");
                await app.PostAsync("/collect", pack(json), request =>
                {
                    request.Content!.Headers.ContentType = contentType is null ? null : new MediaTypeHeaderValue(contentType);
                    if (encoding is not null)
                    {
                        request.Content.Headers.ContentEncoding.Add(encoding);
                    }
                }).JsonAsync();

                Assert.NotNull(await app.FindStoredAsync(id));
            }
        }
    }

    [Fact]
    public async Task The_key_is_taken_from_wherever_clients_put_it()
    {
        const string Page = """{"userId":"u"}""";
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/v1/page", Page)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/v1/page", Page, r => r.Headers.Authorization = new("Bearer", IngestApp.Key))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/v1/page", """{"userId":"u","writeKey":"local-write-key"}""", key: null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/v1/page?writeKey=local-write-key", Page, key: null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/v1/page?k=local-write-key", Page, key: null)).StatusCode);

        foreach (var (key, body) in new[] { (null, Page), ("wrong", Page), (null, """{"userId":"u","writeKey":"wrong"}"""), (null, "[1]") })
        {
            var problem = await app.PostAsync("/v1/page", body, key: key).JsonAsync(HttpStatusCode.Unauthorized);
            Assert.Equal("/problems/unknown-source", problem.GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task One_event_that_cannot_be_taken_is_a_problem_with_its_path()
    {
        var problem = await app.PostAsync("/v1/track", """{"userId":"u"}""").JsonAsync(HttpStatusCode.BadRequest);

        Assert.Equal("/problems/invalid-event", problem.GetProperty("type").GetString());
        Assert.Equal("$.event", problem.GetProperty("errors")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_drop_by_rule_is_not_the_clients_fault()
    {
        var answer = await app.PostAsync("/v1/page", """{"userId":"u","context":{"consent":{"tracking":false}}}""").JsonAsync();

        Assert.Equal((0, "consentDenied"), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected")[0].GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Privacy_signals_of_a_browser_are_heeded()
    {
        static void FromBrowser(HttpRequestMessage request)
        {
            request.Headers.Add("Sec-GPC", "1");
            request.Headers.Add("Origin", "https://shop.example");
        }

        var refused = await app.PostAsync("/v1/page", """{"userId":"u"}""", FromBrowser).JsonAsync();
        var server = await app.PostAsync("/v1/page", """{"userId":"u"}""", request => request.Headers.Add("DNT", "1")).JsonAsync();
        var beacon = await app.PostAsync("/collect", """{"type":"page","userId":"u"}""", request => request.Headers.Add("DNT", "1")).JsonAsync();

        Assert.Equal(0, refused.GetProperty("accepted").GetInt32());
        Assert.Equal(1, server.GetProperty("accepted").GetInt32());
        Assert.Equal(0, beacon.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task Too_large_and_unreadable_bodies_are_problems()
    {
        var large = Encoding.UTF8.GetBytes($$"""{"type":"page","userId":"{{new string('x', 500 * 1024)}}"}""");
        Assert.Equal("/problems/too-large", (await app.PostAsync("/v1/batch", large).JsonAsync(HttpStatusCode.RequestEntityTooLarge)).GetProperty("type").GetString());
        await app.PostAsync("/v1/batch", large, r => r.Headers.TransferEncodingChunked = true).JsonAsync(HttpStatusCode.RequestEntityTooLarge);
        await app.PostAsync("/v1/batch", Bodies.Gzip(large)).JsonAsync(HttpStatusCode.RequestEntityTooLarge);
        await app.PostAsync("/v1/batch", Bodies.Gzip(new byte[100 * 1024 * 1024])).JsonAsync(HttpStatusCode.RequestEntityTooLarge);
        await app.PostAsync("/v1/track", $$"""{"userId":"u","event":"x","properties":{"x":"{{new string('x', 33 * 1024)}}"} }""").JsonAsync(HttpStatusCode.RequestEntityTooLarge);

        foreach (var body in new[] { "", "{", "a=b", new string('[', 10_000) })
        {
            var problem = await app.PostAsync("/v1/batch", body).JsonAsync(HttpStatusCode.BadRequest);
            Assert.Equal("/problems/unreadable-body", problem.GetProperty("type").GetString());
        }

        await app.PostAsync("/v1/batch", [(byte)'"', 0xFF, (byte)'"']).JsonAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Other_calls_and_methods_do_not_exist_and_nothing_redirects()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync("/v1/dance", "{}")).StatusCode);
        Assert.InRange((int)(await app.Client.GetAsync("/v1/track")).StatusCode, 404, 405);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/v1/m", """{"series":[]}""", key: null)).StatusCode);
        using var head = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/p.gif"));
        Assert.InRange((int)head.StatusCode, 404, 405);
    }

    [Fact]
    public async Task A_dry_run_shows_what_would_be_stored_and_stores_nothing()
    {
        var id = Guid.NewGuid().ToString();
        var answer = await app.PostAsync("/v1/batch?dryRun=true", $$"""{"batch":[{"type":"page","name":"Home","userId":"u","messageId":"{{id}}","properties":{"url":"https://x.example/p"} },{"type":"page"}]}""").JsonAsync();
        var shown = JsonSerializer.Deserialize(answer.GetProperty("events")[0], EventsJson.Default.LeadEvent)!;

        Assert.True(answer.GetProperty("dryRun").GetBoolean());
        Assert.Equal((id, EventType.Page, "/p"), (shown.Id, shown.Type, shown.Properties.GetProperty("path").GetString()));
        Assert.Equal("noIdentity", answer.GetProperty("rejected")[0].GetProperty("reason").GetString());
        Assert.Null(await app.FindStoredAsync(id));
    }

    [Theory]
    [InlineData("dryRun=1", HttpStatusCode.OK)]
    [InlineData("dryRun", HttpStatusCode.OK)]
    [InlineData("dryRun=yes", HttpStatusCode.BadRequest)]
    public async Task Whoever_asks_for_a_dry_run_in_other_words_does_not_find_the_events_stored(string query, HttpStatusCode status)
    {
        var id = Guid.NewGuid().ToString();
        using var answer = await app.PostAsync($"/v1/page?{query}", $$"""{"userId":"u","messageId":"{{id}}"}""");

        Assert.Equal(status, answer.StatusCode);
        Assert.Null(await app.FindStoredAsync(id));
    }

    [Fact]
    public async Task What_became_of_events_is_counted_by_outcome()
    {
        await using var collector = new TelemetryCollector();
        await using (var counted = await IngestApp.StartAsync(settings: collector.Settings))
        {
            await counted.PostAsync("/v1/batch", """{"batch":[{"type":"page","userId":"u"},{"type":"page","userId":"u"},{"type":"page"}]}""").JsonAsync();
            await counted.PostAsync("/v1/batch", "{").JsonAsync(HttpStatusCode.BadRequest);
        }

        Assert.Equal(
            new Dictionary<string, long> { [Outcome.Accepted.Name()] = 2, [Outcome.NoIdentity.Name()] = 1, [Outcome.Unreadable.Name()] = 1 },
            collector.SumsOf("leadfunctions.ingest.events", by: "outcome"));
    }

    private async Task<HttpResponseMessage> SendAsync(Capture capture)
    {
        var path = capture.Path;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(capture.Bytes) };
        foreach (var (name, value) in capture.Headers)
        {
            if (name.ToLowerInvariant() is "host" or "connection" or "content-length" or "authorization" or "user-agent")
            {
                continue;
            }

            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{IngestApp.Key}:")));
        request.Content = new ByteArrayContent(WithoutRobot(capture)) { Headers = { ContentType = request.Content.Headers.ContentType } };
        if (capture.Header("Content-Encoding") is { } encoding)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        return await app.Client.SendAsync(request);
    }

    // The recordings come from a headless browser, which the default source would drop.
    private static byte[] WithoutRobot(Capture capture) => (capture with { Body = capture.Body.Replace("HeadlessChrome", "Chrome", StringComparison.Ordinal) }).Bytes;

    private static List<string> EventsOf(Capture capture)
    {
        using var body = JsonDocument.Parse(capture.Body);
        return body.RootElement.TryGetProperty("batch", out var batch)
            ? [.. batch.EnumerateArray().Select(e => e.GetProperty("messageId").GetString()!)]
            : [body.RootElement.GetProperty("messageId").GetString()!];
    }
}
