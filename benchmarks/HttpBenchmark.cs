namespace LeadFunctions.Benchmarks;

/// <summary>The front door alone, beside a function that answers nothing on the same host. Nothing is applied meanwhile: what the machine spends on that it cannot spend on accepting.</summary>
internal static class HttpBenchmark
{
    // Until the runtime has compiled for good what a request runs through.
    private const int Warmup = 40_000;
    private const int Measured = 20_000;
    private const int HalfLoadSeconds = 5;

    private static readonly int[] Connections = [64, 256];

    public static async Task RunAsync(FigureTable table)
    {
        var emulator = await EmulatorFloors.MeasureAsync(table);
        var floors = new Dictionary<int, double>();
        await using (var floor = await Stack.StartAsync(Stack.Floor))
        {
            foreach (var connections in Connections)
            {
                floors[connections] = (await MeasureAsync(floor, $"n{connections}", connections, "/nothing")).PerSecond;
                table.Add($"floor: empty HTTP function, {connections} connections", $"{floors[connections]:N0}/s");
            }
        }

        await using var app = await Stack.StartAsync(Stack.App, ("AzureWebJobs.ApplyEvents.Disabled", "true"));
        var rate = 0.0;
        foreach (var connections in Connections)
        {
            var accepted = await MeasureAsync(app, $"a{connections}", connections);
            rate = accepted.PerSecond;
            table.Add(
                $"single-event beacons accepted durably, {connections} connections, nothing applied meanwhile", $"{rate:N0}/s{(accepted.Refused > 0 ? $", {accepted.Refused} refused" : "")}",
                $"empty function: {rate / floors[connections]:P0}; put × {rate / emulator.PutsPerSecond:N1}", "≥ 60 %; ≥ 5 × put", rate >= 0.6 * floors[connections] && rate >= 5 * emulator.PutsPerSecond);
        }

        var half = await Load.RunAsync(app.Address, Beacons.Requests(app.Address, "h", (int)(rate / 2 * HalfLoadSeconds)), Connections[^1], rate / 2);
        var p99 = half.Percentile(0.99);
        table.Add(
            "ingest at half load", $"p50 {half.Percentile(0.5) * 1000:N0} ms, p99 {p99 * 1000:N0} ms", $"put p99 {emulator.PutP99 * 1000:N0} ms", "p99 ≤ 50 ms over",
            p99 <= emulator.PutP99 + 0.050);
    }

    private static async Task<LoadResult> MeasureAsync(Stack stack, string run, int connections, string? path = null)
    {
        await Load.RunAsync(stack.Address, Requests($"w{run}", Warmup), connections);
        var requests = Requests(run, Measured);
        var (host, worker) = stack.Processor();
        var before = await stack.Storage.ReadAsync();
        var load = await Load.RunAsync(stack.Address, requests, connections);
        var asked = await stack.Storage.ReadAsync() - before;
        var (hostAfter, workerAfter) = stack.Processor();
        FigureTable.Note($"a request takes {(hostAfter - host) / Measured * 1e6:N0} µs of the host's and {(workerAfter - worker) / Measured * 1e6:N0} µs of the worker's processor time; storage: {asked}");
        return load;

        List<byte[]> Requests(string name, int count) => path is null ? Beacons.Requests(stack.Address, name, count) : Beacons.Requests(stack.Address, name, count, path);
    }
}
