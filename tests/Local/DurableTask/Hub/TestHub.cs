using System.Collections.Concurrent;
using Azure.Data.Tables;
using LeadFunctions.Local.DurableTask;
using LeadFunctions.Local.Functions.Time;
using LeadFunctions.Local.Tests.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.Tests.DurableTask.Hub;

[CollectionDefinition(Name)]
public sealed class DurableEmulator : ICollectionFixture<StorageEmulator>
{
    public const string Name = "Durable emulator";
}

/// <summary>The code of a test, by name.</summary>
internal sealed class Tasks : ITaskCatalog
{
    private readonly ConcurrentDictionary<string, OrchestratorCode> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Func<ActivityCall, Task<string?>>> _activities = new(StringComparer.OrdinalIgnoreCase);

    public Tasks Orchestrator<TOutput>(string name, Func<TaskOrchestrationContext, Task<TOutput>> code)
    {
        _orchestrators[name] = async context => await code(context);
        return this;
    }

    public Tasks Orchestrator(string name, Func<TaskOrchestrationContext, Task> code)
    {
        _orchestrators[name] = async context =>
        {
            await code(context);
            return null;
        };
        return this;
    }

    public Tasks Activity<TInput, TOutput>(string name, Func<TInput?, Task<TOutput>> code)
    {
        _activities[name] = async call =>
            JsonDataConverter.Default.Serialize(await code(JsonDataConverter.Default.Deserialize<TInput>(call.Input)));
        return this;
    }

    public Tasks Activity(string name, Func<ActivityCall, Task<string?>> code)
    {
        _activities[name] = code;
        return this;
    }

    public Tasks Activity<TInput, TOutput>(string name, Func<TInput?, TOutput> code) => Activity<TInput, TOutput>(name, input => Task.FromResult(code(input)));

    public (OrchestratorCode Code, IDisposable? Scope)? FindOrchestrator(string name) =>
        _orchestrators.TryGetValue(name, out var code) ? (code, null) : null;

    public Func<ActivityCall, Task<string?>>? FindActivity(string name) => _activities.GetValueOrDefault(name);
}

/// <summary>One process's part in a hub, without the Functions host.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    private TestHub(DurableHub hub, VirtualClock? clock)
    {
        Hub = hub;
        Client = new LocalDurableTaskClient(hub);
        Clock = clock;
    }

    public DurableHub Hub { get; }

    public DurableTaskClient Client { get; }

    public VirtualClock? Clock { get; }

    public static string NewName() => "d" + Guid.NewGuid().ToString("N")[..16];

    public static VirtualClock FrozenClock()
    {
        var clock = new VirtualClock();
        clock.Freeze();
        return clock;
    }

    /// <param name="emulator">Where its tables are.</param>
    /// <param name="tasks">Its code.</param>
    /// <param name="name">The hub; a new one when null.</param>
    /// <param name="clock">Null for real time.</param>
    /// <param name="options">Changes the options.</param>
    public static Task<TestHub> StartAsync(
        StorageEmulator emulator, ITaskCatalog tasks, string? name = null, VirtualClock? clock = null, Func<HubOptions, HubOptions>? options = null) =>
        StartAsync(emulator.ConnectionString, tasks, name, clock, options);

    public static async Task<TestHub> StartAsync(
        string connectionString, ITaskCatalog tasks, string? name = null, VirtualClock? clock = null, Func<HubOptions, HubOptions>? options = null)
    {
        var chosen = new HubOptions { Name = name ?? NewName() };
        using var loggers = LoggerFactory.Create(_ => { });
        var hub = new DurableHub(
            new TableServiceClient(connectionString), options?.Invoke(chosen) ?? chosen, clock ?? TimeProvider.System, tasks,
            JsonDataConverter.Default, loggers);
        clock?.Register(new Activity(hub));
        await hub.StartAsync(CancellationToken.None);
        return new TestHub(hub, clock);
    }

    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null, StartOrchestrationOptions? options = null)
    {
        var id = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, options);
        return await EndOf(id);
    }

    public async Task<OrchestrationMetadata> EndOf(string instanceId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true, patience.Token);
    }

    public async Task<OrchestrationMetadata> StartOf(string instanceId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await Client.WaitForInstanceStartAsync(instanceId, getInputsAndOutputs: true, patience.Token);
    }

    public async Task<OrchestrationMetadata> Until(string instanceId, Func<OrchestrationMetadata?, bool> isSo)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60))
        {
            var found = await Client.GetInstanceAsync(instanceId, getInputsAndOutputs: true);
            if (isSo(found))
            {
                return found!;
            }

            await Task.Delay(5);
        }

        throw new TimeoutException($"'{instanceId}' did not come to the expected state.");
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();

    private sealed class Activity(DurableHub hub) : IActivity
    {
        public long Version => hub.Work.Version;

        public string? FindRunning() => hub.Work.IsBusy ? "durable tasks" : null;
    }
}
