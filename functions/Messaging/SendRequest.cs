using System.Text.Json;
using LeadFunctions.Events;

namespace LeadFunctions.Messaging;

/// <summary>A message that somebody wants sent to a lead.</summary>
/// <param name="Id">The send id: one message to one lead, however often it is tried.</param>
/// <param name="Due">When it should go out.</param>
/// <param name="Hops">Of the run that sends it.</param>
internal sealed record SendRequest(
    string Id, string LeadId, string Channel, string Template, string? Topic, DateTimeOffset Due, Priority Priority = Priority.Normal, bool Urgent = false,
    string? Journey = null, int? Version = null, string? Run = null, string? Step = null, string? Campaign = null, int? Hops = null)
{
    /// <summary>What asks whether it may go out.</summary>
    public LeadEvent Ask(string attempt, DateTimeOffset now) => Order(MessageEvents.Asked, $"{Id}/ask/{attempt}", OrderBy(attempt), now);

    /// <summary>What says that it did not, though it had begun to.</summary>
    public LeadEvent NotSent(string attempt, NotSent outcome, string reason, DateTimeOffset now) =>
        Order(MessageEvents.NotSent, $"{Id}/not/{attempt}", OrderBy(attempt) with { Outcome = outcome, Reason = EventText.Cut(reason, LongestReason) }, now);

    /// <param name="isConfirmed">Whoever carries it has said that it took it.</param>
    /// <param name="carrierId">What they call it, by which one can ask them about it.</param>
    public LeadEvent Sent(bool isConfirmed, string? carrierId, DateTimeOffset now) =>
        Track(MessageEvents.Sent, Id, Fact with { Unconfirmed = isConfirmed ? null : true, CarrierId = carrierId is null ? null : EventText.Cut(carrierId, LongestReason) }, now);

    public LeadEvent Bounced(string? code, string reason, DateTimeOffset now) =>
        Track(MessageEvents.Bounced, $"{Id}/bounced", Fact with { Kind = "hard", Code = code, Reason = EventText.Cut(reason, LongestReason) }, now) with { Source = LeadEvent.CarrierOf(Channel) };

    /// <summary>As the arbiter reads it.</summary>
    public SendOrder OrderBy(string attempt) => new(Id, attempt, Channel, Due, Topic, Template, Journey, Version, Run, Step, Campaign, Priority, Urgent);

    private const int LongestReason = 500;

    private MessageFact Fact => new(Id, Channel, Template, Topic, Journey, Version, Run, Step, Campaign);

    private LeadEvent Order(string name, string id, SendOrder order, DateTimeOffset now) => Event(EventType.Message, name, id, JsonSerializer.SerializeToElement(order, MessagingJson.Default.SendOrder), now);

    private LeadEvent Track(string name, string id, MessageFact fact, DateTimeOffset now) =>
        Event(EventType.Track, name, id, JsonSerializer.SerializeToElement(fact, MessagingJson.Default.MessageFact), now) with { Hops = Hops + 1 };

    private LeadEvent Event(EventType type, string name, string id, JsonElement properties, DateTimeOffset now) => new()
    {
        Id = id,
        Type = type,
        Name = name,
        At = now,
        LeadId = LeadId,
        Source = LeadEvent.Inside,
        Properties = properties,
    };
}
