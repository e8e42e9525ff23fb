using System.Collections.Immutable;
using System.Text;
using Azure.Data.Tables;
using LeadFunctions.Local.DurableTask;

namespace Microsoft.DurableTask.Client;

internal sealed partial class LocalDurableTaskClient
{
    private static readonly string[] StatusColumns =
        [InstanceRows.InstanceId, InstanceRows.Name, InstanceRows.Status, InstanceRows.CreatedAt, "UpdatedAt", "Tags", "TagsRows", "PartitionKey", "RowKey"];

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var row = await hub.Instances.GetEntityIfExistsAsync<TableEntity>(
            hub.ShardOf(instanceId).Partition, InstanceRows.KeyOf(instanceId), getInputsAndOutputs ? null : StatusColumns, cancellation);
        return row.HasValue ? await MetadataAsync(row.Value!, getInputsAndOutputs, cancellation) : null;
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var query = filter ?? new OrchestrationQuery();
        return Pageable.Create((token, size, cancellationToken) =>
            ReadPageAsync(query, token ?? query.ContinuationToken, size ?? query.PageSize, cancellationToken));
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var count = options?.Recursive == true ? await PurgeChildrenAsync(instanceId, cancellation) : 0;
        return new PurgeResult(count + await PurgeOneAsync(instanceId, cancellation), true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var started = TimeProvider.System.GetTimestamp();
        OrchestrationRuntimeStatus[] ends = [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];
        var wanted = filter.Statuses?.ToList() is { Count: > 0 } named ? named.Intersect(ends) : ends;
        var query = new OrchestrationQuery(filter.CreatedFrom, filter.CreatedTo, [.. wanted], PageSize: 500);
        var purged = 0;
        await foreach (var page in GetAllInstancesAsync(query with { Statuses = [.. wanted] }).AsPages().WithCancellation(cancellation))
        {
            var counts = await Task.WhenAll(page.Values.Select(found => PurgeInstanceAsync(found.InstanceId, options, cancellation)));
            purged += counts.Sum(count => count.PurgedInstanceCount);
            if (TimeProvider.System.GetElapsedTime(started) > filter.Timeout)
            {
                return new PurgeResult(purged, page.ContinuationToken is null);
            }
        }

        return new PurgeResult(purged, true);
    }

    private async Task<int> PurgeOneAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (hub.Owns(instanceId))
        {
            return await hub.SendAsync(instanceId, new InstanceMessage.Purge(), cancellationToken) is Reply.Purged { Count: var count } ? count : 0;
        }

        // Its owner is another process, which sends no answer: wait until it is gone.
        if (await GetInstancesAsync(instanceId, false, cancellationToken) is not { IsCompleted: true })
        {
            return 0;
        }

        await hub.SendAsync(instanceId, new InstanceMessage.Purge(), cancellationToken);
        while (await GetInstancesAsync(instanceId, false, cancellationToken) is { IsCompleted: true })
        {
            await Task.Delay(FirstPoll, TimeProvider.System, cancellationToken);
        }

