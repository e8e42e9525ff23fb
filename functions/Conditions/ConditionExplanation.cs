using System.Text.Json;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions;

/// <summary>Why a condition holds for a lead, or does not: each part of it with its own answer.</summary>
/// <param name="Condition">As it was written; of one that is made of others, its kind: <c>all</c>, <c>any</c>, <c>not</c>.</param>
/// <param name="Seen">The value that it compares; null for what compares none, and where nothing is known.</param>
/// <param name="ChangesAt">When time alone may change its answer; null: never.</param>
internal sealed record ConditionExplanation(JsonElement Condition, bool Holds, Value? Seen, DateTimeOffset? ChangesAt, IReadOnlyList<ConditionExplanation>? Parts)
{
    /// <param name="json">A condition that the scope allows.</param>
    public static ConditionExplanation Of(JsonElement json, ConditionScope scope, ILeadFacts facts, DateTimeOffset now)
    {
        var parsed = ConditionParser.Parse(json, "$", scope, []) ?? throw new ArgumentException("This is no condition of the scope.", nameof(json));
        var kind = json.EnumerateObject().First();
        IReadOnlyList<ConditionExplanation>? parts = kind.Name switch
        {
            "all" or "any" => [.. kind.Value.EnumerateArray().Select(part => Of(part, scope, facts, now))],
            "not" => [Of(kind.Value, scope, facts, now)],
            _ => null,
        };
        var seen = parsed.Seen(facts, now);
        return new(
            parts is null ? json.Clone() : JsonSerializer.SerializeToElement(kind.Name), parsed.Holds(null, facts, now), seen.Kind == ValueKind.Missing ? null : seen, parsed.NextChange(facts, now), parts);
    }
}
