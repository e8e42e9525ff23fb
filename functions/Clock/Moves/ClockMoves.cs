using LeadFunctions.Journeys.Runs;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Clock.Moves;

/// <summary>What is wanted of the clock.</summary>
/// <param name="By">Move it on by so much; null: not by a length.</param>
/// <param name="To">Move it on to that time; null: not to a time.</param>
/// <param name="IsToNext">Move it on to the next due thing, whenever that is; nowhere when nothing is due any more.</param>
/// <param name="Stand">Whether it stands then; null: as before.</param>
internal sealed record ClockMove(TimeSpan? By, DateTimeOffset? To, bool? Stand, bool IsToNext = false);

/// <summary>Moves the clock from one due thing to the next, each time waiting until all that it causes has finished.</summary>
public sealed class ClockMoves(
    ClockTable table, ClockReader reader, MovableClock clock, Settling settling, Invocations invocations,
    RunsTable runs, DueTable due, DueLeads dueLeads, RunAlarms alarms, OwedAdvances owed, ILogger<ClockMoves> logger)
{
    /// <summary>How long one moment's work may stand still before moving is given up.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(36_500);

    private static readonly TimeSpan[] Ahead = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(60), TimeSpan.FromDays(400), MostAhead];

    /// <summary>A run that is over has nothing more to do than what its last advance does after saving it.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    private const int WakesAtOnce = 32;
    private const int RunsAtOnce = 100;

    /// <exception cref="ArgumentOutOfRangeException">The time is past, or too far ahead.</exception>
    /// <exception cref="TimeoutException">Something would not finish; the message names it.</exception>
    /// <exception cref="ClockTakenException">Another request moves it.</exception>
    internal async Task<ClockAnswer> MoveAsync(DurableTaskClient client, ClockMove move, TimeSpan limit, CancellationToken cancellationToken)
    {
        var (before, happened) = (invocations.Counts(), new Happenings());
        var lease = await ClockLease.TakeAsync(table, reader, limit, cancellationToken);
        var from = lease.Now;
        try
        {
            var patience = new Patience(limit, Standstill);
            if (move.IsToNext)
            {
                await MoveAsync(client, lease, from, move.Stand ?? lease.Stood, happened, patience, cancellationToken); // what is under way may bring what is next
                if (await NextAsync(lease, cancellationToken) is { } next)
                {
                    await MoveAsync(client, lease, next, move.Stand ?? lease.Stood, happened, patience, cancellationToken);
                }
            }
            else if (move.To is not null || move.By is not null)
            {
                await MoveAsync(client, lease, Goal(move, from), move.Stand ?? lease.Stood, happened, patience, cancellationToken);
            }
        }
        finally
        {
            await lease.EndAsync(move.Stand, CancellationToken.None);
        }

        if (!clock.State.Stands)
        {
            await SetAlarmsAsync(client, lease.Now, cancellationToken);
        }

        logger.ClockMoved(from, lease.Now, happened.Count);
        return new(clock.GetUtcNow(), clock.State.Stands, Difference(before, invocations.Counts()), happened.First, happened.More);
    }

    /// <summary>Completes when nothing is under way or due.</summary>
    /// <exception cref="TimeoutException">It did not come to that; the message says what is.</exception>
    internal Task SettleAsync(DurableTaskClient client, TimeSpan limit, CancellationToken cancellationToken)
    {
        Func<Task> nothing = () => Task.CompletedTask;
        return settling.WaitAsync(client, new Patience(limit, limit), nothing, () => WakeDueAsync(client, nothing, cancellationToken), cancellationToken);
    }

    internal ClockAnswer Now() => new(clock.GetUtcNow(), clock.State.Stands);

    /// <summary>The nearest time at which anything is due; null when nothing is. Looked for further and further ahead, so that of many runs only those are read that are near.</summary>
    private async Task<DateTimeOffset?> NextAsync(ClockLease lease, CancellationToken cancellationToken)
    {
        var now = lease.Now;
        var minute = await due.EarliestAsync(now + MostAhead, cancellationToken);
        foreach (var until in Ahead.Select(ahead => now + ahead))
        {
            await lease.RenewAsync(cancellationToken); // each look reads runs of all journeys
            var limit = minute < until ? minute.Value : until;
            if (await runs.DueAsync(limit, null, cancellationToken) is { Count: > 0 } near)
            {
                var first = near.Min(run => run.At);
                return first > now ? first : now;
            }

            if (limit == minute)
            {
                break;
            }
        }

        return minute;
    }

    private static DateTimeOffset Goal(ClockMove move, DateTimeOffset now)
    {
        if (move.By > MostAhead || move.To - now > MostAhead)
        {
            throw new ArgumentOutOfRangeException(nameof(move), $"It can be moved by {MostAhead.TotalDays} days at most.");
        }

        var goal = move.To ?? now + move.By!.Value; // one of the two
        return goal >= now ? goal : throw new ArgumentOutOfRangeException(nameof(move), $"Time only goes forward; it is {now:O}.");
    }

    private async Task MoveAsync(
        DurableTaskClient client, ClockLease lease, DateTimeOffset goal, bool exact, Happenings happened, Patience patience, CancellationToken cancellationToken)
    {
        Func<Task> renew = () => lease.RenewAsync(cancellationToken);
        Task WaitAsync(DurableTaskClient? chores) => settling.WaitAsync(chores, patience, renew, () => WakeDueAsync(client, renew, cancellationToken), cancellationToken);

        await WaitAsync(client);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (dueRuns, minute) = (await runs.DueAsync(goal, null, cancellationToken), await due.EarliestAsync(goal, cancellationToken));
            if (NextStop.Of([.. dueRuns.Select(run => run.At), .. minute is { } begins ? [begins] : Array.Empty<DateTimeOffset>()], lease.Now, goal, exact) is not { } stop)
            {
                break;
            }

            await lease.ShowAsync(stop, cancellationToken);
            var come = dueRuns.Where(run => run.At <= stop).ToList();
            happened.Add(come);
            foreach (var some in come.Chunk(RunsAtOnce))
            {
                await WakeAsync(client, some, cancellationToken);
                await renew();
            }

            var hasBegunWalks = false;
            foreach (var begun in await due.MinutesAsync(stop, cancellationToken))
            {
                var (rows, walks) = await TickAsync(client, begun, renew, cancellationToken);
                happened.Add(begun, rows);
                hasBegunWalks |= walks;
            }

            await WaitAsync(hasBegunWalks ? client : null);
        }

        await lease.ShowAsync(goal, cancellationToken);
        await WaitAsync(client);
    }

    private async Task<(IReadOnlyList<string> Rows, bool HasBegunWalks)> TickAsync(DurableTaskClient client, DateTimeOffset minute, Func<Task> eachTime, CancellationToken cancellationToken)
    {
        var (rows, hasBegunWalks) = (new List<string>(), false);
        while (await dueLeads.TickAsync(DueTable.MinuteOf(minute).Name, client, cancellationToken) is { Rows.Count: > 0 } some)
        {
            rows.AddRange(some.Rows);
            hasBegunWalks |= some.HasBegunWalks;
            await eachTime();
        }

        return (rows, hasBegunWalks);
    }

    /// <summary>An early or repeated wake-up does no harm, and the run's row tells when it has been heard.</summary>
    private static Task WakeAsync(DurableTaskClient client, IEnumerable<DueRun> dueRuns, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        dueRuns, new ParallelOptions { MaxDegreeOfParallelism = WakesAtOnce, CancellationToken = cancellationToken },
        async (run, token) => await client.RaiseEventAsync(run.Id, WalkFunctions.Wake, "due", token));

    /// <summary>What is due now, whoever was to wake it: the one who moved the clock may have been killed between moving and waking.</summary>
    private async Task WakeDueAsync(DurableTaskClient client, Func<Task> eachTime, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await WakeAsync(client, await runs.DueAsync(now, RunsAtOnce, cancellationToken), cancellationToken);
        foreach (var minute in await due.MinutesAsync(now, cancellationToken))
        {
            await TickAsync(client, minute, eachTime, cancellationToken);
        }

        foreach (var advance in await owed.SomeAsync(cancellationToken))
        {
            await LookAgainAsync(client, advance, cancellationToken);
        }
    }

    /// <summary>Of two advances of a run at once, one fails; and the engine, which has heard of the other, has nobody do it again.</summary>
    private async Task LookAgainAsync(DurableTaskClient client, OwedAdvance advance, CancellationToken cancellationToken)
    {
        if (await runs.FindAsync(advance.RunId, cancellationToken) is { Run.IsOpen: true })
        {
            await alarms.WakeAsync(client, advance.RunId, "owed", cancellationToken);
        }
        else if (TimeProvider.System.GetUtcNow() - advance.Since > LongestEnd)
        {
            await owed.RemoveAsync(advance);
        }
    }

    /// <summary>The engine's timers were set before the clock was moved: those that would now fire too late are set anew. What is further ahead looks by itself before then.</summary>
    private async Task SetAlarmsAsync(DurableTaskClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var soon = now + MovableClock.LongestSleep;
        await WakeAsync(client, await runs.DueAsync(soon, null, cancellationToken), cancellationToken);
        foreach (var minute in await due.MinutesAsync(soon, cancellationToken))
        {
            await alarms.StartMinuteAsync(client, DueTable.MinuteOf(minute).Name, minute, cancellationToken);
        }
    }

    private static IReadOnlyList<Ran> Difference(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after) =>
        [.. from run in after
            let count = run.Value - before.GetValueOrDefault(run.Key)
            where count > 0
            orderby run.Key
            select new Ran(run.Key, count)];
}
