using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Lifecycle;

/// <summary>The lead as it would be in a stage.</summary>
internal sealed class LeadInStage(ILeadFacts lead, string stage) : ILeadFacts
{
    public string Stage => stage;

    public Value Trait(string path) => path == Stages.Path ? Value.From(stage) : lead.Trait(path);

    public long? SetAt(string path) => lead.SetAt(path);

    public IEnumerable<ConsentAnswer> Answers => lead.Answers;

    public int Count(string eventName, DateTimeOffset from, DateTimeOffset to) => lead.Count(eventName, from, to);

    public bool IsExact(string eventName, DateTimeOffset from, DateTimeOffset to) => lead.IsExact(eventName, from, to);

    public IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> Spans(string eventName, DateTimeOffset from) => lead.Spans(eventName, from);

    public DateTimeOffset? NextChange(string path, IReadOnlyList<double> levels, DateTimeOffset after) => lead.NextChange(path, levels, after);
}
