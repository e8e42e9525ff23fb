using LeadFunctions.Local.DurableTask;
using LeadFunctions.Local.Tests.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Local.Tests.DurableTask.Hub;

/// <summary>What is stored is enough: nothing depends on the memory of a process.</summary>
[Collection(DurableEmulator.Name)]
public sealed class StorageTests(StorageEmulator emulator)
{
    [Fact]
    public async Task Large_values_come_through_whole()
    {
        var noise = new Random(1);
        var large = Convert.ToBase64String(Enumerable.Range(0, 2_000_000).Select(_ => (byte)noise.Next(256)).ToArray());
        var tasks = new Tasks()
            .Orchestrator("Large", async context =>
            {
                var input = context.GetInput<string>()!;
                var echoed = await context.CallActivityAsync<string>("Echo", input);
                context.SetCustomStatus(echoed[..300_000]);
                var raised = await context.WaitForExternalEvent<string>("large");
                return echoed + raised;
            })
            .Activity<string, string>("Echo", text => text!);
        var name = TestHub.NewName();
        string id;
        await using (var hub = await TestHub.StartAsync(emulator, tasks, name))
        {
            id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Large", large);
            await hub.Until(id, found => found?.ReadCustomStatusAs<string>()?.Length == 300_000);
        }

        await using (var hub = await TestHub.StartAsync(emulator, tasks, name))
        {
            await hub.Client.RaiseEventAsync(id, "large", large);
            var ended = await hub.EndOf(id);
            Assert.Equal(large + large, ended.ReadOutputAs<string>());
            Assert.Equal(large, ended.ReadInputAs<string>());
        }
    }

    [Fact]
    public async Task A_history_of_thousands_of_events_is_replayed()
    {
        var tasks = new Tasks()
            .Orchestrator("Long", async context =>
            {
                var sum = 0;
                for (var round = 0; round < 15; round++)
                {
                    sum += (await Task.WhenAll(Enumerable.Range(0, 100).Select(i => context.CallActivityAsync<int>("One", i)))).Sum();
                }

                return sum + await context.WaitForExternalEvent<int>("last");
            })
            .Activity<int, int>("One", _ => 1);
        var name = TestHub.NewName();
        string id;
        await using (var hub = await TestHub.StartAsync(emulator, tasks, name))
        {
            id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Long");
            await hub.StartOf(id);
        }

        await using (var hub = await TestHub.StartAsync(emulator, tasks, name))
        {
            await hub.Client.RaiseEventAsync(id, "last", 1);
            Assert.Equal(1501, (await hub.EndOf(id)).ReadOutputAs<int>());
        }
    }

    [Fact]
    public async Task A_new_host_goes_on_where_the_last_one_stopped()
    {
        using var clock = TestHub.FrozenClock();
        var attempts = 0;
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tasks = new Tasks()
            .Orchestrator("Steps", async context =>
            {
                var log = new List<string> { await context.CallActivityAsync<string>("Quick", "a") };
                await context.CreateTimer(TimeSpan.FromDays(10), CancellationToken.None);
                log.Add(await context.WaitForExternalEvent<string>("word"));
                log.Add(await context.CallActivityAsync<string>("Slow", "c"));
                log.Add(await context.CallSubOrchestratorAsync<string>("Child"));
                return string.Concat(log);
            })
            .Orchestrator("Child", async context => await context.WaitForExternalEvent<string>("word"))
            .Activity<string, string>("Quick", word => word!)
            .Activity<string, string>("Slow", async word =>
            {
                if (Interlocked.Increment(ref attempts) == 1)
                {
                    await hold.Task;
                }

                return word!;
            });
        var name = TestHub.NewName();
        string id;
        await using (var hub = await TestHub.StartAsync(emulator, tasks, name, clock))
        {
            id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Steps");
            await clock.AdvanceAsync(TimeSpan.FromDays(3));
        }

        await using (var hub = await TestHub.StartAsync(emulator, tasks, name, clock))
        {
            await hub.Client.RaiseEventAsync(id, "word", "b");
            await clock.AdvanceAsync(TimeSpan.FromDays(6));
            Assert.Equal(OrchestrationRuntimeStatus.Running, (await hub.StartOf(id)).RuntimeStatus);
        }

        var third = await TestHub.StartAsync(emulator, tasks, name, clock);
        _ = clock.AdvanceAsync(TimeSpan.FromDays(2)).ContinueWith(_ => { }, TaskScheduler.Default);
        await PollAsync(() => Volatile.Read(ref attempts) == 1);
        var stopping = third.Hub.StopAsync(TimeSpan.FromMilliseconds(50));
        await PollAsync(() => !third.Hub.Owns(id));
        hold.SetResult();
        await stopping;

        await using (var hub = await TestHub.StartAsync(emulator, tasks, name, clock))
        {
            await PollAsync(() => Volatile.Read(ref attempts) == 2);
            OrchestrationMetadata? child = null;
            await PollAsync(async () => (child = await FindChildAsync(hub)) is not null);
            await hub.Client.RaiseEventAsync(child!.InstanceId, "word", "d");
            Assert.Equal("abcd", (await hub.EndOf(id)).ReadOutputAs<string>());
        }
    }

