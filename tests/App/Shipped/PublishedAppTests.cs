using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Shipped;

/// <summary>What <c>dotnet publish</c> makes, and is deployed as it is, does all that the built app does: from a request to a score, and through a journey.</summary>
public sealed class PublishedAppTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("leadfunctions-published-").FullName;

    [Fact]
    public async Task The_published_app_scores_events_and_leads_people_through_a_journey()
    {
        await PublishAsync();
        await using var app = await AppProcess.StartAsync(_folder);

        using var tracker = await app.Client.GetAsync("/lf.js");
        Assert.Contains("lf", await tracker.EnsureSuccessStatusCode().Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var dashboard = await app.Client.GetAsync("/app");
        Assert.Contains("/app/assets/app-", await dashboard.EnsureSuccessStatusCode().Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await SendAsync(app, HttpMethod.Put, "/api/scoring-models/shop", Repository.Read("samples/scoring-models/shop.json"));
        await SendAsync(app, HttpMethod.Post, "/api/scoring-models/shop/publish");
        await SendAsync(app, HttpMethod.Put, "/api/journeys/welcome", Repository.Read("samples/journeys/welcome.json"));
        await SendAsync(app, HttpMethod.Post, "/api/journeys/welcome/publish");
        await PostAsync(app, "identify", """{ "userId": "ann", "traits": { "email": "ann@example.com", "country": "PL", "company": { "employees": 80 } } }""");
        await PostAsync(app, "page", """{ "userId": "ann", "name": "Pricing", "properties": { "path": "/pricing" } }""");
        await PostAsync(app, "track", """{ "userId": "ann", "event": "Consent Changed", "properties": { "newsletter": true }, "context": { "form": { "id": "newsletter" } } }""");
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(30));

        var lead = Assert.Single((await SendAsync(app, HttpMethod.Get, "/api/leads?userId=ann")).GetProperty("items").EnumerateArray());
        Assert.Equal("A", lead.GetProperty("grade").GetString());
        var score = await SendAsync(app, HttpMethod.Get, $"/api/leads/{lead.GetProperty("id").GetString()}/score");
        Assert.True(score.GetProperty("engagement").GetDouble() > 0);
        var sent = (await SendAsync(app, HttpMethod.Get, "/api/outbox")).GetProperty("items").EnumerateArray()
            .Select(message => message.TryGetProperty("template", out var template) ? template.GetString() : null).ToList();
        Assert.Contains("welcome-1", sent);
        Assert.Contains("welcome-2", sent);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task PublishAsync()
    {
        // What analyzers say was said when this was built.
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["publish", "functions", "-c", "Release", "-o", _folder, "-v", "q", "-nologo", "--nodeReuse:false", "-p:RunAnalyzers=false"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        using var publish = Process.Start(start)!; // without the shell there always is one
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, output);
    }

    private static async Task PostAsync(AppProcess app, string call, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/{call}") { Content = new StringContent(json) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(Api.WriteKey + ":")));
        using var response = await app.Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<JsonElement> SendAsync(AppProcess app, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", Api.AdminKey);
        using var response = await app.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
