using System.Diagnostics;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Benchmarks;

/// <summary>From the process's start to its first answer, storage running.</summary>
internal static class StartBenchmark
{
    public static async Task RunAsync(FigureTable table)
    {
        var account = await Emulator.NewSharedAccountAsync();
        var times = new List<double>();
        for (var run = 0; run < 5; run++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var app = await AppProcess.StartAsync(account: account);
            using var answer = await app.Client.GetAsync("/healthz");
            answer.EnsureSuccessStatusCode();
            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        times.Sort();
        table.Add("start to first answer, storage running", $"median {times[2] * 1000:N0} ms", "", "≤ 1 s", times[2] <= 1);
    }
}
