using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Templates.Api;

/// <summary>A lead that somebody describes to see what it would get: its traits, and under their plain names what the product would know of it (<c>stage</c>, <c>engagement</c>, <c>segment.vip</c>). It has done nothing.</summary>
internal sealed class MadeUpLead(Value traits) : ILeadFacts
{
    public Value Trait(string path) => traits.At(path is ['$', .. var own] ? own : path);

    public IEnumerable<ConsentAnswer> Answers => [];

    public int Count(string eventName, DateTimeOffset from, DateTimeOffset to) => 0;

    public bool IsExact(string eventName, DateTimeOffset from, DateTimeOffset to) => true;

    public IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> Spans(string eventName, DateTimeOffset from) => [];

    public DateTimeOffset? NextChange(string path, IReadOnlyList<double> levels, DateTimeOffset after) => null;
}
