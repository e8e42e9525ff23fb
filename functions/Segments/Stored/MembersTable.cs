using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Segments.Stored;

/// <summary>
/// Table <c>Members</c>: who is in which segment, by shard and lead. Written by effects, so late and possibly repeated: rows are hints, and whoever reads them checks the profile.
/// Each stay has a row of its own, so that a late effect never removes a later stay's.
/// </summary>
public sealed class MembersTable
{
    internal const string Name = "Members";

    private const int AtOnce = 8;

    private readonly TableClient _table;

    private readonly MemberMoves _moves;

    // Of one instance those of one partition go together.
    private readonly GroupedWrites _writes;

    public MembersTable(StorageClients storage)
    {
        _table = storage.Table(Name);
        _moves = new(_table);
        _writes = new(_table, _moves);
    }

    /// <summary>Applies effects of entering and leaving. Applying them again, or late, does no harm.</summary>
    internal async Task UpdateAsync(IReadOnlyList<LeadEffect> effects, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var gone = effects.Where(effect => effect is { Kind: EffectKind.SegmentLeft, From: not null }).Select(effect => MoveOf(effect.From!, effect, isIn: false)).DistinctBy(one => one.Key).ToList(); // as the condition says
        var away = gone.Select(one => one.Key).ToHashSet();
        var come = effects.Where(effect => effect is { Kind: EffectKind.SegmentEntered, To: not null }).Select(effect => MoveOf(effect.To!, effect, isIn: true)).Where(one => !away.Contains(one.Key)).DistinctBy(one => one.Key); // likewise
        await Task.WhenAll(come.Select(one => WriteAsync(new(TableTransactionActionType.Add, new TableEntity(one.Key.Partition, one.Key.Row)), one.Move)));
        await Task.WhenAll(gone.Select(one => WriteAsync(new(TableTransactionActionType.Delete, new TableEntity(one.Key.Partition, one.Key.Row), ETag.All), one.Move)));
    }

