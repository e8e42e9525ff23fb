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
    private const int MostProperties = 11;

    private readonly ConcurrentDictionary<string, byte> _underWay = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _lastKey;

    /// <summary>Stores a message for whoever owns its shard. Messages of one process keep their order.</summary>
    /// <returns>False when this process has come to own the shard itself.</returns>
    /// <exception cref="ArgumentException">The message is larger than a row can hold.</exception>
    public async Task<bool> TryPutAsync(string instanceId, InstanceMessage message, CancellationToken cancellationToken)
    {
        var body = Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(message, MessageJson.Default.InstanceMessage));
        if (body.Length > LargestProperty * MostProperties)
        {
            throw new ArgumentException($"A message of {body.Length} bytes is too large for an instance in another process.", nameof(message));
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (hub.Owns(instanceId))
            {
                return false;
            }

            _lastKey = Math.Max(_lastKey + 1, TimeProvider.System.GetUtcNow().UtcTicks);
            var row = new TableEntity(Partition, string.Create(CultureInfo.InvariantCulture, $"{_lastKey:x16}-{hub.WorkerId}")) { ["Target"] = instanceId };
            foreach (var (part, index) in body.Chunk(LargestProperty).Select((part, index) => (part, index)))
            {
                row["d" + index] = part;
            }

            await hub.Control.AddEntityAsync(row, cancellationToken);
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Hands the messages for this process's shards to them.</summary>
    public async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        await foreach (var row in RowsAsync(cancellationToken))
        {
            if (hub.Owns(row.GetString("Target")) && _underWay.TryAdd(row.RowKey, 0))
            {
                Receive(row);
            }
        }
    }

    /// <summary>
    /// Opens shards that this process has just taken. What waits in the inbox goes ahead of everything else: the senders of those messages
    /// may go on to send directly, or through shards that are opened now, and their messages must not overtake each other.
    /// </summary>
    public async Task OpenAsync(IReadOnlyList<Shard> taken, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var waiting = taken.ToDictionary(shard => shard, _ => new List<Mail>());
            await foreach (var row in RowsAsync(cancellationToken))
            {
                if (waiting.TryGetValue(hub.ShardOf(row.GetString("Target")), out var mails))
                {
                    _underWay.TryAdd(row.RowKey, 0);
                    var mail = Read(row);
                    mails.Add(mail);
                    _ = RemoveAsync(row.RowKey, mail.Waiter!.Task);
                }
                else if (hub.Owns(row.GetString("Target")) && _underWay.TryAdd(row.RowKey, 0))
                {
                    Receive(row);
                }
            }

            foreach (var (shard, mails) in waiting)
            {
                shard.Open(mails);
            }
        }
        finally
        {
            _turn.Release();
        }

        foreach (var shard in taken)
        {
            shard.Begin();
        }
    }

    private Azure.AsyncPageable<TableEntity> RowsAsync(CancellationToken cancellationToken) => hub.Control.QueryAsync<TableEntity>(
        TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), null, null, cancellationToken);

    private void Receive(TableEntity row)
    {
        var mail = Read(row);
        if (hub.ShardOf(mail.InstanceId).TryPost(mail))
        {
            _ = RemoveAsync(row.RowKey, mail.Waiter!.Task);
        }
        else
        {
            _underWay.TryRemove(row.RowKey, out _);
        }
    }

    private static Mail Read(TableEntity row)
    {
        byte[] body = [.. Enumerable.Range(0, MostProperties).Select(index => row.GetBinary("d" + index)).TakeWhile(part => part is not null).SelectMany(part => part)];
        var message = JsonSerializer.Deserialize(Packed.Unpack(body), MessageJson.Default.InstanceMessage)
            ?? throw new JsonException("An inbox row holds no message.");
        return new Mail(row.GetString("Target"), message, new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously));
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
