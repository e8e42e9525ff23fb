using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Tail;

/// <summary>Rows that were written together.</summary>
/// <param name="Key">Where they stand: newer ones before older ones.</param>
/// <param name="NotShown">So many events came beside them and were not written down.</param>
internal sealed record TailPart(string Key, IReadOnlyList<TailRow> Rows, int NotShown);

/// <summary>
/// Table <c>Tail</c>: what came in while somebody looked on, newest first, many events in a row so that each instance writes two rows a second at most. It names people, and is therefore kept for <see cref="Age"/> only.
/// </summary>
public sealed class TailTable(StorageClients storage)
{
    public const string Name = "Tail";

    /// <summary>What is older is shown to nobody, and removed by whoever looks next, or by the first instance that notices that nobody does any more.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromMinutes(15);

    private const string Partition = "tail";
    private const int PageSize = 50;
    private const int TimeDigits = 19;

    /// <summary>Of JSON in a row; a property holds 64 KiB.</summary>
    private const int MostBytes = 60_000;

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>Of what is written at a moment the key that sorts before all that is written earlier.</summary>
    internal static string KeyAt(DateTimeOffset at) => (DateTimeOffset.MaxValue.UtcTicks - at.UtcTicks).ToString($"D{TimeDigits}", CultureInfo.InvariantCulture);

    internal static DateTimeOffset TimeOf(string key) => new(DateTimeOffset.MaxValue.UtcTicks - long.Parse(key.AsSpan(0, TimeDigits), NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero);

    internal static bool IsKey(string key) => key.Length >= TimeDigits && key.AsSpan(0, TimeDigits).IndexOfAnyExceptInRange('0', '9') < 0 && string.CompareOrdinal(key[..TimeDigits], KeyAt(DateTimeOffset.MinValue)) <= 0;

    /// <summary>In one transaction. What is too large by itself is one more that was not written down.</summary>
    internal Task AddAsync(IReadOnlyList<TailRow> rows, int notShown, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (packs, dropped) = Pack(rows);
        return _table.SubmitTransactionAsync(packs.Select((pack, place) => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(Partition, $"{KeyAt(now)}|{Guid.NewGuid():N}")
        {
            ["Rows"] = pack,
            ["NotShown"] = place == 0 ? notShown + dropped : 0,
        })), cancellationToken);
    }

    /// <summary>As JSON, as many together as a property holds; one at least, be it empty. Pure.</summary>
    internal static (IReadOnlyList<byte[]> Packs, int Dropped) Pack(IReadOnlyList<TailRow> rows)
    {
        var (packs, dropped) = (new List<byte[]>(), 0);
        var (packed, bytes) = (new List<string>(), 0);
        foreach (var row in rows.Select(row => JsonSerializer.Serialize(row, TailJson.Default.TailRow)))
        {
            var length = Encoding.UTF8.GetByteCount(row) + 1;
            if (length > MostBytes)
            {
                dropped++; // in storage it would let all the others fail
                continue;
            }

            if (bytes + length > MostBytes)
            {
                Close();
            }

            packed.Add(row);
            bytes += length;
        }

        Close();
        return (packs, dropped);

        void Close()
        {
            packs.Add(Encoding.UTF8.GetBytes($"[{string.Join(',', packed)}]"));
            packed.Clear();
            bytes = 0;
        }
    }

    /// <summary>Newest first, down to what was written at a moment.</summary>
    internal async IAsyncEnumerable<TailPart> ReadAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = KeyAt(since);
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey le {end + "~"}"), PageSize, cancellationToken: cancellationToken))
        {
            yield return Read(row);
        }
    }

    /// <summary>What was written before a moment is gone. One request where there is nothing.</summary>
    internal async Task RemoveOlderAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        var from = KeyAt(moment);
        var old = _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey gt {from + "~"}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken);
        await _table.RemoveAsync(await old.ToListAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Whatever was written down together with something of a person is gone; how many events of theirs that were. Reads all there is: a quarter of an hour.</summary>
    internal async Task<int> EraseAsync(Func<TailRow, bool> isTheirs, CancellationToken cancellationToken)
    {
        var (found, count) = (new List<TableEntity>(), 0);
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), PageSize, cancellationToken: cancellationToken))
        {
            if (Read(row).Rows.Count(isTheirs) is > 0 and var theirs)
            {
                found.Add(row);
                count += theirs;
            }
        }

        await _table.RemoveAsync(found, cancellationToken);
        return count;
    }

    private static TailPart Read(TableEntity row) =>
        new(row.RowKey, JsonSerializer.Deserialize(row.GetBinary("Rows") ?? "[]"u8, TailJson.Default.IReadOnlyListTailRow) ?? [], row.GetInt32("NotShown") ?? 0);
}
