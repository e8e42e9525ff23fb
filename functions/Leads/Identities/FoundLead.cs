using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Identities;

/// <summary>Where a search ended.</summary>
/// <param name="State">Null when the lead has no row yet.</param>
/// <param name="KnownAs">Without a row: what the redirect to it says.</param>
internal sealed record FoundLead(string LeadId, LeadState? State, KnownAs KnownAs)
{
    public Person Person => State is null ? Person.Of(LeadId, KnownAs) : Person.Of(State);
}
