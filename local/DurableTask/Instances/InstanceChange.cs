using Microsoft.DurableTask.Client;

namespace LeadFunctions.Local.DurableTask;

/// <summary>A message on its way to an instance, and who waits for it to be stored.</summary>
internal sealed record Mail(string InstanceId, InstanceMessage Message, TaskCompletionSource<Reply>? Waiter = null);

/// <summary>What the sender of a message learns.</summary>
internal abstract record Reply
{
    private Reply()
    {
    }

    public static Reply Done { get; } = new Ok();

    public sealed record AlreadyExists(OrchestrationRuntimeStatus Status) : Reply;

    public sealed record Purged(int Count) : Reply;

    private sealed record Ok : Reply;
}

/// <summary>An activity to run: for an execution's open task, or (with <paramref name="Entry"/>) one that nobody waits for any more.</summary>
internal sealed record ActivityWork(string InstanceId, string ExecutionId, HistoryEvent.TaskScheduled Task, long? Entry);

/// <summary>What became of an instance by some messages: whether it must be written, and what may happen only after that.</summary>
internal sealed class InstanceChange
{
    public bool IsDirty { get; set; }

    /// <summary>Whether every column must be written.</summary>
    public bool IsNew { get; set; }

    public bool IsPurged { get; set; }

    /// <summary>Whether the code is to run again as soon as this is stored.</summary>
    public bool MustProceed { get; set; }

    public List<(Mail Mail, Reply Reply)> Replies { get; } = [];

    public List<ActivityWork> Activities { get; } = [];

    public List<OutboxEntry> Deliveries { get; } = [];

    /// <summary>The range of large-value rows that nothing refers to any more.</summary>
    public (int From, int To)? Retired { get; private set; }

    public void Retire(InstanceState state)
    {
        Retired = (Retired?.From ?? state.FirstRow, state.NextRow);
        state.FirstRow = state.NextRow;
    }
}
