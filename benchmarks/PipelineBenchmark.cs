using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Azure.Storage.Queues;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Benchmarks;

/// <summary>From the front door to the applied event.</summary>
internal static class PipelineBenchmark
{
    /// <summary>Leads in the backlog, and in its floor.</summary>
    public const int Leads = 20_000;

    private const int Warmup = 4_000;
    private const int Beacons64 = 10_000;
    private const int Beacons256 = 20_000;

    public static async Task RunAsync(FigureTable table)
    {
        await BacklogAsync(await EmulatorFloors.MeasureAsync(table), table);
        await BothEndsAsync(table, [], "", [(64, Beacons64), (256, Beacons256)]);
        await BothEndsAsync(table, Stack.PollingAsDeployed, ", looking as seldom as in Azure", [(64, Beacons64)]);
    }

    /// <summary>Messages as the front door packs them, put faster than they can be applied.</summary>
    private static async Task BacklogAsync(EmulatorFloors floors, FigureTable table)
    {
        await using var app = await Stack.StartAsync(Stack.App);
        await ApplyAsync("w", Warmup);
        var rate = Leads / (await ApplyAsync("b", Leads)).TotalSeconds;
        table.Add(
            $"applied from a backlog, one event per lead, {Leads:N0} leads", $"{rate:N0}/s", $"transactions {floors.LeadsPerSecond:N0} leads/s: {rate / floors.LeadsPerSecond:P0}", "≥ 3,000/s; ≥ 50 %",
            rate >= 3_000 && rate >= floors.LeadsPerSecond / 2);

        async Task<TimeSpan> ApplyAsync(string run, int leads)
        {
            var messages = await PackAsync(run, leads);
            var queue = new QueueClient(app.Account, Queues.LeadEvents);
            var (before, started) = (await app.Storage.ReadAsync(), Stopwatch.GetTimestamp());
            await Parallel.ForEachAsync(messages, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (message, cancellationToken) => await queue.SendMessageAsync(message, cancellationToken));
            await AppliedAsync(app, before);
            var took = Stopwatch.GetElapsedTime(started);
            FigureTable.Note($"{leads} events in {messages.Count} messages took {took.TotalSeconds:N1} s; storage: {await app.Storage.ReadAsync() - before}");
            return took;
        }
    }

    /// <summary>Both ends at once.</summary>
    /// <param name="polling">What the rows say of it.</param>
    private static async Task BothEndsAsync(FigureTable table, (string Name, string Value)[] settings, string polling, IReadOnlyList<(int Connections, int Beacons)> loads)
    {
        await using var app = await Stack.StartAsync(Stack.App, settings);
        await MeasureAsync("w", 256, Warmup);
        foreach (var (connections, beacons) in loads)
        {
            var (load, asked, took) = await MeasureAsync($"c{connections}", connections, beacons);
            var perEvent = asked.All / (double)load.Answered;
            table.Add(
                $"storage transactions per event, single-event beacons, {connections} connections, front door to applied{polling}", $"{perEvent:N3} (without polls that found nothing {asked.Work / (double)load.Answered:N3})",
                "", connections == 64 ? "≤ 0.15" : "", connections == 64 ? perEvent <= 0.15 : null);
            table.Add($"accepted, and applied at the same time, {connections} connections, one event per lead{polling}", $"{load.PerSecond:N0}/s, all applied {load.Answered / took.TotalSeconds:N0}/s");
        }

        var (host, worker) = app.Memory();
        table.Add($"memory after that load{polling}", $"host {host:N0} MB, worker {worker:N0} MB");

        async Task<(LoadResult Load, StorageRequests Asked, TimeSpan Took)> MeasureAsync(string run, int connections, int beacons)
        {
            var requests = Beacons.Requests(app.Address, run, beacons);
            var (before, started) = (await app.Storage.QuietAsync(TimeSpan.FromSeconds(1)), Stopwatch.GetTimestamp());
            var load = await Load.RunAsync(app.Address, requests, connections);
            await AppliedAsync(app, before);
            var took = Stopwatch.GetElapsedTime(started);
            var asked = await app.Storage.ReadAsync() - before;
            FigureTable.Note($"{connections} connections; storage: {asked}");
            return (load, asked, took);
        }
    }

    /// <summary>Every message that was put since has been taken from the queue for good, which happens when its events are applied.</summary>
    public static async Task AppliedAsync(Stack app, StorageRequests before)
    {
        StorageRequests since;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5));
            since = await app.Storage.ReadAsync() - before;
        }
        while (since.Of("queue", "DELETE", $"{Queues.LeadEvents}/messages") < since.Of("queue", "POST", $"{Queues.LeadEvents}/messages"));
    }

    /// <summary>By the app's own writer.</summary>
    private static async Task<IReadOnlyCollection<string>> PackAsync(string run, int leads)
    {
        var messages = new ConcurrentQueue<string>();
        await using var services = new ServiceCollection().AddMetrics().AddSingleton<IngestMetrics>().BuildServiceProvider();
        var writer = new EventWriter(
            message =>
            {
                messages.Enqueue(message);
                return Task.CompletedTask;
            },
            Options.Create(new IngestOptions()), services.GetRequiredService<IngestMetrics>(), TimeProvider.System, NullLogger<EventWriter>.Instance);
        var now = TimeProvider.System.GetUtcNow();
        var properties = JsonSerializer.Deserialize<JsonElement>("""{"productId":"p7","price":19.5,"currency":"EUR","category":"Shoes"}""");
        await writer.EnqueueAsync([.. Enumerable.Range(0, leads).Select(n => new LeadEvent
        {
            Id = $"{run}{n}",
            Type = EventType.Track,
            Name = "Product Viewed",
            At = now,
            AnonymousId = Beacons.Visitor(run, n),
            Properties = properties,
        })]);
        return messages;
    }
}
