using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Benchmarks;

/// <summary>
/// The real app in this process on the real emulator, from the front door to the applied event. Each scenario has an emulator of its own, as its floor has:
/// the emulator slows down as its tables grow, since it writes all of them to disk every 5 seconds.
/// </summary>
internal static class PipelineBenchmark
{
    /// <summary>Leads in the backlog scenario, and in its floor.</summary>
    public const int Leads = 20_000;

    private const string Key = "Authorization: Basic bG9jYWwtd3JpdGUta2V5Og==\r\n";
    private const int Connections = 256;
    private const int Warmup = 5_000;
    private const int Beacons = 40_000;

    public static async Task RunAsync(Floors floors, FigureTable table)
    {
        await FrontDoorAsync(floors, table);
        await BacklogAsync(floors, table);
        await BothEndsAsync(table);
        await OneAtATimeAsync(table);
    }

    /// <summary>The front door alone: the emulator is one thread, and what it spends on applying it cannot spend on accepting.</summary>
    private static async Task FrontDoorAsync(Floors floors, FigureTable table)
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        await using var app = await TestApp.StartAsync(App.Build, account: emulator.NewAccount(), settings: new Dictionary<string, string> { ["AzureWebJobs.ApplyEvents.Disabled"] = "true" });
        await Load.RunAsync(app.Address, "/v1/track", Key, n => Beacon("w", n, n), Connections, Warmup);
        var load = await Load.RunAsync(app.Address, "/v1/track", Key, n => Beacon("a", n, n), Connections, Beacons);
        table.Add($"accepted durably, single-event beacons, {Connections} connections, nothing applied meanwhile", $"{load.PerSecond:N0}/s ({load.Refused} refused)",
            $"put {floors.PutsPerSecond:N0}/s: × {load.PerSecond / floors.PutsPerSecond:N1}", "≥ 10 × put", load.PerSecond >= 10 * floors.PutsPerSecond);

