using Azure;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>What stands in a shard's partition for listings, behind all leads and facts (<see cref="FactRows"/>): the log of what commits changed, and the head, which says what of it is in a snapshot.</summary>
internal static class ListingRows
{
    private const string LogPrefix = "~l|";
    private const string HeadKey = "~s";

    /// <summary>The newest are written last: a log row is named by its writer's clock.</summary>
    private const int TimeDigits = 12;

    /// <summary>One row for all leads of a transaction.</summary>
    public static TableTransactionAction WriteLog(IReadOnlyList<ListingChange> changes)
    {
        var row = new TableEntity(LeadIds.Shard(changes[0].LeadId), LogPrefix + Guid.CreateVersion7().ToString("N")) { ["n"] = changes.Count };
        Packed.Write(row, ListingChanges.Write(changes));
        return new TableTransactionAction(TableTransactionActionType.Add, row);
    }

    public static TableTransactionAction WriteHead(string shard, ListingHead head, ETag? expected)
    {
        var row = new TableEntity(shard, HeadKey) { ["generation"] = head.Generation, ["chunks"] = head.Chunks, ["leads"] = head.Leads, ["deletedUntil"] = head.DeletedUntil };
        return expected is { } etag
            ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, etag)
            : new TableTransactionAction(TableTransactionActionType.Add, row);
    }

    /// <summary>The same row with other changes.</summary>
    public static TableTransactionAction RewriteLog(ListingRow.Log log, IReadOnlyList<ListingChange> changes)
    {
        var row = new TableEntity(log.Row.PartitionKey, log.Key) { ["n"] = changes.Count };
        Packed.Write(row, ListingChanges.Write(changes));
        return new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, log.Row.ETag);
    }

    public static TableTransactionAction DeleteLog(string shard, string key) => new(TableTransactionActionType.Delete, new TableEntity(shard, key), ETag.All);

    /// <summary>The whole log, and the head.</summary>
    public static string All(string shard) => TableClient.CreateQueryFilter($"PartitionKey eq {shard} and RowKey ge {LogPrefix}");

    /// <summary>What storage wrote since a time of its own, of rows that their writers' clocks named since another.</summary>
    public static string Since(string shard, DateTimeOffset named, DateTimeOffset written)
    {
        var from = LogPrefix + named.ToUnixTimeMilliseconds().ToString($"x{TimeDigits}", System.Globalization.CultureInfo.InvariantCulture);
        return TableClient.CreateQueryFilter($"PartitionKey eq {shard} and RowKey ge {from} and Timestamp ge {written}");
    }

    /// <summary>Every known lead, and some that are merged into another.</summary>
    public static string Known(string shard) => TableClient.CreateQueryFilter($"PartitionKey eq {shard} and RowKey lt {LeadRows.End} and (userId ge {""} or email ge {""})");

    public static ListingRow Read(TableEntity row) => row.RowKey == HeadKey
        ? new ListingRow.Head(new ListingHead(Text(row, "generation"), Number(row, "chunks"), Number(row, "leads"), row.GetDateTimeOffset("deletedUntil") ?? default), row.ETag)
        : new ListingRow.Log(row.RowKey, row.Timestamp ?? default, Number(row, "n"), row);

    private static string Text(TableEntity row, string column) => row.GetString(column) ?? throw new InvalidDataException($"Row {row.RowKey} has no {column}.");

    private static int Number(TableEntity row, string column) => row.GetInt32(column) ?? throw new InvalidDataException($"Row {row.RowKey} has no {column}.");
}

internal abstract record ListingRow
{
    private ListingRow()
    {
    }

    public sealed record Head(ListingHead Value, ETag ETag) : ListingRow;

    /// <param name="WrittenAt">By storage's clock.</param>
    /// <param name="Count">How many changes it tells.</param>
    public sealed record Log(string Key, DateTimeOffset WrittenAt, int Count, TableEntity Row) : ListingRow
    {
        public IReadOnlyList<ListingChange> Changes => ListingChanges.Read(Packed.Read(Row));
    }
}

/// <summary>The newest snapshot of a shard's list.</summary>
/// <param name="Generation">Names it.</param>
/// <param name="Chunks">Of how many rows it is.</param>
/// <param name="Leads">How many it shows.</param>
/// <param name="DeletedUntil">By storage's clock: rows of the log that were written until then are deleted. Who read the log last before that has missed some.</param>
internal sealed record ListingHead(string Generation, int Chunks, int Leads, DateTimeOffset DeletedUntil);

/// <summary>Has somebody look, now and then, whether the logs of listings have become long. No instance has to count for that, and a look that is lost in a crash is followed by another.</summary>
internal static class ListingGrowth
{
    /// <summary>Of so many batches one asks: the log is looked at after so many rows, about.</summary>
    private const ulong Batches = 200;

    /// <summary>One for each shard that the batch wrote to; mostly none.</summary>
    public static IReadOnlyList<LeadEffect> Effects(string batchId, IEnumerable<LeadState> leads, DateTimeOffset now) => TextHash.Of(batchId) % Batches != 0
        ? []
        : [.. leads.Where(lead => lead.ListingVersion > 0).DistinctBy(lead => LeadIds.Shard(lead.Id)).Select(lead => new LeadEffect($"grew/{batchId}/{LeadIds.Shard(lead.Id)}", EffectKind.ListingGrew, lead.Id, now))];
}
