using Microsoft.DurableTask.Client;

namespace LeadFunctions.Local.DurableTask;

internal sealed partial class Instance
{
    private void Perform(Episode episode)
    {
        var execution = State!.Started.ExecutionId;
        foreach (var asked in episode.Added)
        {
            switch (asked)
            {
                case HistoryEvent.TaskScheduled task when episode.Outcome is null:
                    _change.Activities.Add(new ActivityWork(id, execution, task, null));
                    break;
                case HistoryEvent.TaskScheduled task:
                    Send(id, entry => new InstanceMessage.Orphan(task, execution, entry));
                    break;
                case HistoryEvent.ChildScheduled child:
                    var parent = new ParentLink(State.Started.Name, id, execution, child.Id);
                    var started = new HistoryEvent.ExecutionStarted(
                        child.Name, child.Version, $"{execution}-{child.Id}", child.Input, Run!.Now, parent, child.Tags);
                    Send(child.InstanceId, _ => new InstanceMessage.Start(started, null, null));
                    break;
                case HistoryEvent.EventSent sent:
                    Send(sent.InstanceId, _ => new InstanceMessage.Raise(sent.Name, sent.Data, $"{id}/{execution}/{sent.Id}"));
                    break;
            }
        }

        if (episode.Outcome is { } outcome)
        {
            End(outcome);
        }
    }

    private void End(Outcome outcome)
    {
        var state = State!;
        _change.IsDirty = true;
        if (outcome is Outcome.ContinuedAsNew next)
        {
            ContinueAsNew(next);
            return;
        }

        (state.Status, state.Output, state.Failure) = outcome switch
        {
            Outcome.Completed completed => (OrchestrationRuntimeStatus.Completed, completed.Output, (FailureRecord?)null),
            Outcome.Failed failed => (OrchestrationRuntimeStatus.Failed, null, failed.Failure),
            Outcome.Terminated terminated => (OrchestrationRuntimeStatus.Terminated, terminated.Output, null),
            _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no end."),
        };
        state.MustProceed = false;
        Use(null);
        if (state.Started.Parent is { } parent)
        {
            TellParent(parent, state.Failure ?? FailureOfTermination(outcome), state.Output);
        }
    }

    private void ContinueAsNew(Outcome.ContinuedAsNew next)
    {
        var state = State!;
        var now = Run!.Now;
        state.SeenBefore = [.. _seen.TakeLast(RememberedEvents)];
        _seen.Clear();
        _seen.UnionWith(state.SeenBefore);
        _change.Retire(state);
        state.Started = state.Started with { ExecutionId = Guid.NewGuid().ToString("N"), Input = next.Input, Version = next.Version, At = now };
        state.Log = new HistoryLog();
        state.Log.Append([state.Started, .. next.Unprocessed]);
        state.CustomStatus = Run.CustomStatus;
        state.Status = OrchestrationRuntimeStatus.Running;
        state.MustProceed = true;
        Use(newRun(this));
        Run!.Hold(next.Unprocessed);
        _change.IsNew = true;
        _change.MustProceed = true;
    }

    private void Terminate(InstanceMessage.Terminate terminate)
    {
        var children = terminate.IsRecursive ? Run!.Steps.Open.OfType<HistoryEvent.ChildScheduled>().ToList() : [];
        State!.Log.Append([new HistoryEvent.RunTerminated(terminate.Output)]);
        End(new Outcome.Terminated(terminate.Output));
        foreach (var child in children)
        {
            Send(child.InstanceId, _ => new InstanceMessage.Terminate(null, true));
        }
    }

    private Reply Purge(DateTimeOffset now)
    {
        Proceed(now);
        if (State is not { HasEnded: true } state)
        {
            return new Reply.Purged(0);
        }

        _change.Retire(state);
        _change.IsPurged = true;
        _change.IsDirty = true;
        Load(null);
        return new Reply.Purged(1);
    }

    /// <summary>Repeats what was decided and may not have been done.</summary>
    private void Recover()
    {
        if (State is not { } state)
        {
            return;
        }

        _change.Deliveries.AddRange(state.Outbox);
        if (!state.HasEnded)
        {
            _change.Activities.AddRange(OpenActivities().Select(task => new ActivityWork(id, state.Started.ExecutionId, task, null)));
        }
    }

    private IEnumerable<HistoryEvent.TimerFired> DueTimers(DateTimeOffset now) => Run!.Steps.Timers
        .Where(timer => timer.Value <= now)
        .OrderBy(timer => timer.Value).ThenBy(timer => timer.Key)
        .Select(timer => new HistoryEvent.TimerFired(timer.Key));

    private IEnumerable<HistoryEvent.TaskScheduled> OpenActivities() => Run?.Steps.Open.OfType<HistoryEvent.TaskScheduled>() ?? [];

    private void TellParent(ParentLink parent, FailureRecord? failure, string? output) =>
        Send(parent.InstanceId, _ => new InstanceMessage.Answer(parent.ExecutionId, parent.TaskId, output, failure));

    private void Send(string target, Func<long, InstanceMessage> message)
    {
        var number = State!.NextEntry++;
        var entry = new OutboxEntry(number, target, message(number));
        State.Outbox.Add(entry);
        _change.Deliveries.Add(entry);
        _change.IsDirty = true;
    }

    private static bool IsSameChild(ParentLink? old, ParentLink? started) => started is not null && started == old;

    private static bool IsRefused(InstanceState old, InstanceMessage.Start start) =>
        start.Refuse is { } statuses ? statuses.Contains((int)old.Status) : !old.HasEnded;

    private FailureRecord FailureRecordOfExisting() => new(
        "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException", $"An orchestration '{id}' exists already and has not ended.", null, null);

    private static FailureRecord? FailureOfTermination(Outcome outcome) => outcome is Outcome.Terminated
        ? new FailureRecord(typeof(OperationCanceledException).FullName!, "The sub-orchestration was terminated.", null, null)
        : null;

    private static OrchestrationRuntimeStatus StatusOf(OrchestrationRun run) =>
        run.IsSuspended ? OrchestrationRuntimeStatus.Suspended
        : run.HasBegun ? OrchestrationRuntimeStatus.Running
        : OrchestrationRuntimeStatus.Pending;
}
