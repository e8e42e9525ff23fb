using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace LeadFunctions.Tests.Ingest;

/// <summary>What browsers need beside the calls themselves: the pixel, preflights, origins and settings.</summary>
public sealed class BrowserRequestTests(IngestApp app) : IClassFixture<IngestApp>
{
    [Fact]
    public async Task A_pixel_is_always_an_image_and_its_status_says_what_became_of_it()
    {
        var id = Guid.NewGuid().ToString();
        await AssertPixelAsync(HttpStatusCode.OK, $"/p.gif?k={IngestApp.Key}&a=anon&id={id}&url=https%3A%2F%2Fx.example%2Fpricing");
        await AssertPixelAsync(HttpStatusCode.Unauthorized, "/p.gif?k=wrong&a=anon");
        await AssertPixelAsync(HttpStatusCode.BadRequest, $"/p.gif?k={IngestApp.Key}");
        await AssertPixelAsync(HttpStatusCode.RequestEntityTooLarge, $"/p.gif?k={IngestApp.Key}&a=1&x={string.Join("&x=", Enumerable.Repeat(new string('+', 2000), 3))}", mayBe: HttpStatusCode.OK);

        Assert.Equal("/pricing", (await app.FindStoredAsync(id))?.Properties.GetProperty("path").GetString());
    }

    [Fact]
    public async Task A_preflight_is_answered_for_what_clients_ask()
    {
        foreach (var path in new[] { "/v1/t", "/v1/b", "/collect", "/p.gif", $"/v1/projects/{IngestApp.Key}/settings" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, path);
            request.Headers.Add("Origin", "https://shop.example");
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,x-retry-count");
            using var response = await app.Client.SendAsync(request);

            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            Assert.Equal("https://shop.example", response.Header("Access-Control-Allow-Origin"));
            Assert.Contains("authorization", response.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
            Assert.Contains("content-type", response.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
            Assert.Contains("x-retry-count", response.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
            Assert.Contains("POST", response.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
            Assert.Equal("7200", response.Header("Access-Control-Max-Age"));
            Assert.Null(response.Header("Access-Control-Allow-Credentials"));
        }
    }

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