        return 1;
    }

    /// <summary>The children are those that the history names.</summary>
    private async Task<int> PurgeChildrenAsync(string instanceId, CancellationToken cancellationToken)
    {
        var partition = hub.ShardOf(instanceId).Partition;
        var row = await hub.Instances.GetEntityIfExistsAsync<TableEntity>(partition, InstanceRows.KeyOf(instanceId), null, cancellationToken);
        if (!row.HasValue)
        {
            return 0;
        }

        var (_, events) = await new LargeValues(hub.Instances, partition, instanceId, cancellationToken).ReadHistoryAsync(row.Value!);
        var purged = 0;
        foreach (var child in events.OfType<HistoryEvent.ChildScheduled>().Select(child => child.InstanceId).Distinct())
        {
            purged += (await PurgeInstanceAsync(child, new PurgeInstanceOptions(true), cancellationToken)).PurgedInstanceCount;
        }

        return purged;
    }

    private async Task<Page<OrchestrationMetadata>> ReadPageAsync(
        OrchestrationQuery query, string? token, int size, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var values = new List<OrchestrationMetadata>();
        var rows = hub.Instances.QueryAsync<TableEntity>(
            FilterOf(query, token), Math.Min(size + 1, 1000), query.FetchInputsAndOutputs ? null : StatusColumns, cancellationToken);
        TableEntity? last = null;
        await foreach (var row in rows)
        {
            if (values.Count == size)
            {
                return new Page<OrchestrationMetadata>(values, TokenOf(last!));
            }

            values.Add(await MetadataAsync(row, query.FetchInputsAndOutputs, cancellationToken));
            last = row;
        }

        return new Page<OrchestrationMetadata>(values);
    }

    /// <summary>A token names the last row that was handed out, so it stays good however the table changes.</summary>
    private static string TokenOf(TableEntity row) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{row.PartitionKey} {row.RowKey}"));

    private static string FilterOf(OrchestrationQuery query, string? token)
    {
        // Only main rows have a status.
        var parts = new List<string> { $"{InstanceRows.Status} ge 0" };
        if (query.CreatedFrom is { } from)
        {
            parts.Add(TableClient.CreateQueryFilter($"CreatedAt ge {from}"));
        }

        if (query.CreatedTo is { } to)
        {
            parts.Add(TableClient.CreateQueryFilter($"CreatedAt le {to}"));
        }

        if (query.Statuses?.Select(status => $"{InstanceRows.Status} eq {(int)status}").ToList() is { Count: > 0 } statuses)
        {
            parts.Add($"({string.Join(" or ", statuses)})");
        }

        if (query.InstanceIdPrefix is { Length: > 0 } prefix)
        {
            var end = prefix[..^1] + (char)(prefix[^1] + 1);
            parts.Add(TableClient.CreateQueryFilter($"InstanceId ge {prefix}") + " and " + TableClient.CreateQueryFilter($"InstanceId lt {end}"));
        }

        if (token is not null)
        {
            var keys = Encoding.UTF8.GetString(Convert.FromBase64String(token)).Split(' ', 2);
            parts.Add("(" + TableClient.CreateQueryFilter($"PartitionKey gt {keys[0]}") + " or (" + TableClient.CreateQueryFilter($"PartitionKey eq {keys[0]}")
                + " and " + TableClient.CreateQueryFilter($"RowKey gt {keys[1]}") + "))");
        }

        return string.Join(" and ", parts);
    }

    private async Task<OrchestrationMetadata> MetadataAsync(TableEntity row, bool getInputsAndOutputs, CancellationToken cancellationToken)
    {
        var instanceId = row.GetString(InstanceRows.InstanceId);
        var values = new LargeValues(hub.Instances, hub.ShardOf(instanceId).Partition, instanceId, cancellationToken);
        var state = getInputsAndOutputs ? await InstanceRows.ReadAsync(row, values) : null;
        var tags = await values.ReadTextAsync(row, "Tags");
        return new OrchestrationMetadata(row.GetString(InstanceRows.Name), instanceId)
        {
            RuntimeStatus = (OrchestrationRuntimeStatus)row.GetInt32(InstanceRows.Status)!.Value,
            CreatedAt = row.GetDateTimeOffset(InstanceRows.CreatedAt)!.Value,
            LastUpdatedAt = row.GetDateTimeOffset("UpdatedAt")!.Value,
            Tags = tags is null
                ? ImmutableDictionary<string, string>.Empty
                : System.Text.Json.JsonSerializer.Deserialize(tags, MessageJson.Default.DictionaryStringString)!,
            DataConverter = getInputsAndOutputs ? hub.Converter : null,
            SerializedInput = state?.Started.Input,
            SerializedOutput = state?.Output,
            SerializedCustomStatus = state?.CustomStatus,
            FailureDetails = state?.Failure?.ToDetails(),
        };
    }
}
