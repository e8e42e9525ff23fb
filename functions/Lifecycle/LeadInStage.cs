using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Lifecycle;

/// <summary>The lead as it would be in a stage.</summary>
internal sealed class LeadInStage(ILeadFacts lead, string stage) : LeadFactsOver(lead)
{
    public string Stage => stage;

    public override Value Trait(string path) => path == Stages.Path ? Value.From(stage) : base.Trait(path);
}
