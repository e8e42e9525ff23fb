using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Conditions.Patterns;

/// <summary>Counts what patterns gave up on, for the metrics and for those who look at a definition; and finds the patterns in one.</summary>
internal static class PatternsGivenUp
{
    /// <summary>As many as a document may have: each may cost a pause before it is left alone.</summary>
    public const int MaxPatterns = 100;

    private const int Remembered = 10_000;

    private static readonly Meter Meter = new("LeadFunctions");

    private static readonly Counter<long> Texts = Meter.CreateCounter<long>(
        "leadfunctions.patterns_given_up", "{text}", "Texts that a definition's pattern was too slow for, or was resting, or that came when the event's time for patterns was used up: taken as no match.");

    private static readonly ConcurrentDictionary<string, long> Counts = new();

    public static void Count(string pattern)
    {
        Texts.Add(1);
        if (Counts.Count < Remembered || Counts.ContainsKey(pattern))
        {
            Counts.AddOrUpdate(pattern, 1, (_, count) => count + 1);
        }
    }

    public static long Of(string pattern) => Counts.GetValueOrDefault(pattern);

    /// <summary>A warning for each pattern of a definition that was too slow since this instance started.</summary>
    public static IEnumerable<DocumentError> In(JsonElement document) => Counts.IsEmpty ? [] :
        from found in Patterns(document, "$")
        let count = Of(found.Pattern)
        where count > 0
        select new DocumentError(found.Path, $"This pattern was too slow for {count} texts since this instance started, or others had used up the event's time; they were taken as no match.", "a pattern with fewer or smaller repeats");

    /// <summary>Null when there are not too many.</summary>
    public static DocumentError? TooMany(JsonElement document) => Patterns(document, "$").Skip(MaxPatterns).Any()
        ? new("$", $"There are more than {MaxPatterns} \"matches\".", "\"in\", \"contains\", \"startsWith\" or \"endsWith\" where they will do: they cost next to nothing") { IsForgivenIfStored = true }
        : null;

    private static IEnumerable<(string Path, string Pattern)> Patterns(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().SelectMany((item, i) => Patterns(item, DocumentPath.Item(path, i))),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => member is { Name: "matches", Value.ValueKind: JsonValueKind.String }
            ? [(DocumentPath.Member(path, member.Name), JsonText.Of(member.Value))]
            : Patterns(member.Value, DocumentPath.Member(path, member.Name))),
        _ => [],
    };
}
