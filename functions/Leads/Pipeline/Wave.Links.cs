using LeadFunctions.Events;
using LeadFunctions.Leads.Identities;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>How leads come to be one, and identities to lead to them: what must stand in which order.</summary>
internal sealed partial class Wave
{
    /// <summary>False when some links have to wait.</summary>
    private bool Link(LeadEvent e, Belonging belonging, Person? target, KnownAs names, bool isMoving)
    {
        var isLinked = true;
        foreach (var link in belonging.Links)
        {
            var hash = link.Hash();
            if (hash == belonging.LeadId)
            {
                continue;
            }

            _newHere.TryAdd(hash, belonging.LeadId);
            if (target is null)
            {
                // Whoever finds it before the lead has a row must know who that will be.
                Links[hash] = new(belonging.LeadId, names);
            }
            else if (!isMoving && target.State is { } state && (!names.Has(link.Key) || state.KnownAs.Has(link.Key)))
            {
                Links[hash] = new(belonging.LeadId, KnownAs.Nobody);
            }
            else
            {
                _unlinked.Add(hash);
                Claim(e, target, names.Has(link.Key) ? KnownAs.Of([link]) : KnownAs.Nobody);
                isLinked = false;
            }
        }

        return isLinked;
    }

    /// <summary>
    /// First the leads become one, then the event is placed: in the next pass. Before that, the one that stays says whom it expects, and the one that goes is frozen only if
    /// it still is who it was.
    /// </summary>
    private void Merge(LeadEvent e, Person stays, IReadOnlyList<Person> go)
    {
        var expected = go.Aggregate(KnownAs.Nobody, (all, person) => all.With(person.KnownAs)).Without(stays.State?.KnownAs ?? KnownAs.Nobody);
        if (expected.IsSomebody)
        {
            Claim(e, stays, expected);
        }
        else if (stays.State is not null)
        {
            foreach (var person in go)
            {
                if (person.State is not null)
                {
                    ToFreeze[person.LeadId] = stays.LeadId;
                }
                else if (!Leads.ContainsKey(person.LeadId))
                {
                    Links[person.LeadId] = new(stays.LeadId, KnownAs.Nobody);
                }
            }
        }

        _people.Join(stays, go);
    }

    private void Claim(LeadEvent e, Person person, KnownAs names)
    {
        if (person.State is null)
        {
            // Should this be what makes its row, then that must say who it is.
            names = names.With(person.KnownAs);
            Judged.TryAdd(person.LeadId, KnownAs.Nobody);
        }

        if (names.IsSomebody)
        {
            var (claimed, by) = Claims.TryGetValue(person.LeadId, out var before) ? before : (KnownAs.Nobody, []);
            Claims[person.LeadId] = (claimed.With(names), [.. by, e]);
        }
    }

    /// <summary>
    /// Links that were lost to somebody else may have been what later events were judged by: an event that would have led by one of them is placed anew, and all that was decided
    /// about who people are is decided anew.
    /// </summary>
    public void Withdraw(IReadOnlySet<string> lost)
    {
        foreach (var (leadId, arrivals) in Leads)
        {
            var losers = arrivals.FindAll(arrival => Claims.ContainsKey(leadId)
                || arrival.Identities.Concat(Identity.PreviousOf(arrival.Event)).Any(identity => lost.Contains(identity.Hash())));
            Again.AddRange(losers.Select(arrival => arrival.Event));
            arrivals.RemoveAll(losers.Contains);
        }

        Claims.Clear();
        Unclaims.Clear();
        Founded.Clear();
        ToFreeze.Clear();
    }

    /// <summary>A name that a lead waits for has gone to another, which cannot be the same person: nobody is about to merge the two.</summary>
    private void Unclaim(List<Sighting> sightings, Belonging belonging)
    {
        foreach (var waiting in sightings.Select(sighting => sighting.Person).OfType<Person>())
        {
            foreach (var (identity, other, _) in sightings)
            {
                if (waiting.State?.Claims?.Contains(identity.Key) == true && other is not null && other.LeadId != waiting.LeadId
                    && !(IsOfIt(waiting) && IsOfIt(other)) && !waiting.Surely.MayBe(other.KnownAs))
                {
                    (Unclaims.TryGetValue(waiting.LeadId, out var names) ? names : Unclaims[waiting.LeadId] = []).Add(identity.Key);
                }
            }
        }

        bool IsOfIt(Person person) => person.LeadId == belonging.LeadId || belonging.Merges.Any(goes => goes.LeadId == person.LeadId);
    }

    /// <summary>Redirects lead there, but it has no row: whoever wrote them is about to write it, or died before that.</summary>
    private bool IsWithoutRow(LeadEvent e, Person? person)
    {
        if (person is not { State: null } || Leads.ContainsKey(person.LeadId))
        {
            return false;
        }

        Claim(e, person, KnownAs.Nobody);
        return true;
    }

    /// <summary>Whoever let a lead go that the event came by died before it heard of that: it does so first, and the event is placed in the next pass.</summary>
    private bool WaitsForRelease(LeadEvent e, int passedBefore, IEnumerable<LeadState?> found)
    {
        var releases = Passed.Skip(passedBefore).SelectMany(frozen => found.OfType<LeadState>().Select(state => Merges.ReleaseOf(frozen, state, receivedAt)).OfType<LeadEvent>()).DistinctBy(release => release.Id).ToList();
        if (releases.Count == 0)
        {
            return false;
        }

        Again.AddRange(releases.Where(release => _released.Add(release.Id)));
        Again.Add(e);
        return true;
    }
}
