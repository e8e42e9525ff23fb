namespace LeadFunctions.Local.DurableTask;

/// <summary>The code that a process can run.</summary>
internal interface ITaskCatalog
{
    /// <summary>An orchestrator's code in a scope of its own; null when there is none of that name.</summary>
    (OrchestratorCode Code, IDisposable? Scope)? FindOrchestrator(string name);

    /// <summary>An activity, from its serialized input to its serialized result; null when there is none of that name.</summary>
    Func<ActivityCall, Task<string?>>? FindActivity(string name);
}

/// <summary>One run of an activity.</summary>
internal sealed record ActivityCall(string InstanceId, string Name, int TaskId, string? Input, CancellationToken CancellationToken);
