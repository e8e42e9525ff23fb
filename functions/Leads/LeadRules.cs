using LeadFunctions.Journeys;
using LeadFunctions.Scoring;

namespace LeadFunctions.Leads;

/// <summary>All definitions that decide what an event does to a lead, as of one moment.</summary>
internal readonly record struct LeadRules(ScoringModels Scoring, JourneyRules Journeys)
{
    /// <summary>Scoring alone.</summary>
    public static implicit operator LeadRules(ScoringModels scoring) => new(scoring, JourneyRules.None);
}
