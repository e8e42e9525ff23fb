using System.Text.Json.Serialization;

namespace LeadFunctions.Messaging;

/// <summary>What goes first when a cap leaves room for one.</summary>
internal enum Priority
{
    Low,
    Normal,
    High,
}

/// <summary>Why a message that had begun to go out has not.</summary>
internal enum NotSent
{
    /// <summary>It will be tried again.</summary>
    Deferred,

    /// <summary>It never will be taken.</summary>
    Failed,

    /// <summary>Nothing may be sent to the address.</summary>
    Skipped,
}

/// <summary>Of an event of the type <c>message</c>: a message that is to go out, or one that has begun to and has not.</summary>
/// <param name="Send">The send id.</param>
/// <param name="Attempt">Names who asks: the same however often the asking is tried, another after a crash. Who is told to send and bears this name has not begun.</param>
/// <param name="Due">When it should go out.</param>
/// <param name="Outcome">Of <see cref="MessageEvents.NotSent"/>.</param>
internal sealed record SendOrder(
    string Send, string Attempt, string Channel, DateTimeOffset Due, string? Topic = null, string? Template = null, string? Journey = null, int? Version = null, string? Run = null, string? Step = null,
    string? Campaign = null, Priority Priority = Priority.Normal, bool Urgent = false, NotSent? Outcome = null, string? Reason = null);

/// <summary>Properties of an event about a message.</summary>
/// <param name="MessageId">The send id.</param>
/// <param name="Unconfirmed">It counts as sent; the answer was lost.</param>
/// <param name="CarrierId">Of a message that was sent: as whoever carried it calls it.</param>
/// <param name="Kind">Of a bounce: <c>hard</c> or <c>soft</c>.</param>
internal sealed record MessageFact(
    string MessageId, string Channel, string? Template, string? Topic, string? Journey, int? Version, string? Run, string? Step, string? Campaign,
    bool? Unconfirmed = null, string? Kind = null, string? Code = null, string? Reason = null, string? CarrierId = null);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SendOrder))]
[JsonSerializable(typeof(MessageFact))]
internal sealed partial class MessagingJson : JsonSerializerContext;
