using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Benchmarks;

/// <summary>Events told to a receiver on the same machine, beside what an HTTP client alone sends it.</summary>
internal static class WebhookBenchmark
{
    private const int Leads = 5_000;
    private const int InBatch = 100;
    private const string Headers = "Authorization: Basic bG9jYWwtd3JpdGUta2V5Og==\r\nContent-Type: application/json\r\n";

    public static async Task RunAsync(FigureTable table)
    {
        var (received, body) = (0, "");
        await using var receiver = WebApplication.CreateSlimBuilder().Quiet().Build();
        receiver.MapPost("/", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            body = await reader.ReadToEndAsync();
            Interlocked.Increment(ref received);
            return Results.NoContent();
        });
        await receiver.StartAsync();
        var url = receiver.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

        await using var app = await Stack.StartAsync(Stack.App, ("LeadFunctions__Journeys__AllowPrivateWebhooks", "true"));
        await PutAsync(app, "/api/scoring-models/told", new { name = "Told", thresholds = new[] { 5 }, engagement = new { rules = new[] { new { id = "r", when = new { @event = "Told" }, points = 10 } } } });
        using (var published = await app.Client.PostAsync("/api/scoring-models/told/publish", null))
        {
            published.EnsureSuccessStatusCode();
        }

        await PutAsync(app, "/api/webhooks/told", new { name = "Told", url, types = new[] { "ScoreThresholdCrossed" } });
        await Task.Delay(TimeSpan.FromSeconds(6)); // until the app knows of both

        var batches = Enumerable.Range(0, Leads / InBatch).Select(batch => Load.Post(app.Address, "/v1/batch", Headers,
            $$"""{"batch":[{{string.Join(",", Enumerable.Range(batch * InBatch, InBatch).Select(n => $$"""{"type":"track","messageId":"t{{n}}","userId":"u{{n}}","event":"Told"}"""))}}]}""")).ToList();
        var (before, started) = (await app.Storage.ReadAsync(), Stopwatch.GetTimestamp());
        await Load.RunAsync(app.Address, batches, connections: 8);
        while (Volatile.Read(ref received) < Leads && Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(10))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        var told = Volatile.Read(ref received) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var asked = await app.Storage.ReadAsync() - before;
        FigureTable.Note($"storage: {asked}");
        var (alone, eight) = (await LoopAsync(url, body, 1), await LoopAsync(url, body, 8));
        table.Add($"events told to a webhook, one for each of {Leads:N0} leads, from the front door on", $"{told:N0}/s; {asked.Work / (double)Leads:N1} storage transactions each, the way in included", $"an HTTP client, one after another {alone:N0}/s, eight at once {eight:N0}/s", $"ratio {told / alone:N2} and {told / eight:N2}");
    }

    private static async Task<double> LoopAsync(string url, string body, int atOnce)
    {
        using var client = new HttpClient();
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, Leads), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (_, token) =>
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/cloudevents+json");
            using var answer = await client.PostAsync(url, content, token);
            answer.EnsureSuccessStatusCode();
        });
        return Leads / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static WebApplicationBuilder Quiet(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }

    private static async Task PutAsync(Stack app, string path, object document)
    {
        using var answer = await app.Client.PutAsJsonAsync(path, document);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
