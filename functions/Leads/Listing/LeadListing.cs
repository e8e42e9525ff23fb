using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Scoring;

namespace LeadFunctions.Leads.Listing;

/// <param name="Stage">Null for every stage.</param>
/// <param name="MinEngagement">As of <see cref="ListingPosition.AsOf"/>.</param>
internal sealed record ListingQuery(string? Stage, double? MinEngagement, ListingOrder Order, int Limit);

/// <summary>After which lead a page starts, and as of when scores are compared, so that decay between two pages moves nobody.</summary>
/// <param name="AsOf">Unix ms.</param>
/// <param name="Order">What <paramref name="Rank"/> is: a position of one order means nothing in another.</param>
/// <param name="Rank">Engagement, or the last event in Unix ms.</param>
internal sealed record ListingPosition(long AsOf, ListingOrder Order, double Rank, string LeadId);

/// <summary>
/// Lists known leads in exact order from the coarse index: leads of one bucket are read and held until no lead of a lower
/// bucket can come before them.
/// </summary>
internal sealed class LeadListing(LeadIndexTable index, LeadsTable table, Func<ScoringModels> rules, TimeProvider time)
{
    private const int ReadAhead = 64;

    public async Task<(IReadOnlyList<LeadState> Leads, ListingPosition? Next)> ReadAsync(ListingQuery query, ListingPosition? after, CancellationToken cancellationToken)
    {
        var asOf = after is null ? time.GetUtcNow() : DateTimeOffset.FromUnixTimeMilliseconds(after.AsOf);
        var held = new PriorityQueue<LeadState, (double, string)>(Order);
        var page = new List<(LeadState Lead, double Rank)>();
        var seen = new HashSet<string>();
        await foreach (var (bucket, leads) in BucketsAsync(query, cancellationToken))
        {
            // Whatever is held above this bucket's ceiling has its final place.
            if (Emit(held, Ceiling(query.Order, bucket), query.Limit, page) || (query.MinEngagement is { } min && query.Order == ListingOrder.Engagement && Ceiling(query.Order, bucket) < min))
            {
                break;
            }

            foreach (var state in await VerifiedAsync(leads, cancellationToken))
            {
                var engagement = Reducer.ScoreOf(state, rules(), asOf).Engagement;
                // A lead that an earlier build put into its bucket may have risen above it (a penalty decayed, a new model had a higher cap): it still has its place on exactly one page.
                var rank = query.Order == ListingOrder.Engagement ? Math.Min(engagement, Math.BitDecrement(Ceiling(query.Order, bucket))) : state.Whole.LastSeen;
                if ((query.MinEngagement is not { } least || engagement >= least) && IsAfter(rank, state.Id, after) && seen.Add(state.Id))
                {
                    held.Enqueue(state, (rank, state.Id));
                }
            }
        }

        Emit(held, double.NegativeInfinity, query.Limit, page);
        var next = page.Count > query.Limit ? new ListingPosition(asOf.ToUnixTimeMilliseconds(), query.Order, page[query.Limit - 1].Rank, page[query.Limit - 1].Lead.Id) : null;
        return ([.. page.Take(query.Limit).Select(p => p.Lead)], next);
    }

    private static readonly IComparer<(double Rank, string Id)> Order = Comparer<(double Rank, string Id)>.Create((a, b) =>
        a.Rank != b.Rank ? b.Rank.CompareTo(a.Rank) : string.CompareOrdinal(a.Id, b.Id));

    private static bool IsAfter(double rank, string leadId, ListingPosition? after) =>
        after is null || Order.Compare((rank, leadId), (after.Rank, after.LeadId)) > 0;

    /// <summary>True when the page is full: one more than the limit, which tells that there is a next one.</summary>
    private static bool Emit(PriorityQueue<LeadState, (double Rank, string Id)> held, double above, int limit, List<(LeadState, double)> page)
    {
        while (page.Count <= limit && held.TryPeek(out var lead, out var priority) && priority.Rank >= above)
        {
            held.Dequeue();
            page.Add((lead, priority.Rank));
        }

        return page.Count > limit;
    }

    private static double Ceiling(ListingOrder order, int bucket) =>
        order == ListingOrder.LastSeen ? (bucket + 1) * 86_400_000d
        : bucket == ListingEntry.Buckets - 1 ? double.PositiveInfinity
        : (bucket + 1) * (double)ListingEntry.PointsPerBucket;

    /// <summary>The stages' partitions side by side, bucket by bucket, from the top.</summary>
    private async IAsyncEnumerable<(int Bucket, List<IndexedLead> Leads)> BucketsAsync(
        ListingQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stages = (query.Stage is { } one ? [one] : Stages.All).Select(stage => index.ReadAsync(stage, query.Order, cancellationToken).GetAsyncEnumerator(cancellationToken)).ToList();
        try
        {
            var open = new List<IAsyncEnumerator<IndexedLead>>();
            foreach (var stage in stages)
            {
                if (await stage.MoveNextAsync())
                {
                    open.Add(stage);
                }
            }

            while (open.Count > 0)
            {
                var bucket = open.Max(stage => stage.Current.Bucket);
                var leads = new List<IndexedLead>();
                foreach (var stage in open.ToList())
                {
                    while (stage.Current.Bucket == bucket)
                    {
                        leads.Add(stage.Current);
                        if (!await stage.MoveNextAsync())
                        {
                            open.Remove(stage);
                            break;
                        }
                    }
                }

                yield return (bucket, leads);
            }
        }
        finally
        {
            foreach (var stage in stages)
            {
                await stage.DisposeAsync();
            }
        }
    }

    /// <summary>Those that really stand there now; rows that nothing stands behind any more are removed.</summary>
    private async Task<IReadOnlyList<LeadState>> VerifiedAsync(List<IndexedLead> leads, CancellationToken cancellationToken)
    {
        var verified = new List<LeadState>(leads.Count);
        foreach (var some in leads.Chunk(ReadAhead))
        {
            var rows = await Task.WhenAll(some.Select(lead => table.ReadAsync(lead.LeadId, cancellationToken)));
            foreach (var (lead, row) in some.Zip(rows))
            {
                var state = (row as LeadRow.Profile)?.State;
                if (state is not null && ListingEntry.Parse(state.Listing)?.Change == lead.Change)
                {
                    verified.Add(state);
                }
                else if (state is not null && (ListingEntry.Parse(state.Listing)?.Change ?? int.MaxValue) > lead.Change)
                {
                    await index.RemoveAsync(lead.Partition, lead.Row, cancellationToken);
                }
            }
        }

        return verified;
    }
}
