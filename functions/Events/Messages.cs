namespace LeadFunctions.Events;

/// <summary>Every queue, in the order in which an event flows. A queue's poison twin is <c>{name}-poison</c>.</summary>
public static class Queues
{
    /// <summary><see cref="EventBatch"/>, from ingest (and from a merge) to the lead pipeline.</summary>
    public const string LeadEvents = "lead-events";

    /// <summary><c>EffectBatch</c>, from the lead pipeline to whoever acts on what changed.</summary>
    public const string LeadEffects = "lead-effects";

    /// <summary><c>EffectBatch</c> too: the effects that start, wake or schedule journeys.</summary>
    public const string JourneyEffects = "journey-effects";

    /// <summary><c>EffectBatch</c> once more: what the world is told, from the lead pipeline to whoever sends it out.</summary>
    public const string Outbound = "outbound";

    /// <summary><c>DeliveryOrder</c>: something is to be sent to one target.</summary>
    public const string WebhookDeliveries = "webhook-deliveries";

    /// <summary>The id of a campaign whose time has come.</summary>
    public const string Campaigns = "campaigns";

    /// <summary><c>ConfirmationOrder</c>: somebody is to be asked, by mail, to confirm what they agreed to in a form.</summary>
    public const string FormConfirmations = "form-confirmations";
}

/// <summary>The events of all requests that arrived while the previous write was under way.</summary>
/// <param name="Id">Names the batch for ever: timeline row keys derive from it, so a redelivered message collides with itself.</param>
/// <param name="ReceivedAt">When the first of them arrived.</param>
/// <param name="TraceParent">W3C trace context of the request that opened the batch.</param>
public sealed record EventBatch(string Id, DateTimeOffset ReceivedAt, IReadOnlyList<LeadEvent> Events, string? TraceParent = null);