        var half = await Load.RunAsync(app.Address, "/v1/track", Key, n => Beacon("h", n, n), Connections, (int)(load.PerSecond / 2 * 4), load.PerSecond / 2);
        var p99 = half.Percentile(0.99);
        table.Add("ingest at half load", $"p50 {half.Percentile(0.5) * 1000:N0} ms, p99 {p99 * 1000:N0} ms", $"put p99 {floors.PutP99 * 1000:N0} ms", "p99 ≤ 50 ms over", p99 <= floors.PutP99 + 0.050);
    }

    /// <summary>Batches of 100 events, a lead each, sent faster than they can be applied; measured from the moment when all are accepted.</summary>
    private static async Task BacklogAsync(Floors floors, FigureTable table)
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        await using var app = await TestApp.StartAsync(App.Build, account: emulator.NewAccount());
        using var applied = new AppliedMeter();
        var warm = await Load.RunAsync(app.Address, "/v1/batch", Key, n => Batch("w", n), 16, 20);
        await applied.UntilAsync(warm.Answered * 100);
        var batches = await Load.RunAsync(app.Address, "/v1/batch", Key, n => Batch("b", n), 16, Leads / 100);
        var (started, from) = (Stopwatch.GetTimestamp(), applied.Events);
        var all = (warm.Answered + batches.Answered) * 100;
        await applied.UntilAsync(all);
        var rate = (all - from) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var ceiling = floors.TransactionsOf50PerSecond * 50;
        table.Add($"applied from a backlog of batches, one event per lead, {Leads:N0} leads", $"{rate:N0}/s", $"transactions {ceiling:N0} leads/s: {rate / ceiling:P0}", "≥ 3,000/s and ≥ 50 %", rate >= 3_000 && rate >= ceiling / 2);
    }

    /// <summary>Both ends at once: new visitors all, one event each.</summary>
    private static async Task BothEndsAsync(FigureTable table)
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        var account = emulator.NewAccount();
        using var meter = StorageMeter.Of(account);
        using var applied = new AppliedMeter();
        await using var app = await TestApp.StartAsync(App.Build, account: account);
        await MeasureAsync("w", Connections, Warmup);
        var (perEvent, perSecond) = await MeasureAsync("v", Connections, Beacons / 2);
        table.Add($"transactions per event, single-event beacons, {Connections} connections, front door to applied", $"{perEvent:N3}", "", "≤ 0.15", perEvent <= 0.15);
        table.Add("accepted and applied at once, one event per lead", $"{perSecond:N0}/s", "", "", null);
        (perEvent, _) = await MeasureAsync("c", 64, Beacons / 4);
        table.Add("the same with 64 connections", $"{perEvent:N3}", "", "≤ 0.15", perEvent <= 0.15);

        async Task<(double PerEvent, double PerSecond)> MeasureAsync(string run, int connections, int events)
        {
            var (before, from) = (meter.Requests, applied.Events);
            var started = Stopwatch.GetTimestamp();
            var load = await Load.RunAsync(app.Address, "/v1/track", Key, n => Beacon(run, n, n), connections, events);
            await applied.UntilAsync(from + load.Answered);
            var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
            await app.SettleAsync(TimeSpan.FromMinutes(2));
            return ((meter.Requests - before) / (double)load.Answered, load.Answered / took);
        }
    }

    private static async Task OneAtATimeAsync(FigureTable table)
    {
        const int Count = 200;
        await using var emulator = await Emulator.StartPrivateAsync();
        var account = emulator.NewAccount();
        using var meter = StorageMeter.Of(account);
        using var applied = new AppliedMeter();
        await using var app = await TestApp.StartAsync(App.Build, account: account);
        var events = 0;
        app.Client.DefaultRequestHeaders.Authorization = new("Bearer", "local-admin-key");
        var visible = new List<double>();
        var requests = 0L;
        for (var n = 0; n < Count; n++)
        {
            var before = meter.RequestsWithoutPolling;
            var sent = Stopwatch.GetTimestamp();
            await Load.RunAsync(app.Address, "/v1/track", Key, i => Beacon("s" + n, i, n), 1, 1);
            await applied.UntilAsync(++events);
            visible.Add(Stopwatch.GetElapsedTime(sent).TotalSeconds);
            await Task.Delay(60); // the message's deletion
            requests += meter.RequestsWithoutPolling - before;
            var lead = await app.Client.GetFromJsonAsync<JsonObject>($"api/leads?anonymousId=s{n}-{n}");
            if (lead!["items"]!.AsArray().Count != 1) // the answer is always a page
            {
                throw new InvalidOperationException($"The event of visitor {n} is reported as scored, but the lead is not there.");
            }
        }

        visible.Sort();

        // Of the queue's reads, one fetched the message; those before and after it found nothing.
        var perEvent = requests / (double)Count + 1;
        table.Add("transactions per event, one at a time", $"{perEvent:N1}", "", "≤ 5", perEvent <= 5);
        table.Add("event to score, idle", $"p50 {visible[Count / 2] * 1000:N0} ms, p99 {visible[Count * 99 / 100] * 1000:N0} ms", "", "p99 ≤ 1 s", visible[Count * 99 / 100] <= 1);
    }

    private static string Beacon(string run, int n, int visitor) =>
        $$$"""{"messageId":"{{{run}}}{{{n}}}","anonymousId":"{{{run}}}-{{{visitor}}}","event":"Product Viewed","properties":{"productId":"p{{{n % 40}}}","price":19.5,"currency":"EUR","category":"Shoes"},"context":{"page":{"url":"https://shop.example/p/{{{n % 40}}}","path":"/p/{{{n % 40}}}","title":"Shoes"},"locale":"en"}}""";

    private static string Batch(string run, int n) =>
        $$"""{"batch":[{{string.Join(',', Enumerable.Range(n * 100, 100).Select(i => """{"type":"track",""" + Beacon(run, i, i)[1..]))}}]}""";
}
