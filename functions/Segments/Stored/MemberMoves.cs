using System.Globalization;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Segments.Stored;

/// <summary>How many came and went on a day.</summary>
/// <param name="Day">UTC.</param>
public sealed record SegmentDay(DateOnly Day, int In, int Out);

/// <param name="At">When it entered, or left.</param>
/// <param name="Row">With the partition: where that stands.</param>
internal sealed record MovedLead(string LeadId, DateTimeOffset At, string Partition, string Row);

/// <summary>
/// How many leads entered a segment and left it on each day, in a row beside its members, changed in the very transaction in which a member's row comes or goes: what is told twice finds that row there, or
/// gone, and counts once. Who enters and leaves before either is told counts as neither. In the same transaction stands a row for each of those who moved, so that the number can be asked whom it counts: of
/// a day not more than <see cref="MostNamed"/> in a shard, as a publication may move everybody.
/// </summary>
internal sealed class MemberMoves(TableClient table) : CompanionRows
{
    /// <summary>Comes after every lead's id, and is no member's: that has a stay behind it.</summary>
    public const string First = "~";

    /// <summary>Begins the rows of who moved: comes after every lead's id, and before the days.</summary>
    public const string FirstNamed = "}";

    /// <summary>In days, today among them.</summary>
    public const int Kept = 14;

    /// <summary>Into the segment, and as many out of it.</summary>
    public const int MostNamed = 1_000;

    private const string LeadColumn = "lead";

    private const string Format = "yyyy-MM-dd";
    private const int PartitionsRemembered = 2_000;

    /// <summary>In a transaction.</summary>
    private const int MostRows = 100;

    /// <summary>Of a partition; those before get few changes.</summary>
    private const int DaysRemembered = 3;

    private readonly RecentCache<IReadOnlyDictionary<string, Known>> _recent = new(PartitionsRemembered);

    public sealed record Move(string LeadId, int Stay, DateTimeOffset At, bool IsIn)
    {
        public DateOnly Day => DateOnly.FromDateTime(At.UtcDateTime);
    }

    /// <summary>What the rows of who moved so on a day begin with.</summary>
    public static string NamedOf(DateOnly day, bool isIn) => $"{FirstNamed}{day.ToString(Format, CultureInfo.InvariantCulture)}|{(isIn ? "i" : "o")}|";

    public static MovedLead ReadNamed(TableEntity row) => new(row.GetString(LeadColumn), row.GetDateTimeOffset("at") ?? default, row.PartitionKey, row.RowKey);

    public static string RowOf(DateOnly day) => First + day.ToString(Format, CultureInfo.InvariantCulture);

    public static SegmentDay Read(TableEntity row) =>
        new(DateOnly.ParseExact(row.RowKey[First.Length..], Format, CultureInfo.InvariantCulture), row.GetInt32("in") ?? 0, row.GetInt32("out") ?? 0);

    /// <summary>Without the row of who moved once that day has its number of them in the partition: then as many moves fit a transaction as without names.</summary>
    public override IEnumerable<string> RowsOf(string partition, object change)
    {
        var move = (Move)change;
        var day = RowOf(move.Day);
        return _recent.TryFind(partition, out var known) && known.GetValueOrDefault(day) is { } sum && (move.IsIn ? sum.In : sum.Out) >= MostNamed ? [day] : [day, NamedOf(move)];
    }

    public override async Task<Along> PrepareAsync(string partition, IReadOnlyList<object> changes)
    {
        var known = _recent.TryFind(partition, out var recent) ? recent : new Dictionary<string, Known>();
        var (actions, named, sums) = (new List<TableTransactionAction>(), new List<TableTransactionAction>(), new List<(string Day, int In, int Out)>());
        foreach (var day in changes.Cast<Move>().GroupBy(move => RowOf(move.Day)))
        {
            var before = known.GetValueOrDefault(day.Key) ?? await FindAsync(partition, day.Key);
            if (before is null)
            {
                await ForgetAsync(partition, day.First().Day.AddDays(1 - Kept)); // once a day; there are few
            }

            named.AddRange(day.Where(move => move.IsIn).Take(Math.Max(0, MostNamed - (before?.In ?? 0))).Concat(day.Where(move => !move.IsIn).Take(Math.Max(0, MostNamed - (before?.Out ?? 0))))
                .Select(move => new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(partition, NamedOf(move)) { [LeadColumn] = move.LeadId, ["at"] = move.At })));
            var (come, gone) = ((before?.In ?? 0) + day.Count(move => move.IsIn), (before?.Out ?? 0) + day.Count(move => !move.IsIn));
            var row = new TableEntity(partition, day.Key) { ["in"] = come, ["out"] = gone };
            actions.Add(before is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, before.Tag));
            sums.Add((day.Key, come, gone));
        }

        // A sum only grows, so there is room for whoever is to be named; unless the day was forgotten since, and then better the numbers without names.
        return new([.. actions, .. named.Take(MostRows - changes.Count - actions.Count)], tags =>
        {
            var now = new Dictionary<string, Known>(known);
            for (var i = 0; i < sums.Count; i++)
            {
                now[sums[i].Day] = new(sums[i].In, sums[i].Out, tags[i]);
            }

            _recent.Keep(partition, now.OrderByDescending(day => day.Key, StringComparer.Ordinal).Take(DaysRemembered).ToDictionary());
        });
    }

    public override void Forget(string partition) => _recent.Forget(partition);

    /// <summary>Who moved on days before that one is shown no more.</summary>
    public Task ForgetAsync(string partition, DateOnly before) => RemoveAsync(partition, NamedOf(before, isIn: true));

    /// <summary>Of a segment that is gone: nothing of it is shown any more, neither who moved nor how many.</summary>
    public async Task ForgetAllAsync(string partition)
    {
        await RemoveAsync(partition, First + First);
        Forget(partition);
    }

    /// <param name="end">The row before which it ends; it begins with those of who moved.</param>
    private async Task RemoveAsync(string partition, string end)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {FirstNamed} and RowKey lt {end}");
        await foreach (var page in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"]).AsPages(pageSizeHint: MostRows))
        {
            await table.RemoveAsync(page.Values, CancellationToken.None);
        }
    }

    private static string NamedOf(Move move) => string.Create(CultureInfo.InvariantCulture, $"{NamedOf(move.Day, move.IsIn)}{move.LeadId}|{move.Stay}");

    private async Task<Known?> FindAsync(string partition, string day) =>
        await table.GetEntityIfExistsAsync<TableEntity>(partition, day) is { HasValue: true, Value: { } row } ? new(Read(row).In, Read(row).Out, row.ETag) : null;

    private sealed record Known(int In, int Out, ETag Tag);
}
