using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>
/// The rows of table <c>Deliveries</c>, a partition for each target: deliveries (<c>d|</c>, newest first), the places of those that are not settled (<c>e|lead|number</c>), a row for each lane
/// that somebody holds or that waits (<c>l|lead</c>), and the target's own state (<c>s</c>). The only place that knows their keys and columns.
/// </summary>
internal static class DeliveryRows
{
    /// <summary>After all others.</summary>
    public const string StateKey = "s";
    public const string Status = "Status";
    public const string Holder = "Holder";
    public const string HeldUntil = "HeldUntil";
    public const string NotBefore = "NotBefore";

    /// <summary>Milliseconds count down from here, so that newer rows sort first.</summary>
    private const long EndOfTime = 9_999_999_999_999;

    /// <summary>Every delivery has its key in [from, to).</summary>
    public static readonly (string From, string To) Deliveries = ("d|", "d}");

    public static string DeliveryKey(WorldEvent e) => string.Create(CultureInfo.InvariantCulture, $"d|{EndOfTime - e.At.ToUnixTimeMilliseconds():D13}|{e.Id}");

    /// <summary>The deliveries of events of this time and earlier begin here.</summary>
    public static string DeliveriesSince(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"d|{EndOfTime - at.ToUnixTimeMilliseconds():D13}|");

    public static string EntryKey(string leadId, long number, string eventId) => string.Create(CultureInfo.InvariantCulture, $"e|{leadId}|{number:D10}|{eventId}");

    public static (string From, string To) Entries(string leadId) => ($"e|{leadId}|", $"e|{leadId}}}");

    public static string LaneKey(string leadId) => "l|" + leadId;

    /// <summary>What a target is told of an event, and its place in the lane: both are new, or both were there.</summary>
    public static IReadOnlyList<TableTransactionAction> Add(string target, WorldEvent e, DateTimeOffset now)
    {
        var row = new TableEntity(target, DeliveryKey(e))
        {
            ["EventId"] = e.Id,
            ["Type"] = e.Type,
            ["LeadId"] = e.LeadId,
            ["Number"] = e.Number,
            ["At"] = e.At,
            [Status] = nameof(DeliveryStatus.Pending),
        };
        LongText.Write(row, "Body", e.ToJson());
        return [new(TableTransactionActionType.Add, row), AddEntry(target, e.LeadId, e.Number, e.Id, row.RowKey, now)];
    }

    public static TableTransactionAction AddEntry(string target, string leadId, long number, string eventId, string delivery, DateTimeOffset since) =>
        new(TableTransactionActionType.Add, new TableEntity(target, EntryKey(leadId, number, eventId)) { ["Delivery"] = delivery, ["Since"] = since, ["Tries"] = 0 });

    public static TableTransactionAction Remove(string target, string key) => new(TableTransactionActionType.Delete, new TableEntity(target, key), ETag.All);

    /// <summary>The entry stays first; it was tried once more.</summary>
    public static TableTransactionAction Tried(string target, LaneEntry entry) =>
        new(TableTransactionActionType.UpdateMerge, new TableEntity(target, entry.Key) { ["Tries"] = entry.Tries + 1 }, ETag.All);

    public static TableTransactionAction Settle(string target, StoredDelivery delivery, DeliveryStatus status, Attempt? attempt)
    {
        var row = new TableEntity(target, delivery.Key) { [Status] = status.ToString() };
        if (attempt is not null)
        {
            row["Attempts"] = JsonSerializer.Serialize([.. delivery.Attempts.TakeLast(Attempt.Kept - 1), attempt], IntegrationsJson.Default.IReadOnlyListAttempt);
            row["Tries"] = delivery.Tries + 1;
        }

        if (status == DeliveryStatus.Delivered)
        {
            row["DeliveredAt"] = attempt?.At;
        }

        return new(TableTransactionActionType.UpdateMerge, row, ETag.All);
    }

    public static StoredDelivery Read(TableEntity row) => new(
        row.RowKey,
        row.GetString("EventId"),
        row.GetString("Type"),
        row.GetString("LeadId"),
        row.GetInt64("Number") ?? 0,
        row.GetDateTimeOffset("At") ?? default,
        Enum.TryParse<DeliveryStatus>(row.GetString(Status), out var status) ? status : DeliveryStatus.Pending,
        LongText.Read(row, "Body"),
        row.GetString("Attempts") is { } attempts ? JsonSerializer.Deserialize(attempts, IntegrationsJson.Default.IReadOnlyListAttempt) ?? [] : [],
        row.GetInt32("Tries") ?? 0,
        row.GetDateTimeOffset("DeliveredAt"));

    public static LaneEntry ReadEntry(TableEntity row) => new(row.RowKey, row.GetString("Delivery"), row.GetDateTimeOffset("Since") ?? default, row.GetInt32("Tries") ?? 0);
}
