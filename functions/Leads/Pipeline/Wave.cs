using LeadFunctions.Events;
using LeadFunctions.Leads.Identities;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>
/// One pass over a batch: whom each event belongs to, the links that must stand before the commit, and the events that
/// need another pass after it. A redirect is inserted only to a lead that has a row, or whose id is the strongest of the
/// event's identities: so redirects never form a ring, whoever else is inserting. And a user id or an address is linked only to a lead whose row says that it is coming
/// (<see cref="LeadState.Claims"/>): so nobody takes the lead for somebody else meanwhile.
/// </summary>
/// <param name="absent">Places just seen empty: not to be read again. Who fills one meanwhile wins, and the write that took it for empty is refused.</param>
internal sealed partial class Wave(LeadDirectory directory, DateTimeOffset receivedAt, IReadOnlySet<string> absent)
{
    private readonly People _people = new();

    /// <summary>Identities that will lead to a lead when this pass is done.</summary>
    private readonly Dictionary<string, string> _newHere = [];

    /// <summary>Of leads that are to hear that they were let go.</summary>
    private readonly HashSet<string> _released = [];

    /// <summary>Those of them whose redirect can stand only after this pass, since the lead has no row yet, or not one that says so.</summary>
    private readonly HashSet<string> _unlinked = [];

    public Dictionary<string, List<Arrival>> Leads { get; } = [];

    /// <summary>Leads whose row was not read, because it most likely does not exist.</summary>
    public HashSet<string> AssumedNew { get; } = [];

    /// <summary>Leads to give an empty row, if nothing else is written there.</summary>
    public HashSet<string> Founded { get; } = [];

    /// <summary>User ids and addresses that are on their way to a lead, and the events that bring them.</summary>
    public Dictionary<string, (KnownAs Names, IReadOnlyList<LeadEvent> By)> Claims { get; } = [];

    /// <summary>Names that leads wait for in vain: another was quicker.</summary>
    public Dictionary<string, HashSet<string>> Unclaims { get; } = [];

    /// <summary>Who a lead was when something was decided about it (<see cref="LeadWork.JudgedAs"/>).</summary>
    public Dictionary<string, KnownAs> Judged { get; } = [];

    /// <summary>From identity hashes.</summary>
    public Dictionary<string, LeadRow.Redirect> Links { get; } = [];

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

        var told = Identity.ToldBy(e);
        if (mayAssume && identities.Count == 1 && told.Count == 0 && e.Type != EventType.Alias && AssumeNew(e, identities[0]))
        {
            return;
        }

        var passed = Passed.Count;
        var sightings = await SightAsync(identities, cancellationToken);
        var previous = await SightAsync(Identity.PreviousOf(e), cancellationToken);
        if (WaitsForRelease(e, passed, sightings.Concat(previous).Select(sighting => sighting.Person?.State)))
        {
            return;
        }

        sightings = ErasedPeople.Sift(e, sightings);
        if (sightings.Count == 0 || (await SightAsync(told, cancellationToken)).Exists(ErasedPeople.IsErased))
        {
            return;
        }

        previous.RemoveAll(sighting => sighting.Person?.State?.IsErased == true);

        // A frozen lead had it: what it was goes along with that lead. Its names may not all have been written down, though.
        var wasApplied = Passed.Skip(passed).Any(frozen => frozen.Seen.Contains(e));
        var belonging = Belonging.Of(sightings, previous);
        if (belonging.Merges.Count > 0 && await directory.FreshRowAsync(belonging.LeadId, cancellationToken) is LeadRow.Profile { State.IsErased: true })
        {
            Again.Add(e); // another instance erased it: what is frozen into it now nobody would find again
            return;
        }

