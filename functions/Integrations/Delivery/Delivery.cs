using Azure;

namespace LeadFunctions.Integrations.Delivery;

public enum DeliveryStatus
{
    /// <summary>It is, or will be, tried.</summary>
    Pending,

    Delivered,

    /// <summary>It failed for three days. It can be replayed.</summary>
    Failed,

    /// <summary>It was not tried, or not any more: the target was disabled. It can be replayed.</summary>
    Disabled,
}

/// <summary>An event and what became of it at one target.</summary>
/// <param name="Key">Of its row: newest first.</param>
/// <param name="Body">The event as it is sent.</param>
/// <param name="Attempts">The newest of them, oldest first.</param>
internal sealed record StoredDelivery(
    string Key, string EventId, string Type, string LeadId, long Number, DateTimeOffset At, DeliveryStatus Status, string Body, IReadOnlyList<Attempt> Attempts, int Tries, DateTimeOffset? DeliveredAt);

/// <summary>An event's place in its lead's lane at a target: what is there has not been settled.</summary>
/// <param name="Key">Of its row: by number.</param>
/// <param name="Delivery">Of the delivery's row.</param>
/// <param name="Since">From when on its patience counts.</param>
/// <param name="Tries">That failed since then.</param>
/// <param name="IsLast">None was seen behind it.</param>
internal sealed record LaneEntry(string Key, string Delivery, DateTimeOffset Since, int Tries, bool IsLast = false);

/// <summary>A lead's lane at a target, in the hand of whoever holds it.</summary>
/// <param name="NotBefore">Its first event failed, and is not tried again before.</param>
internal sealed record Lane(string Target, string LeadId, string Holder, DateTimeOffset? NotBefore, ETag ETag);

/// <summary>Somebody else holds the lane by now: what is under way is theirs.</summary>
internal sealed class LaneLostException() : Exception("The lane is in other hands.");
