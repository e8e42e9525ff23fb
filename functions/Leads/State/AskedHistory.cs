using LeadFunctions.Conditions;
using LeadFunctions.Interests;

namespace LeadFunctions.Leads.State;

/// <summary>What is kept of a lead's events beyond their names, because somebody asks for it.</summary>
internal readonly record struct AskedHistory(IReadOnlyList<TallyDefinition> Tallies, InterestRules Interests)
{
    /// <summary>With the questions of a draft instead of those of the live segments.</summary>
    public AskedHistory With(IReadOnlyList<TallyDefinition> tallies) => this with { Tallies = tallies };
}
