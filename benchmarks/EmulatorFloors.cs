using System.Diagnostics;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Benchmarks;

/// <summary>What the emulator does by itself, asked by 8 connections.</summary>
/// <param name="PutsPerSecond">Of a queue message of 500 B.</param>
/// <param name="PutP99">Seconds.</param>
/// <param name="LeadsPerSecond">Written by transactions of 98 rows: 49 leads, each with its profile and its events.</param>
internal sealed record EmulatorFloors(double PutsPerSecond, double PutP99, double LeadsPerSecond)
{
    private const int Connections = 8;
    private const int Puts = 2_000;
    private const int LeadsInOne = ShardGroup.LeadLimit;

    private static EmulatorFloors? measured;

    /// <summary>Once a run.</summary>
    public static async Task<EmulatorFloors> MeasureAsync(FigureTable table)
    {
        if (measured is not null)
        {
            return measured;
        }

        var (puts, latencies) = await PutsAsync();
        var transactions = await TransactionsAsync();
        measured = new EmulatorFloors(puts, latencies[(int)(latencies.Length * 0.99)], transactions * LeadsInOne);
        table.Add($"floor: emulator, queue put of 500 B, {Connections} connections", $"{puts:N0}/s, p99 {measured.PutP99 * 1000:N0} ms");
        table.Add($"floor: emulator, transaction of {LeadsInOne} leads ({LeadsInOne * 2} rows)", $"{transactions:N0}/s = {measured.LeadsPerSecond:N0} leads/s");
        return measured;
    }

    private static async Task<(double PerSecond, double[] Latencies)> PutsAsync()
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        var queue = new QueueClient(emulator.NewAccount(), "floor");
        await queue.CreateIfNotExistsAsync();
        var text = new string('x', 500);
        await RateAsync(Puts / 4, _ => queue.SendMessageAsync(text));
        await queue.ClearMessagesAsync();
        return await RateAsync(Puts, _ => queue.SendMessageAsync(text));
    }

    /// <summary>As many leads as are applied from the backlog, two rows each.</summary>
    private static async Task<double> TransactionsAsync()
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        var rows = new TableClient(emulator.NewAccount(), "floor");
        await rows.CreateIfNotExistsAsync();
        var data = new byte[400];
        var (perSecond, _) = await RateAsync(PipelineBenchmark.Leads / LeadsInOne, n => rows.SubmitTransactionAsync(
            Enumerable.Range(0, LeadsInOne * 2).Select(i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("q" + n % LeadIds.Shards, $"{n}-{i}") { ["d0"] = data }))));
        return perSecond;
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
}
