using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Mail.Outbox;

/// <summary>Messages that went nowhere, a row each, of every channel. Mail is there as it would have gone over the wire, too.</summary>
public sealed class OutboxTable(StorageClients storage, OutboxPlace place)
{
    public const string Name = "Outbox";

    private const string Partition = "messages";
    private const string SentAt = "sentAt";
    private const int ReadLimit = 20_000;
    private const int ForgottenAtOnce = 1_000;

    private readonly TableClient _table = storage.Table(Name);
    private readonly GroupedWrites _writes = new(storage.Table(Name));
    private long _forgottenUpTo;

    /// <summary>The row is inserted once per message: what comes again finds itself there. Then the file is written, and old messages go.</summary>
    /// <param name="raw">As it would have gone over the wire, in characters of one byte each; null for what is no mail.</param>
    internal async Task AddAsync(OutboxMessage message, string? raw, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, SendIds.Short(message.Id))
        {
            ["lead"] = message.LeadId,
            ["journey"] = message.Journey ?? "",
            ["template"] = message.Template ?? "",
            [SentAt] = message.SentAt,
        };
        var json = JsonSerializer.Serialize(message, WebJson.Options);
        LongText.Write(row, "json", json);
        if (raw is not null)
        {
            LongText.Write(row, "raw", raw);
        }

        try
        {
            await _writes.WriteAsync(new TableTransactionAction(TableTransactionActionType.Add, row), 1024 + ((json.Length + (raw?.Length ?? 0)) * 2));
        }
        catch (RequestFailedException exists) when (exists.Status == 409 && exists.ErrorCode == "EntityAlreadyExists")
        {
        }

        await OutboxFiles.WriteAsync(place.Folder, message, raw, cancellationToken);
        await ForgetAsync(message.SentAt, cancellationToken);
    }

    internal async Task<bool> HasAsync(string id, CancellationToken cancellationToken) =>
        (await _table.GetEntityIfExistsAsync<TableEntity>(Partition, SendIds.Short(id), ["RowKey"], cancellationToken)).HasValue;

    /// <param name="key">What a page calls the message: short, and without characters that an address could not hold.</param>
    /// <returns>The message, and mail as it would have gone over the wire; null when there is none.</returns>
    internal async Task<(OutboxMessage Message, string? Raw)?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, key, cancellationToken: cancellationToken);
        return found is { HasValue: true, Value: { } row }
            ? (Read(row), row.ContainsKey("raw") || row.ContainsKey("rawChunks") ? LongText.Read(row, "raw") : null)
            : null;
    }

    /// <summary>Newest first. Reads all that fit the filters: the outbox is for development.</summary>
    internal async Task<IReadOnlyList<OutboxMessage>> ListAsync(string? lead, string? journey, string? template, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}")
            + (lead is null ? "" : " and " + TableClient.CreateQueryFilter($"lead eq {lead}"))
            + (journey is null ? "" : " and " + TableClient.CreateQueryFilter($"journey eq {journey}"))
            + (template is null ? "" : " and " + TableClient.CreateQueryFilter($"template eq {template}"));
        var messages = new List<OutboxMessage>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            messages.Add(Read(row));
            if (messages.Count == ReadLimit)
            {
                break;
            }
        }

        return [.. messages.OrderByDescending(message => message.SentAt).ThenBy(message => message.Id, StringComparer.Ordinal)];
    }

    /// <summary>In no order. Reads them all.</summary>
    internal async IAsyncEnumerable<OutboxMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellationToken: cancellationToken))
        {
            yield return Read(row);
        }
    }

    /// <summary>Messages that are somebody's go, with their files; how many that were. Reads them all.</summary>
    internal async Task<int> RemoveAsync(Func<OutboxMessage, bool> isTheirs, CancellationToken cancellationToken)
    {
        var rows = 0;
        await foreach (var message in ReadAsync(cancellationToken))
        {
            if (isTheirs(message))
            {
                OutboxFiles.Delete(place.Folder, message); // first: the row is what is looked for
                await _table.DeleteEntityAsync(Partition, SendIds.Short(message.Id), ETag.All, cancellationToken);
                rows++;
            }
        }

        return rows;
    }

    private static OutboxMessage Read(TableEntity row) =>
        JsonSerializer.Deserialize<OutboxMessage>(LongText.Read(row, "json"), WebJson.Options) ?? throw new InvalidDataException($"The message {row.RowKey} is stored as null.");

    /// <summary>
    /// Removes what has been kept long enough, with the first message of a day: there is no other moment at which the outbox is at work. What is too much for one goes with the
    /// messages that follow.
    /// </summary>
    private async Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = now.UtcTicks / TimeSpan.TicksPerDay;
        if (place.Days is not (> 0 and var days) || Interlocked.Exchange(ref _forgottenUpTo, today) == today)
        {
            return;
        }

        // Rows from before the column go by when they were written.
        var until = now.AddDays(-days);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and (sentAt lt {until} or Timestamp lt {until})");
        var old = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey", "Timestamp", SentAt], cancellationToken: cancellationToken))
        {
            if ((row.GetDateTimeOffset(SentAt) ?? row.Timestamp) < until)
            {
                old.Add(row);
            }

            if (old.Count == ForgottenAtOnce)
            {
                Interlocked.Exchange(ref _forgottenUpTo, 0);
                break;
            }
        }

        await _table.RemoveAsync(old, cancellationToken);
    }
}
