using System.Globalization;
using Azure.Data.Tables;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Leads.Listing;

/// <summary>Table <c>LeadListings</c>: snapshots of what listings show, in some large rows. A partition is one generation of one shard, and never changes; which one counts stands in the shard's head.</summary>
internal sealed class ListingSnapshots(StorageClients storage)
{
    internal const string Name = "LeadListings";

    /// <summary>Bytes in a row before they are compressed: whatever they are, it fits.</summary>
    private const int ChunkBytes = 800 * 1024;

    private const int LeadsAtOnce = 1_000;

    private readonly TableClient _table = storage.Table(Name);

    /// <returns>Of how many rows it is.</returns>
    public async Task<int> WriteAsync(string shard, string generation, IReadOnlyList<ListingChange> changes, CancellationToken cancellationToken)
    {
        var chunks = 0;
        foreach (var content in Chunks(changes))
        {
            var row = new TableEntity(Partition(shard, generation), $"{chunks++:D4}");
            Packed.Write(row, content);
            await _table.AddEntityAsync(row, cancellationToken);
        }

        return chunks;
    }

    /// <summary>Null when it is not there any more: a newer one is.</summary>
    public async Task<IReadOnlyList<ListingChange>?> FindAsync(string shard, ListingHead head, CancellationToken cancellationToken)
    {
        var (changes, chunks, partition) = (new List<ListingChange>(head.Leads), 0, Partition(shard, head.Generation));
        await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken))
        {
            changes.AddRange(ListingChanges.Read(Packed.Read(row)));
            chunks++;
        }

        return chunks == head.Chunks ? changes : null;
    }

    public Task DeleteAsync(string shard, string generation, CancellationToken cancellationToken) => DeleteAsync($"PartitionKey eq '{Partition(shard, generation)}'", cancellationToken);

    /// <summary>All that came before it, and those that were to be what it is: what writers left behind that were killed, or too late.</summary>
    public Task DeleteOthersAsync(string shard, string generation, CancellationToken cancellationToken) => DeleteAsync(
        $"PartitionKey ge '{Partition(shard, "")}' and PartitionKey lt '{Partition(shard, ListingGeneration.Begin(ListingGeneration.NumberOf(generation) + 1))}' and PartitionKey ne '{Partition(shard, generation)}'", cancellationToken);

    private async Task DeleteAsync(string filter, CancellationToken cancellationToken)
    {
        await foreach (var row in _table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken); // one that another deleted is no error
        }
    }

    private static IEnumerable<byte[]> Chunks(IReadOnlyList<ListingChange> changes)
    {
        for (var (at, count) = (0, Math.Min(LeadsAtOnce, changes.Count)); at < changes.Count; at += count, count = Math.Min(2 * count, changes.Count - at))
        {
            var content = ListingChanges.Write(changes.Skip(at).Take(count));
            while (content.Length > ChunkBytes && count > 1)
            {
                count = Math.Max(1, (int)(count * 0.9 * ChunkBytes / content.Length));
                content = ListingChanges.Write(changes.Skip(at).Take(count));
            }

            yield return content;
        }
    }

    private static string Partition(string shard, string generation) => $"{shard}|{generation}";
}

/// <summary>Names of snapshots: a number, and who wrote it. One that follows a head has the next number, so that when the head changes all others of its number have lost.</summary>
internal static class ListingGeneration
{
    public static string After(string? generation) => $"{Begin(generation is null ? 1 : NumberOf(generation) + 1)}-{Guid.CreateVersion7():N}";

    public static long NumberOf(string generation) => long.Parse(generation.AsSpan(0, generation.IndexOf('-')), CultureInfo.InvariantCulture);

    public static string Begin(long number) => number.ToString("D12", CultureInfo.InvariantCulture);
}