        Place(e, belonging, [.. sightings, .. previous], wasApplied);
    }

    private bool AssumeNew(LeadEvent e, Identity identity)
    {
        var hash = identity.Hash();
        if (!_newHere.ContainsKey(hash) && (!directory.ExpectsNew || directory.IsCached(hash)))
        {
            return false;
        }

        var leadId = _newHere.GetValueOrDefault(hash, hash);
        if (_unlinked.Contains(hash) || _people.IsMoving(leadId))
        {
            _people.Note(leadId, KnownAs.Nobody, e.At);
            Again.Add(e);
            return true;
        }

        if (leadId == hash && _newHere.TryAdd(hash, hash))
        {
            AssumedNew.Add(hash);
        }

        Add(leadId, e, [identity]);
        return true;
    }

    private void Place(LeadEvent e, Belonging belonging, List<Sighting> sightings, bool wasApplied)
    {
        var (leadId, names) = (belonging.LeadId, KnownAs.Of(belonging.Owned));
        var target = sightings.Find(sighting => sighting.Person?.LeadId == leadId)?.Person;
        if (target?.State is { MergedInto: not null })
        {
            ToFree.Add(leadId);
            Again.Add(e);
            return;
        }

        if (sightings.Count > 1)
        {
            Unclaim(sightings, belonging);
            foreach (var judged in belonging.Merges.Append(target).OfType<Person>())
            {
                Judged.TryAdd(judged.LeadId, judged.State?.KnownAs ?? KnownAs.Nobody);
            }
        }

        var isMoving = sightings.Exists(sighting => sighting.IsMoving && sighting.Person?.LeadId == leadId);
        if (target is not null && belonging.Merges.Count > 0)
        {
            Merge(e, target, belonging.Merges);
            isMoving = true;
        }

        var isAgain = isMoving | !Link(e, belonging, target, names, isMoving);
        if (target is null)
        {
            _people.Found(leadId, names, e.At);
        }
        else
        {
            _people.Note(leadId, names, e.At);
        }

        var strongest = sightings[0].Identity.Hash();
        if (strongest == leadId)
        {
            _newHere.TryAdd(strongest, strongest);
        }

        var isWithoutRow = IsWithoutRow(e, target);

        // An event counts where its strongest identity leads, and not before that stands: a repetition of it that another instance places now counts there too.
        if (isMoving || _unlinked.Contains(strongest))
        {
            isAgain = true;
            if (isWithoutRow)
            {
                Founded.Add(leadId);
            }
        }
        else
        {
            Add(leadId, e, [.. belonging.Owned.Where(identity => !_unlinked.Contains(identity.Hash()))], wasApplied: wasApplied);
        }

        if (isAgain)
        {
            Again.Add(e);
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

        if (Merges.IsForFrozen(e) && await directory.RowAsync(leadId, cancellationToken) is LeadRow.Redirect)
        {
            return; // it was erased meanwhile, as a part of another
        }

        if (Merges.IsForFrozen(e))
        {
            // Somebody who asks for a merge that has just been made the other way round has what they want.
            if (Merges.Freezes(e) is not { } into || (await directory.FollowAsync(into, [], cancellationToken)).LeadId != leadId)
            {
                Add(leadId, e, []);
            }

            return;
        }

        var passed = new List<LeadState>();
        var found = await directory.FollowAsync(leadId, passed, cancellationToken);
        Passed.AddRange(passed);
        if (found.State is { MergedInto: not null })
        {
            // Two frozen into each other, unless what is known here of one of them is old.
            var fresh = await LeadDirectory.FollowAsync(async (id, token) => await directory.FreshRowAsync(id, token), leadId, [], cancellationToken);
            if (fresh.State is { MergedInto: not null })
            {
                ToFree.Add(fresh.LeadId);
            }

            Again.Add(e);
        }
        else if (WaitsForRelease(e, Passed.Count - passed.Count, [found.State]))
        {
            // Then it goes to whom it names.
        }
        else if (!Merges.IsDone(e, passed))
        {
            Add(found.LeadId, e, [], other);
        }
    }

    private async Task<List<Sighting>> SightAsync(IReadOnlyList<Identity> identities, CancellationToken cancellationToken)
    {
        var sightings = new List<Sighting>(identities.Count);
        foreach (var identity in identities)
        {
            var found = await FindAsync(identity, cancellationToken);
            if (identities.Count == 1)
            {
                directory.Learn(seenBefore: found is not null);
            }

            var person = found is null ? null : _people.Meet(found, Leads.GetValueOrDefault(found.LeadId, []));
            sightings.Add(new Sighting(identity, person, found is not null && found.LeadId != person?.LeadId));
            if (sightings.Count == 1 && found?.State is { } state && identities.All(state.Whole.Carries))
            {
                // Found under its strongest identity, and it carries the others: one read was enough.
                return [.. identities.Select(i => sightings[0] with { Identity = i })];
            }
        }

        return sightings;
    }

    private async ValueTask<FoundLead?> FindAsync(Identity identity, CancellationToken cancellationToken)
    {
        var hash = identity.Hash();
        if (_newHere.TryGetValue(hash, out var leadId))
        {
            // Being created in this very pass, or lately read: no need to look where there is nothing.
            return directory.IsCached(leadId) ? await directory.FollowAsync(leadId, Passed, cancellationToken) : new(leadId, null, KnownAs.Nobody);
        }

        return absent.Contains(hash) && !directory.IsCached(hash) ? null : await directory.FindAsync(identity, Passed, cancellationToken);
    }

    private void Add(string leadId, LeadEvent e, IReadOnlyList<Identity> identities, LeadState? other = null, bool wasApplied = false)
    {
        if (!Leads.TryGetValue(leadId, out var arrivals))
        {
            Leads[leadId] = arrivals = [];
        }

        arrivals.Add(new Arrival(e, receivedAt, identities, other, wasApplied));
        if (e.LeadId is null)
        {
            _people.Note(leadId, KnownAs.Of(identities), e.At);
        }
    }
}
