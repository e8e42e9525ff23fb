using System.Net;
using LeadFunctions.Platform.Http;

namespace LeadFunctions.Tests.Platform;

[Collection(nameof(OneManagedApp))]
public sealed class ManagementRequestTests(SharedApp shared)
{
    [Fact]
    public async Task A_body_over_the_limit_is_refused_with_and_without_a_length()
    {
        await using var app = shared.Borrow();
        var body = new string(' ', RequestBody.Limit + 1);

        var announced = await app.PutAsync("/api/sources/shop", body);
        using var chunked = new HttpRequestMessage(HttpMethod.Put, "/api/sources/shop") { Content = new StringContent(body) };
        chunked.Headers.TransferEncodingChunked = true;
        chunked.Headers.Add("Authorization", $"Bearer {Api.AdminKey}");
        using var surprised = await app.Client.SendAsync(chunked);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, announced.Status);
        Assert.Equal("/problems/too-large", announced.Problem);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, surprised.StatusCode);
    }

    [Fact]
    public async Task What_is_wrong_with_a_document_is_a_400_and_no_failure_of_ours()
    {
        await using var app = shared.Borrow();
        const string Steps = """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"a","type":"wait","for":"1h"}]}""";
        foreach (var (path, body, at) in new[]
        {
            ("/api/journeys/x", """{"name":"\ud83d","trigger":{"event":"Start"},"steps":[]}""", "$"),
            ("/api/scoring-models/x", """{"name":"\ud83d"}""", "$"),
            ("/api/sources/x", """{"name":"\ud83d"}""", "$"),
            ("/api/sources/x", """{"name":"x","eventsPerSecond":1e40}""", "$.eventsPerSecond"),
            ("/api/journeys/x/simulate", $$"""{"document":{{Steps}},"leads":[{}],"days":1e40}""", "$.days"),
            ("/api/journeys/x/simulate", $$"""{"document":{{Steps}},"leads":[{}],"days":1e400}""", "$"),
            ("/api/journeys/x/simulate", $$"""{"document":{{Steps}},"leads":[{}],"from":"9999-12-31T23:00:00Z"}""", "$.days"),
            ("/api/journeys/x/simulate", $$"""{"document":{{Steps}},"leads":[{"events":[null]}]}""", "$.leads[0].events[0]"),
            ("/api/journeys/x/simulate", $$"""{"document":{{Steps}},"leads":[{"traits":{"name":"\ud83d"} }]}""", "$"),
            ("/api/journeys/x/simulate", $$"""{"document":{{Steps}},"leads":[{}],"from":"0001-01-01T00:00:00Z"}""", "$.from"),
            ("/api/journeys/x/simulate", $$"""{"document":{{Steps}},"leads":[{"events":[{"name":"Start","at":"2026-06-01T00:00:00Z"},{"name":"Start","at":"0001-01-01T00:00:00Z"}]}]}""", "$.leads[0].events[1].at"),
            ("/api/journeys/x/simulate", $$"""{"document":{{Steps}},"recorded":{"from":"0001-01-01T00:00:00Z"},"days":10}""", "$.recorded.from"),
        })
        {
            var answer = await app.SendAsync(path.EndsWith("simulate", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Put, path, body);

            Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{path} {body}: {answer}");
            Assert.Equal(at, answer.ErrorPaths[0]);
        }
    }

    [Fact]
    public async Task Nothing_on_the_way_keeps_an_answer_or_guesses_what_it_is()
    {
        await using var app = shared.Borrow();
        foreach (var path in new[] { "/api/leads", "/api/leads/nobody", "/api/leads?emial=x", "/api/sources", "/api/outbox", "/api/dead-letters", "/api/openapi.json", "/healthz", $"/p.gif?k={Api.WriteKey}&a=a1", "/v1/projects/wrong/settings" })
        {
            foreach (var key in new[] { Api.AdminKey, null, "wrong" })
            {
                var answer = await app.GetAsync(path, key);

                Assert.True(answer.Headers.CacheControl?.NoStore, path);
                Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            }
        }

        var script = await app.GetAsync("/lf.js", key: null);
        Assert.True(script.Headers.CacheControl is { NoStore: false, Public: true });
        Assert.Equal("nosniff", Assert.Single(script.Headers.GetValues("X-Content-Type-Options")));
    }
}
