using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Queues;

namespace LeadFunctions.Benchmarks;

/// <summary>An app with next to nothing to do: what that costs, and how soon one event's score can be seen.</summary>
internal static class IdleBenchmark
{
    private const string FloorQueue = "floor-messages";
    private const int Counted = 10;
    private const int Timed = 50;

    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(FigureTable table)
    {
        string floor;
        await using (var stack = await Stack.StartAsync(Stack.Floor))
        {
            floor = Described(await MessagesAsync(stack));
        }

        await using var app = await Stack.StartAsync(Stack.App);
        var beacons = Beacons.Requests(app.Address, "i", 1 + Counted + Timed);
        await Load.RunAsync(app.Address, [beacons[0]], 1);
        var idle = await app.IdleAsync(Watched);
        table.Add("storage transactions of an idle app", $"{idle.All / Watched.TotalSeconds:N1}/s");
        FigureTable.Note($"idle for {Watched.TotalSeconds} s: {idle}");

        var before = await app.Storage.ReadAsync();
        for (var n = 1; n <= Counted; n++)
        {
            await Load.RunAsync(app.Address, [beacons[n]], 1);
            await app.Storage.QuietAsync(TimeSpan.FromSeconds(1.2));
        }

        var asked = await app.Storage.ReadAsync() - before;
        var perEvent = asked.Work / (double)Counted;
        table.Add("storage transactions per event, one at a time, without polls that found nothing", $"{perEvent:N1}", "", "≤ 5", perEvent <= 5);
        FigureTable.Note($"{Counted} events one at a time: {asked}");

        var visible = await VisibleAsync(app, "i", beacons, 1 + Counted);
        table.Add("event to score visible, idle", Described(visible), $"message to empty queue function {floor}", "p99 ≤ 1 s", P99(visible) <= 1);
        await AsDeployedAsync(table);
    }

    /// <summary>The same with the polling of host.json instead of a laptop's.</summary>
    private static async Task AsDeployedAsync(FigureTable table)
    {
        await using var app = await Stack.StartAsync(Stack.App, Stack.PollingAsDeployed);
        var beacons = Beacons.Requests(app.Address, "d", 1 + Timed);
        await Load.RunAsync(app.Address, [beacons[0]], 1);
        var visible = await VisibleAsync(app, "d", beacons, 1, quietFor: 2_000);
        table.Add($"event to score visible, idle, looking as seldom as in Azure (0.8 s)", Described(visible), "", "p99 ≤ 1 s", P99(visible) <= 1);
    }

    /// <summary>From a message's put to the deletion that follows the function.</summary>
    private static async Task<List<double>> MessagesAsync(Stack stack)
    {
        var queue = new QueueClient(stack.Account, FloorQueue);
        await queue.CreateIfNotExistsAsync();
        return await TimeAsync(async n =>
        {
            var before = await stack.Storage.ReadAsync();
            await queue.SendMessageAsync($"{n}");
            while ((await stack.Storage.ReadAsync() - before).Of("queue", "DELETE", $"{FloorQueue}/messages") == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }
        });
    }

    /// <summary>From a beacon's first byte to the first answer of the API that knows the lead.</summary>
    /// <param name="first">Of the beacons, each of another visitor of that run.</param>
    private static Task<List<double>> VisibleAsync(Stack app, string run, List<byte[]> beacons, int first, int quietFor = 1_000) => TimeAsync(async n =>
    {
        var visitor = first + n;
        await Load.RunAsync(app.Address, [beacons[visitor]], 1);
        while ((await app.Client.GetFromJsonAsync<JsonObject>($"api/leads?anonymousId={Beacons.Visitor(run, visitor)}"))!["items"]!.AsArray().Count == 0) // the answer is always a page
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }, quietFor);

    /// <summary>Each after a pause of random length, in which the listener has slowed down again.</summary>
    /// <param name="quietFor">Milliseconds; twice that at most.</param>
    private static async Task<List<double>> TimeAsync(Func<int, Task> oneAsync, int quietFor = 1_000)
    {
        var seconds = new List<double>();
        var random = new Random(1);
        for (var n = 0; n < Timed; n++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(quietFor, 2 * quietFor)));
            var started = Stopwatch.GetTimestamp();
            await oneAsync(n);
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        seconds.Sort();
        return seconds;
    }

    private static double P99(List<double> sorted) => sorted[(int)(sorted.Count * 0.99)];

    private static string Described(List<double> sorted) => $"p50 {sorted[sorted.Count / 2] * 1000:N0} ms, p99 {P99(sorted) * 1000:N0} ms";
}
