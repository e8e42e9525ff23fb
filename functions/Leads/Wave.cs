namespace LeadFunctions.Leads;

/// <summary>
/// One pass over a batch: whom each event belongs to, the links that must stand before the commit, and the events that
/// need another pass after it. A redirect is inserted only to a lead that has a row, or whose id is the strongest of the
/// event's identities: so redirects never form a ring, whoever else is inserting.
/// </summary>
/// <param name="absent">Places just seen empty: not to be read again. Who fills one meanwhile wins, and the write that took it for empty is refused.</param>
internal sealed class Wave(LeadDirectory directory, DateTimeOffset receivedAt, IReadOnlySet<string> absent)
{
    /// <summary>Identities that will lead to a lead when this pass is done.</summary>
    private readonly Dictionary<string, string> _newHere = [];

    /// <summary>Those of them whose redirect can stand only after this pass, since the lead has no row yet.</summary>
    private readonly HashSet<string> _unlinked = [];

    public Dictionary<string, List<Arrival>> Leads { get; } = [];

    /// <summary>Leads whose row was not read, because it most likely does not exist.</summary>
    public HashSet<string> AssumedNew { get; } = [];

    /// <summary>Leads to give an empty row, if nothing else is written there.</summary>
    public HashSet<string> Founded { get; } = [];

    /// <summary>Identity hash to lead id.</summary>
    public Dictionary<string, string> Links { get; } = [];

    /// <summary>Lead to freeze, and into which.</summary>
    public Dictionary<string, string> ToFreeze { get; } = [];

    /// <summary>Leads that two instances froze into each other.</summary>
    public HashSet<string> ToFree { get; } = [];

    /// <summary>Frozen leads that an event came by: their own effects may not be out yet.</summary>
    public List<LeadState> Passed { get; } = [];

    /// <summary>Events for the next pass: their links wait for the lead's row, or their leads for a merge.</summary>
    public List<LeadEvent> Again { get; } = [];

    public async Task PlaceAsync(LeadEvent e, bool mayAssume, CancellationToken cancellationToken)
    {
        if (e.LeadId is { } leadId)
        {
            await PlaceInsideAsync(e, leadId, cancellationToken);
            return;
        }

        var identities = Identity.Of(e);
        if (identities.Count == 0)
        {
            return;
        }

        if (mayAssume && identities.Count == 1 && e.Type != EventType.Alias && AssumeNew(e, identities[0]))
        {
            return;
        }

        var passed = Passed.Count;
        var sightings = await SightAsync(identities, cancellationToken);
        var previous = await SightAsync(Identity.PreviousOf(e), cancellationToken);
        if (Passed.Skip(passed).Any(frozen => frozen.Seen.Contains(e)))
        {
            // A frozen lead had it; what it was goes along with that lead.
            return;
        }

        Place(e, Belonging.Of(sightings, previous), [.. sightings, .. previous]);
    }

    private bool AssumeNew(LeadEvent e, Identity identity)
    {
        var hash = identity.Hash();
        if (!_newHere.ContainsKey(hash) && (!directory.ExpectsNew || directory.IsCached(hash)))
        {
            return false;
        }

        if (_unlinked.Contains(hash))
        {
            Again.Add(e);
            return true;
        }

        var leadId = _newHere.GetValueOrDefault(hash, hash);
        if (leadId == hash && _newHere.TryAdd(hash, hash))
        {
            AssumedNew.Add(hash);
        }

        Add(leadId, e, [identity]);
        return true;
    }

