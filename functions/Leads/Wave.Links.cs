namespace LeadFunctions.Leads;

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
                Claim(e, belonging.LeadId, names.Has(link.Key) ? KnownAs.Of([link]) : KnownAs.Nobody);
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
            Claim(e, stays.LeadId, expected);
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

    private void Claim(LeadEvent e, string leadId, KnownAs names)
    {
        if (names.IsSomebody)
        {
            var (claimed, by) = Claims.TryGetValue(leadId, out var before) ? before : (KnownAs.Nobody, []);
            Claims[leadId] = (claimed.With(names), [.. by, e]);
        }
    }

    /// <summary>Redirects lead there, but it has no row: whoever wrote them is about to write it, or died before that.</summary>
    private void GiveRow(LeadEvent e, Person? person)
    {
        if (person is { State: null } && !Leads.ContainsKey(person.LeadId))
        {
            Founded.Add(person.LeadId);
            Claim(e, person.LeadId, person.KnownAs);
        }
    }
}
