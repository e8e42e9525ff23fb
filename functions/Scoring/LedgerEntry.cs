namespace LeadFunctions.Scoring;

/// <summary>That an event met a rule's event part: what a lead's engagement is folded from.</summary>
/// <param name="Model">The version whose definition counts, "shop@3".</param>
/// <param name="Rule">The rule's id. Together with the model's id, without the version, the rule's identity for repeats and caps.</param>
/// <param name="At">The event's own time, to the millisecond.</param>
/// <param name="EventId">The event, or "~" and the last folded event of a carried entry.</param>
/// <param name="EventName">The event's name, for the explanation.</param>
/// <param name="Key">Of a <c>oncePer</c> rule: the property's value.</param>
/// <param name="Mask">Which event atoms held, when traits or history decide the rest; 0 when nothing is left to decide.</param>
internal sealed record LedgerEntry(string Model, string Rule, DateTimeOffset At, string EventId, string EventName, string? Key = null, ulong Mask = 0)
{
    /// <summary>Truncated to the millisecond, so that an entry read back from storage equals the one written.</summary>
    public DateTimeOffset At { get; } = DateTimeOffset.FromUnixTimeMilliseconds(At.ToUnixTimeMilliseconds());

    /// <summary>How many events were folded into this entry; 0 for an entry of a single event.</summary>
    public int Count { get; init; }

    /// <summary>Of a carried entry: what its events were worth together at <see cref="At"/>.</summary>
    public double Carried { get; init; }

    /// <summary>What a cap left of the points when entries around this one were folded; null when no cap had acted or nothing was folded.</summary>
    public double? Limit { get; init; }
}
