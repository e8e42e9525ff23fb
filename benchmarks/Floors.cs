using System.Diagnostics;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using LeadFunctions.Leads;
using LeadFunctions.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Benchmarks;

/// <summary>What the emulator and the web server do by themselves.</summary>
internal sealed record Floors(double PutsPerSecond, double PutP99, double ReadsPerSecond, double TransactionsPerSecond, double TransactionsOf50PerSecond, double EmptyPostsPerSecond)
{
    private const int Connections = 8;

    public static async Task<Floors> MeasureAsync(FigureTable table)
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        var account = emulator.NewAccount();
        var queue = new QueueClient(account, "floor");
        await queue.CreateIfNotExistsAsync();
        var text = new string('x', 500);
        var (puts, putLatencies) = await RateAsync(2_000, _ => queue.SendMessageAsync(text));
        await queue.DeleteAsync();

        var rows = new TableClient(account, "floor");
        await rows.CreateIfNotExistsAsync();
        var data = new byte[400];
        var (inserts, _) = await RateAsync(3_000, n => rows.AddEntityAsync(new TableEntity("p", "r" + n) { ["d0"] = data }));
        var (reads, _) = await RateAsync(3_000, n => rows.GetEntityAsync<TableEntity>("p", "r" + n));
        var (singles, _) = await RateAsync(1_000, n => rows.SubmitTransactionAsync([new(TableTransactionActionType.UpsertMerge, new TableEntity("q" + n % Connections, $"{n}") { ["d0"] = data })]));
        await rows.DeleteAsync();
        var transactions = await TransactionsAsync();
        var posts = await EmptyPostsAsync();
        table.Add("floor: queue put of 500 B, 8 connections", $"{puts:N0}/s, p99 {putLatencies[(int)(putLatencies.Length * 0.99)] * 1000:N0} ms", "", "", null);
        table.Add("floor: table insert / point read", $"{inserts:N0}/s / {reads:N0}/s", "", "", null);
        table.Add("floor: transaction of one row", $"{singles:N0}/s", "", "", null);
        table.Add("floor: transaction of 100 rows (50 leads)", $"{transactions:N0}/s = {transactions * 50:N0} leads/s", "", "", null);
        table.Add("floor: Kestrel, 300 B POST → 204, 64 connections", $"{posts:N0}/s", "", "", null);
        return new Floors(puts, putLatencies[(int)(putLatencies.Length * 0.99)], reads, singles, transactions, posts);
    }

    private static async Task<(double PerSecond, double[] Latencies)> RateAsync(int count, Func<int, Task> operation)
    {
        var latencies = new double[count];
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            for (var n = Interlocked.Increment(ref next); n < count; n = Interlocked.Increment(ref next))
            {
                var sent = Stopwatch.GetTimestamp();
                await operation(n);
                latencies[n] = Stopwatch.GetElapsedTime(sent).TotalSeconds;
            }
        })));
        var perSecond = count / Stopwatch.GetElapsedTime(started).TotalSeconds;
        Array.Sort(latencies);
        return (perSecond, latencies);
    }

    /// <summary>As many leads as the app is measured with, two rows each, on an emulator that holds nothing else.</summary>
    private static async Task<double> TransactionsAsync()
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        var rows = new TableClient(emulator.NewAccount(), "floor");
        await rows.CreateIfNotExistsAsync();
        var data = new byte[400];
        var (transactions, _) = await RateAsync(PipelineBenchmark.Leads / 50, n => rows.SubmitTransactionAsync(
            Enumerable.Range(0, 100).Select(i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("q" + n % LeadIds.Shards, $"{n}-{i}") { ["d0"] = data }))));
        return transactions;
    }

    private static async Task<double> EmptyPostsAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapPost("/", () => Results.NoContent());
        await app.StartAsync();
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        var body = new string('x', 300);
        await Load.RunAsync(address, "/", "", _ => body, 64, 20_000);
        var result = await Load.RunAsync(address, "/", "", _ => body, 64, 60_000);
        return result.PerSecond;
    }
}
