using LeadFunctions.Events;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Identities;

/// <summary>A lead as it is judged when it is asked whom an event belongs to.</summary>
/// <param name="State">As last read; null when it has no row yet.</param>
/// <param name="KnownAs">Also by what is on its way to it.</param>
/// <param name="Others">Leads that are about to become part of it.</param>
internal sealed record Person(string LeadId, LeadState? State, KnownAs KnownAs, bool IsKnown, long FirstSeen, IReadOnlyList<LeadState> Others)
{
    /// <summary>Without what is on its way: that may speak against, and not for, that someone is this person.</summary>
    public KnownAs Surely => State?.Claims is { } claims ? KnownAs.Without(KnownAs.Of(claims)) : KnownAs;

    public static Person Of(LeadState state) => new(state.Id, state, state.KnownAs, state.Whole.IsKnown || state.KnownAs.IsSomebody, state.Whole.FirstSeen, []);

    /// <summary>A lead without a row: redirects lead there, or events that are being applied.</summary>
    public static Person Of(string leadId, KnownAs knownAs) => new(leadId, null, knownAs, knownAs.IsSomebody, long.MaxValue, []);

    public Person With(KnownAs names, DateTimeOffset at) => this with
    {
        KnownAs = KnownAs.With(names),
        IsKnown = IsKnown || names.IsSomebody,
        FirstSeen = Math.Min(FirstSeen, at.ToUnixTimeMilliseconds()),
    };

    public Person With(Person goes) => this with
    {
        KnownAs = KnownAs.With(goes.KnownAs),
        IsKnown = IsKnown || goes.IsKnown,
        FirstSeen = Math.Min(FirstSeen, goes.FirstSeen),
        Others = goes.State is { } state ? [.. Others, state, .. goes.Others] : [.. Others, .. goes.Others],
    };

    /// <summary>A merge of any part of the one with any part of the other was taken back.</summary>
    public bool IsApartFrom(Person other) => States.Any(mine => other.States.Any(mine.IsApartFrom));

    private IEnumerable<LeadState> States => State is null ? Others : Others.Prepend(State);
}

/// <summary>What was found under one identity.</summary>
/// <param name="Person">The lead that the identity leads to; null when it was never seen.</param>
/// <param name="IsMoving">The identity still leads to another, which is about to be merged into that one.</param>
internal sealed record Sighting(Identity Identity, Person? Person, bool IsMoving = false);

/// <summary>Whom an event belongs to, and what must be written for its other identities to lead there.</summary>
/// <param name="Owned">The event's identities that are this lead's.</param>
/// <param name="Links">Those that were never seen: a redirect must be inserted for each.</param>
/// <param name="Merges">Leads with a history of their own that turn out to be this person.</param>
internal sealed record Belonging(string LeadId, IReadOnlyList<Identity> Owned, IReadOnlyList<Identity> Links, IReadOnlyList<Person> Merges)
{
    /// <summary>
    /// Decides from the event's identities, strongest first. The strongest that was seen names the person. A lead found under a weaker one joins, unless it is somebody
    /// else's: all that the event says and that is known of those who joined already is held against all that it is known by (<see cref="KnownAs.MayBe"/>), or a merge
    /// with it was taken back. Then it is a shared device, and only this event goes to the stronger identity's lead. Of leads that join, the known one stays, of two known ones the older.
    /// </summary>
    /// <param name="previous">What <c>alias</c> names: joins even if it has another user id, since the caller says so.</param>
    public static Belonging Of(IReadOnlyList<Sighting> sightings, IReadOnlyList<Sighting> previous)
    {
        var joined = new List<Person>();
        var owned = new List<Identity>();
        var links = new List<Identity>();
        var person = KnownAs.Of(sightings.Select(sighting => sighting.Identity));
        foreach (var (identity, found, _) in sightings)
        {
            if (found is null)
            {
                owned.Add(identity);
                links.Add(identity);
            }
            else if (joined.Exists(other => other.LeadId == found.LeadId))
            {
                owned.Add(identity);
            }
            else if (found.KnownAs.With(identity).MayBe(person) && found.Surely.With(identity).MayBe(person) && MayJoin(found, joined))
            {
                owned.Add(identity);
                joined.Add(found);
                person = person.With(found.KnownAs);
            }
        }

        foreach (var found in previous.Select(sighting => sighting.Person).OfType<Person>().ToList())
        {
            if (MayJoin(found, joined))
            {
                joined.Add(found);
            }
        }

        if (previous.Count > 0 && previous.All(sighting => sighting.Person is null))
        {
            // Not seen yet, in either of its two meanings: what comes under it later shall be found here. It is a browser's id far more often.
            links.AddRange(previous.Select(sighting => sighting.Identity));
            owned.AddRange(previous.Select(sighting => sighting.Identity).Where(identity => identity.Kind == IdentityKind.Anonymous));
        }

        if (joined.Count == 0)
        {
            // Nobody yet: the strongest identity becomes the lead's id, and needs no redirect.
            links.RemoveAt(0);
            return new Belonging(sightings[0].Identity.Hash(), owned, links, []);
        }

        var stays = joined.OrderByDescending(found => found.IsKnown).ThenBy(found => found.FirstSeen).ThenBy(found => found.LeadId, StringComparer.Ordinal).First();
        return new Belonging(stays.LeadId, owned, links, [.. joined.Where(found => found.LeadId != stays.LeadId).DistinctBy(found => found.LeadId)]);
    }

    private static bool MayJoin(Person found, List<Person> joined) => joined.TrueForAll(other => !other.IsApartFrom(found));
}
