using System.Globalization;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Segments.Stored;

/// <summary>How many came and went on a day.</summary>
/// <param name="Day">UTC.</param>
public sealed record SegmentDay(DateOnly Day, int In, int Out);

/// <summary>
/// How many leads entered a segment and left it on each day, in a row beside its members, changed in the very transaction in which a member's row comes or goes: what is told twice finds that row there, or
/// gone, and counts once. Who enters and leaves before either is told counts as neither.
/// </summary>
internal sealed class MemberMoves(TableClient table) : CompanionRows
{
    /// <summary>Comes after every lead's id, and is no member's: that has a stay behind it.</summary>
    public const string First = "~";

    private const string Format = "yyyy-MM-dd";
    private const int PartitionsRemembered = 2_000;

    /// <summary>Of a partition; those before get few changes.</summary>
    private const int DaysRemembered = 3;

    private readonly RecentCache<IReadOnlyDictionary<string, Known>> _recent = new(PartitionsRemembered);

    public sealed record Move(DateOnly Day, bool IsIn);

    public static string RowOf(DateOnly day) => First + day.ToString(Format, CultureInfo.InvariantCulture);

    public static SegmentDay Read(TableEntity row) =>
        new(DateOnly.ParseExact(row.RowKey[First.Length..], Format, CultureInfo.InvariantCulture), row.GetInt32("in") ?? 0, row.GetInt32("out") ?? 0);

    public override IEnumerable<string> RowsOf(object change) => [RowOf(((Move)change).Day)];

    public override async Task<Along> PrepareAsync(string partition, IReadOnlyList<object> changes)
    {
        var known = _recent.TryFind(partition, out var recent) ? recent : new Dictionary<string, Known>();
        var (actions, sums) = (new List<TableTransactionAction>(), new List<(string Day, int In, int Out)>());
        foreach (var day in changes.Cast<Move>().GroupBy(move => RowOf(move.Day)))
        {
            var before = known.GetValueOrDefault(day.Key) ?? await FindAsync(partition, day.Key);
            var (come, gone) = ((before?.In ?? 0) + day.Count(move => move.IsIn), (before?.Out ?? 0) + day.Count(move => !move.IsIn));
            var row = new TableEntity(partition, day.Key) { ["in"] = come, ["out"] = gone };
            actions.Add(before is null ? new(TableTransactionActionType.Add, row) : new(TableTransactionActionType.UpdateReplace, row, before.Tag));
            sums.Add((day.Key, come, gone));
        }

        return new(actions, tags =>
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

    private async Task<Known?> FindAsync(string partition, string day) =>
        await table.GetEntityIfExistsAsync<TableEntity>(partition, day) is { HasValue: true, Value: { } row } ? new(Read(row).In, Read(row).Out, row.ETag) : null;

    private sealed record Known(int In, int Out, ETag Tag);
}
