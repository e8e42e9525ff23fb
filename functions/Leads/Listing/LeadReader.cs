using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;

namespace LeadFunctions.Leads.Listing;

/// <summary>Reads leads for people: always from the table, so that an answer is never behind what another instance wrote.</summary>
public sealed class LeadReader
{
    private readonly LeadsTable _table;
    private readonly LeadListing _listing;
    private readonly Timeline _timeline;
    private readonly LeadHistory _history;

    internal LeadReader(LeadsTable table, LeadListing listing, Timeline timeline) => (_table, _listing, _timeline, _history) = (table, listing, timeline, new(table));

    /// <summary>By any id that the lead ever had; null when there is none.</summary>
    internal async Task<LeadState?> FindAsync(string id, CancellationToken cancellationToken) =>
        await FollowAsync(id, cancellationToken) is { IsErased: false } lead ? lead : null;

    /// <summary>That of the lead that any of these identities led to; null: none of them was erased, or the person is back.</summary>
    internal async Task<LeadErasure?> FindErasedAsync(IReadOnlyList<Identity> identities, CancellationToken cancellationToken) =>
        (await Task.WhenAll(identities.Select(identity => FollowAsync(identity.Hash(), cancellationToken)))).FirstOrDefault(lead => lead?.IsErased == true)?.Erased;

    /// <summary>That of the lead that bore this id; null: it was not erased, or the person is back.</summary>
    internal async Task<LeadErasure?> FindErasedAsync(string id, CancellationToken cancellationToken) => await FollowAsync(id, cancellationToken) is { IsErased: true } left ? left.Erased : null;

    /// <summary>As above, with all that is asked of its events: where it lacks some, its timeline is read.</summary>
    internal async Task<LeadState?> FindAsync(string id, AskedHistory asked, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } lead ? await CompleteAsync(lead, asked, cancellationToken) : null;

    internal ValueTask<LeadState> CompleteAsync(LeadState lead, AskedHistory asked, CancellationToken cancellationToken) => _history.CompleteAsync(lead, asked, cancellationToken);

    /// <summary>The leads that all of these identities lead to: none, one, or several that do not know of each other.</summary>
    internal async Task<IReadOnlyList<LeadState>> FindAsync(IReadOnlyList<Identity> identities, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(identities.Select(identity => FindAsync(identity.Hash(), cancellationToken)));
        return [.. found.OfType<LeadState>().DistinctBy(lead => lead.Id)];
    }

    private async Task<LeadState?> FollowAsync(string id, CancellationToken cancellationToken)
    {
        if (!LeadIds.IsValid(id))
        {
            return null;
        }

        var passed = new List<LeadState>();
        var found = (await LeadDirectory.FollowAsync((key, cancel) => new(_table.ReadAsync(key, cancel)), id, passed, cancellationToken)).State;
        return found is not null && passed is [.., var last] && Merges.ReleaseOf(last, found, default) is not null ? last : found; // let go, and not yet told
    }

    internal Task<(IReadOnlyList<ListedRow> Rows, ListingPosition? Next)> ListAsync(ListingQuery query, ListingPosition? after, CancellationToken cancellationToken) =>
        _listing.ReadAsync(query, after, cancellationToken);

    internal Task<ListingCounts> CountAsync(NearStage? near, DateTimeOffset asOf, CancellationToken cancellationToken) => _listing.CountAsync(near, asOf, cancellationToken);

    /// <summary>Leads that nobody knows by name; of very many that there are more.</summary>
    internal async Task<(int Count, bool IsAll)> CountAnonymousAsync(CancellationToken cancellationToken)
    {
        var shards = await Task.WhenAll(LeadIds.AllShards.Select(shard => _table.CountAnonymousAsync(shard, cancellationToken)));
        return (shards.Sum(shard => shard.Count), shards.All(shard => shard.IsAll));
    }

    /// <summary>Looks up how listed leads stand, one by one, as of now.</summary>
    internal Task<Func<string, long, ListedScore?>> ScoresAsync(CancellationToken cancellationToken) => _listing.ScoresAsync(cancellationToken);

    internal Task<IReadOnlyList<Company>> CompaniesAsync(string? only, DateTimeOffset asOf, CancellationToken cancellationToken) => _listing.CompaniesAsync(only, asOf, cancellationToken);

    internal Task<(IReadOnlyList<(TimelineEntry Entry, string LeadId)> Entries, TimelinePosition? Next)> TimelineAsync(
        LeadState lead, Func<LeadEvent, bool> wanted, int limit, TimelinePosition? from, CancellationToken cancellationToken) =>
        _timeline.ReadAsync(lead.AllIds, wanted, limit, from, cancellationToken);
}
