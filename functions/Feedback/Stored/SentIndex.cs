using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using LeadFunctions.Events;
using LeadFunctions.Mail;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Feedback.Stored;

/// <summary>A message that went out, as a report about it finds it again. It holds no address.</summary>
public sealed record SentMessage(string SendId, string LeadId, DateTimeOffset At, string Channel = "email", string? Topic = null);

/// <summary>
/// Which message a carrier speaks of: a row for each name that it may go by; and for each mark of a click the browser that brought it back. Rows are forgotten after <see cref="Kept"/>, when nobody reports any more.
/// </summary>
public sealed class SentIndex(StorageClients storage, TimeProvider time)
{
    public const string Name = "SentIndex";

    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    // Few, so that writes that come together go together.
    private const int Partitions = 8;
    private const int ForgottenAtOnce = 1_000;

    private readonly TableClient _table = storage.Table(Name);
    private readonly GroupedWrites _writes = new(storage.Table(Name));
    private long _forgottenUpTo = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerDay;

    /// <summary>Notes a message. By the reference of its send id (<see cref="SendLinks.HashOf"/>) and by its Message-ID it is found in any case. Repeatable; best before it is handed over, and again when the carrier has named it.</summary>
    /// <param name="references">What else it is called: the carrier's id.</param>
    public async Task NoteAsync(SentMessage sent, IReadOnlyList<string> references, CancellationToken cancellationToken)
    {
        await Task.WhenAll(references.Append(SendLinks.HashOf(sent.SendId)).Select(KeyOf).Distinct().Select(key =>
        {
            var row = new TableEntity(PartitionOf(key), key)
            {
                ["lead"] = sent.LeadId,
                ["send"] = sent.SendId,
                ["at"] = sent.At,
                ["channel"] = sent.Channel,
                ["topic"] = sent.Topic,
            };
            return _writes.WriteAsync(new TableTransactionAction(TableTransactionActionType.UpsertReplace, row), 512 + (2 * sent.SendId.Length));
        }));
        await ForgetAsync(time.GetUtcNow(), cancellationToken);
    }

    /// <summary>By the first of the names that is known; null when none is.</summary>
    internal async Task<SentMessage?> FindAsync(IReadOnlyList<string> references, CancellationToken cancellationToken)
    {
        foreach (var key in references.Select(KeyOf).Distinct())
        {
            if (await _table.GetEntityIfExistsAsync<TableEntity>(PartitionOf(key), key, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row })
            {
                return new(row.GetString("send"), row.GetString("lead"), row.GetDateTimeOffset("at") ?? default, row.GetString("channel"), row.GetString("topic"));
            }
        }

        return null;
    }

    /// <summary>Whether a mark may count for a browser: the first that brings it back has it, on whatever instance, and may do so again, should what follows have failed.</summary>
    /// <param name="mark">The whole token: another click has another.</param>
    /// <param name="browser">What stands for its anonymous id.</param>
    internal async Task<bool> TryUseAsync(string mark, SentMessage clicked, string browser, CancellationToken cancellationToken)
    {
        var key = KeyOf(SendLinks.HashOf(mark));
        var row = new TableEntity(PartitionOf(key), key)
        {
            ["lead"] = clicked.LeadId, // erased with it
            ["send"] = clicked.SendId,
            ["at"] = clicked.At,
            ["channel"] = clicked.Channel,
            ["browser"] = browser,
        };
        try
        {
            await _table.AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException used) when (used.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            return (await _table.GetEntityAsync<TableEntity>(PartitionOf(key), key, ["browser"], cancellationToken)).Value.GetString("browser") == browser;
        }
    }

    /// <summary>No report finds these leads by a message any more; how many rows did. Reads the whole table.</summary>
    internal async Task<int> RemoveAsync(IReadOnlyCollection<string> leadIds, CancellationToken cancellationToken)
    {
        var rows = 0;
        foreach (var lead in leadIds)
        {
            await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"lead eq {lead}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
            {
                await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
                rows++;
            }
        }

        return rows;
    }

    /// <summary>Carriers add and leave out the brackets of a Message-ID. One of ours begins with the very bits that the send's reference is (<see cref="SendIds.Local"/>), so that it needs no row of its own.</summary>
    internal static string KeyOf(string reference)
    {
        var bare = reference.Trim().TrimStart('<').TrimEnd('>');
        Span<byte> bits = stackalloc byte[20];
        return LeadIds.IsValid(bare) ? bare
            : Convert.FromHexString(bare.Split('@')[0], bits, out _, out var length) == System.Buffers.OperationStatus.Done && length == bits.Length ? LeadIds.Encode(bits[..16])
            : SendLinks.HashOf(bare);
    }

    private static string PartitionOf(string key) => string.Create(CultureInfo.InvariantCulture, $"{LeadIds.ShardIndex(key) % Partitions:0}");

    /// <summary>Once a day of an instance that sends, as much as does not hold it up.</summary>
    private async Task ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = now.UtcTicks / TimeSpan.TicksPerDay;
        if (Interlocked.Exchange(ref _forgottenUpTo, today) >= today)
        {
            return;
        }

        var until = now - Kept;
        var old = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"at lt {until}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            old.Add(row);
            if (old.Count == ForgottenAtOnce)
            {
                Interlocked.Exchange(ref _forgottenUpTo, 0); // go on with the next message
                break;
            }
        }

        await _table.RemoveAsync(old, cancellationToken);
    }
}