    [Fact]
    public async Task Changed_code_fails_the_run_and_names_the_step()
    {
        static Tasks Version(string step) => new Tasks()
            .Orchestrator("Changed", async context =>
            {
                await context.CallActivityAsync(step);
                await context.WaitForExternalEvent<int>("go");
            })
            .Activity<object, int>(step, _ => 1);
        var name = TestHub.NewName();
        string id;
        await using (var hub = await TestHub.StartAsync(emulator, Version("Old"), name))
        {
            id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Changed");
            await hub.StartOf(id);
            await hub.Until(id, _ => !hub.Hub.Work.IsBusy);
        }

        await using (var hub = await TestHub.StartAsync(emulator, Version("New"), name))
        {
            await hub.Client.RaiseEventAsync(id, "go", 1);
            var failure = (await hub.EndOf(id)).FailureDetails!;
            Assert.Contains("activity 'Old' (#0)", failure.ErrorMessage, StringComparison.Ordinal);
            Assert.Contains("activity 'New' (#0)", failure.ErrorMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Runs_that_memory_does_not_hold_are_replayed_when_they_are_woken()
    {
        var replays = 0;
        var tasks = new Tasks().Orchestrator("Waits", async context =>
        {
            if (context.IsReplaying)
            {
                Interlocked.Increment(ref replays);
            }

            return await context.WaitForExternalEvent<int>("e") + await context.WaitForExternalEvent<int>("e");
        });
        await using var hub = await TestHub.StartAsync(emulator, tasks, options: options => options with { RunsInMemory = 16 });
        var ids = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => hub.Client.ScheduleNewOrchestrationInstanceAsync("Waits")));
        await Task.WhenAll(ids.Select(id => hub.Client.RaiseEventAsync(id, "e", 1)));
        await Task.WhenAll(ids.Select(id => hub.Client.RaiseEventAsync(id, "e", 2)));

        Assert.All(await Task.WhenAll(ids.Select(hub.EndOf)), ended => Assert.Equal(3, ended.ReadOutputAs<int>()));
        Assert.True(replays > 200, $"{replays} replays");
    }

    [Fact]
    public async Task A_missing_orchestrator_or_activity_fails_the_run_without_a_retry()
    {
        var retries = TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromDays(1)));
        await using var hub = await TestHub.StartAsync(emulator, new Tasks()
            .Orchestrator("Activity", context => context.CallActivityAsync("Bogus", retries))
            .Orchestrator("Child", context => context.CallSubOrchestratorAsync("Bogus", retries)));

        foreach (var name in new[] { "Activity", "Child", "Bogus" })
        {
            Assert.Contains("'Bogus'", (await hub.RunAsync(name)).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Orchestrations_send_each_other_events_in_order()
    {
        await using var hub = await TestHub.StartAsync(emulator, new Tasks()
            .Orchestrator("Sender", async context =>
            {
                for (var i = 0; i < 100; i++)
                {
                    context.SendEvent(context.GetInput<string>()!, "number", i);
                    if (i % 10 == 9)
                    {
                        await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
                    }
                }
            })
            .Orchestrator("Receiver", async context =>
            {
                var received = new List<int>();
                while (received.Count < 100)
                {
                    received.Add(await context.WaitForExternalEvent<int>("Number"));
                }

                return received;
            }));
        var receiver = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Receiver");
        await hub.RunAsync("Sender", receiver);

        Assert.Equal(Enumerable.Range(0, 100), (await hub.EndOf(receiver)).ReadOutputAs<int[]>()!);
    }

    [Fact]
    public void Row_keys_are_legal_and_unique_whatever_the_id_holds()
    {
        string[] ids = ["a/b", "a\\b", "a#b", "a?b", "a=002fb", "a|b", "a\u0001b", "a%b", "a'b", "ab", "ä"];
        var keys = ids.Select(id => InstanceRows.KeyOf(id)).ToList();
        Assert.Equal(ids.Length, keys.Distinct().Count());
        Assert.All(keys, key => Assert.DoesNotContain(key, c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)));
    }

    private static async Task<OrchestrationMetadata?> FindChildAsync(TestHub hub)
    {
        await foreach (var found in hub.Client.GetAllInstancesAsync())
        {
            if (found is { Name: "Child", RuntimeStatus: OrchestrationRuntimeStatus.Running })
            {
                return found;
            }
        }

        return null;
    }

    private static Task PollAsync(Func<bool> isSo) => PollAsync(() => Task.FromResult(isSo()));

    private static async Task PollAsync(Func<Task<bool>> isSo)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "It did not come about in time.");
            await Task.Delay(5);
        }
    }
}
