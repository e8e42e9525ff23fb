using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>All definitions that decide what an event does to a lead, as this instance knows them.</summary>
public sealed class RulesInEffect
{
    private readonly Func<LeadRules> _rules;

    internal RulesInEffect(Func<LeadRules> rules) => _rules = rules;

    /// <summary>One snapshot: take it once per unit of work.</summary>
    internal LeadRules Current => _rules();
}
