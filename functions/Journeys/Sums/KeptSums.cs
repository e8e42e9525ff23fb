using System.Collections.Immutable;
using Azure;
using Azure.Data.Tables;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Statistics;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Journeys.Sums;

/// <summary>
/// What all runs of a partition add to their journey's statistics (<see cref="RunCounts"/>), in rows beside them, changed in the very transaction in which a run's row changes: a run that is
/// written once is counted once, and one whose writing is refused is not. Row: <c>~</c> and the part; <c>~</c> alone says that every run from before there were sums is in them.
/// </summary>
/// <param name="runsOf">All runs of a partition.</param>
internal sealed class KeptSums(TableClient table, Func<string, CancellationToken, IAsyncEnumerable<RunState>> runsOf) : CompanionRows
{
    /// <summary>Comes after every lead's id.</summary>
    public const string FirstRow = "~";

    /// <summary>Parts of what was counted and is stored no longer.</summary>
    private const string Gone = "gone ";

    /// <summary>Behind the part of every day.</summary>
    private const string NoDays = "z";

    private const int PartitionsRemembered = 500;
    private const int Attempts = 5;
    private const int MostRows = 100;

    private readonly RecentCache<Rows> _recent = new(PartitionsRemembered);

    /// <summary>What changes where a run is deleted: what it did stays done, and no recount can find it any more.</summary>
    /// <param name="last">As it is to be remembered.</param>
    /// <remarks>Its days stay as they are.</remarks>
    public static IReadOnlyDictionary<string, Counters> Parted(RunState run, RunState last)
    {
        var change = RunCounts.Of(run).Where(part => !DayCounts.IsDay(part.Key)).ToDictionary(part => part.Key, part => new Counters().Add(part.Value, -1));
        foreach (var (part, counted) in RunCounts.Of(last).Where(part => !DayCounts.IsDay(part.Key)))
        {
            change[Gone + part] = counted;
        }

        return change;
    }

    public override IEnumerable<string> RowsOf(string partition, object change) => ((IReadOnlyDictionary<string, Counters>)change).Keys.Select(part => FirstRow + part);

    public override async Task<Along> PrepareAsync(string partition, IReadOnlyList<object> changes)
    {
        var from = changes.Cast<IReadOnlyDictionary<string, Counters>>().SelectMany(change => change.Keys).Where(DayCounts.IsDay).Min(StringComparer.Ordinal) ?? NoDays;
        if (!_recent.TryFind(partition, out var rows) || string.CompareOrdinal(from, rows.DaysFrom) < 0)
        {
            rows = await ReadAsync(partition, from, CancellationToken.None);
            while (!rows.AreComplete)
            {
                // Nobody writes a run here before this is done, so one look is enough; but others may be at the same.
                await CountAsync(partition, await ReadAsync(partition, DayCounts.Prefix, CancellationToken.None), CancellationToken.None);
                rows = await ReadAsync(partition, from, CancellationToken.None);
            }
        }

        var sums = new Dictionary<string, Counters>();
        foreach (var (part, change) in changes.Cast<IReadOnlyDictionary<string, Counters>>().SelectMany(change => change))
        {
            sums[part] = (sums.GetValueOrDefault(part) ?? rows.Of(part).Copy()).Add(change);
        }

        var (parts, known) = (sums.Keys.ToList(), rows);
        return new(
            [.. parts.Select(part => Action(partition, part, WaitTimes.Bounded(sums[part]), known))],
            tags => _recent.Keep(partition, known with { Parts = known.Parts.SetItems(parts.Select((part, i) => KeyValuePair.Create(part, (sums[part], tags[i])))) }));
    }

    public override void Forget(string partition) => _recent.Forget(partition);

    /// <summary>The sums by part, also of what is deleted.</summary>
    /// <param name="since">With days from this one on; null: without.</param>
    public async Task<IReadOnlyDictionary<string, Counters>> OfAsync(string partition, DateOnly? since, CancellationToken cancellationToken)
    {
        var from = since is { } day ? DayCounts.PartOf(day) : NoDays;
        var rows = await ReadAsync(partition, from, cancellationToken);
        if (!rows.AreComplete)
        {
            await RecountAsync(partition, cancellationToken);
            rows = await ReadAsync(partition, from, cancellationToken);
        }

        return rows.Shown();
    }

