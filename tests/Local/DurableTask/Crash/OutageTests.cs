using Azure;
using DurableTask.Core.Exceptions;
using LeadFunctions.Local.Tests.DurableTask.Hub;
using LeadFunctions.Tests.Support;
using Microsoft.DurableTask;

namespace LeadFunctions.Local.Tests.DurableTask.Crash;

/// <summary>Storage goes away under load and comes back; the process goes on by itself.</summary>
public sealed class OutageTests
{
    private const int Runs = 60;
    private const int Outages = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Runs_end_as_if_storage_had_never_been_away(int hubs)
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        var (account, name, effects) = (emulator.NewAccount(), TestHub.NewName(), Path.GetTempFileName());
        var random = new Random(hubs);
        var all = new List<TestHub>();
        try
        {
            while (all.Count < hubs)
            {
                all.Add(await TestHub.StartAsync(account, CrashWorker.Tasks(effects), name));
            }

            // Runs come all the while: some start, some wait for their timers, children and events, some run activities when storage goes.
            var starting = Task.Run(async () =>
            {
                for (var run = 0; run < Runs; run++)
                {
                    var client = all[run % hubs].Client;
                    await StartOnceAsync(() => client.ScheduleNewOrchestrationInstanceAsync("Counter", 0, new StartOrchestrationOptions($"run-{run}-counter")));
                    await StartOnceAsync(() => client.ScheduleNewOrchestrationInstanceAsync("Crash", new StartOrchestrationOptions($"run-{run}")));
                }
            });
            for (var outage = 0; outage < Outages; outage++)
            {
                await Task.Delay(random.Next(100, 600));
                await emulator.StopAsync();
                await Task.Delay(random.Next(100, 1500));
                await emulator.StartAsync();
            }

            await starting.WaitAsync(TimeSpan.FromMinutes(2));
            await CrashTests.AssertCompleteAsync(all[0], effects, Runs);
        }
        finally
        {
            foreach (var hub in all)
            {
                await hub.DisposeAsync();
            }

            File.Delete(effects);
        }
    }

    /// <summary>Asks until it is answered, as callers do; an instance that is there was started by a call whose answer was lost.</summary>
    private static async Task StartOnceAsync(Func<Task> start)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await start();
                return;
            }
            catch (OrchestrationAlreadyExistsException) when (tries > 0)
            {
                return;
            }
            catch (Exception outage) when (outage is RequestFailedException or AggregateException && tries < 1000)
            {
                await Task.Delay(20);
            }
        }
    }
}
