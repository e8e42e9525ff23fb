using LeadFunctions.Conditions;
using LeadFunctions.Interests;

namespace LeadFunctions.Leads.State;

/// <summary>What is kept of a lead's events beyond their names, because somebody asks for it.</summary>
internal readonly record struct AskedHistory(IReadOnlyList<TallyDefinition> Tallies, InterestRules Interests)
{
    /// <summary>Of one condition.</summary>
    public static AskedHistory Of(Condition when, InterestRules interests) => new(when.Tallies, when.Interests.Count > 0 ? interests : InterestRules.None);
}
