using LeadFunctions.Journeys.Runs;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadFunctions.Journeys.Rehearsal;

/// <summary>Runs <see cref="WalkFunctions.WalkJourney"/> as it is, on the clock of a simulation: activities at once, timers when the simulation comes to them.</summary>
internal sealed class SimulatedContext(SimulatedLead lead, RunWalk start) : TaskOrchestrationContext
{
    private readonly Queue<string> _wakes = new();
    private TaskCompletionSource<string>? _waiter;
    private RunWalk _input = start;
    private bool _continues;

    public override TaskName Name => nameof(WalkFunctions.WalkJourney);

    public override string InstanceId => _input.RunId;

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => lead.Now.UtcDateTime;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public async Task RunAsync()
    {
        do
        {
            (_continues, _waiter) = (false, null);
            await WalkFunctions.WalkJourney(this);
        }
        while (_continues);
    }

    public void Raise(string wake)
    {
        if (_waiter is { } waiter)
        {
            _waiter = null;
            waiter.TrySetResult(wake);
        }
        else
        {
            _wakes.Enqueue(wake);
        }
    }

    public override T? GetInput<T>() where T : default => (T?)(object?)_input;

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        if (!lead.MayGoOn())
        {
            // It stands still for ever: what it would do next is not rehearsed.
            return await new TaskCompletionSource<TResult>().Task;
        }

        object stop = name.Name == nameof(RunFunctions.AdvanceRun)
            ? await RunTurn.AdvanceAsync(lead, (RunWalk)input!, CancellationToken.None) // the walk is its input
            : throw new NotSupportedException($"A simulated journey does not call {name}.");
        return (TResult)stop;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var timer = new TaskCompletionSource();
        lead.At(new DateTimeOffset(fireAt, TimeSpan.Zero), () => timer.TrySetResult(), cancellationToken);
        return timer.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        if (_wakes.TryDequeue(out var wake))
        {
            return (Task<T>)(object)Task.FromResult(wake);
        }

        _waiter = new TaskCompletionSource<string>();
        return (Task<T>)(object)_waiter.Task;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => (_input, _continues) = ((RunWalk)newInput!, true); // the walk is its input

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void SetCustomStatus(object? customStatus)
    {
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) => throw new NotSupportedException();

    public override Guid NewGuid() => throw new NotSupportedException();
}
