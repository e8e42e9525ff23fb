using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Journeys;

/// <summary>The whole app on the emulator, on a clock that stands until it is moved.</summary>
internal static class JourneyApp
{
    /// <summary>A Monday.</summary>
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    public static Task<TestApp> StartAsync(string? account = null, DateTimeOffset? now = null, IReadOnlyDictionary<string, string>? settings = null) =>
        TestApp.StartAsync(App.Build, settings, account, now: now ?? Start);

    public static async Task PublishAsync(this TestApp app, string id, string json)
    {
        var put = await app.PutAsync($"/api/journeys/{id}", json);
        Assert.True(put.Status is HttpStatusCode.Created or HttpStatusCode.OK, put.Text);
        var published = await app.PostAsync($"/api/journeys/{id}/publish");
        Assert.True(published.Status == HttpStatusCode.OK, published.Text);
    }

    public static async Task PublishSampleAsync(this TestApp app, string name)
    {
        await app.WriteToWhoDidNotRefuseAsync();
        await app.PublishAsync(name, Repository.Read($"samples/journeys/{name}.json"));
    }

    /// <summary>Body of the setting <c>messaging</c> under which nobody has to have agreed to a topic.</summary>
    public const string NotRefused = """{"consent":"notRefused"}""";

    /// <summary>The samples write by topics, to which people would have to agree first.</summary>
    public static async Task WriteToWhoDidNotRefuseAsync(this TestApp app)
    {
        var put = await app.PutAsync("/api/settings/messaging", NotRefused);
        Assert.True(put.Status == HttpStatusCode.OK, put.Text);
    }

    /// <summary>What a site's server would post.</summary>
    public static async Task SendAsync(this TestApp app, params IReadOnlyList<object> calls)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { batch = calls }), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Api.WriteKey + ":")));
        using var response = await app.Client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    public static object Identify(string user, object traits, string? id = null) => new { type = "identify", userId = user, traits, messageId = id ?? $"i-{user}-{Guid.NewGuid():N}" };

    public static object Track(string user, string name, object? properties = null, string? id = null) =>
        new { type = "track", userId = user, @event = name, properties = properties ?? new { }, messageId = id ?? $"t-{user}-{Guid.NewGuid():N}" };

    /// <summary>They agree to the newsletter, as in its form.</summary>
    public static object Subscribe(string user, string? id = null) => new
    {
        type = "track",
        userId = user,
        @event = "Consent Changed",
        properties = new { newsletter = true },
        context = new { form = new { id = "newsletter" } },
        messageId = id ?? $"t-{user}-{Guid.NewGuid():N}",
    };

    /// <param name="later">Taken off the times.</param>
    public static async Task<IReadOnlyList<string>> SentAsync(this TestApp app, string? journey = null, TimeSpan later = default)
    {
        var lines = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await app.GetAsync($"/api/outbox?limit=500{(journey is null ? "" : $"&journey={journey}")}{(cursor is null ? "" : $"&cursor={cursor}")}")).Json;
            lines.AddRange(page.GetProperty("items").EnumerateArray().Select(m => $"{m.GetProperty("sentAt").GetDateTimeOffset() - later:yyyy-MM-dd HH:mm} {(m.TryGetProperty("template", out var t) ? t.GetString() : "sales")}"));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    public static async Task<IReadOnlyList<JsonElement>> RunsAsync(this TestApp app, string journey, string query = "")
    {
        var page = await app.GetAsync($"/api/journeys/{journey}/runs?limit=500{query}");
        Assert.True(page.Status == HttpStatusCode.OK, page.Text);
        return [.. page.Json.GetProperty("items").EnumerateArray()];
    }
}
