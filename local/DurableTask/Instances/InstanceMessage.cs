using System.Text.Json.Serialization;

namespace LeadFunctions.Local.DurableTask;

/// <summary>What an instance can be told. Messages are applied in the order in which they come, and their effects are stored in one transaction.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "m")]
[JsonDerivedType(typeof(Start), "start")]
[JsonDerivedType(typeof(Raise), "raise")]
[JsonDerivedType(typeof(Terminate), "terminate")]
[JsonDerivedType(typeof(Suspend), "suspend")]
[JsonDerivedType(typeof(Resume), "resume")]
[JsonDerivedType(typeof(Answer), "answer")]
[JsonDerivedType(typeof(Orphan), "orphan")]
[JsonDerivedType(typeof(Purge), "purge")]
[JsonDerivedType(typeof(Several), "several")]
internal abstract record InstanceMessage
{
    private InstanceMessage()
    {
    }

    /// <summary>Begin. An instance that has this execution already is left alone; one in a status of <paramref name="Refuse"/> refuses.</summary>
    public sealed record Start(HistoryEvent.ExecutionStarted Started, DateTimeOffset? StartAt, IReadOnlyList<int>? Refuse) : InstanceMessage;

    public sealed record Raise(string Name, string? Data, string MessageId) : InstanceMessage;

    public sealed record Terminate(string? Output, bool IsRecursive) : InstanceMessage;

    public sealed record Suspend(string? Reason) : InstanceMessage;

    public sealed record Resume(string? Reason) : InstanceMessage;

    /// <summary>An activity or sub-orchestration of one execution has ended.</summary>
    public sealed record Answer(string ExecutionId, int Id, string? Result, FailureRecord? Failure) : InstanceMessage;

    /// <summary>An activity of an execution that has ended meanwhile: run it all the same, and forget it.</summary>
    public sealed record Orphan(HistoryEvent.TaskScheduled Task, string ExecutionId, long Entry) : InstanceMessage;

    public sealed record Purge : InstanceMessage;

    /// <summary>Messages of one sender, in order.</summary>
    public sealed record Several(IReadOnlyList<InstanceMessage> Messages) : InstanceMessage;

    /// <summary>A timer may be due. Never stored.</summary>
    public sealed record Due : InstanceMessage;

    /// <summary>Take up what was under way when the last owner of the shard stopped. Never stored.</summary>
    public sealed record Recover : InstanceMessage;

    /// <summary>Let the code run once more. Never stored: that it is needed is.</summary>
    public sealed record Proceed : InstanceMessage;

    /// <summary>The code went on outside its run. Never stored.</summary>
    public sealed record Entered : InstanceMessage;

    /// <summary>Outbox entries have arrived. Never stored.</summary>
    public sealed record Delivered(IReadOnlyList<long> Entries) : InstanceMessage;
}

/// <summary>A message that this instance has yet to deliver; stored with the change that caused it.</summary>
internal sealed record OutboxEntry(long Id, string Target, InstanceMessage Message);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InstanceMessage))]
[JsonSerializable(typeof(List<OutboxEntry>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class MessageJson : JsonSerializerContext;
