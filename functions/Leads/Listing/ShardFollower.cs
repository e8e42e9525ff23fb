namespace LeadFunctions.Leads.Listing;

/// <summary>
/// A shard's listing in this instance's memory. Loaded for the first who asks, then brought up to date before each page: whoever asks sees what was committed before. Who asks while it is being read waits for the
/// next reading, together with all others who do.
/// </summary>
internal sealed class ShardFollower(string shard, ListingStore store)
{
    private readonly Lock _gate = new();
    private Task<ShardListing> _running = Task.FromResult(new ShardListing());
    private Task<ShardListing>? _waiting;
    private (ShardListing List, ListingTime AsOf)? _known;

    /// <summary>As of now. It is read to the end even if the caller gives up: a first listing may take longer than a request.</summary>
    public Task<ShardListing> CurrentAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return (_waiting ?? (_running.IsCompleted ? _running = ReadAsync() : _waiting = ReadAfterAsync(_running))).WaitAsync(cancellationToken);
        }
    }

    private async Task<ShardListing> ReadAfterAsync(Task running)
    {
        await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Task<ShardListing> mine;
        lock (_gate)
        {
            mine = _running = ReadAsync();
            _waiting = null;
        }

        return await mine;
    }

    private async Task<ShardListing> ReadAsync()
    {
        if (_known is { } known && await store.FollowAsync(shard, known.List, known.AsOf, CancellationToken.None) is { } asOf)
        {
            _known = known with { AsOf = asOf };
            return known.List;
        }

        var loaded = await store.LoadAsync(shard, CancellationToken.None);
        _known = (loaded.List, new(loaded.AsOf, loaded.AsOf));
        if (loaded.Head is null)
        {
            // So that nobody has to read all leads again.
            await store.WriteAsync(shard, loaded, CancellationToken.None);
        }

        return loaded.List;
    }
}
