using System.Text.Json;
using LeadFunctions.Integrations.Delivery;
using LeadFunctions.Platform;

namespace LeadFunctions.Integrations.Api;

public enum WebhookState
{
    Active,

    /// <summary>It fails time after time: one event now and then looks whether it is back.</summary>
    Failing,

    /// <summary>Nothing is sent until it is saved again.</summary>
    Disabled,
}

/// <param name="Types">Without the prefix; all of them when the document names none.</param>
/// <param name="Reason">Why it is disabled.</param>
/// <param name="DisabledAt">Since when.</param>
/// <param name="Failures">In a row; absent when there are none.</param>
/// <param name="NextTryAt">Of one that fails: when the next event looks.</param>
/// <param name="FormerSecretUntil">The secret before the last rotation signs too until then.</param>
/// <param name="Secret">Shown when it is made, and never again.</param>
public sealed record ShownWebhook(
    string Id, string Name, string Url, IReadOnlyList<string> Types, JsonElement? Filter, string? Description, WebhookState State, DateTimeOffset UpdatedAt,
    string? Reason = null, DateTimeOffset? DisabledAt = null, int? Failures = null, DateTimeOffset? NextTryAt = null, DateTimeOffset? FormerSecretUntil = null, ShownReplay? Replay = null, string? Secret = null);

/// <param name="Found">Events so far.</param>
public sealed record ShownReplay(DateTimeOffset From, DateTimeOffset To, DateTimeOffset StartedAt, int Found, DateTimeOffset? FinishedAt);

public sealed record RotatedSecret(string Secret, DateTimeOffset? FormerSecretUntil);

public sealed record ShownDelivery(
    string Id, string Type, string LeadId, DateTimeOffset At, DeliveryStatus Status, int Tries, DateTimeOffset? DeliveredAt, IReadOnlyList<ShownAttempt> Attempts, JsonElement Event);

public sealed record ShownAttempt(DateTimeOffset At, int? Status, long Milliseconds, string? Error);

/// <summary>How the other side took a sample.</summary>
public sealed record TriedWebhook(string EventId, bool Delivered, int? Status, long Milliseconds, string? Error);

/// <summary>What is to be sent again: events from one time to another.</summary>
internal sealed record ReplayRequest(DateTimeOffset From, DateTimeOffset To)
{
    public IEnumerable<FieldError> Validate()
    {
        if (To <= From)
        {
            yield return new("$.to", "It ends before it begins.", "a time after \"from\"");
        }
    }
}
