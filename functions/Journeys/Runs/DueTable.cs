using System.Globalization;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Journeys.Runs;

/// <summary>Which leads are to be looked at in which minute, because time alone will concern them: a partition for each minute.</summary>
public sealed class DueTable(StorageClients storage)
{
    public const string Name = "Due";

    private const int PerTransaction = 100;
    private const string MinuteFormat = "yyyyMMddHHmm";
    private const string Why = "Why";

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>Rounded up: a lead is never looked at before its time.</summary>
    internal static (string Name, DateTimeOffset Begins) MinuteOf(DateTimeOffset at)
    {
        var ticks = at.UtcTicks + TimeSpan.TicksPerMinute - 1;
        var begins = new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        return (begins.ToString(MinuteFormat, CultureInfo.InvariantCulture), begins);
    }

    internal static DateTimeOffset BeginOf(string minute) =>
        DateTimeOffset.ParseExact(minute, MinuteFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>Noting the same twice changes nothing. Of two notes of one row the last stays.</summary>
    internal async Task AddAsync(string minute, IEnumerable<DueNote> notes, CancellationToken cancellationToken)
    {
        foreach (var some in notes.GroupBy(note => note.Key).Select(ofOne => ofOne.Last()).Chunk(PerTransaction))
        {
            await _table.SubmitTransactionAsync(some.Select(note => new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(minute, note.Key) { [Why] = note.Why })), cancellationToken);
        }
    }

    /// <summary>The earliest minute up to that time that somebody waits for, or is yet to be looked at in; null when there is none.</summary>
    internal async Task<DateTimeOffset?> EarliestAsync(DateTimeOffset upTo, CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(Until(upTo), maxPerPage: 1, select: ["PartitionKey"], cancellationToken: cancellationToken))
        {
            return BeginOf(row.PartitionKey);
        }

        return null;
    }

    /// <summary>All such minutes.</summary>
    internal async Task<IReadOnlyList<DateTimeOffset>> MinutesAsync(DateTimeOffset upTo, CancellationToken cancellationToken)
    {
        var minutes = new SortedSet<DateTimeOffset>();
        await foreach (var row in _table.QueryAsync<TableEntity>(Until(upTo), select: ["PartitionKey"], cancellationToken: cancellationToken))
        {
            minutes.Add(BeginOf(row.PartitionKey));
        }

        return [.. minutes];
    }

    /// <summary>Some of the leads of the minute; none when it is worked off.</summary>
    internal async Task<IReadOnlyList<DueRow>> FirstAsync(string minute, CancellationToken cancellationToken)
    {
        var rows = new List<DueRow>();
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {minute}"), maxPerPage: PerTransaction, cancellationToken: cancellationToken))
        {
            rows.Add(new(row.RowKey, row.GetString(Why), row.ETag));
            if (rows.Count == PerTransaction)
            {
                break;
            }
        }

        return rows;
    }

    /// <summary>Null when nobody is to be looked at then, or for another reason.</summary>
    internal async Task<DueRow?> FindAsync(string minute, string leadId, string why, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync<TableEntity>(minute, leadId, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row } && row.GetString(Why) == why ? new(leadId, why, row.ETag) : null;

    /// <summary>Nobody is to look at these leads. Reads the whole table; how many rows that were.</summary>
    internal async Task<int> RemoveLeadsAsync(IReadOnlyCollection<string> leadIds, CancellationToken cancellationToken)
    {
        var rows = 0;
        foreach (var lead in leadIds)
        {
            await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"RowKey eq {lead}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
            {
                await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
                rows++;
            }
        }

        return rows;
    }

    private static string Until(DateTimeOffset at) => TableClient.CreateQueryFilter($"PartitionKey le {at.ToUniversalTime().ToString(MinuteFormat, CultureInfo.InvariantCulture)}");

    /// <summary>They have been looked at. What was noted anew meanwhile, of something that was perhaps not seen then, stays, and so do those beside it until the next time.</summary>
    internal async Task RemoveAsync(string minute, IReadOnlyList<DueRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            await _table.SubmitTransactionAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(minute, row.Key), row.ETag)), cancellationToken);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            // A try before this one removed them, or one was noted anew; what is left is found again.
        }
    }
}

/// <param name="Key">A lead's id, or what <see cref="IDueOthers"/> know.</param>
/// <param name="Why">Tells this note from others for the same minute; it names the reason, in an id.</param>
internal sealed record DueNote(string Key, string Why);

/// <param name="Key">As the note's.</param>
/// <param name="Why">Why it was noted last; null for one that an earlier build noted.</param>
internal sealed record DueRow(string Key, string? Why, ETag ETag);
