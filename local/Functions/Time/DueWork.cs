namespace LeadFunctions.Local.Functions.Time;

/// <summary>Work that becomes due by the clock, other than by a timer: scheduled functions, durable timers. Given to <see cref="VirtualClock.Register(IDueWork)"/>.</summary>
internal interface IDueWork
{
    /// <summary>When there is something to do next; null for never, or not known yet. Read often, so kept at hand. After it came earlier call <see cref="VirtualClock.Reschedule"/>.</summary>
    DateTimeOffset? NextDue { get; }

    /// <summary>
    /// Does what is due at or before <paramref name="now"/>, moves <see cref="NextDue"/> past it, and completes when that is done.
    /// Called by the clock, whether it runs or is advanced; never while an earlier call still runs. Does not throw.
    /// </summary>
    Task RunDueAsync(DateTimeOffset now);
}

/// <summary>Whatever may still be at work when the clock wants to move on. Given to <see cref="VirtualClock.Register(IActivity)"/>.</summary>
internal interface IActivity
{
    /// <summary>Grows whenever something starts, ends or is sent: two equal readings around an idle check mean that it stayed idle.</summary>
    long Version { get; }

    /// <summary>Grows as long as what runs gets anywhere.</summary>
    long Progress => Version;

    /// <summary>The name of something that is running; null when nothing is. Cheap.</summary>
    string? FindRunning();

    /// <summary>The name of somewhere with work waiting; null when there is none.</summary>
    /// <param name="thorough">Ask even where nothing is known to have been left.</param>
    ValueTask<string?> FindWaitingAsync(bool thorough, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    /// <summary>Adds how often what has run since the start, by name.</summary>
    void CountRuns(IDictionary<string, long> runs)
    {
    }
}

/// <summary>Sees to it that one piece of <see cref="IDueWork"/> never runs twice at once.</summary>
internal sealed class DueWorkRun(IDueWork work)
{
    private readonly Lock gate = new();

    internal IDueWork Work { get; } = work;

    internal Task Current { get; private set; } = Task.CompletedTask;

    internal bool IsRunning => !Current.IsCompleted;

    internal bool IsDue(DateTimeOffset now) => !IsRunning && Work.NextDue <= now;

    /// <summary>Starts the work if it is due: here, or on another thread.</summary>
    /// <param name="now">The time by the clock.</param>
    /// <param name="then">Called when it has ended; with it, the work does not run on the caller's thread.</param>
    internal void Start(DateTimeOffset now, Action? then = null)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (!IsDue(now))
            {
                return;
            }

            Current = done.Task;
        }

        if (then is null)
        {
            _ = RunAsync();
        }
        else
        {
            _ = Task.Run(RunAsync);
        }

        async Task RunAsync()
        {
            try
            {
                await Work.RunDueAsync(now);
            }
            finally
            {
                done.SetResult();
                then?.Invoke();
            }
        }
    }
}
