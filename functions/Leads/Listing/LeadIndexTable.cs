using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Leads.Listing;

/// <summary>
/// Table <c>LeadIndex</c>: known leads by stage, once by engagement (best first) and once by day of the last event (newest
/// first). Written by effects, so late and possibly repeated: rows are hints, and whoever reads them checks the profile.
/// </summary>
public sealed class LeadIndexTable(StorageClients storage)
{
    internal const string Name = "LeadIndex";
    private const int TransactionLimit = 100;
    private const int DayCountdown = 99_999;

    private readonly TableClient _table = storage.Table(Name);

    /// <summary>Applies <see cref="EffectKind.Listed"/> effects. Applying them again, or late, does no harm.</summary>
    internal async Task UpdateAsync(IReadOnlyList<LeadEffect> effects, CancellationToken cancellationToken)
    {
        var gone = effects.Where(e => e.From is not null).SelectMany(e => Keys(e.LeadId, e.From)).ToHashSet();
        var come = effects.Where(e => e.To is not null).SelectMany(e => Keys(e.LeadId, e.To)).Where(key => !gone.Contains(key)).Distinct();
        foreach (var partition in come.GroupBy(key => key.Partition))
        {
            foreach (var some in partition.Chunk(TransactionLimit))
            {
                await _table.SubmitTransactionAsync(
                    some.Select(key => new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(key.Partition, key.Row))), cancellationToken);
            }
        }

        foreach (var key in gone)
        {
            await RemoveAsync(key.Partition, key.Row, cancellationToken);
        }
    }

    /// <summary>Leads in listing order with the entry that put them there; a lead may come twice, or not belong there any more.</summary>
    internal async IAsyncEnumerable<IndexedLead> ReadAsync(string stage, ListingOrder order, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var partition = Partition(order, stage);
        var rows = _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), maxPerPage: 200, cancellationToken: cancellationToken);
        await foreach (var row in rows)
        {
            if (row.RowKey.Split('|') is [var place, var leadId, var change])
            {
                var rank = int.Parse(place, CultureInfo.InvariantCulture);
                var bucket = order == ListingOrder.Engagement ? ListingEntry.Buckets - 1 - rank : DayCountdown - rank;
                yield return new IndexedLead(leadId, bucket, int.Parse(change, CultureInfo.InvariantCulture), partition, row.RowKey);
            }
        }
    }

    internal async Task RemoveAsync(string partition, string row, CancellationToken cancellationToken) =>
        await _table.DeleteEntityAsync(partition, row, ETag.All, cancellationToken);

    private static IEnumerable<(string Partition, string Row)> Keys(string leadId, string? listing)
    {
        if (ListingEntry.Parse(listing) is not { } entry)
        {
            yield break;
        }

        var inv = CultureInfo.InvariantCulture;
        yield return (Partition(ListingOrder.Engagement, entry.Stage), string.Create(inv, $"{ListingEntry.Buckets - 1 - entry.Bucket:D3}|{leadId}|{entry.Change}"));
        yield return (Partition(ListingOrder.LastSeen, entry.Stage), string.Create(inv, $"{DayCountdown - entry.Day:D5}|{leadId}|{entry.Change}"));
    }

    private static string Partition(ListingOrder order, string stage) => (order == ListingOrder.Engagement ? "e|" : "s|") + stage;
}

/// <param name="Bucket">Of <see cref="ListingEntry.Bucket"/> or <see cref="ListingEntry.Day"/>, by the order asked for.</param>
internal sealed record IndexedLead(string LeadId, int Bucket, int Change, string Partition, string Row);

internal enum ListingOrder
{
    Engagement,
    LastSeen,
}
