using LeadFunctions.Events;
using LeadFunctions.Scoring;

namespace LeadFunctions.Leads.Listing;

/// <summary>Lists known leads from memory: no lead is read for a page. What was committed before it was asked for is in it.</summary>
internal sealed class LeadListing(ListingStore store, Func<ScoringModels> rules, TimeProvider time)
{
    private readonly IReadOnlyList<ShardFollower> _shards = [.. LeadIds.AllShards.Select(shard => new ShardFollower(shard, store))];

    public async Task<(IReadOnlyList<ListedRow> Rows, ListingPosition? Next)> ReadAsync(ListingQuery query, ListingPosition? after, CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(_shards.Select(shard => shard.CurrentAsync(cancellationToken)));
        var page = new PageSelection(query, after, after?.AsOf ?? time.GetUtcNow().ToUnixTimeMilliseconds(), rules().Live?.Document.Cap ?? double.PositiveInfinity);
        foreach (var list in lists)
        {
            list.Offer(page);
        }

        return page.Page();
    }

    /// <summary>Of a lead's id and a time (Unix ms): how it stands then, if nothing happens to it; null for one that is not listed.</summary>
    public async Task<Func<string, long, ListedScore?>> ScoresAsync(CancellationToken cancellationToken)
    {
        var (lists, models) = (await Task.WhenAll(_shards.Select(shard => shard.CurrentAsync(cancellationToken))), rules());
        return (id, at) => LeadIds.IsValid(id) ? lists[LeadIds.ShardIndex(id)].Score(id, at, models.CapAt(DateTimeOffset.FromUnixTimeMilliseconds(at))) : null;
    }

    /// <param name="near">Null: nobody can be near.</param>
    public async Task<ListingCounts> CountAsync(NearStage? near, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(_shards.Select(shard => shard.CurrentAsync(cancellationToken)));
        var counts = new ListingCounts(asOf.ToUnixTimeMilliseconds(), rules().Live?.Document.Cap ?? double.PositiveInfinity, near);
        foreach (var list in lists)
        {
            list.AddTo(counts);
        }

        return counts;
    }

    /// <summary>Companies as of that time, in no order.</summary>
    /// <param name="only">One company's key; null: all.</param>
    public async Task<IReadOnlyList<Company>> CompaniesAsync(string? only, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        var lists = await Task.WhenAll(_shards.Select(shard => shard.CurrentAsync(cancellationToken)));
        var totals = new CompanyTotals(asOf.ToUnixTimeMilliseconds(), rules().Live?.Document.Cap ?? double.PositiveInfinity, only);
        foreach (var list in lists)
        {
            list.AddTo(totals);
        }

        return [.. totals.All()];
    }
}
