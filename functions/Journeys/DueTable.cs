using System.Globalization;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform;

namespace LeadFunctions.Journeys;

/// <summary>When leads are to be looked at because a date comes up: partitions are minutes, so that looking up what is due is one range of keys.</summary>
public sealed class DueTable(StorageClients storage)
{
    public const string Name = "Due";

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>Noting the same twice changes nothing.</summary>
    internal async Task AddAsync(string leadId, DateTimeOffset at, CancellationToken cancellationToken) =>
        await _table.UpsertEntityAsync(new TableEntity(Minute(at), leadId), TableUpdateMode.Replace, cancellationToken);

    /// <summary>What is due, a page at a time.</summary>
    internal IAsyncEnumerable<Azure.Page<TableEntity>> PagesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey le {Show(now)}"), maxPerPage: 500, cancellationToken: cancellationToken).AsPages();

    internal async Task RemoveAsync(IEnumerable<TableEntity> rows, CancellationToken cancellationToken)
    {
        foreach (var minute in rows.GroupBy(row => row.PartitionKey))
        {
            foreach (var some in minute.Chunk(100))
            {
                await _table.SubmitTransactionAsync(some.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
            }
        }
    }

    // Rounded up: a lead is never looked at before its time, and what is noted while a minute is worked off belongs to a later one.
    private static string Minute(DateTimeOffset at) => Show(at.AddTicks(TimeSpan.TicksPerMinute - 1));

    private static string Show(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
}
