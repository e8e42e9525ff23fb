using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;

namespace LeadFunctions.Local.DurableTask;

/// <summary>
/// Messages for shards of other processes. A row stands until its message is stored with its instance, so a message can come twice; the
/// instance recognises it.
/// </summary>
internal sealed class Inbox(DurableHub hub)
{
    private const string Partition = "inbox";
    private const int LargestProperty = 60 * 1024;
    private const int MostProperties = 14;

    private readonly ConcurrentDictionary<string, byte> _underWay = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _lastKey;

    /// <summary>Stores a message for whoever owns its shard. Messages of one process keep their order.</summary>
    /// <exception cref="ArgumentException">The message is larger than a row can hold.</exception>
    public async Task PutAsync(string instanceId, InstanceMessage message, CancellationToken cancellationToken)
    {
        var body = Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(message, MessageJson.Default.InstanceMessage));
        if (body.Length > LargestProperty * MostProperties)
        {
            throw new ArgumentException($"A message of {body.Length} bytes is too large for an instance in another process.", nameof(message));
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            _lastKey = Math.Max(_lastKey + 1, TimeProvider.System.GetUtcNow().UtcTicks);
            var row = new TableEntity(Partition, string.Create(CultureInfo.InvariantCulture, $"{_lastKey:x16}-{hub.WorkerId}")) { ["Target"] = instanceId };
            foreach (var (part, index) in body.Chunk(LargestProperty).Select((part, index) => (part, index)))
            {
                row["d" + index] = part;
            }

            await hub.Control.AddEntityAsync(row, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Hands the messages for this process's shards to them.</summary>
    public async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        await foreach (var row in hub.Control.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), null, null, cancellationToken))
        {
            var instanceId = row.GetString("Target");
            if (!hub.Owns(instanceId) || !_underWay.TryAdd(row.RowKey, 0))
            {
                continue;
            }

            byte[] body = [.. Enumerable.Range(0, MostProperties).Select(index => row.GetBinary("d" + index)).TakeWhile(part => part is not null).SelectMany(part => part)];
            var message = JsonSerializer.Deserialize(Packed.Unpack(body), MessageJson.Default.InstanceMessage)
                ?? throw new JsonException("An inbox row holds no message.");
            var waiter = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (hub.ShardOf(instanceId).TryPost(new Mail(instanceId, message, waiter)))
            {
                _ = RemoveAsync(row.RowKey, waiter.Task);
            }
            else
            {
                _underWay.TryRemove(row.RowKey, out _);
            }
        }
    }

    private async Task RemoveAsync(string key, Task stored)
    {
        try
        {
            await stored;
            await hub.Control.DeleteEntityAsync(Partition, key);
        }
        catch (Exception exception) when (exception is ShardMovedException or Azure.RequestFailedException)
        {
            // The row is still there; it is read again by the shard's owner.
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }
}
