namespace LeadFunctions.Leads;

/// <summary>What was found under one identity.</summary>
/// <param name="LeadId">The lead that the identity leads to; null when it was never seen.</param>
/// <param name="State">That lead as last read; null when it has no row yet.</param>
internal sealed record Sighting(Identity Identity, string? LeadId, LeadState? State);

/// <summary>Whom an event belongs to, and what must be written for its other identities to lead there.</summary>
/// <param name="Owned">The event's identities that are this lead's.</param>
/// <param name="Links">Those that were never seen: a redirect must be inserted for each.</param>
/// <param name="Merges">Leads with a history of their own that turn out to be this person.</param>
internal sealed record Belonging(string LeadId, IReadOnlyList<Identity> Owned, IReadOnlyList<Identity> Links, IReadOnlyList<string> Merges)
{
    /// <summary>
    /// Decides from the event's identities, strongest first. The strongest that was seen names the person. A lead found
    /// under a weaker one joins, unless it is somebody else's: it has another user id (or, for an event without user id,
    /// another e-mail address), or a merge with it was taken back. Then it is a shared device, and only this event goes
    /// to the stronger identity's lead. Of leads that join, the known one stays, of two known ones the older.
    /// </summary>
    /// <param name="previous">What <c>alias</c> names: joins even if it has another user id, since the caller says so.</param>
    public static Belonging Of(IReadOnlyList<Sighting> sightings, IReadOnlyList<Sighting> previous)
    {
        var joined = new List<Sighting>();
        var owned = new List<Identity>();
        var links = new List<Identity>();
        var person = sightings[0];
        foreach (var sighting in sightings)
        {
            if (sighting.LeadId is null)
            {
                owned.Add(sighting.Identity);
                links.Add(sighting.Identity);
            }
            else if (sighting == person || IsSamePerson(sighting, sightings, joined))
            {
                owned.Add(sighting.Identity);
                joined.Add(sighting);
            }
        }

        joined.AddRange(previous.Where(p => p.LeadId is not null && MayJoin(p, joined)));
        if (previous.Count > 0 && previous.All(p => p.LeadId is null))
        {
            // Not seen yet, in either of its two meanings: what comes under it later shall be found here. It is a browser's id far more often.
            links.AddRange(previous.Select(p => p.Identity));
            owned.AddRange(previous.Select(p => p.Identity).Where(i => i.Kind == IdentityKind.Anonymous));
        }

        if (joined.Count == 0)
        {
            // Nobody yet: the strongest identity becomes the lead's id, and needs no redirect.
            links.RemoveAt(0);
            return new Belonging(person.Identity.Hash(), owned, links, []);
        }

        var stays = joined.OrderByDescending(s => s.State?.Whole.IsKnown ?? false)
            .ThenBy(s => s.State?.Whole.FirstSeen ?? long.MaxValue)
            .ThenBy(s => s.LeadId, StringComparer.Ordinal)
            .First();
        var merges = joined.Where(s => s.LeadId != stays.LeadId).Select(s => s.LeadId!).Distinct(); // joined ones all have one
        return new Belonging(stays.LeadId!, owned, links, [.. merges]); // as above
    }

    private static bool IsSamePerson(Sighting sighting, IReadOnlyList<Sighting> all, List<Sighting> joined)
    {
        var whole = sighting.State?.Whole;
        var isSomebodyElse = all[0].Identity.Kind switch
        {
            IdentityKind.User => whole is not null && whole.HasKind(IdentityKind.User) && !whole.Carries(all[0].Identity),
            IdentityKind.Email => whole is not null && whole.HasKind(IdentityKind.Email) && !whole.Carries(all[0].Identity),
            _ => false,
        };
        return !isSomebodyElse && MayJoin(sighting, joined);
    }

    private static bool MayJoin(Sighting sighting, List<Sighting> joined) =>
        joined.All(other => other.State?.Apart.Contains(sighting.LeadId!) is not true && sighting.State?.Apart.Contains(other.LeadId!) is not true); // both were seen
}
