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
    private const string Overflow = "overflow";
    private const int LargestProperty = 60 * 1024;
    private const int MostProperties = 11;

    private readonly ConcurrentDictionary<string, byte> _underWay = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _lastKey;

    /// <summary>Stores a message for whoever owns its shard. Messages of one process keep their order.</summary>
    /// <returns>False when this process has come to own the shard itself.</returns>
    public async Task<bool> TryPutAsync(string instanceId, InstanceMessage message, CancellationToken cancellationToken)
    {
        byte[][] parts = [.. Packed.Pack(JsonSerializer.SerializeToUtf8Bytes(message, MessageJson.Default.InstanceMessage)).Chunk(LargestProperty * MostProperties)];
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (hub.Owns(instanceId))
            {
                return false;
            }

            _lastKey = Math.Max(_lastKey + 1, TimeProvider.System.GetUtcNow().UtcTicks);
            var key = string.Create(CultureInfo.InvariantCulture, $"{_lastKey:x16}-{hub.WorkerId}");

            // What does not fit the message's own row stands before that row does. Should the process end in between it stays behind, unused.
            for (var part = 1; part < parts.Length; part++)
            {
                await hub.Control.AddEntityAsync(RowOf(Overflow, OverflowKey(key, part), parts[part]), cancellationToken);
            }

            var row = RowOf(Partition, key, parts[0]);
            row["Target"] = instanceId;
            row["Parts"] = parts.Length;
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
                await ReceiveAsync(row, cancellationToken);
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
        var waiting = taken.ToDictionary(shard => shard, _ => new List<Mail>());
        try
        {
            await foreach (var row in RowsAsync(cancellationToken))
            {
                if (waiting.TryGetValue(hub.ShardOf(row.GetString("Target")), out var mails))
                {
                    _underWay.TryAdd(row.RowKey, 0);
                    var mail = await ReadAsync(row, cancellationToken);
                    mails.Add(mail);
                    _ = RemoveAsync(row, mail.Waiter!.Task);
                }
                else if (hub.Owns(row.GetString("Target")) && _underWay.TryAdd(row.RowKey, 0))
                {
                    await ReceiveAsync(row, cancellationToken);
                }
            }

            foreach (var (shard, mails) in waiting)
            {
                shard.Open(mails);
            }
        }
        catch
        {
            // The shards stay closed, and are taken anew; so are the messages.
            foreach (var mail in waiting.Values.SelectMany(mails => mails))
            {
                mail.Waiter!.TrySetException(new ShardMovedException());
            }

            throw;
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

    private async Task ReceiveAsync(TableEntity row, CancellationToken cancellationToken)
    {
        var isPosted = false;
        try
        {
            var mail = await ReadAsync(row, cancellationToken);
            isPosted = hub.ShardOf(mail.InstanceId).TryPost(mail);
            _ = isPosted ? RemoveAsync(row, mail.Waiter!.Task) : Task.CompletedTask;
        }
        finally
        {
            if (!isPosted)
            {
                _underWay.TryRemove(row.RowKey, out _);
            }
        }
    }

    private static TableEntity RowOf(string partition, string key, byte[] body)
    {
        var row = new TableEntity(partition, key);
        foreach (var (bytes, index) in body.Chunk(LargestProperty).Select((bytes, index) => (bytes, index)))
        {
            row["d" + index] = bytes;
        }

        return row;
    }

    private static string OverflowKey(string key, int part) => string.Create(CultureInfo.InvariantCulture, $"{key}-{part:d3}");

    private static IEnumerable<byte> BytesOf(TableEntity row) =>
        Enumerable.Range(0, MostProperties).Select(index => row.GetBinary("d" + index)).TakeWhile(bytes => bytes is not null).SelectMany(bytes => bytes);

    private async Task<Mail> ReadAsync(TableEntity row, CancellationToken cancellationToken)
    {
        var body = BytesOf(row).ToList();
        for (var part = 1; part < row.GetInt32("Parts"); part++)
        {
            body.AddRange(BytesOf((await hub.Control.GetEntityAsync<TableEntity>(Overflow, OverflowKey(row.RowKey, part), null, cancellationToken)).Value));
        }

        var message = JsonSerializer.Deserialize(Packed.Unpack([.. body]), MessageJson.Default.InstanceMessage)
            ?? throw new JsonException("An inbox row holds no message.");
        return new Mail(row.GetString("Target"), message, new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    private async Task RemoveAsync(TableEntity row, Task stored)
    {
        try
        {
            await stored;
            await hub.Control.DeleteEntityAsync(Partition, row.RowKey);
            for (var part = 1; part < row.GetInt32("Parts"); part++)
            {
                await hub.Control.DeleteEntityAsync(Overflow, OverflowKey(row.RowKey, part));
            }
        }
        catch (Exception exception) when (exception is ShardMovedException || Outage.IsBehind(exception))
        {
            // The row is still there; it is read again by the shard's owner.
        }
        finally
        {
            _underWay.TryRemove(row.RowKey, out _);
        }
    }
}
