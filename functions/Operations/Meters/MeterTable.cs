using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Operations.Meters;

/// <summary>A row for each day, of all instances together: some kilobytes.</summary>
internal sealed class MeterTable(StorageClients storage)
{
    public const string Name = "Meters";

    /// <summary>Somewhat more than is shown.</summary>
    public const int KeptDays = 40;

    private const string Partition = "day";
    private const string Text = "Text";
    private const string KeyFormat = "yyyy-MM-dd";

    private readonly TableClient _table = storage.Table(Name);

    public async Task<(DayMeter Meter, ETag? ETag)> ReadAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, Key(day), cancellationToken: cancellationToken);
        return found.HasValue ? (Read(found.Value!), found.Value!.ETag) : (DayMeter.Empty, null); // it has a value
    }

    /// <summary>That day and all since.</summary>
    public async Task<Dictionary<DateOnly, DayMeter>> ReadSinceAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var days = new Dictionary<DateOnly, DayMeter>();
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {Key(day)}"), cancellationToken: cancellationToken))
        {
            days[DateOnly.ParseExact(row.RowKey, KeyFormat, CultureInfo.InvariantCulture)] = Read(row);
        }

        return days;
    }

    /// <summary>The first row of a day takes what is old with it.</summary>
    /// <returns>False when somebody else wrote meanwhile.</returns>
    public async Task<bool> WriteAsync(DateOnly day, DayMeter meter, ETag? etag, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Partition, Key(day));
        LongText.Write(row, Text, JsonSerializer.Serialize(meter, MetersJson.Default.DayMeter));
        try
        {
            await (etag is { } known ? _table.UpdateEntityAsync(row, known, TableUpdateMode.Replace, cancellationToken) : _table.AddEntityAsync(row, cancellationToken));
        }
        catch (RequestFailedException lost) when (lost.Status is 409 or 412)
        {
            return false;
        }

        if (etag is null)
        {
            var old = new List<TableEntity>();
            await foreach (var page in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey lt {Key(day.AddDays(-KeptDays))}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
            {
                old.Add(page);
            }

            await _table.RemoveAsync(old, cancellationToken);
        }

        return true;
    }

    private static string Key(DateOnly day) => day.ToString(KeyFormat, CultureInfo.InvariantCulture);

    private static DayMeter Read(TableEntity row) => JsonSerializer.Deserialize(LongText.Read(row, Text), MetersJson.Default.DayMeter)!; // it was written above
}
