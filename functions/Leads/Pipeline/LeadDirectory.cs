using LeadFunctions.Events;
using LeadFunctions.Leads.Identities;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>Finds leads by identity or id, through redirects, from the cache where it can.</summary>
internal sealed class LeadDirectory(LeadsTable table, LeadCache cache)
{
    private double _seenBefore;

    /// <summary>
    /// A single identity that this instance does not know is most often a new visitor: then insert without reading first.
    /// Self-correcting: after a restart, or on a second instance, known ones turn up and reading pays again.
    /// </summary>
    public bool ExpectsNew => Volatile.Read(ref _seenBefore) < 0.03;

    public void Learn(bool seenBefore) => Volatile.Write(ref _seenBefore, Volatile.Read(ref _seenBefore) * 0.98 + (seenBefore ? 0.02 : 0));

    public bool IsCached(string id) => cache.Find(id) is not null;

    public async ValueTask<LeadRow> RowAsync(string id, CancellationToken cancellationToken)
    {
        if (cache.Find(id) is { } cached)
        {
            return cached;
        }

        return await FreshRowAsync(id, cancellationToken);
    }

    /// <summary>As it stands in storage: for what no commit would find to be outdated.</summary>
    public async Task<LeadRow> FreshRowAsync(string id, CancellationToken cancellationToken)
    {
        var row = await table.ReadAsync(id, cancellationToken);
        if (row is not LeadRow.Nothing)
        {
            cache.Keep(id, row);
        }

        return row;
    }

    /// <summary>The live lead that the identity leads to; null when it was never seen.</summary>
    public async ValueTask<FoundLead?> FindAsync(Identity identity, ICollection<LeadState> passed, CancellationToken cancellationToken)
    {
        var hash = identity.Hash();
        return await RowAsync(hash, cancellationToken) is LeadRow.Nothing ? null : await FollowAsync(hash, passed, cancellationToken);
    }

    /// <summary>
    /// From any id that ever was a lead's (or an identity's place) to the lead it is now; its state is null when it has no
    /// row (yet). Two instances that merged two leads crosswise at one moment froze both: then one is answered, still
    /// frozen, for the caller to set free. The frozen leads on the way are added to <paramref name="passed"/>.
    /// </summary>
    public ValueTask<FoundLead> FollowAsync(string id, ICollection<LeadState> passed, CancellationToken cancellationToken) =>
        FollowAsync(RowAsync, id, passed, cancellationToken);

    public static async ValueTask<FoundLead> FollowAsync(
        Func<string, CancellationToken, ValueTask<LeadRow>> read, string id, ICollection<LeadState> passed, CancellationToken cancellationToken)
    {
        List<string>? ids = null;
        var knownAs = KnownAs.Nobody;
        while (true)
        {
            var row = await read(id, cancellationToken);
            var next = row switch
            {
                LeadRow.Redirect redirect => redirect.LeadId,
                LeadRow.Profile { State.MergedInto: { } into } => into,
                _ => null,
            };
            if (next is null)
            {
                return row is LeadRow.Profile live ? new(id, live.State, live.State.KnownAs) : new(id, null, knownAs);
            }

            if (ids?.IndexOf(next) is >= 0 and var loop)
            {
                return await KeeperAsync(read, [.. ids.Skip(loop).Append(id)], knownAs, cancellationToken);
            }

            (ids ??= []).Add(id);
            knownAs = (row as LeadRow.Redirect)?.KnownAs ?? KnownAs.Nobody;
            if (row is LeadRow.Profile frozen)
            {
                passed.Add(frozen.State);
            }

            id = next;
        }
    }

    /// <summary>Which of a ring is to stay: one that none of the others has absorbed, or its events would count there too; of several, the smallest. What is frozen does not change, so every instance names the same.</summary>
    private static async ValueTask<FoundLead> KeeperAsync(
        Func<string, CancellationToken, ValueTask<LeadRow>> read, IReadOnlyList<string> ring, KnownAs knownAs, CancellationToken cancellationToken)
    {
        var states = new Dictionary<string, LeadState>();
        foreach (var id in ring)
        {
            if (await read(id, cancellationToken) is LeadRow.Profile { State: var state })
            {
                states[id] = state;
            }
        }

        var absorbed = states.Values.SelectMany(state => state.AllIds.Skip(1)).ToHashSet(); // the first is its own
        var keeper = ring.Order(StringComparer.Ordinal).OrderBy(absorbed.Contains).First();
        return states.TryGetValue(keeper, out var kept) ? new(keeper, kept, kept.KnownAs) : new(keeper, null, knownAs);
    }
}
