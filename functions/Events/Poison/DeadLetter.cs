using System.Text.Json;

namespace LeadFunctions.Events.Poison;

public enum DeadLetterKind
{
    /// <summary>A whole queue message that failed at every delivery.</summary>
    Message,

    /// <summary>One event that cannot be applied, out of a message that could.</summary>
    Event,
}

/// <summary>What could not be applied, without its content.</summary>
/// <param name="Queue">Where it came from, and where a replay puts it.</param>
/// <param name="At">When the message was given up, or when the event arrived.</param>
/// <param name="DequeueCount">How often the message in the poison queue was taken up before it was stored.</param>
/// <param name="Size">Of the content, in characters.</param>
/// <param name="ReplayedAt">When it was put back; absent while it was not.</param>
public sealed record DeadLetter(
    string Id, DeadLetterKind Kind, string Queue, string Reason, DateTimeOffset At, long DequeueCount, int Size, DateTimeOffset? ReplayedAt = null);

/// <summary>With the content.</summary>
/// <param name="Message">The text exactly as it stood in the queue.</param>
/// <param name="Content">The JSON in it, where it can be read.</param>
public sealed record WholeDeadLetter(
    string Id, DeadLetterKind Kind, string Queue, string Reason, DateTimeOffset At, long DequeueCount, int Size, DateTimeOffset? ReplayedAt, string Message, JsonElement? Content);
