using System.Collections.Concurrent;
using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Events;

namespace LeadFunctions.Journeys.Model;

/// <summary>
/// A condition of a journey. It may refer to what let the lead in (<c>"cartId": "{{trigger.cartId}}"</c>): then it is compiled once for each set of values.
/// </summary>
/// <param name="compiled">With the placeholders left as they are: right in its structure.</param>
/// <param name="json">As it was written.</param>
/// <param name="path">Where it stands in the document.</param>
internal sealed class JourneyCondition(Condition compiled, JsonElement json, string path)
{
    private const int CacheLimit = 10_000;

    private readonly ConcurrentDictionary<string, Condition?> _bound = new();

    /// <summary>Its names, history, traits; see <see cref="Condition"/>.</summary>
    public Condition Compiled => compiled;

    public JsonElement Json { get; } = json;

    public string Path => path;

    /// <summary>It is about an event: it holds when one comes, never by itself.</summary>
    public bool IsEvent { get; } = compiled.Events is not null;

    /// <summary>It asks an event, among others perhaps.</summary>
    public bool IsAboutEvents => compiled.AsksEvent;

    /// <summary>The placeholders in it: paths such as <c>trigger.cartId</c>.</summary>
    public IReadOnlyList<string> Placeholders { get; } = Model.Placeholders.In(json);

    /// <summary>For a run with these values; null when a value that it needs is missing, or they are too long, for then it can never hold.</summary>
    public Condition? For(IReadOnlyDictionary<string, JsonElement> values)
    {
        if (Placeholders.Count == 0)
        {
            return compiled;
        }

        if (Placeholders.Any(path => !values.TryGetValue(path, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined))
        {
            return null;
        }

        JsonElement filled;
        try
        {
            filled = Model.Placeholders.Fill(Json, path => values[path]);
        }
        catch (TooMuchFilledInException)
        {
            return null;
        }

        if (_bound.Count > CacheLimit)
        {
            _bound.Clear();
        }

        return _bound.GetOrAdd(filled.GetRawText(), _ => ConditionParser.Parse(filled, "$", ConditionScope.Journey, []));
    }

    public bool Holds(LeadEvent? e, ILeadFacts facts, IReadOnlyDictionary<string, JsonElement> values, DateTimeOffset now) =>
        For(values)?.Holds(e, facts, now) == true;
}
