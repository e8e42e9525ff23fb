using System.Text.Json;

namespace LeadFunctions.Events.Queueing;

/// <summary>What became of one event (or of a whole request that could not be taken apart into events). Each is counted by this name.</summary>
public enum Outcome
{
    /// <summary>Durable in the queue.</summary>
    Accepted,

    UnknownSource,
    OriginNotAllowed,
    RateLimited,

    /// <summary>The body is not what it should be: compression, UTF-8, JSON, depth.</summary>
    Unreadable,

    /// <summary>The body or the event is over its limit.</summary>
    TooLarge,

    NoType,
    NoIdentity,
    NoEventName,

    /// <summary>The product's own events cannot be sent from outside.</summary>
    ReservedName,

    /// <summary>A field has the wrong type or is too long.</summary>
    InvalidField,

    /// <summary>Sent by a robot or a scripted browser.</summary>
    Bot,

    /// <summary>The person has said no: in the event, or by the browser's privacy signals.</summary>
    ConsentDenied,

    /// <summary>A sign of life of an open page: nothing scores it, and there are many.</summary>
    PagePing,

    /// <summary>The same message id stands earlier in the same batch.</summary>
    Duplicate,

    /// <summary>Storage did not take it, or too much is waiting: the client is asked to come again.</summary>
    NotStored,
}

public static class Outcomes
{
    // Read on every event, so made once.
    private static readonly string[] Names = [.. Enum.GetNames<Outcome>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    /// <summary>The name that answers and metrics use: <c>noIdentity</c>.</summary>
    public static string Name(this Outcome outcome) => Names[(int)outcome];

    /// <summary>The HTTP status when a request is about one event and this is what became of it.</summary>
    public static int Status(this Outcome outcome) => outcome switch
    {
        // A rule said no, the client did nothing wrong, and sending it again would not help.
        Outcome.Accepted or Outcome.Bot or Outcome.ConsentDenied or Outcome.PagePing or Outcome.Duplicate => 200,
        Outcome.UnknownSource => 401,
        Outcome.OriginNotAllowed => 403,
        Outcome.TooLarge => 413,
        Outcome.RateLimited => 429,
        Outcome.NotStored => 503,
        _ => 400,
    };
}

/// <summary>Why an event was refused.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
internal sealed record Refusal(int Index, string? MessageId, Outcome Outcome, string Path, string Message);

/// <summary>Something in an event that was taken, but was passed over.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
internal sealed record EventRemark(int Index, string MessageId, string Path, string Message);
