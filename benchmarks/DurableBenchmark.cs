using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Data.Tables;
using LeadFunctions.Local.DurableTask;
using LeadFunctions.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadFunctions.Benchmarks;

/// <summary>The durable engine by itself, its activities doing nothing.</summary>
internal static class DurableBenchmark
{
    private const int Sleepers = 4_000;

    public static async Task RunAsync(Emulator emulator, Floors floors, FigureTable table)
    {
        var account = emulator.NewAccount();
        using var meter = StorageMeter.Of(account);
        await using var hub = new DurableHub(
            new TableServiceClient(account), new HubOptions { Name = "bench" }, TimeProvider.System, new Code(), JsonDataConverter.Default, NullLoggerFactory.Instance);
        await hub.StartAsync(CancellationToken.None);
        var client = new LocalDurableTaskClient(hub);
        await ChainsAsync(client, meter, 200, 5);

        var floor = $"transactions of one row {floors.TransactionsPerSecond:N0}/s";
        var (rate, perStep) = await ChainsAsync(client, meter, 500, 20);
        table.Add("durable engine: activity steps, 500 runs at once", $"{rate:N0}/s", floor, "≥ 1,000/s", rate >= 1_000);
        table.Add("durable engine: transactions per activity step, 500 runs at once", $"{perStep:N2}", "", "≤ 2", perStep <= 2);
        (_, perStep) = await ChainsAsync(client, meter, 1, 300);
        table.Add("durable engine: transactions per activity step, one run", $"{perStep:N2}", "", "≤ 6", perStep <= 6);
        await TimersAsync(client, floor, table);
    }

    /// <summary>Runs of one activity after the other.</summary>
    private static async Task<(double PerSecond, double TransactionsEach)> ChainsAsync(LocalDurableTaskClient client, StorageMeter meter, int runs, int steps)
    {
        var (before, started) = (meter.Requests, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, runs).Select(async _ =>
            await client.WaitForInstanceCompletionAsync(await client.ScheduleNewOrchestrationInstanceAsync("Chain", steps))));
        double all = runs * steps;
        return (all / Stopwatch.GetElapsedTime(started).TotalSeconds, (meter.Requests - before) / all);
    }

    /// <summary>Runs that wait for the same moment, each with an activity after it.</summary>
    private static async Task TimersAsync(LocalDurableTaskClient client, string floor, FigureTable table)
    {
        var at = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(12);
        await Parallel.ForAsync(0, Sleepers, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (i, cancellationToken) =>
            await client.ScheduleNewOrchestrationInstanceAsync("Timer", at, cancellationToken));
        if (TimeProvider.System.GetUtcNow().UtcDateTime >= at)
        {
            throw new InvalidOperationException("Not all runs were asleep in time.");
        }

        while (Code.Woken.Count < Sleepers)
        {
            await Task.Delay(10);
        }

        var late = Code.Woken.Select(time => (time - at).TotalSeconds).Order().ToList();
        var (rate, p99) = (Sleepers / late[^1], late[late.Count * 99 / 100]);
        table.Add($"durable engine: timers, {Sleepers:N0} due at once, each with an activity", $"{rate:N0} wake-ups/s, lateness p99 {p99:N1} s", floor, "≥ 2,000/s, p99 ≤ 2 s", rate >= 2_000 && p99 <= 2);
    }

    private sealed class Code : ITaskCatalog
    {
        public static ConcurrentQueue<DateTime> Woken { get; } = new();

        public (OrchestratorCode Code, IDisposable? Scope)? FindOrchestrator(string name) => (name == "Chain" ? Chain : Timer, null);

        public Func<ActivityCall, Task<string?>>? FindActivity(string name) => name == "Wake"
            ? call =>
            {
                Woken.Enqueue(TimeProvider.System.GetUtcNow().UtcDateTime);
                return Task.FromResult<string?>(null);
            }
        : call => Task.FromResult(call.Input);

        private static async Task<object?> Chain(TaskOrchestrationContext context)
        {
            var value = 0;
            for (var steps = context.GetInput<int>(); steps > 0; steps--)
            {
                value += await context.CallActivityAsync<int>("Echo", steps);
            }

            return value;
        }

        private static async Task<object?> Timer(TaskOrchestrationContext context)
        {
            await context.CreateTimer(context.GetInput<DateTime>(), CancellationToken.None);
            await context.CallActivityAsync("Wake");
            return null;
        }
    }
}
