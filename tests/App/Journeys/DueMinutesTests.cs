using LeadFunctions.Journeys.Runs;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Journeys;

public sealed class DueMinutesTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 10, 0, 0, TimeSpan.Zero);

    /// <summary>After a publication each of many leads had somebody look whether its minute was waited for.</summary>
    [Fact]
    public async Task A_minute_that_was_seen_waiting_is_not_asked_for_again_until_later_or_it_is_near()
    {
        var storage = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = await Emulator.NewSharedAccountAsync() });
        await storage.Table(DueTable.Name).CreateIfNotExistsAsync();
        var (due, time) = (new DueTable(storage), new FakeTimeProvider(Now));
        await using var engine = new Engine();
        var minutes = new DueMinutes(due, new RunAlarms(), time);
        var far = Now.AddDays(30);

        for (var lead = 0; lead < 5; lead++)
        {
            Assert.True(await minutes.NoteAsync(engine, $"lead{lead}", far, $"why{lead}", default));
        }

        Assert.Equal((1, 1), (engine.Looks, engine.Started.Count));
        Assert.Equal(5, (await due.FirstAsync(DueTable.MinuteOf(far).Name, default)).Count);

        time.Advance(TimeSpan.FromMinutes(11));
        await minutes.NoteAsync(engine, "later", far, "why", default);
        Assert.Equal(2, engine.Looks);

        // One that comes soon may have come and gone by the time that it was noted.
        var near = time.GetUtcNow().AddMinutes(30);
        await minutes.NoteAsync(engine, "a", near, "why", default);
        await minutes.NoteAsync(engine, "b", near, "why", default);
        Assert.Equal(4, engine.Looks);
        Assert.Equal(2, engine.Started.Count);
    }

    /// <summary>The part of the engine's client that is asked here; what was started waits for ever.</summary>
    private sealed class Engine() : DurableTaskClient("engine")
    {
        public HashSet<string> Started { get; } = [];

        public int Looks { get; private set; }

        public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        {
            Looks++;
            return Task.FromResult(Started.Contains(instanceId) ? new OrchestrationMetadata(nameof(ChoreOrchestrations.MinuteCame), instanceId) { RuntimeStatus = OrchestrationRuntimeStatus.Pending } : null);
        }

        public override Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default) =>
            Task.FromResult(Started.Add(options!.InstanceId!) ? options.InstanceId! : throw new InvalidOperationException("It was started before.")); // whoever starts names it

        public override ValueTask DisposeAsync() => default;

        public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();

        public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

        public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