    private void Place(LeadEvent e, Belonging belonging, List<Sighting> sightings)
    {
        if (belonging.Merges.Count > 0)
        {
            PlaceMerge(e, belonging, sightings);
            return;
        }

        var target = sightings.Find(s => s.LeadId == belonging.LeadId);
        if (target?.State is { MergedInto: not null })
        {
            ToFree.Add(belonging.LeadId);
            Again.Add(e);
            return;
        }

        // A redirect may lead only to a lead that has a row: if this lead has none yet, it has one after this pass.
        var isAgain = belonging.Links.Count > 0 && target is { State: null };
        foreach (var hash in belonging.Links.Select(link => link.Hash()))
        {
            _newHere.TryAdd(hash, belonging.LeadId);
            if (isAgain)
            {
                _unlinked.Add(hash);
            }
            else
            {
                Links[hash] = belonging.LeadId;
            }
        }

        var strongest = sightings[0].Identity.Hash();
        if (strongest == belonging.LeadId)
        {
            _newHere.TryAdd(strongest, strongest);
        }

        // An event counts where its strongest identity leads, and not before that stands: a repetition of it that another instance places now counts there too.
        if (_unlinked.Contains(strongest))
        {
            GiveRow(belonging.LeadId);
            isAgain = true;
        }
        else
        {
            Add(belonging.LeadId, e, [.. belonging.Owned.Where(identity => !_unlinked.Contains(identity.Hash()))]);
        }

        if (isAgain)
        {
            Again.Add(e);
        }
    }

    /// <summary>First the leads become one, then the event is placed: in the next pass.</summary>
    private void PlaceMerge(LeadEvent e, Belonging belonging, List<Sighting> sightings)
    {
        Again.Add(e);
        if (StateOf(belonging.LeadId) is null)
        {
            GiveRow(belonging.LeadId);
            return;
        }

        foreach (var from in belonging.Merges)
        {
            if (StateOf(from) is not null)
            {
                ToFreeze[from] = belonging.LeadId;
            }
            else if (!Leads.ContainsKey(from))
            {
                Links[from] = belonging.LeadId;
            }
        }

        LeadState? StateOf(string leadId) => sightings.Find(s => s.LeadId == leadId)?.State;
    }

    /// <summary>Redirects lead there, but it has no row: whoever wrote them is about to write it, or died before that.</summary>
    private void GiveRow(string leadId)
    {
        if (!Leads.ContainsKey(leadId))
        {
            Founded.Add(leadId);
        }
    }

    private async Task PlaceInsideAsync(LeadEvent e, string leadId, CancellationToken cancellationToken)
    {
        LeadState? other = null;
        if (Merges.Absorbs(e) is { } from)
        {
            // Another instance may have frozen it: what is cached here is perhaps from before that.
            other = (await directory.FreshRowAsync(from, cancellationToken) as LeadRow.Profile)?.State;
        }

        if (Merges.IsForFrozen(e))
        {
            await directory.RowAsync(leadId, cancellationToken);
        }

        var target = Merges.IsForFrozen(e) ? leadId : (await directory.FollowAsync(leadId, Passed, cancellationToken)).LeadId;
        Add(target, e, [], other);
    }

    private async Task<List<Sighting>> SightAsync(IReadOnlyList<Identity> identities, CancellationToken cancellationToken)
    {
        var sightings = new List<Sighting>(identities.Count);
        foreach (var identity in identities)
        {
            var hash = identity.Hash();
            if (_newHere.TryGetValue(hash, out var leadId))
            {
                // Being created in this very pass, or lately read: no need to look where there is nothing.
                var (live, known) = directory.IsCached(leadId) ? await directory.FollowAsync(leadId, Passed, cancellationToken) : (leadId, null);
                sightings.Add(new Sighting(identity, live, known));
                continue;
            }

            var sighting = absent.Contains(hash) && !directory.IsCached(hash)
                ? new Sighting(identity, null, null)
                : await directory.FindAsync(identity, Passed, cancellationToken);
            if (identities.Count == 1)
            {
                directory.Learn(seenBefore: sighting.LeadId is not null);
            }

            sightings.Add(sighting);
            if (sightings.Count == 1 && sighting.State is { } state1 && identities.All(state1.Whole.Carries))
            {
                // Found under its strongest identity, and it carries the others: one read was enough.
                return [.. identities.Select(i => new Sighting(i, sighting.LeadId, state1))];
            }
        }

        return sightings;
    }

    private void Add(string leadId, LeadEvent e, IReadOnlyList<Identity> identities, LeadState? other = null)
    {
        if (!Leads.TryGetValue(leadId, out var arrivals))
        {
            Leads[leadId] = arrivals = [];
        }

        arrivals.Add(new Arrival(e, receivedAt, identities, other));
    }
}
