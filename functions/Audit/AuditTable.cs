using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Audit;

/// <summary>What of the audit is asked for; null: all.</summary>
/// <param name="From">The first moment.</param>
/// <param name="To">The first moment after.</param>
internal sealed record AuditQuery(DateTimeOffset From, DateTimeOffset To, string? KeyId, AuditKind? Kind, string? Action, string? LeadId);

/// <summary>
/// The entries, a partition a month, both keys counted backwards so that the newest come first in storage's own order. Rows are added and never changed: there is no code that could.
/// </summary>
public sealed class AuditTable(StorageClients storage)
{
    public const string Name = "Audit";

    /// <summary>So many changes of one request are kept; a request that changes more changed the rest too, by what it is.</summary>
    private const int MostChanges = 50;

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>Newest first: what is left of the last moment there is, in milliseconds, and some chance.</summary>
    internal static string NewId(DateTimeOffset at) => IdAt(at) + "-" + Guid.NewGuid().ToString("N")[..12];

    internal Task AddAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var row = new TableEntity(MonthOf(entry.Id), entry.Id)
        {
            ["At"] = entry.At,
            ["KeyId"] = entry.By.KeyId,
            ["By"] = entry.By.Name,
            ["Kind"] = entry.Kind.ToString(),
            ["Action"] = entry.Action,
            ["Target"] = entry.Target,
        };
        if (entry.LeadId is { } lead)
        {
            row["LeadId"] = lead;
        }

        if (entry.Changes.Count > 0)
        {
            LongText.Write(row, "Changes", JsonSerializer.Serialize(entry.Changes.Take(MostChanges), WebJson.Options));
        }

        return _table.AddEntityAsync(row, cancellationToken);
    }

    internal async Task<AuditEntry?> FindAsync(string id, CancellationToken cancellationToken) =>
        TryReadTime(id, out _) && await _table.GetEntityIfExistsAsync<TableEntity>(MonthOf(id), id, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row } ? Read(row) : null;

    /// <summary>Newest first.</summary>
    /// <param name="after">The id of the last one that the caller has; null: from the first.</param>
    internal IAsyncEnumerable<AuditEntry> ReadAsync(AuditQuery asked, string? after, CancellationToken cancellationToken)
    {
        var (first, last) = (IdAt(asked.To.AddMilliseconds(-1)), IdAt(asked.From) + "~");
        var begin = after is not null && string.CompareOrdinal(after, first) > 0 ? after : first;
        var filter = new StringBuilder(TableClient.CreateQueryFilter($"PartitionKey ge {MonthOf(begin)} and PartitionKey le {MonthOf(last)} and RowKey gt {begin} and RowKey lt {last}"));
        Add("KeyId", asked.KeyId);
        Add("Kind", asked.Kind?.ToString());
        Add("Action", asked.Action);
        Add("LeadId", asked.LeadId);
        return _table.QueryAsync<TableEntity>(filter.ToString(), cancellationToken: cancellationToken).Select(Read);

        void Add(string column, string? value)
        {
            if (value is not null)
            {
                filter.Append(CultureInfo.InvariantCulture, $" and {column} eq '{value.Replace("'", "''", StringComparison.Ordinal)}'");
            }
        }
    }

    internal static bool TryReadTime(string id, out DateTimeOffset at)
    {
        var isOne = id.Length == 28 && id[15] == '-' && long.TryParse(id.AsSpan(0, 15), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        at = isOne ? DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - long.Parse(id.AsSpan(0, 15), CultureInfo.InvariantCulture)) : default;
        return isOne;
    }

    private static string IdAt(DateTimeOffset at) => (DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - at.ToUnixTimeMilliseconds()).ToString("D15", CultureInfo.InvariantCulture);

    private static string MonthOf(string id)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - long.Parse(id.AsSpan(0, 15), CultureInfo.InvariantCulture));
        return (120_000 - ((at.Year * 12) + at.Month)).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static AuditEntry Read(TableEntity row) => new(
        row.RowKey, row.GetDateTimeOffset("At") ?? default, new(row.GetString("KeyId") ?? "", row.GetString("By") ?? ""), Enum.Parse<AuditKind>(row.GetString("Kind")!), // written by us
        row.GetString("Action") ?? "", row.GetString("Target") ?? "", row.GetString("LeadId"),
        LongText.Read(row, "Changes") is { Length: > 0 } changes ? JsonSerializer.Deserialize<IReadOnlyList<RequestChange>>(changes, WebJson.Options)! : []); // written as a list
}