    /// <summary>What came and went since a day, by day; what is older than that is forgotten.</summary>
    internal async Task<IReadOnlyList<SegmentDay>> MovesAsync(string segment, DateOnly since, CancellationToken cancellationToken)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, LeadIds.Shards).Select(async shard =>
        {
            var (days, partition) = (new List<SegmentDay>(), Partition(segment, shard));
            await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {MemberMoves.First}"), cancellationToken: cancellationToken))
            {
                if (MemberMoves.Read(row) is var day && day.Day >= since)
                {
                    days.Add(day);
                }
                else
                {
                    await _moves.ForgetAsync(partition, since); // before the day: a segment in which nobody moves any more has nothing else that leads here
                    await _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
                }
            }

            return days;
        }));
        return [.. shards.SelectMany(days => days).GroupBy(day => day.Day).OrderBy(day => day.Key).Select(day => new SegmentDay(day.Key, day.Sum(one => one.In), day.Sum(one => one.Out)))];
    }

    /// <summary>Who moved on a day (UTC), in an order that stays; not more than <see cref="MemberMoves.MostNamed"/> of a shard.</summary>
    /// <param name="after">Where it goes on, as <see cref="MovedLead"/> says it; null: at the start.</param>
    internal async IAsyncEnumerable<MovedLead> MovedAsync(string segment, DateOnly day, bool isIn, (string Partition, string Row)? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (begins, ends) = (MemberMoves.NamedOf(day, isIn), MemberMoves.NamedOf(day, isIn) + MemberMoves.First);
        foreach (var partition in Enumerable.Range(0, LeadIds.Shards).Select(shard => Partition(segment, shard)).Where(partition => after is null || string.CompareOrdinal(partition, after.Value.Partition) >= 0))
        {
            var from = partition == after?.Partition ? after.Value.Row : begins;
            await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {from} and RowKey lt {ends}"), cancellationToken: cancellationToken))
            {
                yield return MemberMoves.ReadNamed(row);
            }
        }
    }

    /// <summary>Nothing happens, and nothing is counted, where it was done before.</summary>
    private async Task WriteAsync(TableTransactionAction action, MemberMoves.Move? move)
    {
        try
        {
            await _writes.WriteAsync(action, 400, move);
        }
        catch (RequestFailedException done) when (done.Status is 404 or 409)
        {
        }
    }

    /// <summary>In an order that stays: by shard, then lead. A lead may come twice, or be in the segment no more.</summary>
    /// <param name="after">The lead after which to go on; null at the start.</param>
    internal async IAsyncEnumerable<MemberRow> ReadAsync(string segment, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var shard = after is null ? 0 : LeadIds.ShardIndex(after); shard < LeadIds.Shards; shard++)
        {
            var partition = Partition(segment, shard);
            var from = after is not null && shard == LeadIds.ShardIndex(after) ? after + "~" : "";
            await foreach (var row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {from} and RowKey lt {MemberMoves.FirstNamed}"), maxPerPage: 200, cancellationToken: cancellationToken))
            {
                if (row.RowKey.Split('|') is [var lead, var stay])
                {
                    yield return new(lead, int.Parse(stay, CultureInfo.InvariantCulture), partition, row.RowKey);
                }
            }
        }
    }

    /// <summary>The segment is gone: nobody can see who came or went.</summary>
    internal Task ForgetMovesAsync(string segment) => Task.WhenAll(Enumerable.Range(0, LeadIds.Shards).Select(shard => _moves.ForgetAllAsync(Partition(segment, shard))));

    /// <summary>They are in none of these segments any more, and nobody can see that they came or went; how many rows said that they were in one.</summary>
    internal async Task<int> RemoveLeadsAsync(IReadOnlyCollection<string> leadIds, IEnumerable<string> segments, CancellationToken cancellationToken)
    {
        var rows = 0;
        var places = segments.SelectMany(_ => leadIds, (segment, lead) => (Lead: lead, Partition: Partition(segment, LeadIds.ShardIndex(lead))));
        await Parallel.ForEachAsync(places, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (place, token) => Interlocked.Add(ref rows, await RemoveLeadAsync(place.Lead, place.Partition, token)));
        return rows;
    }

    private async Task<int> RemoveLeadAsync(string leadId, string partition, CancellationToken cancellationToken)
    {
        var rows = 0;
        var (from, to) = (leadId + "|", leadId + "}");
        await foreach (var row in _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {from} and RowKey lt {to}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            await RemoveAsync(row.PartitionKey, row.RowKey, cancellationToken);
            rows++;
        }

        await foreach (var row in _table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {MemberMoves.FirstNamed} and RowKey lt {MemberMoves.First} and lead eq {leadId}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            await RemoveAsync(row.PartitionKey, row.RowKey, cancellationToken);
        }

        return rows;
    }

    internal async Task RemoveAsync(string partition, string row, CancellationToken cancellationToken) =>
        await _table.DeleteEntityAsync(partition, row, ETag.All, cancellationToken);

    /// <summary>No move is noted where the segment is gone: nobody is shown it, and nothing would remove it.</summary>
    private static ((string Partition, string Row) Key, MemberMoves.Move? Move) MoveOf(string segment, LeadEffect effect, bool isIn)
    {
        var told = effect.Data is { } data ? System.Text.Json.JsonSerializer.Deserialize(data, SegmentsJson.Default.SegmentMove)! : null; // the reducer wrote it
        var (stay, isGone) = (told?.Stay ?? 0, told is { Version: null });
        return ((Partition(segment, LeadIds.ShardIndex(effect.LeadId)), string.Create(CultureInfo.InvariantCulture, $"{effect.LeadId}|{stay}")), isGone ? null : new(effect.LeadId, stay, effect.At, isIn));
    }

    // A segment's id holds no such character.
    private static string Partition(string segment, int shard) => string.Create(CultureInfo.InvariantCulture, $"{segment}|s{shard:00}");
}

/// <param name="Stay">Of <see cref="Membership.Number"/>.</param>
internal sealed record MemberRow(string LeadId, int Stay, string Partition, string Row);
