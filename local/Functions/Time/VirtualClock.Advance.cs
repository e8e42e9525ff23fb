using LeadFunctions.Local.Functions.Queues;

namespace LeadFunctions.Local.Functions.Time;

/// <summary>How often something ran while time was moved.</summary>
public sealed record Ran(string Name, long Count);

/// <summary>Where the clock stands after it was moved, and what ran on the way.</summary>
public sealed record Advanced(DateTimeOffset Now, IReadOnlyList<Ran> Ran);

public sealed partial class VirtualClock
{
    /// <summary>How long one moment's work may take, in real time, before <see cref="SettleAsync"/> and advancing give up.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(60);

    // What runs and has not moved for this long waits for the clock itself, if anything waits for the clock at all.
    private static readonly TimeSpan Stalled = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim moving = new(1, 1);
    private readonly List<IActivity> activities = [];

    /// <summary>Before this has completed time is not moved: triggers that have not started yet would miss what comes due.</summary>
    internal Task Started { get; set; } = Task.CompletedTask;

    /// <summary>Moves time on by a duration; see <see cref="AdvanceToAsync"/>.</summary>
    public Task<Advanced> AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default) => AdvanceToAsync(GetUtcNow() + by, cancellationToken);

    /// <summary>Moves time to <paramref name="target"/>, stopping at each due thing on the way until all that it causes has finished. Then time goes on, unless it is frozen.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The target lies in the past.</exception>
    /// <exception cref="TimeoutException">Something would not finish; the message names it.</exception>
    public async Task<Advanced> AdvanceToAsync(DateTimeOffset target, CancellationToken cancellationToken = default)
    {
        await Started.WaitAsync(cancellationToken);
        await moving.WaitAsync(cancellationToken);
        try
        {
            if (target < GetUtcNow())
            {
                throw new ArgumentOutOfRangeException(nameof(target), target, $"Time only goes forward; it is {GetUtcNow():O}.");
            }

            Stop();
            var before = CountRuns();
            await FinishAsync(false, cancellationToken);
            while (FindNextDue() is { } next && next <= target)
            {
                if (next > GetUtcNow())
                {
                    MoveTo(next);
                }

                var fired = RunDue(GetUtcNow());
                await FinishAsync(fired, cancellationToken);
            }

            MoveTo(target);
            await WaitUntilIdleAsync(thorough: true, mayWaitForClock: true, DefaultPatience, cancellationToken);
            return new Advanced(target, Difference(before, CountRuns()));
        }
        finally
        {
            if (!IsFrozen)
            {
                Go();
            }

            moving.Release();
        }
    }

    /// <summary>Completes when no trigger queue holds a message (poison queues do not count) and nothing is running.</summary>
    /// <exception cref="TimeoutException">That did not come about within <paramref name="patience"/> of real time; the message says what is still busy.</exception>
    public async Task SettleAsync(TimeSpan? patience = null, CancellationToken cancellationToken = default)
    {
        await Started.WaitAsync(cancellationToken);
        await WaitUntilIdleAsync(thorough: true, mayWaitForClock: false, patience ?? DefaultPatience, cancellationToken);
    }

    internal void Register(IActivity activity)
    {
        lock (gate)
        {
            activities.Add(activity);
        }
    }

    /// <summary>Starts everything due; true when timers fired, whose continuations nothing counts.</summary>
    private bool RunDue(DateTimeOffset now)
    {
        var due = TakeDue(now);
        foreach (var timer in due)
        {
            timer.Fire();
        }

        foreach (var work in DueWorks())
        {
            work.Start(now);
        }

        return due.Count > 0;
    }

    private async Task FinishAsync(bool timersFired, CancellationToken cancellationToken)
    {
        if (timersFired)
        {
            await LetContinuationsRunAsync();
        }

        await WaitUntilIdleAsync(thorough: false, mayWaitForClock: true, DefaultPatience, cancellationToken);
    }

    /// <summary>Continuations mostly run inside the timer's callback; this gives those that were queued a chance.</summary>
    private static async Task LetContinuationsRunAsync()
    {
        for (var (idle, tries) = (0, 0); idle < 2 && tries < 100; tries++)
        {
            await Task.Yield();
            idle = ThreadPool.PendingWorkItemCount == 0 ? idle + 1 : 0;
        }
    }

    private async Task WaitUntilIdleAsync(bool thorough, bool mayWaitForClock, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = real.GetTimestamp();
        var (lastProgress, lastMove) = (-1L, started);
        for (var spins = 0; ; spins++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var version = Versions();
            var busy = FindRunning() ?? await FindWaitingAsync(thorough, cancellationToken);
            if (busy is null && version == Versions())
            {
                return;
            }

            if (Progress() is var progress && progress != lastProgress)
            {
                (lastProgress, lastMove) = (progress, real.GetTimestamp());
            }
            else if (mayWaitForClock && real.GetElapsedTime(lastMove) > Stalled && WaitsForClock())
            {
                return;
            }

            if (busy is not null && real.GetElapsedTime(started) > patience)
            {
                throw new TimeoutException($"Still busy after {patience.TotalSeconds:0.#} s: {busy}.");
            }

            if (spins < 50)
            {
                await Task.Yield();
            }
            else
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(1 + (spins / 100), 20)), real, cancellationToken);
            }
        }
    }

    /// <summary>Something runs, gets nowhere, has no storage call out, and there are timers that could set it going.</summary>
    private bool WaitsForClock() => FindRunning() is not (null or StorageActivity.Name) && FindNextTimer() is not null;

    private string? FindRunning()
    {
        foreach (var activity in activities)
        {
            if (activity.FindRunning() is { } running)
            {
                return running;
            }
        }

        foreach (var run in dueWork)
        {
            if (run.IsRunning)
            {
                return run.Work.ToString();
            }
        }

        return null;
    }

    private async ValueTask<string?> FindWaitingAsync(bool thorough, CancellationToken cancellationToken)
    {
        foreach (var activity in activities)
        {
            if (await activity.FindWaitingAsync(thorough, cancellationToken) is { } waiting)
            {
                return waiting;
            }
        }

        return null;
    }

    private long Versions()
    {
        var sum = 0L;
        foreach (var activity in activities)
        {
            sum += activity.Version;
        }

        return sum;
    }

    private long Progress()
    {
        var sum = 0L;
        foreach (var activity in activities)
        {
            sum += activity.Progress;
        }

        return sum;
    }

    private Dictionary<string, long> CountRuns()
    {
        var runs = new Dictionary<string, long>();
        foreach (var activity in activities)
        {
            activity.CountRuns(runs);
        }

        return runs;
    }

    private static List<Ran> Difference(Dictionary<string, long> before, Dictionary<string, long> after) =>
        [.. from run in after
            let count = run.Value - before.GetValueOrDefault(run.Key)
            where count > 0
            orderby run.Key
            select new Ran(run.Key, count)];
}
