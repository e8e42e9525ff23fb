using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using LeadFunctions.Local.DurableTask;
using LeadFunctions.Local.Tests.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadFunctions.Local.Tests.DurableTask.Hub;

/// <summary>A process beside others: what it says to them, what it costs at rest, and how it ends.</summary>
[Collection(DurableEmulator.Name)]
public sealed class ProcessTests(StorageEmulator emulator)
{
    [Fact]
    public async Task A_message_of_megabytes_reaches_an_instance_of_another_process()
    {
        var noise = new Random(1);
        var large = Convert.ToBase64String(Enumerable.Range(0, 2_000_000).Select(_ => (byte)noise.Next(256)).ToArray());
        var tasks = new Tasks().Orchestrator("Waits", async context =>
            (await context.WaitForExternalEvent<string>("large")).Length + "/" + await context.WaitForExternalEvent<string>("large"));
        var name = TestHub.NewName();
        await using var first = await TestHub.StartAsync(emulator, tasks, name);
        await using var second = await TestHub.StartAsync(emulator, tasks, name);
        var id = "";
        await Poll.UntilAsync(() => Enumerable.Range(0, 16).Select(i => $"probe-{i}").FirstOrDefault(probe => second.Hub.Owns(probe) && !first.Hub.Owns(probe)) is { } found && (id = found).Length > 0);

        await first.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions(id));
        await first.Client.RaiseEventAsync(id, "large", large);
        await first.Client.RaiseEventAsync(id, "large", "and one behind it");

        Assert.Equal($"{large.Length}/and one behind it", (await first.EndOf(id)).ReadOutputAs<string>());
        var left = new List<TableEntity>();
        await Poll.UntilAsync(async () =>
        {
            left.Clear();
            await foreach (var row in first.Hub.Control.QueryAsync<TableEntity>("PartitionKey eq 'inbox' or PartitionKey eq 'overflow'"))
            {
                left.Add(row);
            }

            return left.Count == 0;
        });
    }

    [Fact]
    public async Task Activities_are_cancelled_when_the_process_ends_and_run_again_in_the_next()
    {
        var (begun, cancelled) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        var tasks = new Tasks()
            .Orchestrator("Long", context => context.CallActivityAsync<string>("Work"))
            .Activity("Work", async call =>
            {
                if (begun.TrySetResult())
                {
                    try
                    {
                        await Task.Delay(Timeout.Infinite, call.CancellationToken);
                    }
                    catch (OperationCanceledException)
                    {
                        Interlocked.Increment(ref cancelled);
                        throw;
                    }
                }

                return "\"done\"";
            });
        var name = TestHub.NewName();
        var hub = await TestHub.StartAsync(emulator, tasks, name);
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Long");
        await begun.Task;
        await hub.Hub.StopAsync(TimeSpan.FromMilliseconds(50));
        await hub.DisposeAsync();
        Assert.Equal(1, cancelled);

        await using var next = await TestHub.StartAsync(emulator, tasks, name);
        var ended = await next.EndOf(id);
        Assert.Equal((OrchestrationRuntimeStatus.Completed, "done"), (ended.RuntimeStatus, ended.ReadOutputAs<string>()));
    }

    [Fact]
    public async Task An_idle_process_asks_storage_little_more_than_once_a_beat()
    {
        const int beats = 20;
        var requests = new Requests();
        var options = new TableClientOptions();
        options.AddPolicy(requests, HttpPipelinePosition.PerRetry);
        await using var hub = new DurableHub(
            new TableServiceClient(emulator.ConnectionString, options), new HubOptions { Name = TestHub.NewName(), Beat = TimeSpan.FromMilliseconds(100), Patience = TimeSpan.FromSeconds(1) },
            TimeProvider.System, new Tasks(), JsonDataConverter.Default, NullLoggerFactory.Instance);
        await hub.StartAsync(CancellationToken.None);
        var (before, started) = (requests.Count, TimeProvider.System.GetTimestamp());
        await Poll.UntilAsync(() => requests.Count - before >= beats);

        // 1 for who is there each beat, and less than one more for showing itself and for the inbox.
        var most = TimeProvider.System.GetElapsedTime(started) / TimeSpan.FromMilliseconds(100) * 1.75;
        Assert.True(most >= beats - 2, $"{beats} requests in the time of {most} at most.");
    }

    private sealed class Requests : HttpPipelineSynchronousPolicy
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public override void OnSendingRequest(HttpMessage message) => Interlocked.Increment(ref _count);
    }
}
