using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Events;

namespace LeadFunctions.Ingest.Reading;

/// <summary>What a request says about each of the events in it.</summary>
/// <param name="Id">Of the request: names events that have neither an id nor a time of their own.</param>
/// <param name="Type">What the path says the event is; null when the event says it.</param>
/// <param name="SentAt">Of the batch, by the client's clock.</param>
/// <param name="HasUnreadableSentAt">The batch said when it was sent, and nobody can read it.</param>
/// <param name="FromBrowser">A page sent it, so the headers speak for the person and not for a server.</param>
/// <param name="SignalsOptOut"><c>Sec-GPC: 1</c> or <c>DNT: 1</c>.</param>
/// <param name="Email">Whom all of it is about, where the caller knows the person by an address: a row of a file.</param>
internal sealed record RequestFacts(
    Source Source,
    Guid Id,
    DateTimeOffset ReceivedAt,
    EventType? Type = null,
    DateTimeOffset? SentAt = null,
    bool HasUnreadableSentAt = false,
    bool FromBrowser = false,
    bool SignalsOptOut = false,
    string? UserAgent = null,
    string? Email = null)
{
    /// <summary>With what the body says of when it was sent; undefined when it says nothing.</summary>
    public RequestFacts WithSentAt(JsonElement sentAt)
    {
        var at = EventTime.Find(sentAt);
        return this with { SentAt = at, HasUnreadableSentAt = at is null && EventTime.IsMeant(sentAt) };
    }
}
