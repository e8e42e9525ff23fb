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

    /// <summary>In one write.</summary>
    public const int MostDays = 100;

    private const string Partition = "day";
    private const string Text = "Text";
    private const string KeyFormat = "yyyy-MM-dd";

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>That day and all since.</summary>
    public async Task<Dictionary<DateOnly, (DayMeter Meter, ETag ETag)>> ReadSinceAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var days = new Dictionary<DateOnly, (DayMeter, ETag)>();
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {Key(day)}"), cancellationToken: cancellationToken))
        {
            days[DateOnly.ParseExact(row.RowKey, KeyFormat, CultureInfo.InvariantCulture)] = (Read(row), row.ETag);
        }

        return days;
    }

    /// <summary>All of them or none, the newest first. Before a new day what is old goes: afterwards a failure would be taken for one of the writing, and what is written be counted again.</summary>
    /// <param name="days">At most <see cref="MostDays"/>, each with the tag of the row that it replaces; without one it is new.</param>
    /// <returns>False when somebody else wrote meanwhile.</returns>
    public async Task<bool> WriteAsync(IReadOnlyList<(DateOnly Day, DayMeter Meter, ETag? ETag)> days, CancellationToken cancellationToken)
    {
        if (days[0].ETag is null)
        {
            await RemoveBeforeAsync(days[0].Day.AddDays(-KeptDays), cancellationToken);
        }

        try
        {
            await _table.SubmitTransactionAsync(days.Select(day => new TableTransactionAction(day.ETag is null ? TableTransactionActionType.Add : TableTransactionActionType.UpdateReplace, Row(day.Day, day.Meter), day.ETag ?? default)), cancellationToken);
        }
        catch (RequestFailedException lost) when (lost.Status is 409 or 412)
        {
            return false;
        }

        return true;
    }

    private async Task RemoveBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var old = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey lt {Key(day)}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            old.Add(row);
        }

        await _table.RemoveAsync(old, cancellationToken);
    }

    private static TableEntity Row(DateOnly day, DayMeter meter)
    {
        var row = new TableEntity(Partition, Key(day));
        LongText.Write(row, Text, JsonSerializer.Serialize(meter, MetersJson.Default.DayMeter));
        return row;
    }

    private static string Key(DateOnly day) => day.ToString(KeyFormat, CultureInfo.InvariantCulture);

    private static DayMeter Read(TableEntity row) => JsonSerializer.Deserialize(LongText.Read(row, Text), MetersJson.Default.DayMeter)!; // it was written above
}
