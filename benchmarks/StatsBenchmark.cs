using System.Diagnostics;
using System.Text.Json;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Benchmarks;

/// <summary>A journey's statistics over 100,000 runs: as kept, and added up again.</summary>
internal static class StatsBenchmark
{
    private const int Runs = 100_000;
    private const int InBatch = 1_000;
    private const int Asked = 200;
    private const string Journey = "many";

    public static async Task RunAsync(FigureTable table)
    {
        await using var app = await Stack.StartAsync(Stack.App);
        using (var body = new StringContent("""{"name":"x","trigger":{"api":true},"steps":[{"id":"s0","type":"wait","for":"1d"}]}""", System.Text.Encoding.UTF8, "application/json"))
        {
            (await app.Client.PutAsync($"/api/journeys/{Journey}", body)).EnsureSuccessStatusCode().Dispose();
        }

        var storage = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = app.Account });
        var (runs, random, began) = (new RunsTable(storage), new Random(1), Stopwatch.GetTimestamp());
        foreach (var some in Enumerable.Range(0, Runs).Chunk(InBatch))
        {
            await Task.WhenAll(some.Select(number => runs.TryAddAsync(Run(number, random))));
        }

        var written = Stopwatch.GetElapsedTime(began);
        await GetAsync(app, "");
        var before = await app.Storage.ReadAsync();
        var times = new List<double>();
        for (var n = 0; n < Asked; n++)
        {
            times.Add(await GetAsync(app, ""));
        }

        var requests = (await app.Storage.ReadAsync() - before).Work / (double)Asked;
        var floor = await FloorAsync(storage);
        var (p50, p99) = (At(times, 0.5), At(times, 0.99));
        table.Add($"statistics of {Runs:N0} runs, p50 and p99; storage requests", $"{p50 * 1000:N1} ms, {p99 * 1000:N1} ms; {requests:N1}", $"eight rows read side by side: {floor * 1000:N1} ms ({p50 / floor:N1} ×)", "p99 ≤ 100 ms", p99 <= 0.1);
        table.Add("the same, all runs added up again; writing runs with their sums", $"{await GetAsync(app, "?exact=true"):N1} s; {Runs / written.TotalSeconds:N0} runs/s");
    }

    private static async Task<double> GetAsync(Stack app, string query)
    {
        var began = Stopwatch.GetTimestamp();
        (await app.Client.GetAsync($"/api/journeys/{Journey}/stats{query}")).EnsureSuccessStatusCode().Dispose();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>What anything costs that asks all shards.</summary>
    private static async Task<double> FloorAsync(StorageClients storage)
    {
        var (table, times) = (storage.Table(RunsTable.Name), new List<double>());
        for (var n = 0; n < Asked; n++)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, LeadIds.Shards).Select(shard => table.GetEntityIfExistsAsync<TableEntity>($"{Journey}|{shard:D2}", "~")));
            times.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        return At(times, 0.5);
    }

    private static double At(List<double> times, double part) => times.Order().ElementAt((int)((times.Count - 1) * part));

    /// <summary>Somewhere in a journey of ten steps, after some waits and messages.</summary>
    private static RunState Run(int number, Random random)
    {
        var (lead, entered) = (Identity.User($"u{number}").Hash(), new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(number * 60));
        var (log, at, steps) = (new List<RunRecord> { new(entered, null, "entered", $"{Journey}@1") }, entered, random.Next(10));
        for (var step = 0; step < steps; step++)
        {
            log.Add(new(at, $"s{step}", "waits"));
            at = at.AddSeconds(random.Next(1_000_000));
            log.Add(new(at, $"s{step}", step % 2 == 0 ? "done" : "sent", "t"));
        }

        return new RunState(RunId.Of(Journey, lead, "k"), Journey, 1, lead, "k", entered, JsonSerializer.SerializeToElement(new { }))
        {
            Step = $"s{steps}",
            Log = log,
            Trial = new(number % 10 == 0 ? Arm.HeldOut : Arm.Treated, 100_000, 0, entered.AddDays(30), true),
            Until = DateTimeOffset.MaxValue.AddYears(-10),
        };
    }
}
