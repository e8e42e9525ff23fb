using System.Diagnostics;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Benchmarks;

/// <summary>From the start of the host's process to the app's first answer, storage running.</summary>
internal static class StartBenchmark
{
    private const int Starts = 5;

    private static readonly Dictionary<string, string> RealClock = new() { ["LeadFunctions__Clock"] = "real" };

    public static async Task RunAsync(FigureTable table)
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        var account = emulator.NewAccount(); // Its tables and queues are made at the first start; later ones find them.
        var app = await MedianAsync(Stack.App, account);
        var floor = await MedianAsync(Stack.Floor, emulator.NewAccount());
        table.Add("start to first answer, storage running", $"median {app * 1000:N0} ms", $"empty app {floor * 1000:N0} ms", "≤ 5 s", app <= 5);
    }

    private static async Task<double> MedianAsync(string folder, string account)
    {
        var seconds = new List<double>();
        for (var run = 0; run < Starts; run++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var app = await AppProcess.StartAsync(folder, RealClock, account);
            using var answer = folder == Stack.App ? await app.Client.GetAsync("/healthz") : await app.Client.PostAsync("/nothing", null);
            answer.EnsureSuccessStatusCode();
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        seconds.Sort();
        return seconds[Starts / 2];
    }
}
