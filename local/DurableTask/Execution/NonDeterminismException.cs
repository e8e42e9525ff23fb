namespace LeadFunctions.Local.DurableTask;

/// <summary>The orchestrator's code does not follow the history that it made.</summary>
internal sealed class NonDeterminismException(string message) : Exception(message)
{
    // The name under which upstream reports it, so that a client that asks for the cause finds the same one.
    private const string UpstreamType = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";

    public static NonDeterminismException Differs(string recorded, string? asked) => new(
        $"Non-deterministic orchestrator: its history has {recorded} here, but its code now asks for {asked ?? "nothing"}. "
        + "Was the code changed while the run was in flight, or does it depend on time, chance or outside state?");

    public static NonDeterminismException Unknown(string asked) => new(
        $"Non-deterministic orchestrator: its code now asks for {asked}, which its history does not have at this point. "
        + "Was the code changed while the run was in flight, or does it depend on time, chance or outside state?");

    public static NonDeterminismException OutsideTask(string name) => new(
        $"Non-deterministic orchestrator: '{name}' awaited a task that is not its context's, or used ConfigureAwait(false). "
        + "Await only what the TaskOrchestrationContext returns, and move everything else into an activity.");

    public FailureRecord ToFailure() => new(UpstreamType, Message, null, null);
}

/// <summary>No function of the app is an orchestrator or activity of that name. Trying again will not help.</summary>
internal sealed class TaskMissingException(string kind, string name) : Exception($"The app has no {kind} named '{name}'.");
