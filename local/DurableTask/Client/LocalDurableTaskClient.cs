using Azure.Data.Tables;
using DurableTask.Core.Exceptions;
using LeadFunctions.Local.DurableTask;

namespace Microsoft.DurableTask.Client;

/// <summary>A client of a hub that this process takes part in.</summary>
internal sealed partial class LocalDurableTaskClient(DurableHub hub) : DurableTaskClient(hub.Options.Name)
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(500);

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        var instanceId = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        ThrowIfInvalid(instanceId);
        var refuse = RefusedStatuses(options);
        var started = new HistoryEvent.ExecutionStarted(
            orchestratorName, options?.Version?.Version, Guid.NewGuid().ToString("N"), hub.Converter.Serialize(input), hub.Clock.GetUtcNow(), null, options?.Tags);
        if (!hub.Owns(instanceId) && await GetInstancesAsync(instanceId, false, cancellation) is { } existing)
        {
            // Another process will decide; what it decides cannot be waited for, so look first.
            ThrowIfRefused(existing.RuntimeStatus);
        }

        var reply = await hub.SendAsync(instanceId, new InstanceMessage.Start(started, options?.StartAt?.ToUniversalTime(), refuse), cancellation);
        if (reply is Reply.AlreadyExists exists)
        {
            ThrowIfRefused(exists.Status);
        }

        return instanceId;

        void ThrowIfRefused(OrchestrationRuntimeStatus status)
        {
            if (refuse.Contains((int)status))
            {
                throw new OrchestrationAlreadyExistsException($"An orchestration with the instance id '{instanceId}' exists already; it is {status}.");
            }
        }
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return hub.SendAsync(
            instanceId, new InstanceMessage.Raise(eventName, hub.Converter.Serialize(eventPayload), Guid.NewGuid().ToString("N")), cancellation);
    }

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return hub.SendAsync(
            instanceId, new InstanceMessage.Terminate(hub.Converter.Serialize(options?.Output), options?.Recursive ?? false), cancellation);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return hub.SendAsync(instanceId, new InstanceMessage.Suspend(reason), cancellation);
    }

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return hub.SendAsync(instanceId, new InstanceMessage.Resume(reason), cancellation);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, getInputsAndOutputs, found => found.RuntimeStatus != OrchestrationRuntimeStatus.Pending, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, getInputsAndOutputs, found => found.IsCompleted, cancellation);

    public override async Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        var existing = await ReadAsync(instanceId, cancellation)
            ?? throw new ArgumentException($"An orchestration with the instanceId {instanceId} was not found.", nameof(instanceId));
        if (!restartWithNewInstanceId && !existing.HasEnded)
        {
            throw new InvalidOperationException($"The orchestration '{instanceId}' has not ended.");
        }

        var target = restartWithNewInstanceId ? Guid.NewGuid().ToString("N") : instanceId;
        var started = existing.Started with { ExecutionId = Guid.NewGuid().ToString("N"), At = hub.Clock.GetUtcNow(), Parent = null };
        await hub.SendAsync(target, new InstanceMessage.Start(started, null, null), cancellation);
        return target;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, bool getInputsAndOutputs, Func<OrchestrationMetadata, bool> isOver, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        for (var poll = FirstPoll; ; poll = poll < LongestPoll ? poll * 2 : LongestPoll)
        {
            var change = hub.ChangeOf(instanceId);
            if (await GetInstancesAsync(instanceId, getInputsAndOutputs, cancellationToken) is { } found && isOver(found))
            {
                return found;
            }

            if (hub.Owns(instanceId))
            {
                // The shard may move while this waits: look again from time to time.
                await Task.WhenAny(change, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
            else
            {
                await Task.Delay(poll, TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task<InstanceState?> ReadAsync(string instanceId, CancellationToken cancellationToken)
    {
        var partition = hub.ShardOf(instanceId).Partition;
        var row = await hub.Instances.GetEntityIfExistsAsync<TableEntity>(partition, InstanceRows.KeyOf(instanceId), null, cancellationToken);
        return row.HasValue
            ? await InstanceRows.ReadAsync(row.Value!, new LargeValues(hub.Instances, partition, instanceId, cancellationToken))
            : null;
    }

    private static List<int> RefusedStatuses(StartOrchestrationOptions? options)
    {
        if (options?.DedupeStatuses is not { } named)
        {
            return [(int)OrchestrationRuntimeStatus.Pending, (int)OrchestrationRuntimeStatus.Running, (int)OrchestrationRuntimeStatus.Suspended];
        }

        List<OrchestrationRuntimeStatus> statuses = [.. named.Select(name =>
            Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status) && StartOrchestrationOptionsExtensions.ValidDedupeStatuses.Contains(status)
                ? status
                : throw new ArgumentException($"'{name}' is no status that can refuse a start.", nameof(options)))];
        OrchestrationRuntimeStatus[] running = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];
        return statuses.Contains(OrchestrationRuntimeStatus.Terminated) && running.Except(statuses).Any()
            ? throw new ArgumentException(
                "A run that has not ended would be terminated before it is replaced, and 'Terminated' then refuses: name all of Pending, Running and Suspended too.", nameof(options))
            : [.. statuses.Select(status => (int)status)];
    }

    private static void ThrowIfInvalid(string instanceId)
    {
        if (instanceId.Length is 0 or > 250 || instanceId[0] == '@')
        {
            throw new ArgumentException("An instance id has 1 to 250 characters and does not start with '@'.", nameof(instanceId));
        }
    }
}
