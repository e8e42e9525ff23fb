using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Feedback.Stored;

/// <summary>
/// Tokens that carriers signed, each with the report that it came with first: whoever has seen one can say nothing else under it, on whatever instance. They are forgotten when the carrier's time beside them counts no more.
/// </summary>
public sealed class CarrierTokens(StorageClients storage)
{
    public const string Name = "CarrierTokens";

    private const string Report = "report";

    private readonly TableClient _table = storage.Table(Name);
    private string _forgottenUpTo = "";

    /// <summary>False when it came with another report before. Repeatable.</summary>
    /// <param name="at">Signed with the token.</param>
    /// <param name="now">By the machine's clock, as <paramref name="at"/> is.</param>
    internal async Task<bool> TryKeepAsync(string token, DateTimeOffset at, string report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (day, key) = (DayOf(at), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
        if (!await _table.TryAddAsync(new TableEntity(day, key) { [Report] = report }, cancellationToken))
        {
            var before = await _table.GetEntityIfExistsAsync<TableEntity>(day, key, cancellationToken: cancellationToken);
            return before is { HasValue: true, Value: { } row } && row.GetString(Report) == report;
        }

        await ForgetAsync(DayOf(now - CarrierTime.Patience), cancellationToken);
        return true;
    }

    /// <summary>Once a day of an instance.</summary>
    private async Task ForgetAsync(string before, CancellationToken cancellationToken)
    {
        if (string.CompareOrdinal(Interlocked.Exchange(ref _forgottenUpTo, before), before) >= 0)
        {
            return;
        }

        var old = new List<TableEntity>();
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey lt {before}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            old.Add(row);
        }

        await _table.RemoveAsync(old, cancellationToken);
    }

    private static string DayOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
