using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Benchmarks;

/// <summary>What a slot of a page shows, asked by pages of known visitors at a steady rate, beside a function that answers nothing, asked as often.</summary>
internal static class ContentBenchmark
{
    private const int Leads = 2_000;
    private const int AtOnce = 100;
    private const int Connections = 64;
    private const double PerSecond = 200;
    private const int Warmup = 4_000;
    private const int Measured = 4_000;

    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task RunAsync(FigureTable table)
    {
        double floor;
        await using (var nothing = await Stack.StartAsync(Stack.Floor))
        {
            floor = (await MeasureAsync(nothing, _ => Load.Post(nothing.Address, "/nothing", "", ""))).Load.Percentile(0.99);
        }

        await using var app = await Stack.StartAsync(Stack.App);
        await PublishAsync(app.Client);
        await SendLeadsAsync(app.Client);
        var (load, asked) = await MeasureAsync(app, n => Load.Get(app.Address, PathOf(n % Leads)));
        var p99 = load.Percentile(0.99);
        table.Add(
            $"what a slot shows, 20 contents live, known visitors, {PerSecond:N0}/s", $"p50 {load.Percentile(0.5) * 1000:N0} ms, p99 {p99 * 1000:N0} ms{(load.Refused > 0 ? $", {load.Refused} refused" : "")}",
            $"empty function p99 {floor * 1000:N0} ms", "p99 ≤ 50 ms", p99 <= 0.050 && load.Refused == 0);
        FigureTable.Note($"storage for {Measured:N0} of them: {asked.Work}");
    }

    private static async Task<(LoadResult Load, StorageRequests Asked)> MeasureAsync(Stack stack, Func<int, byte[]> request)
    {
        await Load.RunAsync(stack.Address, All(Warmup), Connections, PerSecond);
        var before = await stack.Storage.ReadAsync();
        var load = await Load.RunAsync(stack.Address, All(Measured), Connections, PerSecond);
        return (load, await stack.Storage.ReadAsync() - before);

        List<byte[]> All(int count) => [.. Enumerable.Range(0, count).Select(request)];
    }

    /// <summary>Half of them for pages of another kind, the rest for who lives in one of ten cities, and one for everybody.</summary>
    private static async Task PublishAsync(HttpClient client)
    {
        for (var i = 0; i < 20; i++)
        {
            object? when = i == 19 ? null : new { trait = "city", equals = $"city {i}" };
            string[]? pages = i is >= 10 and < 19 ? ["/other*"] : null;
            var document = new { name = $"Content {i}", slot = "hero", html = "<p>Welcome <b>back</b>, see <a href=\"/offers\">what is new</a>.</p>", when, pages, priority = 20 - i, frequency = new[] { new { max = 50, per = "1d" } } };
            (await client.PutAsJsonAsync($"/api/content/content-{i}", document, Written)).EnsureSuccessStatusCode().Dispose();
            (await client.PostAsync($"/api/content/content-{i}/publish", null)).EnsureSuccessStatusCode().Dispose();
        }
    }

    private static async Task SendLeadsAsync(HttpClient client)
    {
        foreach (var some in Enumerable.Range(0, Leads).Chunk(AtOnce))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch")
            {
                Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("local-write-key:"u8)) },
                Content = JsonContent.Create(new { batch = some.Select(n => new { type = "identify", messageId = $"content-{n}", anonymousId = Visitor(n), traits = new { city = $"city {n % 20}", email = $"{Visitor(n)}@example.com" } }) }),
            };
            (await client.SendAsync(request)).EnsureSuccessStatusCode().Dispose();
        }

        // The last of them lives where a content of its own is shown, once that is applied and published everywhere.
        using var visitor = new HttpClient { BaseAddress = client.BaseAddress }; // with no other key than the page's
        await Poll.UntilAsync(async () => (await visitor.GetStringAsync(PathOf(Leads - 20))).Contains("content-0", StringComparison.Ordinal), Patience);
    }

    private static string Visitor(int n) => $"visitor-{n}";

    private static string PathOf(int n) => $"/v1/content?slot=hero&k=local-write-key&anonymousId={Visitor(n)}&url=https%3A%2F%2Fshop.example%2Fshoes";
}
