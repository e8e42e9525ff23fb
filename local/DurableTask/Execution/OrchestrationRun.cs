using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.DurableTask;

/// <summary>An orchestrator's code, ready to be run over a history; it returns the output.</summary>
internal delegate Task<object?> OrchestratorCode(TaskOrchestrationContext context);

/// <summary>
/// One execution of an orchestrator: first fed with what is already in its history, then with what arrives. It holds no clock and does no
/// I/O. The same history always leaves it in the same state; where the code no longer follows its history the run fails.
/// </summary>
internal sealed class OrchestrationRun
{
    private readonly OrchestratorThread _thread;
    private readonly OrchestratorCode _code;
    private readonly Queue<HistoryEvent> _held = new();
    private readonly List<HistoryEvent.EventRaised> _late = [];
    private Task<object?>? _main;
    private Outcome? _outcome;
    private bool _mayBegin;

    public OrchestrationRun(
        string instanceId, HistoryEvent.ExecutionStarted started, OrchestratorCode code, DataConverter converter, ILoggerFactory loggers, Action? entered = null)
    {
        InstanceId = instanceId;
        Started = started;
        Converter = converter;
        _code = code;
        _thread = new OrchestratorThread(entered);
        Waits = new EventWaits(converter);
        Steps = new AskedSteps(converter);
        Context = new RunContext(this, loggers);
        Now = started.At;
    }

    public string InstanceId { get; }

    /// <summary>What the code's services live in; disposed with the run.</summary>
    public IDisposable? Scope { get; init; }

    public HistoryEvent.ExecutionStarted Started { get; }

    public DataConverter Converter { get; }

    public EventWaits Waits { get; }

    public AskedSteps Steps { get; }

    public RunContext Context { get; }

    /// <summary>The orchestration's time.</summary>
    public DateTimeOffset Now { get; private set; }

    public bool IsReplaying { get; private set; }

    public bool IsSuspended { get; private set; }

    /// <summary>Whether the orchestrator's code has begun.</summary>
    public bool HasBegun => _main is not null;

    /// <summary>Whether the caller runs as this orchestrator's code.</summary>
    public bool IsOnItsThread => _thread.IsCurrent;

    public string? CustomStatus { get; set; }

    public ContinueAsNewOptions? Continuation { get; set; }

    /// <summary>Brings the code to where its history ends.</summary>
    /// <param name="past">The whole history after its first event.</param>
    public void Replay(IEnumerable<HistoryEvent> past)
    {
        IsReplaying = true;
        try
        {
            foreach (var happened in past)
            {
                Apply(happened);
            }

            Steps.ThrowIfUnrecorded();
        }
        catch (NonDeterminismException exception)
        {
            _outcome = new Outcome.Failed(exception.ToFailure());
            Steps.TakeUnrecorded();
        }
        finally
        {
            IsReplaying = false;
        }
    }

    /// <summary>Keeps what arrived for a run that may not begin yet.</summary>
    public IReadOnlyList<HistoryEvent> Hold(IReadOnlyList<HistoryEvent> arrivals)
    {
        foreach (var arrival in arrivals)
        {
            Apply(arrival);
        }

        return arrivals;
    }

    /// <summary>Lets the code go on with what arrived.</summary>
    public Episode Advance(IReadOnlyList<HistoryEvent> arrivals, DateTimeOffset now)
    {
        // The orchestration's time never goes back, whatever the clocks of two processes say.
        var started = new HistoryEvent.EpisodeStarted(now > Now ? now : Now);
        var added = new List<HistoryEvent>(arrivals.Count + 4) { started };
        if (_outcome is null && _thread.WasEntered)
        {
            _outcome = new Outcome.Failed(NonDeterminismException.OutsideTask(Started.Name).ToFailure());
        }

        Apply(started);
        foreach (var arrival in arrivals)
        {
            added.Add(arrival);
            Apply(arrival);
        }

        added.AddRange(Steps.TakeUnrecorded());
        return new Episode(added, End());
    }

