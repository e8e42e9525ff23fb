using System.Text.Json.Serialization;
using LeadFunctions.Events;

namespace LeadFunctions.Scoring;

/// <summary>That an event met a rule's event part: what a lead's engagement is folded from.</summary>
/// <param name="Model">The version whose definition counts, "shop@3"; or <see cref="GivenModel"/>.</param>
/// <param name="Rule">The rule's id. Together with the model's id, without the version, the rule's identity for repeats and caps.</param>
/// <param name="At">The event's own time, truncated to the millisecond, so that an entry read back from storage equals the one written.</param>
/// <param name="EventId">The event; of a carried entry "~" and the last event in it.</param>
/// <param name="EventName">The event's name, for the explanation.</param>
/// <param name="Key">Of a <c>oncePer</c> rule: the property's value, or a hash of it; null when the event had none.</param>
/// <param name="Mask">Which event atoms held, when traits or history decide the rest; 0 when nothing is left to decide.</param>
[JsonConverter(typeof(LedgerEntryJson))]
internal sealed record LedgerEntry(string Model, string Rule, DateTimeOffset At, string EventId, string EventName, string? Key = null, ulong Mask = 0) : IComparable<LedgerEntry>
{
    /// <summary>Stands in for a model where points were given by hand and no rule has to be looked up.</summary>
    public const string GivenModel = "given";

    public DateTimeOffset At { get; init => field = ToMilliseconds(value); } = ToMilliseconds(At);

    /// <summary>How many events were folded into this carried entry; 0 for an entry of a single event.</summary>
    public int Count { get; init; }

    /// <summary>Of a carried entry: what its events were worth together at <see cref="At"/>. Of one given by hand: the points.</summary>
    public double Carried { get; init; }

    /// <summary>At most this is applied: what a cap had left of the points when events around it were folded. Null for no limit.</summary>
    public double? Limit { get; init; }

    /// <summary>This is applied, whatever the caps: they acted when events around it were folded, and the carried sums no longer show how. Null when caps still act.</summary>
    public double? Settled { get; init; }

    /// <summary>Of a rule that gives points by amount: what the event counts for (<see cref="ScoringRule.UnitsOf"/>); null of any other.</summary>
    public long? Units { get; init; }

    /// <summary>The amount itself, for the explanation; null when the event names none.</summary>
    public double? Amount { get; init; }

    internal FoldedKind Kind => new(Model, Rule, Mask);

    /// <summary>No key is a key of its own.</summary>
    internal ulong KeyHash => TextHash.Of(Key ?? "");

    internal ReadOnlySpan<char> ModelId => Model.AsSpan(0, Model.LastIndexOf('@') is var at and >= 0 ? at : Model.Length);

    /// <summary>Points that a person, or a journey, gave: no rule, no cap of a rule, no decay.</summary>
    public static LedgerEntry Given(LeadEvent @event, double points) => new(GivenModel, GivenModel, @event.At, @event.Id, @event.Name) { Carried = points };

    /// <summary>The same event by the same rule, whichever version of the model saw it.</summary>
    public bool IsSameEarning(LedgerEntry other) => EventId == other.EventId && Rule == other.Rule && ModelId.SequenceEqual(other.ModelId);

    /// <summary>
    /// By event time, then rule, version and mask, then the larger amount first, then by the rest, so that of two that are the same earning the same one is kept whatever their order. The event's
    /// id comes late: what comes before it is known of folded entries too, and between two that have all of that in common the order makes no difference to the score.
    /// </summary>
    public int CompareTo(LedgerEntry? other)
    {
        if (other is null)
        {
            return 1;
        }
        var order = At.CompareTo(other.At);
        order = order != 0 ? order : Kind.CompareTo(other.Kind);
        order = order != 0 ? order : Nullable.Compare(other.Units, Units);
        order = order != 0 ? order : string.CompareOrdinal(Key, other.Key);
        order = order != 0 ? order : string.CompareOrdinal(EventId, other.EventId);
        order = order != 0 ? order : string.CompareOrdinal(EventName, other.EventName);
        order = order != 0 ? order : other.Count.CompareTo(Count);
        order = order != 0 ? order : Carried.CompareTo(other.Carried);
        order = order != 0 ? order : Nullable.Compare(Limit, other.Limit);
        order = order != 0 ? order : Nullable.Compare(Settled, other.Settled);
        return order != 0 ? order : Nullable.Compare(Amount, other.Amount);
    }

    private static DateTimeOffset ToMilliseconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
