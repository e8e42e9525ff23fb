using System.Runtime.ExceptionServices;

namespace LeadFunctions.Local.DurableTask;

/// <summary>
/// Runs an orchestrator's continuations one after the other on the calling thread, so that its code proceeds only in response to history
/// and always in the same order.
/// </summary>
internal sealed class OrchestratorThread(Action? entered = null) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private int _thread;

    /// <summary>Set when something other than history resumed the code: it awaited a task that is not the context's.</summary>
    public bool WasEntered { get; private set; }

    /// <summary>Whether the caller runs inside <see cref="Run"/>.</summary>
    public bool IsCurrent => _thread == Environment.CurrentManagedThreadId;

    /// <summary>Runs the action and every continuation that it makes ready.</summary>
    public void Run(Action action)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        try
        {
            action();
            while (_posted.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
        finally
        {
            Volatile.Write(ref _thread, 0);
            SetSynchronizationContext(outer);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsCurrent)
        {
            // The queue belongs to the running thread. What comes from outside is dropped: replay would not see it.
            WasEntered = true;
            entered?.Invoke();
            return;
        }

        _posted.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!IsCurrent)
        {
            ExceptionDispatchInfo.Throw(new InvalidOperationException("Orchestrator code runs on one thread only."));
        }

        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;
}
