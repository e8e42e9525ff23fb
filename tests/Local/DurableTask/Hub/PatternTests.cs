using LeadFunctions.Local.Tests.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Local.Tests.DurableTask.Hub;

/// <summary>The patterns that upstream documents.</summary>
[Collection(DurableEmulator.Name)]
public sealed class PatternTests(StorageEmulator emulator)
{
    [Fact]
    public async Task An_empty_orchestration_completes()
    {
        await using var hub = await TestHub.StartAsync(emulator, new Tasks().Orchestrator("Empty", _ => Task.CompletedTask));

        var ended = await hub.RunAsync("Empty", new { a = 1 });
        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        Assert.Null(ended.SerializedOutput);
        Assert.Equal("""{"a":1}""", ended.SerializedInput);
        Assert.True(ended.LastUpdatedAt >= ended.CreatedAt);
    }

    [Fact]
    public async Task A_chain_of_activities_passes_each_result_on()
    {
        await using var hub = await TestHub.StartAsync(emulator, new Tasks()
            .Orchestrator("Chain", async context =>
            {
                var value = 0;
                for (var i = 0; i < 10; i++)
                {
                    value = await context.CallActivityAsync<int>("PlusOne", value);
                }

                return value;
            })
            .Activity<int, int>("PlusOne", value => value + 1));

        Assert.Equal(10, (await hub.RunAsync("Chain")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_fan_out_runs_its_activities_side_by_side_and_joins_them()
    {
        var together = new Barrier(8);
        await using var hub = await TestHub.StartAsync(emulator, new Tasks()
            .Orchestrator("FanOut", async context =>
                (await Task.WhenAll(Enumerable.Range(0, 8).Select(i => context.CallActivityAsync<int>("Square", i)))).Sum())
            .Activity<int, int>("Square", i => Task.Run(() => together.SignalAndWait(TimeSpan.FromSeconds(30)) ? i * i : -1000)));

        Assert.Equal(140, (await hub.RunAsync("FanOut")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_monitor_polls_at_intervals_until_its_condition_holds()
    {
        using var clock = TestHub.FrozenClock();
        var polls = new List<DateTimeOffset>();
        await using var hub = await TestHub.StartAsync(emulator, new Tasks()
            .Orchestrator("Monitor", async context =>
            {
                var until = context.CurrentUtcDateTime.AddHours(6);
                while (context.CurrentUtcDateTime < until)
                {
                    if (await context.CallActivityAsync<bool>("IsReady"))
                    {
                        return "ready";
                    }

                    await context.CreateTimer(TimeSpan.FromMinutes(30), CancellationToken.None);
                }

                return "gave up";
            })
            .Activity<object, bool>("IsReady", _ =>
            {
                polls.Add(clock.GetUtcNow());
                return polls.Count == 4;
            }), clock: clock);
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Monitor");
        await clock.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal("ready", (await hub.EndOf(id)).ReadOutputAs<string>());
        Assert.Equal([30, 30, 30], polls.Zip(polls.Skip(1), (first, second) => (second - first).TotalMinutes));
    }

    [Theory]
    [InlineData(true, "approved")]
    [InlineData(false, "escalated")]
    public async Task A_human_answers_in_time_or_it_is_escalated(bool answers, string expected)
    {
        using var clock = TestHub.FrozenClock();
        await using var hub = await TestHub.StartAsync(emulator, new Tasks()
            .Orchestrator("Approval", async context =>
            {
                using var cancellation = new CancellationTokenSource();
                var timer = context.CreateTimer(TimeSpan.FromHours(72), cancellation.Token);
                var approval = context.WaitForExternalEvent<bool>("Approval");
                if (await Task.WhenAny(approval, timer) == approval)
                {
                    cancellation.Cancel();
                    return await approval ? "approved" : "refused";
                }

                await context.CallActivityAsync("Escalate");
                return "escalated";
            })
            .Activity<object, string>("Escalate", _ => "told"), clock: clock);
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Approval");
        await clock.AdvanceAsync(TimeSpan.FromHours(71));
        if (answers)
        {
            await hub.Client.RaiseEventAsync(id, "Approval", true);
        }

        await clock.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(expected, (await hub.EndOf(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_eternal_orchestration_goes_on_with_an_ever_empty_history()
    {
        await using var hub = await TestHub.StartAsync(emulator, new Tasks()
            .Orchestrator("Eternal", async context =>
            {
                var count = context.GetInput<int>();
                var added = await context.WaitForExternalEvent<int>("add");
                if (added == 0)
                {
                    return count;
                }

                context.ContinueAsNew(count + added);
                return -1;
            }));
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Eternal", 0);
        for (var i = 1; i <= 50; i++)
        {
            await hub.Client.RaiseEventAsync(id, "add", i);
        }

        await hub.Client.RaiseEventAsync(id, "add", 0);
        Assert.Equal(1275, (await hub.EndOf(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Sub_orchestrations_run_retry_and_fail_as_their_parent_sees_fit()
    {
        var attempts = 0;
        await using var hub = await TestHub.StartAsync(emulator, new Tasks()
            .Orchestrator("Parent", async context =>
            {
                var sum = await context.CallSubOrchestratorAsync<int>("Sum", new[] { 1, 2, 3 });
                var retried = await context.CallSubOrchestratorAsync<string>(
                    "Flaky", null, TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(10))).WithInstanceId("flaky-" + context.InstanceId));
                try
                {
                    await context.CallSubOrchestratorAsync("Broken");
                    return "unreachable";
                }
                catch (TaskFailedException exception)
                {
                    return $"{sum} {retried} {exception.FailureDetails.InnerFailure?.ErrorMessage}";
                }
            })
            .Orchestrator("Sum", async context => (await Task.WhenAll(context.GetInput<int[]>()!.Select(i => context.CallActivityAsync<int>("Twice", i)))).Sum())
            .Orchestrator("Flaky", context => ++attempts < 3 ? throw new InvalidOperationException("not yet") : Task.FromResult("at last"))
            .Orchestrator("Broken", context => context.CallActivityAsync("Throw"))
            .Activity<int, int>("Twice", i => 2 * i)
            .Activity<object, string>("Throw", string (_) => throw new ApplicationException("inner")));

        Assert.Equal("12 at last inner", (await hub.RunAsync("Parent")).ReadOutputAs<string>());
        Assert.Equal(3, attempts);
    }
}