    private void Apply(HistoryEvent happened)
    {
        switch (happened)
        {
            case HistoryEvent.EpisodeStarted episode:
                Steps.ThrowIfUnrecorded();
                Now = episode.At;
                _mayBegin = true;
                BeginAndRelease();
                break;
            case HistoryEvent.Asked asked:
                Steps.Record(asked);
                break;
            case HistoryEvent.RunTerminated terminated:
                _outcome ??= new Outcome.Terminated(terminated.Output);
                break;
            case HistoryEvent.RunSuspended:
                IsSuspended = true;
                break;
            case HistoryEvent.RunResumed:
                IsSuspended = false;
                BeginAndRelease();
                break;
            default:
                if (happened is HistoryEvent.TimerFired fired)
                {
                    Steps.MarkFired(fired.Id);
                }

                _held.Enqueue(happened);
                BeginAndRelease();
                break;
        }
    }

    private void BeginAndRelease()
    {
        if (!_mayBegin || IsSuspended)
        {
            return;
        }

        if (_main is null && _outcome is null)
        {
            _thread.Run(() => _main = InvokeAsync());
            Settle();
        }

        while (!IsSuspended && _held.TryDequeue(out var next))
        {
            Deliver(next);
        }
    }

    private void Deliver(HistoryEvent arrival)
    {
        if (_outcome is not null || _main is { IsCompleted: true })
        {
            if (arrival is HistoryEvent.EventRaised late)
            {
                _late.Add(late);
            }

            return;
        }

        _thread.Run(() =>
        {
            switch (arrival)
            {
                case HistoryEvent.EventRaised raised:
                    Waits.Raise(raised);
                    break;
                case HistoryEvent.TaskCompleted completed:
                    Steps.Complete(completed.Id, completed.Result);
                    break;
                case HistoryEvent.TaskFailed failed:
                    Steps.Fail(failed.Id, failed.Failure);
                    break;
                case HistoryEvent.TimerFired fired:
                    Steps.Complete(fired.Id, null);
                    break;
                default:
                    throw new InvalidOperationException($"{arrival.GetType().Name} cannot be delivered.");
            }
        });
        Settle();
    }

    // A method of its own, so that what the code throws before its first await becomes the task's failure too.
    private async Task<object?> InvokeAsync() => await _code(Context);

    private void Settle()
    {
        if (_outcome is null && _main is { IsCompleted: true })
        {
            Steps.DropTimers();
        }
    }

    /// <summary>The end, once there is one. What the code still asked for on its last way counts all the same.</summary>
    private Outcome? End()
    {
        if (_outcome is not null || _main is not { IsCompleted: true })
        {
            return _outcome;
        }

        if (_main.IsFaulted || _main.IsCanceled)
        {
            var exception = _main.Exception?.InnerException ?? new TaskCanceledException(_main);
            return _outcome = new Outcome.Failed(
                FailureRecord.Of(TaskFailureDetails.FromException(exception)) with { IsFinal = exception is TaskMissingException });
        }

        if (Continuation is { } next)
        {
            IEnumerable<HistoryEvent.EventRaised> waiting = next.PreserveUnprocessedEvents ? Waits.Unclaimed : [];
            return _outcome = new Outcome.ContinuedAsNew(
                Converter.Serialize(next.NewInput), next.NewVersion ?? Started.Version, [.. waiting, .. _held.OfType<HistoryEvent.EventRaised>(), .. _late]);
        }

        return _outcome = SerializeOutput(_main.Result);
    }

    private Outcome SerializeOutput(object? output)
    {
        try
        {
            return new Outcome.Completed(Converter.Serialize(output));
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or NotSupportedException or InvalidOperationException)
        {
            return new Outcome.Failed(FailureRecord.Of(TaskFailureDetails.FromException(exception)));
        }
    }
}
