using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>What is known of a target beside what was told to it.</summary>
/// <param name="Secret">What it is signed with; null for the topic.</param>
/// <param name="Disabled">Nothing is sent any more; null: it is.</param>
/// <param name="Replay">The last that was asked for.</param>
internal sealed record TargetState(WebhookSecret? Secret = null, Breaker? Breaker = null, DisabledTarget? Disabled = null, Replay? Replay = null)
{
    [JsonIgnore]
    public Breaker Guard => Breaker ?? Integrations.Breaker.Closed;
}

internal sealed record DisabledTarget(DateTimeOffset At, string Reason);

/// <param name="Found">Events so far, of those in between.</param>
/// <param name="FinishedAt">When the last of them was on its way; null: it goes on.</param>
internal sealed record Replay(string Id, DateTimeOffset From, DateTimeOffset To, DateTimeOffset StartedAt, int Found = 0, DateTimeOffset? FinishedAt = null);

/// <summary>The state rows of table <c>Deliveries</c>.</summary>
public sealed class TargetStates(StorageClients storage)
{
    /// <summary>What another instance changed is heeded so soon: a breaker that opens, a webhook that is gone.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly TableClient _table = storage.Table(DeliveriesTable.Name);
    private readonly ConcurrentDictionary<string, (TargetState State, long ReadAt)> _read = new();

    internal async Task<TargetState> ReadAsync(string target, CancellationToken cancellationToken) => (await FindAsync(target, cancellationToken)).State;

    /// <summary>As it was within the last second of real time, and as this instance changed it: for whoever sends one event after another.</summary>
    internal async Task<TargetState> LatelyAsync(string target, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(target, out var known) && TimeProvider.System.GetElapsedTime(known.ReadAt) < Fresh)
        {
            return known.State;
        }

        var readAt = TimeProvider.System.GetTimestamp();
        var (state, _) = await FindAsync(target, cancellationToken);
        return _read.AddOrUpdate(target, (state, readAt), (_, other) => other.ReadAt > readAt ? other : (state, readAt)).State;
    }

    /// <summary>Decided anew as often as somebody else was first.</summary>
    /// <param name="change">Null: there is nothing to change.</param>
    /// <returns>The state after, and whether this changed it.</returns>
    internal async Task<(TargetState State, bool IsChanged)> ChangeAsync(string target, Func<TargetState, TargetState?> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (before, etag) = await FindAsync(target, cancellationToken);
            if (change(before) is not { } after)
            {
                return (before, false);
            }

            var row = new TableEntity(target, DeliveryRows.StateKey) { ["Json"] = JsonSerializer.Serialize(after, DeliveryJson.Default.TargetState) };
            try
            {
                await (etag is { } known ? _table.UpdateEntityAsync(row, known, TableUpdateMode.Replace, cancellationToken) : _table.AddEntityAsync(row, cancellationToken));
                _read[target] = (after, TimeProvider.System.GetTimestamp());
                return (after, true);
            }
            catch (RequestFailedException lost) when (lost.Status is 404 or 409 or 412)
            {
            }
        }
    }

    internal Task DeleteAsync(string target, CancellationToken cancellationToken)
    {
        _read.TryRemove(target, out _);
        return _table.DeleteEntityAsync(target, DeliveryRows.StateKey, ETag.All, cancellationToken);
    }

    private async Task<(TargetState State, ETag? ETag)> FindAsync(string target, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(target, DeliveryRows.StateKey, cancellationToken: cancellationToken);
        return found is { HasValue: true, Value: { } row }
            ? (JsonSerializer.Deserialize(row.GetString("Json"), DeliveryJson.Default.TargetState) ?? throw new InvalidDataException($"The state of {target} is stored as null."), row.ETag)
            : (new(), null);
    }
}