    /// <summary>Days before this one are asked for no more. A run that still learns something of one has it again, by itself, until the next time.</summary>
    public async Task ForgetDaysAsync(string partition, DateOnly before, CancellationToken cancellationToken)
    {
        var (from, to) = (FirstRow + DayCounts.Prefix, FirstRow + DayCounts.PartOf(before));
        await foreach (var row in table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}"), select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            await table.DeleteEntityAsync(partition, row.RowKey, ETag.All, cancellationToken);
            Forget(partition);
        }
    }

    /// <summary>Adds all runs up again, and puts right what differs.</summary>
    public async Task<Recount> RecountAsync(string partition, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await CountAsync(partition, await ReadAsync(partition, DayCounts.Prefix, cancellationToken), cancellationToken) is { } recount)
            {
                return recount;
            }
        }

        return new(0, Differed: false, Unsettled: 1);
    }

    /// <summary>
    /// Null when somebody wrote meanwhile. Every change of what a run counts changes a row of sums; so where those have stayed as they were, the runs that were read one after another are
    /// those of one moment.
    /// </summary>
    private async Task<Recount?> CountAsync(string partition, Rows before, CancellationToken cancellationToken)
    {
        var (runs, counted) = (0L, new Dictionary<string, Counters>());
        await foreach (var run in runsOf(partition, cancellationToken))
        {
            runs++;
            foreach (var (part, counters) in RunCounts.Of(run))
            {
                counted[part] = WaitTimes.Bounded(counted.GetValueOrDefault(part, new Counters()).Add(counters));
            }
        }

        if (!before.AreSame(await ReadAsync(partition, DayCounts.Prefix, cancellationToken)))
        {
            return null;
        }

        var wrong = counted.Keys.Union(before.Parts.Keys.Where(part => !part.StartsWith(Gone, StringComparison.Ordinal)))
            .Where(part => IsWrong(part, before.Of(part), counted.GetValueOrDefault(part, new Counters()))).ToList();
        var newest = counted.Keys.Max(DayCounts.DayOf);
        wrong.RemoveAll(part => DayCounts.DayOf(part) is { } day && day <= newest!.Value.AddDays(-DayCounts.Kept)); // what is wrong of a day was counted, so there is a newest
        List<TableTransactionAction> actions =
        [
            .. wrong.Select(part => Action(partition, part, counted.GetValueOrDefault(part, new Counters()), before)),
            .. before.AreComplete ? [] : new[] { new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(partition, FirstRow)) },
        ];
        try
        {
            foreach (var some in actions.Chunk(MostRows))
            {
                await table.SubmitTransactionAsync(some, cancellationToken);
            }
        }
        catch (TableTransactionFailedException lost) when (lost.Status is 404 or 409 or 412)
        {
            return null;
        }
        finally
        {
            Forget(partition);
        }

        return new(runs, before.AreComplete && wrong.Any(part => !DayCounts.IsDay(part)), 0);
    }

    /// <summary>On a day more may have happened than the runs tell that are left.</summary>
    private static bool IsWrong(string part, Counters kept, Counters counted) =>
        DayCounts.IsDay(part) ? counted.All.Any(pair => kept[pair.Key] < pair.Value) : !WaitTimes.AreSame(kept, counted);

    /// <param name="daysFrom">The part of the first day that is wanted; days are many, and most are over.</param>
    private async Task<Rows> ReadAsync(string partition, string daysFrom, CancellationToken cancellationToken)
    {
        var (parts, isComplete) = (ImmutableDictionary.CreateBuilder<string, (Counters, ETag)>(), false);
        var (days, first) = (FirstRow + DayCounts.Prefix, FirstRow + daysFrom);
        await foreach (var row in table.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and ((RowKey ge {FirstRow} and RowKey lt {days}) or RowKey ge {first})"), cancellationToken: cancellationToken))
        {
            if (row.RowKey == FirstRow)
            {
                isComplete = true;
            }
            else
            {
                parts[row.RowKey[FirstRow.Length..]] = (Counters.Parse(LongText.Read(row, "sums")), row.ETag);
            }
        }

        return new(parts.ToImmutable(), isComplete, daysFrom);
    }

    private static TableTransactionAction Action(string partition, string part, Counters sums, Rows known)
    {
        var row = new TableEntity(partition, FirstRow + part);
        LongText.Write(row, "sums", sums.ToJson());
        return known.Parts.TryGetValue(part, out var stored) ? new(TableTransactionActionType.UpdateReplace, row, stored.Tag) : new(TableTransactionActionType.Add, row);
    }

    /// <param name="AreComplete">Runs from before there were sums are in them.</param>
    /// <param name="DaysFrom">Of days those from this part on.</param>
    private sealed record Rows(ImmutableDictionary<string, (Counters Sums, ETag Tag)> Parts, bool AreComplete, string DaysFrom)
    {
        public Counters Of(string part) => Parts.TryGetValue(part, out var stored) ? stored.Sums : new Counters();

        public bool AreSame(Rows other) => AreComplete == other.AreComplete && Parts.Count == other.Parts.Count && Parts.All(part => other.Parts.TryGetValue(part.Key, out var stored) && stored.Tag == part.Value.Tag);

        public IReadOnlyDictionary<string, Counters> Shown()
        {
            var shown = new Dictionary<string, Counters>();
            foreach (var (part, (sums, _)) in Parts)
            {
                var name = part.StartsWith(Gone, StringComparison.Ordinal) ? part[Gone.Length..] : part;
                shown[name] = shown.GetValueOrDefault(name, new Counters()).Add(sums);
            }

            return shown;
        }
    }
}
