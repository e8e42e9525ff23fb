using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace LeadFunctions.Tests.Ingest;

/// <summary>What browsers need beside the calls themselves: the pixel, preflights, origins and settings.</summary>
[Collection(nameof(OneIngestApp))]
public sealed class BrowserRequestTests(IngestApp app)
{
    [Fact]
    public async Task A_pixel_is_always_an_image_and_its_status_says_what_became_of_it()
    {
        var id = Guid.NewGuid().ToString();
        await AssertPixelAsync(HttpStatusCode.OK, $"/p.gif?k={IngestApp.Key}&a=browser-1&id={id}&url=https%3A%2F%2Fx.example%2Fpricing");
        await AssertPixelAsync(HttpStatusCode.Unauthorized, "/p.gif?k=wrong&a=browser-1");
        await AssertPixelAsync(HttpStatusCode.BadRequest, $"/p.gif?k={IngestApp.Key}");
        await AssertPixelAsync(HttpStatusCode.RequestEntityTooLarge, $"/p.gif?k={IngestApp.Key}&a=1&x={string.Join("&x=", Enumerable.Repeat(new string('+', 2000), 3))}", mayBe: HttpStatusCode.OK);

        Assert.Equal("/pricing", (await app.FindStoredAsync(id))?.Properties.GetProperty("path").GetString());
    }

    public static TheoryData<string, string, string> Preflights
    {
        get
        {
            var preflights = new TheoryData<string, string, string>
            {
                { "/v1/t", "POST", "authorization,x-retry-count" },
                { "/v1/b", "POST", "authorization,content-type" },
                { "/v1/batch", "POST", "anonymousid,authorization,content-type" },
                { "/v1/m", "POST", "content-type" },
                { "/collect", "POST", "content-type" },
                { "/collect?k=local-write-key", "POST", "content-type,sentry-trace,baggage" },
                { "/p.gif", "GET", "traceparent" },
                { "/i", "GET", "sp-anonymous" },
                { "/com.snowplowanalytics.snowplow/tp2", "POST", "content-type,sp-anonymous" },
                { $"/v1/projects/{IngestApp.Key}/settings", "GET", "x-requested-with" },
            };
            foreach (var capture in Captures.All.Where(capture => capture.Method == "OPTIONS"))
            {
                preflights.Add(capture.Path, capture.Header("Access-Control-Request-Method")!, capture.Header("Access-Control-Request-Headers")!); // recorded preflights ask for both
            }

            return preflights;
        }
    }

    [Theory]
    [MemberData(nameof(Preflights))]
    public async Task A_preflight_is_answered_for_what_clients_ask(string path, string method, string asked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", asked);
        using var response = await app.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("https://shop.example", response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", response.Header("Access-Control-Allow-Credentials"));
        Assert.All(asked.Split(','), name => Assert.Contains(name, response.Header("Access-Control-Allow-Headers")!.Split(',')));
        Assert.Contains(method, response.Header("Access-Control-Allow-Methods")!.Split(','));
        Assert.Equal("7200", response.Header("Access-Control-Max-Age"));
    }

    [Fact]
    public async Task What_a_page_asked_for_it_may_read_whatever_the_answer()
    {
        foreach (var (method, path, status) in new[]
        {
            (HttpMethod.Post, $"/collect?k={IngestApp.Key}", HttpStatusCode.OK), (HttpMethod.Post, "/collect?k=wrong", HttpStatusCode.Unauthorized), (HttpMethod.Post, "/v1/m", HttpStatusCode.OK),
            (HttpMethod.Post, "/v1/dance", HttpStatusCode.NotFound), (HttpMethod.Get, $"/i?aid={IngestApp.Key}&e=pp&uid=u1", HttpStatusCode.OK), (HttpMethod.Get, "/v1/projects/wrong/settings", HttpStatusCode.NotFound),
        })
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Add("Origin", "https://shop.example");
            request.Content = method == HttpMethod.Post ? new StringContent("""{"type":"page","anonymousId":"a"}""", Encoding.UTF8, "application/json") : null;
            using var response = await app.Client.SendAsync(request);

            Assert.Equal((path, status), (path, response.StatusCode));
            Assert.Equal(("https://shop.example", "true"), (response.Header("Access-Control-Allow-Origin"), response.Header("Access-Control-Allow-Credentials")));
        }
    }

