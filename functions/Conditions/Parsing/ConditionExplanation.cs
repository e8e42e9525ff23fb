using System.Globalization;
using System.Text.Json;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions.Parsing;

/// <summary>Why a condition holds for a lead, or does not: each part of it with its own answer.</summary>
/// <param name="Condition">As it was written; of one that is made of others, its kind: <c>all</c>, <c>any</c>, <c>not</c>.</param>
/// <param name="Seen">The value that it compares; null for what compares none, and where nothing is known.</param>
/// <param name="ChangesAt">When time alone changes its answer; null: never.</param>
internal sealed record ConditionExplanation(JsonElement Condition, bool Holds, Value? Seen, DateTimeOffset? ChangesAt, IReadOnlyList<ConditionExplanation>? Parts)
{
    /// <param name="json">A condition that the scope allows.</param>
    /// <param name="changesAt">When time alone changes the answer of a condition; null: nobody asks.</param>
    public static ConditionExplanation Of(JsonElement json, ConditionScope scope, ILeadFacts facts, DateTimeOffset now, Func<Condition, DateTimeOffset?>? changesAt = null)
    {
        var parsed = ConditionParser.Parse(json, "$", scope, []) ?? throw new ArgumentException("This is no condition of the scope.", nameof(json));
        var kind = json.EnumerateObject().First();
        IReadOnlyList<ConditionExplanation>? parts = kind.Name switch
        {
            "all" or "any" => [.. kind.Value.EnumerateArray().Select(part => Of(part, scope, facts, now, changesAt))],
            "not" => [Of(kind.Value, scope, facts, now, changesAt)],
            _ => null,
        };
        var seen = parsed.Seen(facts, now);
        return new(
            parts is null ? json.Clone() : JsonSerializer.SerializeToElement(kind.Name), parsed.Holds(null, facts, now), seen.Kind == ValueKind.Missing ? null : seen, changesAt?.Invoke(parsed), parts);
    }
}

/// <summary>Why a condition holds, in words that people who have never seen its JSON understand: <c>engagement at least 50 (62.5), email known</c>.</summary>
internal static class ConditionWords
{
    private const int MostReasons = 8;

    private static readonly IReadOnlyDictionary<string, string> Operators = new Dictionary<string, string>
    {
        ["gte"] = "at least",
        ["gt"] = "over",
        ["lte"] = "at most",
        ["lt"] = "under",
        ["equals"] = "is",
        ["notEquals"] = "is not",
        ["in"] = "one of",
        ["notIn"] = "none of",
        ["contains"] = "contains",
        ["startsWith"] = "starts with",
        ["endsWith"] = "ends with",
        ["matches"] = "matches",
        ["between"] = "between",
        ["before"] = "before",
        ["after"] = "after",
        ["withinLast"] = "within the last",
    };

    public static string Of(ConditionExplanation explanation) => string.Join(", ", Holding(explanation, isNegated: false).Distinct().Take(MostReasons));

    private static IEnumerable<string> Holding(ConditionExplanation part, bool isNegated) =>
        part.Parts is not { } parts ? part.Holds != isNegated ? [isNegated ? "not: " + Said(part) : Said(part)] : []
        : part.Condition.ValueEquals("not") ? parts.SelectMany(inside => Holding(inside, !isNegated))
        : parts.SelectMany(inside => Holding(inside, isNegated));

    private static string Said(ConditionExplanation leaf)
    {
        var (name, tests) = ("", new List<string>());
        foreach (var member in leaf.Condition.EnumerateObject())
        {
            if (name.Length == 0)
            {
                name = member.Name is "trait" or "event" ? Shown(member.Value) : member.Name;
                if (member.Name is not ("trait" or "event"))
                {
                    tests.AddRange(Tests(member.Value));
                }
            }
            else if (member.Name == "within")
            {
                tests.Add("within " + Shown(member.Value));
            }
            else
            {
                tests.AddRange(member.Name == "count" ? Tests(member.Value).Select(test => test + " times") : [Test(member.Name, member.Value)]);
            }
        }

        var seen = leaf.Seen is { } value && value.Text?.Length is null or < 60 && !leaf.Condition.TryGetProperty("exists"u8, out _) ? $" ({Number(value)})" : "";
        return $"{name}{string.Concat(tests.Select(test => " " + test))}{seen}";
    }

    private static IEnumerable<string> Tests(JsonElement json) => json.ValueKind == JsonValueKind.Object ? json.EnumerateObject().Select(test => Test(test.Name, test.Value)) : [Shown(json)];

    private static string Test(string name, JsonElement value) =>
        name == "exists" ? value.ValueKind == JsonValueKind.False ? "not known" : "known" : $"{Operators.GetValueOrDefault(name, name)} {Shown(value)}";

    private static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonText.Of(value),
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Shown)),
        JsonValueKind.Object => string.Join(" ", Tests(value)),
        _ => value.GetRawText(),
    };

    private static string Number(Value value) => value.Number is { } number ? Math.Round(number, 2).ToString(CultureInfo.InvariantCulture) : value.ToString();
}
