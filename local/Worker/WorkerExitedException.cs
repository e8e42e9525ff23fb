namespace DevHost.Worker;

/// <summary>The worker ended while it had an invocation in hand.</summary>
/// <remarks>The Durable extension knows by this type's name that the orchestration or activity did not fail, and runs it again.</remarks>
internal sealed class WorkerProcessExitException() : Exception("The worker ended before it had answered.");