    [Fact]
    public async Task The_tracker_may_be_loaded_with_crossorigin() => Assert.Equal("*", (await app.Client.GetAsync("/lf.js")).Header("Access-Control-Allow-Origin"));

    [Fact]
    public async Task A_source_has_its_own_keys_origins_and_rate()
    {
        var key = await NewSourceAsync(new { name = "Shop", allowedOrigins = new[] { "https://shop.example" }, eventsPerSecond = 5, dropBots = false });
        static Action<HttpRequestMessage> From(string origin) => request => request.Headers.Add("Origin", origin);

        using var allowed = await UntilKnownAsync(() => app.PostAsync("/v1/page", """{"userId":"u"}""", From("https://shop.example"), key));
        Assert.Equal("https://shop.example", allowed.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", allowed.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("Retry-After", allowed.Header("Access-Control-Expose-Headers"));
        Assert.Equal("Origin", allowed.Header("Vary"));

        using var foreign = await app.PostAsync("/v1/page", """{"userId":"u"}""", From("https://evil.example"), key);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Null(foreign.Header("Access-Control-Allow-Origin"));

        using var settings = await app.Client.GetAsync($"/v1/projects/{key}/settings");
        Assert.Equal(key, (await settings.JsonAsync()).GetProperty("integrations").GetProperty("Segment.io").GetProperty("apiKey").GetString());

        var pages = Enumerable.Range(0, 50).Select(i => $$"""{"type":"page","userId":"u","messageId":"{{key}}-{{i}}"}""");
        var batch = "{\"batch\":[" + string.Join(',', pages) + "]}";
        await app.PostAsync("/v1/batch", batch, key: key).JsonAsync();
        using var limited = await app.PostAsync("/v1/batch", batch, From("https://shop.example"), key);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.InRange(int.Parse(limited.Header("Retry-After")!), 1, 10);
        Assert.Equal("Retry-After", limited.Header("Access-Control-Expose-Headers"));
    }

    [Fact]
    public async Task Browser_settings_are_for_known_keys()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/projects/{IngestApp.Key}/settings");
        request.Headers.Add("Origin", "https://shop.example");
        using var response = await app.Client.SendAsync(request);
        var segment = (await response.JsonAsync()).GetProperty("integrations").GetProperty("Segment.io");

        Assert.Equal($"{app.App.Address.Authority}/v1", segment.GetProperty("apiHost").GetString());
        Assert.Equal("http", segment.GetProperty("protocol").GetString());
        Assert.Equal("https://shop.example", response.Header("Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync("/v1/projects/wrong/settings")).StatusCode);
    }

    private async Task AssertPixelAsync(HttpStatusCode status, string path, HttpStatusCode? mayBe = null)
    {
        using var response = await app.Client.GetAsync(path);
        var image = await response.Content.ReadAsByteArrayAsync();

        Assert.True(response.StatusCode == status || response.StatusCode == mayBe, $"{response.StatusCode}");
        Assert.Equal("image/gif", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(43, image.Length);
        Assert.Equal("GIF89a", Encoding.ASCII.GetString(image, 0, 6));
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    private async Task<string> NewSourceAsync(object document)
    {
        var id = $"s{Guid.NewGuid():n}"[..12];
        using var put = new HttpRequestMessage(HttpMethod.Put, $"/api/sources/{id}") { Content = JsonContent.Create(document) };
        put.Headers.Authorization = new("Bearer", "local-admin-key");
        Assert.Equal(HttpStatusCode.Created, (await app.Client.SendAsync(put)).StatusCode);
        using var post = new HttpRequestMessage(HttpMethod.Post, $"/api/sources/{id}/keys");
        post.Headers.Authorization = new("Bearer", "local-admin-key");
        return (await app.Client.SendAsync(post).JsonAsync(HttpStatusCode.Created)).GetProperty("key").GetString()!;
    }

    private static async Task<HttpResponseMessage> UntilKnownAsync(Func<Task<HttpResponseMessage>> send)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            var response = await send();
            if (response.StatusCode != HttpStatusCode.Unauthorized || DateTime.UtcNow > deadline)
            {
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                return response;
            }

            response.Dispose();
            await Task.Delay(100);
        }
    }
}
