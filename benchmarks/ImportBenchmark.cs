using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace LeadFunctions.Benchmarks;

/// <summary>What is done to many leads in the background: a file of people is imported, and a segment published over all of them.</summary>
internal static class ImportBenchmark
{
    private const int Rows = 100_000;
    private const int Million = 1_000_000;

    public static async Task RunAsync(FigureTable table)
    {
        await using var app = await Stack.StartAsync(Stack.App);
        await ImportAsync(app, table);
        await FillAsync(app, table);
    }

    private static async Task ImportAsync(Stack app, FigureTable table)
    {
        var file = new StringBuilder("email,name,country,plan,signed up\n");
        for (var n = 0; n < Rows; n++)
        {
            file.Append($"person{n}@example{n % 977}.com,Person {n},{(n % 3 == 0 ? "SI" : "PL")},{(n % 2 == 0 ? "free" : "pro")},2026-0{1 + (n % 9)}-1{n % 10}\n");
        }

        var id = (await SendAsync(app, HttpMethod.Post, "/api/imports", JsonContent.Create(new
        {
            name = "people",
            mapping = new { columns = new object[] { new { column = "email", @as = "email" }, new { column = "name", @as = "trait", name = "name" }, new { column = "country", @as = "trait", name = "country" }, new { column = "plan", @as = "trait", name = "plan" } } },
        }))).GetProperty("id").GetString()!; // it was just made
        using var bytes = new ByteArrayContent(Encoding.UTF8.GetBytes(file.ToString()));
        bytes.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        await SendAsync(app, HttpMethod.Put, $"/api/imports/{id}/file", bytes);
        var before = await app.Storage.QuietAsync(TimeSpan.FromSeconds(1));
        var started = Stopwatch.GetTimestamp();
        await SendAsync(app, HttpMethod.Post, $"/api/imports/{id}/start", null);
        var ended = await UntilAsync(app, $"/api/imports/{id}", import => import.GetProperty("status").GetString() is not ("running" or "checking"));
        var read = Stopwatch.GetElapsedTime(started);
        await PipelineBenchmark.AppliedAsync(app, before);
        var applied = Stopwatch.GetElapsedTime(started);
        var asked = await app.Storage.ReadAsync() - before;
        FigureTable.Note($"{ended}; storage: {asked}");
        table.Add($"an import of {Rows:N0} rows: read, and applied to as many new leads", $"{Rows / read.TotalSeconds:N0} rows/s, {Rows / applied.TotalSeconds:N0} rows/s; {asked.Work / (double)Rows:N3} storage transactions a row");
    }

    /// <summary>A publication over all leads: for half of them something differs.</summary>
    private static async Task FillAsync(Stack app, FigureTable table)
    {
        await SendAsync(app, HttpMethod.Put, "/api/segments/pro", JsonContent.Create(new { name = "Pro", when = new { trait = "plan", equals = "pro" } }));
        var before = await app.Storage.QuietAsync(TimeSpan.FromSeconds(1));
        var started = Stopwatch.GetTimestamp();
        await SendAsync(app, HttpMethod.Post, "/api/segments/pro/publish", null);
        var fill = await UntilAsync(app, "/api/segments/pro", shown => shown.TryGetProperty("fill", out var fill) && fill.GetProperty("done").GetBoolean());
        var looked = Stopwatch.GetElapsedTime(started);
        await PipelineBenchmark.AppliedAsync(app, before);
        var applied = Stopwatch.GetElapsedTime(started);
        FigureTable.Note($"{fill.GetProperty("fill")}; storage: {await app.Storage.ReadAsync() - before}");
        table.Add(
            $"a segment published over {Rows:N0} leads, half of whom enter: all looked at, all inside; estimated for {Million:N0}", $"{looked.TotalSeconds:N0} s, {applied.TotalSeconds:N0} s; {looked.TotalMinutes * Million / Rows:N0} min, {applied.TotalMinutes * Million / Rows:N0} min");
    }

    private static async Task<JsonElement> UntilAsync(Stack app, string path, Func<JsonElement, bool> isOver)
    {
        while (true)
        {
            var shown = await SendAsync(app, HttpMethod.Get, path, null);
            if (isOver(shown))
            {
                return shown;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    private static async Task<JsonElement> SendAsync(Stack app, HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await app.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException($"{path}: {text}");
    }
}
