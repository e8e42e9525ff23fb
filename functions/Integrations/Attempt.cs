namespace LeadFunctions.Integrations;

/// <summary>One try to deliver an event.</summary>
/// <param name="At">When it began.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">What the other side answered; null when it did not.</param>
/// <param name="Error">Why it failed; null: it did not.</param>
internal sealed record Attempt(DateTimeOffset At, long Milliseconds, int? Status = null, string? Error = null)
{
    /// <summary>Of one event: the newest are kept.</summary>
    public const int Kept = 20;

    public bool IsDelivered => Error is null;

    /// <summary>410: the target is gone and wants no more.</summary>
    public bool IsGone => Status == 410;
}
