using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions;

/// <summary>Asks what a lead looks at in a dimension: what it looks at most, or one thing; how much that weighs, and what share of all it is.</summary>
/// <param name="top">What it looks at most has to be one of these; null: whatever it is.</param>
/// <param name="value">Instead: this, whether or not there is something it looks at more.</param>
internal sealed class InterestAtom(string dimension, string[]? top, string? value, Test[] weight, Test[] share) : LeadAtom
{
    private readonly double[] _levels = [.. weight.SelectMany(test => test.Reaches).Distinct()];

    protected override bool Holds(ILeadFacts facts, DateTimeOffset at) => facts.TryInterests(dimension, at, out var interests) && Fits(Find(interests, at), at);

    public override Value Seen(ILeadFacts facts, DateTimeOffset at) => facts.TryInterests(dimension, at, out var interests) && Find(interests, at) is { } interest
        ? value is null ? Value.From(interest.Value) : Value.From(weight.Length > 0 ? interest.Weight : interest.Share)
        : Value.Missing;

    public override DateTimeOffset? NextChange(ILeadFacts facts, DateTimeOffset after, DateTimeOffset before) =>
        facts.TryInterests(dimension, after, out var interests) ? interests.NextChange(Find(interests, after), _levels, after) : null;

    private Interest? Find(InterestView interests, DateTimeOffset at) => value is null ? interests.TopAt(at) : interests.Find(value, at);

    // What was never looked at weighs nothing.
    private bool Fits(Interest? interest, DateTimeOffset at) =>
        (value is not null || interest is not null)
        && (top is null || Array.Exists(top, one => string.Equals(one, interest!.Value, StringComparison.OrdinalIgnoreCase))) // not null: top stands without value
        && Test.AllHold(weight, Value.From(interest?.Weight ?? 0), at)
        && Test.AllHold(share, Value.From(interest?.Share ?? 0), at);
}
