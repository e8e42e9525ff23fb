using Microsoft.DurableTask.Client;

namespace LeadFunctions.Local.DurableTask;

/// <summary>
/// One instance in memory: what is stored of it, and its running code. Messages change it at once and yield what must be written and what
/// may happen once that is written. If the write fails, the whole object is thrown away.
/// </summary>
internal sealed partial class Instance(string id, Func<Instance, OrchestrationRun> newRun) : IDisposable
{
    // A message is redelivered within seconds; this many events are remembered across a continue-as-new.
    private const int RememberedEvents = 256;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private List<HistoryEvent> _arrivals = [];
    private InstanceChange _change = new();

    public string Id => id;

    /// <summary>Whether the table holds it.</summary>
    public bool IsStored { get; set; }

    /// <summary>The status that those who wait for it were told last.</summary>
    public OrchestrationRuntimeStatus? Announced { get; set; }

    /// <summary>When it was last used, as a count of batches.</summary>
    public long LastUsed { get; set; }

    /// <summary>Null while there is no such instance.</summary>
    public InstanceState? State { get; private set; }

    /// <summary>The running code; null until it is needed, and after the end.</summary>
    public OrchestrationRun? Run { get; private set; }

    /// <summary>Whether <see cref="Resume"/> must come before any message.</summary>
    public bool NeedsHistory => State is { HasEnded: false } && Run is null;

    /// <summary>When a timer or a planned start is due; null for never.</summary>
    public DateTimeOffset? NextDue => State switch
    {
        null or { HasEnded: true } => null,
        { StartAt: { } startAt } => startAt,
        _ when Run is { Steps.Timers.Count: > 0 } run => run.Steps.Timers.Values.Min(),
        _ => null,
    };

    /// <summary>Whether a new owner must look at it at once.</summary>
    public bool NeedsRecovery => State is { } state
        && (state.Outbox.Count > 0 || (state.MustProceed && state.StartAt is null) || (!state.HasEnded && OpenActivities().Any()));

    public void Load(InstanceState? state)
    {
        State = state;
        _seen.Clear();
        _seen.UnionWith(state?.SeenBefore ?? []);
    }

    /// <summary>Runs the code over its history.</summary>
    public void Resume(IReadOnlyList<HistoryEvent> history)
    {
        Use(newRun(this));
        Run!.Replay(history.Skip(1));
        _seen.UnionWith(history.OfType<HistoryEvent.EventRaised>().Select(raised => raised.MessageId));
    }

    public void Dispose() => Use(null);

    private void Use(OrchestrationRun? run)
    {
        Run?.Scope?.Dispose();
        Run = run;
    }

    /// <summary>Applies messages in order.</summary>
    public InstanceChange Apply(IEnumerable<Mail> mails, DateTimeOffset now)
    {
        _change = new InstanceChange();
        _arrivals = [];
        foreach (var mail in mails)
        {
            var reply = Apply(mail.Message, now);
            _change.Replies.Add((mail, reply));
        }

        Proceed(now);
        if (State is { } state && _change.IsDirty)
        {
            state.UpdatedAt = now > state.UpdatedAt ? now : state.UpdatedAt;
        }

        return _change;
    }

    private Reply Apply(InstanceMessage message, DateTimeOffset now)
    {
        switch (message)
        {
            case InstanceMessage.Start start:
                return Start(start, now);
            case InstanceMessage.Orphan orphan:
                _change.Activities.Add(new ActivityWork(id, orphan.ExecutionId, orphan.Task, orphan.Entry));
                return Reply.Done;
            case InstanceMessage.Purge:
                return Purge(now);
            case InstanceMessage.Delivered delivered:
                if (State?.Outbox.RemoveAll(entry => delivered.Entries.Contains(entry.Id)) > 0)
                {
                    _change.IsDirty = true;
                }

                return Reply.Done;
            case InstanceMessage.Several several:
                foreach (var one in several.Messages)
                {
                    Apply(one, now);
                }

                return Reply.Done;
            case InstanceMessage.Recover:
                Recover();
                return Reply.Done;
        }

        if (State is not { HasEnded: false } state)
        {
            return Reply.Done;
        }

        switch (message)
        {
            case InstanceMessage.Raise raise when _seen.Add(raise.MessageId):
                _arrivals.Add(new HistoryEvent.EventRaised(raise.Name, raise.Data, raise.MessageId));
                break;
            case InstanceMessage.Answer answer when answer.ExecutionId == state.Started.ExecutionId && Run!.Steps.IsOpen(answer.Id):
                _arrivals.Add(answer.Failure is { } failure
                    ? new HistoryEvent.TaskFailed(answer.Id, failure)
                    : new HistoryEvent.TaskCompleted(answer.Id, answer.Result));
                break;
            case InstanceMessage.Suspend suspend when !Run!.IsSuspended:
                Proceed(now);
                _arrivals.Add(new HistoryEvent.RunSuspended(suspend.Reason));
                Proceed(now);
                break;
            case InstanceMessage.Resume resume when Run!.IsSuspended:
                _arrivals.Add(new HistoryEvent.RunResumed(resume.Reason));
                break;
            case InstanceMessage.Terminate terminate:
                Proceed(now);
                Terminate(terminate);
                break;
            case InstanceMessage.Entered:
                state.MustProceed = true;
                break;
            case InstanceMessage.Due:
                _arrivals.AddRange(DueTimers(now));
                break;
        }

        return Reply.Done;
    }

    private Reply Start(InstanceMessage.Start start, DateTimeOffset now)
    {
        Proceed(now);
        if (State is { } old)
        {
            if (old.Started.ExecutionId == start.Started.ExecutionId || IsSameChild(old.Started.Parent, start.Started.Parent))
            {
                return Reply.Done;
            }

            if (IsRefused(old, start))
            {
                if (start.Started.Parent is { } refused)
                {
                    TellParent(refused, FailureRecordOfExisting(), null);
                }

                return new Reply.AlreadyExists(old.Status);
            }

            _change.Retire(old);
        }

        Load(new InstanceState
        {
            InstanceId = id,
            Started = start.Started,
            CreatedAt = start.Started.At,
            UpdatedAt = now,
            StartAt = start.StartAt > now ? start.StartAt : null,
            MustProceed = true,
            NextRow = State?.NextRow ?? 0,
            FirstRow = State?.FirstRow ?? 0,
            NextEntry = State?.NextEntry ?? 0,
            Outbox = State?.Outbox ?? [],
        });
        State!.Log.Append([start.Started]);
        Use(newRun(this));
        _change.IsNew = _change.IsDirty = true;
        return Reply.Done;
    }

    /// <summary>Lets the code run with what has arrived, if it may.</summary>
    private void Proceed(DateTimeOffset now)
    {
        if (State is not { HasEnded: false } state || (_arrivals.Count == 0 && !state.MustProceed))
        {
            return;
        }

        var arrivals = _arrivals;
        _arrivals = [];
        if (state.StartAt > now)
        {
            if (arrivals.Count > 0)
            {
                state.Log.Append(Run!.Hold(arrivals));
                state.Status = StatusOf(Run);
                _change.IsDirty = true;
            }

            return;
        }

        state.MustProceed = false;
        state.StartAt = null;
        var episode = Run!.Advance(arrivals, now);
        state.Log.Append(episode.Added);
        state.Status = StatusOf(Run);
        state.CustomStatus = Run.CustomStatus;
        _change.IsDirty = true;
        Perform(episode);
    }
}
