using Microsoft.DurableTask.Client;

namespace LeadFunctions.Local.DurableTask;

/// <summary>What is stored of an instance beside its history. Changed only by <see cref="Instance"/>, in memory, before it is committed.</summary>
internal sealed class InstanceState
{
    public required string InstanceId { get; init; }

    public required HistoryEvent.ExecutionStarted Started { get; set; }

    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Pending;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Not to begin before.</summary>
    public DateTimeOffset? StartAt { get; set; }

    public string? Output { get; set; }

    public string? CustomStatus { get; set; }

    /// <summary>The custom status that its row holds.</summary>
    public string? WrittenStatus { get; set; }

    public FailureRecord? Failure { get; set; }

    public List<OutboxEntry> Outbox { get; init; } = [];

    public long NextEntry { get; set; }

    /// <summary>Whether the code is to run although nothing new arrived.</summary>
    public bool MustProceed { get; set; }

    /// <summary>Ids of events that earlier executions of this instance received, newest last: a message may come twice, even across a continue-as-new.</summary>
    public List<string> SeenBefore { get; set; } = [];

    public HistoryLog Log { get; set; } = new();

    /// <summary>Rows that hold large values, by number; numbers are not used twice, so that a row is never half old and half new.</summary>
    public int NextRow { get; set; }

    /// <summary>Rows below this number are gone.</summary>
    public int FirstRow { get; set; }

    public bool HasEnded => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;
}
