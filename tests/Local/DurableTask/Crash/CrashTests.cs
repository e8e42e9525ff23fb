using System.Diagnostics;
using LeadFunctions.Local.Tests.DurableTask.Hub;
using LeadFunctions.Local.Tests.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Local.Tests.DurableTask.Crash;

/// <summary>Processes are killed at random moments; nothing is lost, and nothing counts twice.</summary>
[Collection(DurableEmulator.Name)]
public sealed class CrashTests(StorageEmulator emulator)
{
    private const int Kills = 20;

    // A step's own effect, a child's for a quarter of the steps, three more for another quarter.
    private const int EffectsOfRun = CrashWorker.Steps + (CrashWorker.Steps / 4) + (CrashWorker.Steps / 4 * 3);

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 60)]
    public async Task Runs_end_as_if_no_process_had_been_killed(int processes, int runs)
    {
        var (name, effects) = (TestHub.NewName(), Path.GetTempFileName());
        var random = new Random(processes);
        await ScheduleAsync(name, effects, runs);

        var workers = new List<Process>();
        for (var kill = 0; kill < Kills; kill++)
        {
            while (workers.Count < processes)
            {
                workers.Add(await StartAsync(name, effects));
            }

            await Task.Delay(random.Next(20, 250));
            var victim = workers[random.Next(workers.Count)];
            workers.Remove(victim);
            await KillAsync(victim);
        }

        await using (var hub = await TestHub.StartAsync(emulator.ConnectionString, CrashWorker.Tasks(effects), name))
        {
            await AssertCompleteAsync(hub, effects, runs);
        }

        foreach (var worker in workers)
        {
            await KillAsync(worker);
        }

        File.Delete(effects);
    }

    [Fact]
    public async Task Two_processes_share_the_work_and_take_over_from_each_other()
    {
        var (name, effects) = (TestHub.NewName(), Path.GetTempFileName());
        var first = await TestHub.StartAsync(emulator.ConnectionString, CrashWorker.Tasks(effects), name);
        var second = await TestHub.StartAsync(emulator.ConnectionString, CrashWorker.Tasks(effects), name);
        var ids = Enumerable.Range(0, 16).Select(i => $"probe-{i}").ToList();
        await WaitAsync(() => ids.Any(first.Hub.Owns) && ids.Any(second.Hub.Owns) && ids.All(id => first.Hub.Owns(id) != second.Hub.Owns(id)));

        // Each is told half of what it must do through the other.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async run =>
        {
            await (run % 2 == 0 ? first : second).Client.ScheduleNewOrchestrationInstanceAsync("Counter", 0, new StartOrchestrationOptions($"run-{run}-counter"));
            await (run % 2 == 0 ? second : first).Client.ScheduleNewOrchestrationInstanceAsync("Crash", new StartOrchestrationOptions($"run-{run}"));
        }));
        await first.DisposeAsync();
        await AssertCompleteAsync(second, effects, 40);
        await second.DisposeAsync();
        File.Delete(effects);
    }

    private async Task ScheduleAsync(string name, string effects, int runs)
    {
        await using var hub = await TestHub.StartAsync(emulator.ConnectionString, CrashWorker.Tasks(effects), name);
        await Task.WhenAll(Enumerable.Range(0, runs).Select(async run =>
        {
            await hub.Client.ScheduleNewOrchestrationInstanceAsync("Counter", 0, new StartOrchestrationOptions($"run-{run}-counter"));
            await hub.Client.ScheduleNewOrchestrationInstanceAsync("Crash", new StartOrchestrationOptions($"run-{run}"));
        }));
    }

    internal static async Task AssertCompleteAsync(TestHub hub, string effects, int runs)
    {
        var results = new List<string>();
        for (var run = 0; run < runs; run++)
        {
            var ended = await hub.EndOf($"run-{run}");
            Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
            results.AddRange(ended.ReadOutputAs<List<string>>()!);
            Assert.Equal(CrashWorker.Steps / 4, (await hub.EndOf($"run-{run}-counter")).ReadOutputAs<int>());
        }

        // Every effect is there, each result is one attempt's, and each key has one result.
        var files = Directory.GetFiles(Path.GetDirectoryName(effects)!, Path.GetFileName(effects) + ".*");
        var attempts = files.SelectMany(File.ReadAllLines).ToHashSet(StringComparer.Ordinal);
        Array.ForEach(files, File.Delete);
        Assert.Equal(runs * EffectsOfRun, results.Count);
        Assert.Equal(results.Count, results.Select(result => result.Split(' ')[0]).Distinct().Count());
        Assert.All(results, result => Assert.Contains(result, attempts));
        Assert.Equal(results.Count, attempts.Select(attempt => attempt.Split(' ')[0]).Distinct().Count());
    }

    private async Task<Process> StartAsync(string name, string effects)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "exec", typeof(CrashWorker).Assembly.Location, CrashWorker.Command, emulator.ConnectionString, name, effects })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
        return process;
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task WaitAsync(Func<bool> isSo)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "It did not come about in time.");
            await Task.Delay(10);
        }
    }
}
