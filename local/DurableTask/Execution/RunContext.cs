using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.DurableTask;

/// <summary>What the orchestrator's code sees of its run.</summary>
internal sealed class RunContext(OrchestrationRun run, ILoggerFactory loggers) : TaskOrchestrationContext
{
    private int _guids;

    public override TaskName Name => run.Started.Name;

    public override string InstanceId => run.InstanceId;

    public override ParentOrchestrationInstance? Parent =>
        run.Started.Parent is { } parent ? new(parent.Name, parent.InstanceId) : null;

    public override DateTime CurrentUtcDateTime => run.Now.UtcDateTime;

    public override bool IsReplaying => run.IsReplaying;

    public override string Version => run.Started.Version ?? "";

    protected override ILoggerFactory LoggerFactory => loggers;

    public override T? GetInput<T>()
        where T : default => run.Converter.Deserialize<T>(run.Started.Input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        ThrowIfElsewhere();
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException("Task options were given as the activity's input. Name the argument: options:.", nameof(input));
        }

        var version = options?.Version is { } asked ? asked.Version : run.Started.Version;
        var data = run.Converter.Serialize(input);
        return Retries.RunAsync(this, options?.Retry, () =>
            run.Steps.Ask<TResult>(name, id => new HistoryEvent.TaskScheduled(id, name, version, data)));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        ThrowIfElsewhere();
        var instanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        var tags = options?.Tags?.ToDictionary(StringComparer.Ordinal);
        var data = run.Converter.Serialize(input);
        return Retries.RunAsync(this, options?.Retry, () => run.Steps.Ask<TResult>(
            orchestratorName, id => new HistoryEvent.ChildScheduled(id, orchestratorName, options?.Version?.Version, instanceId, data, tags)));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        ThrowIfElsewhere();
        return run.Steps.AskTimer(fireAt.ToUniversalTime(), cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ThrowIfElsewhere();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return run.Waits.Wait<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ThrowIfElsewhere();
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var data = run.Converter.Serialize(payload);
        run.Steps.Tell(id => new HistoryEvent.EventSent(id, instanceId, eventName, data));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        ThrowIfElsewhere();
        run.CustomStatus = run.Converter.Serialize(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ThrowIfElsewhere();
        ArgumentNullException.ThrowIfNull(options);
        run.Continuation = options;
    }

    public override Guid NewGuid()
    {
        ThrowIfElsewhere();
        return DeterministicGuid.Create(InstanceId, CurrentUtcDateTime, _guids++);
    }

    private void ThrowIfElsewhere()
    {
        if (!run.IsOnItsThread)
        {
            throw new InvalidOperationException(
                "An orchestration's context may be used by its own orchestrator only, and not from another thread or after ConfigureAwait(false).");
        }
    }
}
