using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions.Parsing;

/// <summary>Operators as documents write them: <c>{ "gte": 50, "lt": 200 }</c>. Several in one object must all hold.</summary>
internal static class TestParser
{
    public const int MaxOperands = 1000;
    public const int MaxPatternLength = 200;
    public const int MaxPatternSize = 500;
    private const int MaxTextLength = 1000;

    /// <summary>All operators.</summary>
    public static readonly IReadOnlyList<string> Operators =
        ["equals", "notEquals", "in", "notIn", "contains", "startsWith", "endsWith", "matches", "exists", "gt", "gte", "lt", "lte", "between", "before", "after", "withinLast", "anniversaryWithin"];

    /// <summary>Those that make sense for a count.</summary>
    public static readonly IReadOnlyList<string> CountOperators = ["equals", "notEquals", "in", "notIn", "gt", "gte", "lt", "lte", "between"];

    private static readonly string OneScalar = "text, a number, true, false or null";

    /// <summary>Null after a report.</summary>
    public static Test? Parse(string name, JsonElement operand, string path, List<DocumentError> errors)
    {
        return name switch
        {
            "equals" => Literals([operand], OneScalar) is { } literals ? new Test.OneOf(literals) : null,
            "notEquals" => Literals([operand], OneScalar) is { } literals ? new Test.Not(new Test.OneOf(literals)) : null,
            "in" => List() is { } literals ? new Test.OneOf(literals) : null,
            "notIn" => List() is { } literals ? new Test.Not(new Test.OneOf(literals)) : null,
            "contains" => operand.ValueKind is JsonValueKind.String or JsonValueKind.Number && Value.From(operand).ToString() is { Length: > 0 and <= MaxTextLength } text
                ? new Test.Contains(new([Value.From(operand)]), text)
                : Refuse($"text of 1 to {MaxTextLength} characters, or a number"),
            "startsWith" => Text() is { } text ? new Test.StartsWith(text) : null,
            "endsWith" => Text() is { } text ? new Test.EndsWith(text) : null,
            "matches" => Pattern(),
            "exists" => operand.ValueKind switch
            {
                JsonValueKind.True => new Test.Exists(),
                JsonValueKind.False => new Test.Not(new Test.Exists()),
                _ => Refuse("true or false"),
            },
            "gt" => Number(operand) is { } number ? new Test.InRange(number, false, double.PositiveInfinity, true) : Refuse("a number"),
            "gte" => Number(operand) is { } number ? new Test.InRange(number, true, double.PositiveInfinity, true) : Refuse("a number"),
            "lt" => Number(operand) is { } number ? new Test.InRange(double.NegativeInfinity, true, number, false) : Refuse("a number"),
            "lte" => Number(operand) is { } number ? new Test.InRange(double.NegativeInfinity, true, number, true) : Refuse("a number"),
            "between" => Between(),
            "before" => Date(operand) is { } date ? new Test.InPeriod(DateTimeOffset.MinValue, true, date, false) : Refuse(Dates.Expected),
            "after" => Date(operand) is { } date ? new Test.InPeriod(date, false, DateTimeOffset.MaxValue, true) : Refuse(Dates.Expected),
            "withinLast" => Length() is { } length ? new Test.WithinLast(length.Length) : Refuse(Duration.Expected),
            "anniversaryWithin" => Length() is { } length ? new Test.AnniversaryWithin(length.Length) : Refuse(Duration.Expected),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Only operators that are in the list."),
        };

        Test? Refuse(string expected, string? message = null)
        {
            errors.Add(new(path, message ?? $"\"{name}\" has {DocumentObject.Shown(operand)}.", expected));
            return null;
        }

        Literals? Literals(IEnumerable<JsonElement> operands, string expected)
        {
            if (operands.Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array))
            {
                Refuse(operand.ValueKind == JsonValueKind.Array && name.EndsWith("quals", StringComparison.Ordinal) ? $"{expected} (for several, \"in\" or \"notIn\")" : expected);
                return null;
            }
            return new(operands.Select(Value.From));
        }

        Literals? List()
        {
            if (operand.ValueKind == JsonValueKind.Array && operand.GetArrayLength() is > 0 and <= MaxOperands)
            {
                return Literals(operand.EnumerateArray(), "a list of text, numbers, true, false or null");
            }
            Refuse($"a list of 1 to {MaxOperands} values", operand.ValueKind == JsonValueKind.Array ? $"\"{name}\" has {operand.GetArrayLength()} values." : null);
            return null;
        }

        string? Text()
        {
            if (operand.ValueKind == JsonValueKind.String && operand.GetString() is { Length: > 0 and <= MaxTextLength } text)
            {
                return text;
            }
            Refuse($"text of 1 to {MaxTextLength} characters");
            return null;
        }

        Test? Pattern()
        {
            if (operand.ValueKind != JsonValueKind.String || operand.GetString() is not { Length: > 0 and <= MaxPatternLength } pattern)
            {
                return Refuse($"a regular expression of 1 to {MaxPatternLength} characters");
            }
            try
            {
                var matches = new Test.Matches(new(pattern));
                if (PatternSize.Of(pattern) is > MaxPatternSize and var size)
                {
                    errors.Add(new(path, $"Written out, this pattern is {(size < 1_000_000 ? $"{size}" : "over a million")} characters long.", $"at most {MaxPatternSize}: fewer or smaller repeats, no (?x)") { IsForgivenIfStored = true });
                }
                return matches;
            }
            catch (ArgumentException)
            {
                return Refuse("a .NET regular expression", "This regular expression does not parse.");
            }
            catch (NotSupportedException)
            {
                return Refuse("a regular expression without look-around, back-references or large repeats", "This regular expression needs backtracking, or is too large.");
            }
        }

        Test? Between()
        {
            const string expected = "two numbers or two dates, the smaller first";
            if (operand.ValueKind != JsonValueKind.Array || operand.GetArrayLength() != 2)
            {
                return Refuse(expected);
            }
            return (Number(operand[0]), Number(operand[1]), Date(operand[0]), Date(operand[1])) switch
            {
                ({ } from, { } to, _, _) when from <= to => new Test.InRange(from, true, to, true),
                (_, _, { } from, { } to) when from <= to => new Test.InPeriod(from, true, to, true),
                _ => Refuse(expected),
            };
        }

        Duration? Length() => operand.ValueKind == JsonValueKind.String && Duration.TryParse(operand.GetString(), out var length) ? length : null;
    }

    private static double? Number(JsonElement operand) =>
        operand.ValueKind == JsonValueKind.Number && operand.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    private static DateTimeOffset? Date(JsonElement operand) =>
        operand.ValueKind == JsonValueKind.String && Dates.TryParse(operand.GetString(), out var date) ? date : null;
}
