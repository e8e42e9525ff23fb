using System.Diagnostics;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using LeadFunctions.Local.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadFunctions.Benchmarks;

/// <summary>Durable orchestrations beside what the emulator can do in the same run.</summary>
internal static class DurableBenchmark
{
    private static TimeSpan _lastCpu;

    /// <param name="connectionString">Of an account whose tables may be filled.</param>
    public static async Task RunAsync(string connectionString)
    {
        var transactions = new Transactions();
        var options = new TableClientOptions();
        options.AddPolicy(transactions, HttpPipelinePosition.PerRetry);
        var tables = new TableServiceClient(connectionString, options);
        Console.WriteLine("| what | a second | transactions each | CPU of this process each, µs |");
        Console.WriteLine("| --- | --- | --- | --- |");
        await CeilingAsync(tables, 1, 2000, 8);
        await CeilingAsync(tables, 50, 300, 8);

        await using var hub = new DurableHub(
            tables, new HubOptions { Name = "b" + Guid.NewGuid().ToString("N")[..12] }, TimeProvider.System, new Code(), JsonDataConverter.Default, NullLoggerFactory.Instance);
        await hub.StartAsync(CancellationToken.None);
        var client = new LocalDurableTaskClient(hub);
        await ChainsAsync(client, transactions, 200, 5);
        await ChainsAsync(client, transactions, 1, 300);
        await ChainsAsync(client, transactions, 500, 20);
        await TimersAsync(client, transactions, 5000);
        await ChainsAsync(client, transactions, 500, 20);
    }

    private static async Task CeilingAsync(TableServiceClient tables, int rows, int count, int connections)
    {
        var table = tables.GetTableClient("c" + Guid.NewGuid().ToString("N"));
        await table.CreateIfNotExistsAsync();
        var watch = Begin();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = connections }, async (i, cancellationToken) =>
            await table.SubmitTransactionAsync(
                Enumerable.Range(0, rows).Select(row => new TableTransactionAction(
                    TableTransactionActionType.UpsertMerge, new TableEntity($"{i % connections}", $"{i}-{row}") { ["d"] = new byte[500], ["n"] = 1L })),
                cancellationToken));
        Report($"emulator: transactions of {rows} rows, {connections} connections", count, watch, count);
    }

    /// <summary>Runs of one activity after the other.</summary>
    private static async Task ChainsAsync(LocalDurableTaskClient client, Transactions transactions, int runs, int steps)
    {
        var before = transactions.Count;
        var watch = Begin();
        await Task.WhenAll(Enumerable.Range(0, runs).Select(async _ =>
            await client.WaitForInstanceCompletionAsync(await client.ScheduleNewOrchestrationInstanceAsync("Chain", steps))));
        Report($"activity steps, {runs} runs of {steps}", runs * steps, watch, transactions.Count - before);
    }

    /// <summary>Runs that wait for the same moment.</summary>
    private static async Task TimersAsync(LocalDurableTaskClient client, Transactions transactions, int runs)
    {
        Code.Woken = new CountdownEvent(runs);
        var at = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30);
        var ids = new string[runs];
        await Parallel.ForAsync(0, runs, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, cancellationToken) =>
            ids[i] = await client.ScheduleNewOrchestrationInstanceAsync("Timer", at, cancellationToken));
        if (at - TimeProvider.System.GetUtcNow().UtcDateTime is { Ticks: > 0 } left)
        {
            await Task.Delay(left);
        }

        var before = transactions.Count;
        var watch = Begin();
        await Task.Run(() => Code.Woken.Wait());
        Report($"timer wake-ups, {runs} due at once (first activity after it)", runs, watch, transactions.Count - before);
    }

    private static Stopwatch Begin()
    {
        _lastCpu = Process.GetCurrentProcess().TotalProcessorTime;
        return Stopwatch.StartNew();
    }

    private static void Report(string what, int count, Stopwatch watch, long transactions)
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        Console.WriteLine(
            $"| {what} | {count / watch.Elapsed.TotalSeconds:0} | {(double)transactions / count:0.00} | {(cpu - _lastCpu).TotalMicroseconds / count:0} |");
    }

    private sealed class Code : ITaskCatalog
    {
        public static CountdownEvent Woken { get; set; } = new(1);

        public (OrchestratorCode Code, IDisposable? Scope)? FindOrchestrator(string name) => (name == "Chain" ? Chain : Timer, null);

        public Func<ActivityCall, Task<string?>>? FindActivity(string name) => name == "Wake"
            ? call =>
            {
                Woken.Signal();
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

    /// <summary>Counts requests.</summary>
    private sealed class Transactions : HttpPipelineSynchronousPolicy
    {
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        public override void OnSendingRequest(HttpMessage message) => Interlocked.Increment(ref _count);
    }
}
