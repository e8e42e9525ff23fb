using System.Collections.Concurrent;
using System.Diagnostics;
using LeadFunctions.Local.Tests.Storage;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Local.Tests.DurableTask.Hub;

[Collection(DurableEmulator.Name)]
public sealed class TimeTests(StorageEmulator emulator)
{
    [Fact]
    public async Task Moving_the_clock_fires_every_timer_at_its_own_time_and_in_order()
    {
        using var clock = TestHub.FrozenClock();
        var fired = new ConcurrentQueue<(string Id, DateTimeOffset Due, DateTimeOffset At)>();
        await using var hub = await TestHub.StartAsync(emulator, new Tasks()
            .Orchestrator("Drip", async context =>
            {
                var seed = context.GetInput<int>();
                for (var i = 0; i < 5; i++)
                {
                    var due = context.CurrentUtcDateTime.AddMinutes((seed * 37 % 600) + 1);
                    await context.CreateTimer(due, CancellationToken.None);
                    await context.CallActivityAsync("Send", (context.InstanceId, due));
                }
            })
            .Activity<(string Id, DateTime Due), bool>("Send", sent =>
            {
                fired.Enqueue((sent.Id, sent.Due, clock.GetUtcNow()));
                return true;
            }), clock: clock);
        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => hub.Client.ScheduleNewOrchestrationInstanceAsync("Drip", i)));
        await clock.AdvanceAsync(TimeSpan.FromDays(3));

        Assert.Equal(200, fired.Count);
        Assert.All(fired, send => Assert.Equal(send.Due, send.At));
        Assert.Equal(fired.Select(send => send.At).Order(), fired.Select(send => send.At));
        foreach (var id in ids)
        {
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await hub.Client.GetInstanceAsync(id))!.RuntimeStatus);
        }
    }

    [Fact]
    public async Task A_thousand_runs_of_ninety_days_take_a_moment()
    {
        using var clock = TestHub.FrozenClock();
        var sent = 0;
        await using var hub = await TestHub.StartAsync(emulator, new Tasks()
            .Orchestrator("Ninety", async context =>
            {
                for (var day = 0; day < 30; day++)
                {
                    await context.CreateTimer(TimeSpan.FromDays(3), CancellationToken.None);
                    await context.CallActivityAsync("Send", day);
                }

                return context.CurrentUtcDateTime;
            })
            .Activity<int, int>("Send", _ => Interlocked.Increment(ref sent)), clock: clock);
        var started = clock.GetUtcNow();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => hub.Client.ScheduleNewOrchestrationInstanceAsync("Ninety")));

        var watch = Stopwatch.StartNew();
        await clock.AdvanceAsync(TimeSpan.FromDays(91));
        Assert.Equal(30_000, sent);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"It took {watch.Elapsed}.");
        await foreach (var found in hub.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)))
        {
            Assert.Equal(started.AddDays(90).UtcDateTime, found.ReadOutputAs<DateTime>());
        }
    }

    [Fact]
    public async Task Timers_fire_in_real_time_too()
    {
        await using var hub = await TestHub.StartAsync(emulator, new Tasks().Orchestrator("Soon", async context =>
        {
            var before = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromMilliseconds(300), CancellationToken.None);
            return context.CurrentUtcDateTime - before;
        }));

        Assert.True((await hub.RunAsync("Soon")).ReadOutputAs<TimeSpan>() >= TimeSpan.FromMilliseconds(300));
    }
}
