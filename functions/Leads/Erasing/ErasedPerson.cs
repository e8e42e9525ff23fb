using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Erasing;

/// <summary>Whom an erasure is about, as all places know them. Itself personal: kept for as long as it takes.</summary>
/// <param name="LeadId">The lead that all ids lead to.</param>
/// <param name="LeadIds">That and every lead that is part of it.</param>
/// <param name="Names"><see cref="Identity.Key"/>s.</param>
/// <param name="Addresses">In their normal form, in lower case.</param>
/// <param name="Phones">As they were written.</param>
internal sealed record ErasedPerson(string LeadId, IReadOnlyList<string> LeadIds, IReadOnlyList<string> Names, IReadOnlyList<string> Addresses, IReadOnlyList<string> Phones)
{
    /// <param name="frozen">Leads that are frozen into it; the lead may not have taken them in yet.</param>
    public static ErasedPerson Of(LeadState lead, IEnumerable<LeadState> frozen)
    {
        List<LeadState> states = [lead, .. frozen];
        List<LeadRecord> records = [.. states.SelectMany(state => state.Absorbed.Select(part => part.Record).Append(state.Own))];
        List<string> names = [.. records.SelectMany(record => record.Identities).Concat(states.SelectMany(state => state.Claims ?? [])).Distinct()];
        return new(
            lead.Id,
            [.. states.SelectMany(state => state.AllIds).Concat(lead.Erased?.Late ?? []).Distinct()],
            names,
            [.. names.Where(name => Identity.OfKey(name).Kind == IdentityKind.Email).Select(name => Identity.OfKey(name).Value)
                .Concat(records.Select(record => record.Email).OfType<string>().Select(EmailAddress.Normalise).OfType<string>()).Select(address => address.ToLowerInvariant()).Distinct()],
            [.. records.Select(record => record.Phone).OfType<string>().Distinct()]);
    }

    public ErasedPerson With(ErasedPerson other) => this with
    {
        LeadIds = [.. LeadIds.Union(other.LeadIds)],
        Names = [.. Names.Union(other.Names)],
        Addresses = [.. Addresses.Union(other.Addresses)],
        Phones = [.. Phones.Union(other.Phones)],
    };

    public bool Knows(ErasedPerson other) =>
        other.LeadId == LeadId && !other.LeadIds.Except(LeadIds).Any() && !other.Names.Except(Names).Any() && !other.Addresses.Except(Addresses).Any() && !other.Phones.Except(Phones).Any();

    /// <summary>Whether an event is the person's, by a lead or a name of theirs.</summary>
    public bool Has(LeadEvent e) => e.LeadId is { } lead ? LeadIds.Contains(lead) : Identity.Of(e).Concat(Identity.PreviousOf(e)).Concat(Identity.ToldBy(e)).Any(identity => Names.Contains(identity.Key));

    public bool HasAddress(string? text) => text is not null && EmailAddress.Normalise(text) is { } address && Addresses.Contains(address.ToLowerInvariant());

    public bool HasBrowser(string? anonymousId) => anonymousId is not null && Names.Contains(Identity.Anonymous(anonymousId).Key);

    /// <summary>Whether a value that somebody wrote into a form or file is an address, a phone number or a user id of theirs.</summary>
    public bool HasValue(string text) => HasAddress(text) || Phones.Contains(text.Trim()) || Names.Contains(Identity.User(text.Trim()).Key);
}
