using DurableTask.Core.Exceptions;
using LeadFunctions.Local.Tests.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Local.Tests.DurableTask.Hub;

[Collection(DurableEmulator.Name)]
public sealed class ClientTests(StorageEmulator emulator)
{
    private static readonly OrchestrationRuntimeStatus[] Ends =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    private static Tasks Waiting => new Tasks()
        .Orchestrator("Waiting", async context =>
        {
            context.SetCustomStatus("waiting");
            var word = await context.WaitForExternalEvent<string>("event");
            return word == "fail" ? throw new InvalidOperationException("as told") : word;
        })
        .Orchestrator("Parent", context => context.CallSubOrchestratorAsync("Waiting", TaskOptions.FromRetryPolicy(new RetryPolicy(1, TimeSpan.FromSeconds(1)))
            .WithInstanceId(context.InstanceId + "-child")));

    [Fact]
    public async Task An_instance_is_described_with_its_values_only_on_request()
    {
        await using var hub = await TestHub.StartAsync(emulator, Waiting);
        Assert.Null(await hub.Client.GetInstanceAsync("nobody"));

        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync(
            "Waiting", 7, new StartOrchestrationOptions { Tags = new Dictionary<string, string> { ["a"] = "b" }, Version = "v3" });
        var started = await hub.StartOf(id);
        Assert.Equal(("Waiting", id, OrchestrationRuntimeStatus.Running), (started.Name, started.InstanceId, started.RuntimeStatus));
        Assert.Equal(("waiting", 7, "b"), (started.ReadCustomStatusAs<string>(), started.ReadInputAs<int>(), started.Tags["a"]));

        var bare = await hub.Client.GetInstanceAsync(id);
        Assert.Equal((null, null), (bare!.SerializedInput, bare.SerializedCustomStatus));
        Assert.Throws<InvalidOperationException>(() => bare.ReadInputAs<int>());

        await hub.Client.RaiseEventAsync(id, "EVENT", "bye");
        Assert.Equal("bye", (await hub.EndOf(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_failure_is_described_on_request()
    {
        await using var hub = await TestHub.StartAsync(emulator, Waiting);
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting");
        await hub.Client.RaiseEventAsync(id, "event", "fail");

        var failed = await hub.EndOf(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Equal("as told", failed.FailureDetails?.ErrorMessage);
        Assert.True(failed.FailureDetails!.IsCausedBy<InvalidOperationException>());
        Assert.Null((await hub.Client.GetInstanceAsync(id))!.FailureDetails);
    }

    [Fact]
    public async Task A_start_under_an_id_that_is_running_is_refused_and_one_that_has_ended_is_replaced()
    {
        await using var hub = await TestHub.StartAsync(emulator, Waiting);
        var options = new StartOrchestrationOptions("order/1#?");
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", 1, options);
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", 2, options));

        await hub.Client.RaiseEventAsync("order/1#?", "event", "over");
        await hub.EndOf("order/1#?");
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", 3, options.WithDedupeStatuses(OrchestrationRuntimeStatus.Completed)));
        Assert.Equal(1, (await hub.EndOf("order/1#?")).ReadInputAs<int>());

        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", 4, options);
        Assert.Equal(4, (await hub.StartOf("order/1#?")).ReadInputAs<int>());
        Assert.Null((await hub.StartOf("order/1#?")).SerializedOutput);
        await Assert.ThrowsAsync<ArgumentException>(
            () => hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", 5, options.WithDedupeStatuses(OrchestrationRuntimeStatus.Terminated)));
    }

    [Fact]
    public async Task Of_many_starts_under_one_id_one_wins()
    {
        await using var hub = await TestHub.StartAsync(emulator, Waiting);
        var options = new StartOrchestrationOptions("once").WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
        var starts = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            try
            {
                await hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", i, options);
                return true;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return false;
            }
        }));

        Assert.Single(starts, won => won);
    }

    [Fact]
    public async Task A_planned_start_waits_for_its_time_and_keeps_events_that_come_before()
    {
        using var clock = TestHub.FrozenClock();
        await using var hub = await TestHub.StartAsync(emulator, Waiting, clock: clock);
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", new StartOrchestrationOptions(StartAt: clock.GetUtcNow().AddDays(30)));
        await hub.Client.RaiseEventAsync(id, "event", "early");
        await clock.AdvanceAsync(TimeSpan.FromDays(29));
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await hub.Client.GetInstanceAsync(id))!.RuntimeStatus);

        await clock.AdvanceAsync(TimeSpan.FromDays(2));
        Assert.Equal("early", (await hub.EndOf(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Termination_ends_an_instance_and_its_children_only_on_request()
    {
        await using var hub = await TestHub.StartAsync(emulator, Waiting);
        foreach (var recursive in new[] { false, true })
        {
            var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
            await hub.StartOf(id + "-child");
            await hub.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions(new { quote = "I'll be back." }, recursive));

            var ended = await hub.EndOf(id);
            Assert.Equal(OrchestrationRuntimeStatus.Terminated, ended.RuntimeStatus);
            Assert.Equal("""{"quote":"I\u0027ll be back."}""", ended.SerializedOutput);
            await hub.Until(id + "-child", child => child!.RuntimeStatus == (recursive ? OrchestrationRuntimeStatus.Terminated : OrchestrationRuntimeStatus.Running));
            await hub.Client.TerminateInstanceAsync(id, "again");
            Assert.DoesNotContain("again", (await hub.EndOf(id)).SerializedOutput, StringComparison.Ordinal);
        }

        await hub.Client.TerminateInstanceAsync("nobody");
    }

    [Fact]
    public async Task A_held_instance_goes_on_when_it_is_resumed()
    {
        await using var hub = await TestHub.StartAsync(emulator, Waiting);
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting");
        await hub.Client.SuspendInstanceAsync(id, "because");
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await hub.Client.GetInstanceAsync(id))!.RuntimeStatus);

        await hub.Client.RaiseEventAsync(id, "event", "kept");
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await hub.Client.GetInstanceAsync(id))!.RuntimeStatus);
        await hub.Client.ResumeInstanceAsync(id);
        Assert.Equal("kept", (await hub.EndOf(id)).ReadOutputAs<string>());
        await hub.Client.SuspendInstanceAsync(id);
        await hub.Client.ResumeInstanceAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await hub.Client.GetInstanceAsync(id))!.RuntimeStatus);
    }

    [Fact]
    public async Task Instances_are_listed_by_prefix_status_and_age_in_pages_that_can_be_resumed()
    {
        await using var hub = await TestHub.StartAsync(emulator, Waiting);
        await Task.WhenAll(Enumerable.Range(0, 21).Select(i => hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", new StartOrchestrationOptions($"list-{i}"))));
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", new StartOrchestrationOptions("other"));
        await hub.Client.TerminateInstanceAsync("list-3");

        var listing = hub.Client.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = "list-" });
        var pages = await ToListAsync(listing.AsPages(pageSizeHint: 5));
        Assert.Equal([5, 5, 5, 5, 1], pages.Select(page => page.Values.Count));
        var rest = await ToListAsync(listing.AsPages(pages[1].ContinuationToken, 4));
        Assert.Equal(
            pages.Skip(2).SelectMany(page => page.Values).Select(found => found.InstanceId), rest.SelectMany(page => page.Values).Select(found => found.InstanceId));

        Assert.Equal(
            "list-3",
            Assert.Single(await ToListAsync(hub.Client.GetAllInstancesAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Terminated])))).InstanceId);
        Assert.Empty(await ToListAsync(hub.Client.GetAllInstancesAsync(new OrchestrationQuery(CreatedFrom: DateTimeOffset.UtcNow.AddHours(1)))));
        Assert.Equal(22, (await ToListAsync(hub.Client.GetAllInstancesAsync(new OrchestrationQuery(CreatedTo: DateTimeOffset.UtcNow.AddHours(1))))).Count);
    }

    [Fact]
    public async Task Only_ended_instances_are_purged()
    {
        await using var hub = await TestHub.StartAsync(emulator, Waiting);
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Parent", new string('x', 100_000));
        await hub.StartOf(id + "-child");
        Assert.Equal(0, (await hub.Client.PurgeInstanceAsync(id)).PurgedInstanceCount);
        Assert.Equal(0, (await hub.Client.PurgeInstanceAsync("nobody")).PurgedInstanceCount);

        await hub.Client.RaiseEventAsync(id + "-child", "event", "end");
        await hub.EndOf(id);
        Assert.Equal(2, (await hub.Client.PurgeInstanceAsync(id, new PurgeInstanceOptions(Recursive: true))).PurgedInstanceCount);
        Assert.Null(await hub.Client.GetInstanceAsync(id));
        Assert.Null(await hub.Client.GetInstanceAsync(id + "-child"));
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", new StartOrchestrationOptions(id));
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await hub.StartOf(id)).RuntimeStatus);
    }

    [Fact]
    public async Task Ended_instances_are_purged_by_filter()
    {
        await using var hub = await TestHub.StartAsync(emulator, Waiting);
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting")));
        await Task.WhenAll(ids.Take(6).Select(id => hub.Client.RaiseEventAsync(id, "event", "end")));
        await Task.WhenAll(ids.Take(6).Select(hub.EndOf));

        Assert.Equal(0, (await hub.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(CreatedTo: DateTimeOffset.UtcNow.AddHours(-1)))).PurgedInstanceCount);
        var purged = await hub.Client.PurgeInstancesAsync(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), Ends);
        Assert.Equal((6, true), (purged.PurgedInstanceCount, purged.IsComplete));
        Assert.Equal(4, (await ToListAsync(hub.Client.GetAllInstancesAsync())).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_ended_instance_can_be_started_again_with_its_input(bool withNewId)
    {
        await using var hub = await TestHub.StartAsync(emulator, Waiting);
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Waiting", 42);
        await hub.Client.RaiseEventAsync(id, "event", "end");
        await hub.EndOf(id);

        var again = await hub.Client.RestartAsync(id, withNewId);
        Assert.Equal(withNewId, again != id);
        Assert.Equal(42, (await hub.Until(again, found => found?.RuntimeStatus == OrchestrationRuntimeStatus.Running)).ReadInputAs<int>());
        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.RestartAsync("nobody"));
    }

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> values)
    {
        var list = new List<T>();
        await foreach (var value in values)
        {
            list.Add(value);
        }

        return list;
    }
}
