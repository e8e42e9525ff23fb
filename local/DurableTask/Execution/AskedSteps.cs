using Microsoft.DurableTask;

namespace LeadFunctions.Local.DurableTask;

/// <summary>What the code asked for: numbered in the order of asking, compared with the history, and completed when an answer arrives.</summary>
internal sealed class AskedSteps(DataConverter converter)
{
    private readonly Queue<HistoryEvent.Asked> _unrecorded = new();
    private readonly Dictionary<int, IOpenStep> _open = [];
    private readonly SortedDictionary<int, DateTimeOffset> _timers = [];
    private int _next;

    /// <summary>The timers that have neither fired nor been cancelled.</summary>
    public IReadOnlyDictionary<int, DateTimeOffset> Timers => _timers;

    /// <summary>The activities and sub-orchestrations that have not ended.</summary>
    public IEnumerable<HistoryEvent.Asked> Open => _open.Values.Select(step => step.Asked).Where(asked => asked is not HistoryEvent.TimerCreated);

    /// <summary>Asks for something that will be answered.</summary>
    public Task<T> Ask<T>(string name, Func<int, HistoryEvent.Asked> make)
    {
        var asked = make(_next++);
        var step = new OpenStep<T>(name, asked);
        _unrecorded.Enqueue(asked);
        _open.Add(asked.Id, step);
        return step.Task;
    }

    /// <summary>Asks for something that has no answer.</summary>
    public void Tell(Func<int, HistoryEvent.Asked> make) => _unrecorded.Enqueue(make(_next++));

    public Task AskTimer(DateTimeOffset fireAt, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        var id = _next;
        var task = Ask<object?>("", next => new HistoryEvent.TimerCreated(next, fireAt));
        _timers.Add(id, fireAt);
        cancellationToken.Register(() =>
        {
            _timers.Remove(id);
            if (_open.Remove(id, out var step))
            {
                ((OpenStep<object?>)step).TrySetCanceled(cancellationToken);
            }
        });
        return task;
    }

    public bool IsOpen(int id) => _open.ContainsKey(id);

    /// <summary>It fired; the code may learn of it later, when the run is held.</summary>
    public void MarkFired(int id) => _timers.Remove(id);

    public void Complete(int id, string? result)
    {
        if (_open.Remove(id, out var step))
        {
            step.Complete(result, converter);
        }
    }

    public void Fail(int id, FailureRecord failure)
    {
        if (_open.Remove(id, out var step))
        {
            step.Fail(failure);
        }
    }

    /// <summary>An orchestration that has returned waits for no timer.</summary>
    public void DropTimers() => _timers.Clear();

    /// <summary>What the code asked for since the last call.</summary>
    public IReadOnlyList<HistoryEvent.Asked> TakeUnrecorded()
    {
        HistoryEvent.Asked[] taken = [.. _unrecorded];
        _unrecorded.Clear();
        return taken;
    }

    /// <summary>Compares the next thing that the code asked for with what it asked for the first time.</summary>
    /// <exception cref="NonDeterminismException">They differ.</exception>
    public void Record(HistoryEvent.Asked recorded)
    {
        if (!_unrecorded.TryDequeue(out var asked) || asked.Id != recorded.Id || !recorded.IsSameStepAs(asked))
        {
            throw NonDeterminismException.Differs(recorded.Step, asked?.Step);
        }

        // The history decides when a timer fires and who is called, in case the code now computes it otherwise.
        if (recorded is HistoryEvent.TimerCreated timer && _timers.ContainsKey(timer.Id))
        {
            _timers[timer.Id] = timer.FireAt;
        }

        if (_open.TryGetValue(recorded.Id, out var step))
        {
            step.Asked = recorded;
        }
    }

    /// <exception cref="NonDeterminismException">The code asked for more than it did the first time.</exception>
    public void ThrowIfUnrecorded()
    {
        if (_unrecorded.TryPeek(out var asked))
        {
            throw NonDeterminismException.Unknown(asked.Step);
        }
    }

    private interface IOpenStep
    {
        HistoryEvent.Asked Asked { get; set; }

        void Complete(string? result, DataConverter converter);

        void Fail(FailureRecord failure);
    }

    private sealed class OpenStep<T>(string name, HistoryEvent.Asked asked) : TaskCompletionSource<T>, IOpenStep
    {
        public HistoryEvent.Asked Asked { get; set; } = asked;

        public void Complete(string? result, DataConverter converter) => Converted.Complete(this, result, converter);

        public void Fail(FailureRecord failure) =>
            TrySetException(new TaskFailedException(name, Asked.Id, failure.ToDetails()) { IsFinal = failure.IsFinal });
    }
}
