namespace LeadFunctions.Local.DurableTask;

/// <summary>How an execution ended.</summary>
internal abstract record Outcome
{
    private Outcome()
    {
    }

    public sealed record Completed(string? Output) : Outcome;

    public sealed record Failed(FailureRecord Failure) : Outcome;

    public sealed record Terminated(string? Output) : Outcome;

    /// <summary><paramref name="Unprocessed"/> are the events that the next execution finds waiting.</summary>
    public sealed record ContinuedAsNew(string? Input, string? Version, IReadOnlyList<HistoryEvent.EventRaised> Unprocessed) : Outcome;
}

/// <summary>What the run did with what arrived: the history that it added, and its end if it came to one.</summary>
internal sealed record Episode(IReadOnlyList<HistoryEvent> Added, Outcome? Outcome);
