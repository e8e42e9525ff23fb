using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace LeadFunctions.Local.DurableTask;

/// <summary>One thing that happened in an execution, in order. The history is the only truth: everything else is derived from it by replay.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "e")]
[JsonDerivedType(typeof(ExecutionStarted), "start")]
[JsonDerivedType(typeof(EpisodeStarted), "ep")]
[JsonDerivedType(typeof(TaskScheduled), "task")]
[JsonDerivedType(typeof(TaskCompleted), "done")]
[JsonDerivedType(typeof(TaskFailed), "fail")]
[JsonDerivedType(typeof(TimerCreated), "timer")]
[JsonDerivedType(typeof(TimerFired), "fired")]
[JsonDerivedType(typeof(ChildScheduled), "child")]
[JsonDerivedType(typeof(EventSent), "sent")]
[JsonDerivedType(typeof(EventRaised), "raised")]
[JsonDerivedType(typeof(RunSuspended), "suspend")]
[JsonDerivedType(typeof(RunResumed), "resume")]
[JsonDerivedType(typeof(RunTerminated), "terminate")]
internal abstract record HistoryEvent
{
    private HistoryEvent()
    {
    }

    /// <summary>Something that the orchestrator asked for, under its number in the order of asking.</summary>
    public abstract record Asked(int Id) : HistoryEvent
    {
        /// <summary>What people read when the code no longer asks for it.</summary>
        [JsonIgnore]
        public abstract string Step { get; }

        /// <summary>Whether the code, run again, asks for the same.</summary>
        public abstract bool IsSameStepAs(Asked other);
    }

    /// <summary>Always first. <paramref name="At"/> is when it was asked for.</summary>
    public sealed record ExecutionStarted(
        string Name, string? Version, string ExecutionId, string? Input, DateTimeOffset At, ParentLink? Parent, IReadOnlyDictionary<string, string>? Tags) : HistoryEvent;

    /// <summary>The orchestrator ran with what follows up to the next one; <paramref name="At"/> is its time meanwhile.</summary>
    public sealed record EpisodeStarted(DateTimeOffset At) : HistoryEvent;

    public sealed record TaskScheduled(int Id, string Name, string? Version, string? Input) : Asked(Id)
    {
        public override string Step => $"activity '{Name}' (#{Id})";

        public override bool IsSameStepAs(Asked other) => other is TaskScheduled same && string.Equals(same.Name, Name, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The end of an activity or a sub-orchestration.</summary>
    public sealed record TaskCompleted(int Id, string? Result) : HistoryEvent;

    /// <summary>The failure of an activity or a sub-orchestration.</summary>
    public sealed record TaskFailed(int Id, FailureRecord Failure) : HistoryEvent;

    public sealed record TimerCreated(int Id, DateTimeOffset FireAt) : Asked(Id)
    {
        public override string Step => $"timer (#{Id}) for {FireAt.UtcDateTime:O}";

        public override bool IsSameStepAs(Asked other) => other is TimerCreated;
    }

    public sealed record TimerFired(int Id) : HistoryEvent;

    public sealed record ChildScheduled(
        int Id, string Name, string? Version, string InstanceId, string? Input, IReadOnlyDictionary<string, string>? Tags) : Asked(Id)
    {
        public override string Step => $"sub-orchestration '{Name}' (#{Id})";

        public override bool IsSameStepAs(Asked other) => other is ChildScheduled same && string.Equals(same.Name, Name, StringComparison.OrdinalIgnoreCase);
    }

    public sealed record EventSent(int Id, string InstanceId, string Name, string? Data) : Asked(Id)
    {
        public override string Step => $"event '{Name}' (#{Id}) to '{InstanceId}'";

        public override bool IsSameStepAs(Asked other) => other is EventSent same && same.Name == Name && same.InstanceId == InstanceId;
    }

    /// <summary><paramref name="MessageId"/> tells a second delivery of one event from a second event.</summary>
    public sealed record EventRaised(string Name, string? Data, string MessageId) : HistoryEvent;

    public sealed record RunSuspended(string? Reason) : HistoryEvent;

    public sealed record RunResumed(string? Reason) : HistoryEvent;

    public sealed record RunTerminated(string? Output) : HistoryEvent;
}

/// <summary>Who waits for a sub-orchestration: which task of which execution.</summary>
internal sealed record ParentLink(string Name, string InstanceId, string ExecutionId, int TaskId);

/// <summary>A failure as it is stored. <paramref name="IsFinal"/>: not to be tried again, since no code of that name exists.</summary>
internal sealed record FailureRecord(string Type, string Message, string? Stack, FailureRecord? Inner, bool IsFinal = false)
{
    public static FailureRecord Of(TaskFailureDetails details) =>
        new(details.ErrorType, details.ErrorMessage, details.StackTrace, details.InnerFailure is { } inner ? Of(inner) : null);

    public TaskFailureDetails ToDetails() => new(Type, Message, Stack, Inner?.ToDetails(), null);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryEvent))]
[JsonSerializable(typeof(FailureRecord))]
[JsonSerializable(typeof(ParentLink))]
internal sealed partial class HistoryJson : JsonSerializerContext;
