using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Tests.Leads.Listing;

/// <summary>An instance that lists leads on the emulator, without a host around it.</summary>
internal sealed class BareListings
{
    /// <summary>Nothing of the log is too new to be deleted.</summary>
    public static readonly TimeSpan KeepNothing = TimeSpan.FromMinutes(-1);

    private BareListings(StorageClients storage, TimeProvider time, TimeSpan? keptAfter)
    {
        Storage = storage;
        Store = new ListingStore(new LeadsTable(storage), new ListingSnapshots(storage), () => LeadEvents.Rules, time, keptAfter);
        Listing = new LeadListing(Store, () => LeadEvents.Rules, time);
    }

    public StorageClients Storage { get; }

    public ListingStore Store { get; }

    public LeadListing Listing { get; }

    public static async Task<BareListings> StartAsync(string account, TimeProvider time, TimeSpan? keptAfter = null, HttpPipelinePolicy? watch = null)
    {
        var options = new TableClientOptions { Retry = { MaxRetries = 0 } };
        if (watch is not null)
        {
            options.AddPolicy(watch, HttpPipelinePosition.PerCall);
        }

        var storage = new StorageClients(new TableServiceClient(account, options), new QueueServiceClient(account), new Azure.Storage.Blobs.BlobServiceClient(account));
        await new TableClient(account, ListingSnapshots.Name).CreateIfNotExistsAsync();
        return new BareListings(storage, time, keptAfter);
    }

    /// <summary>All pages.</summary>
    public async Task<IReadOnlyList<ListedRow>> AllAsync(ListingQuery query)
    {
        var (all, after) = (new List<ListedRow>(), (ListingPosition?)null);
        do
        {
            var (rows, next) = await Listing.ReadAsync(query, after, CancellationToken.None);
            all.AddRange(rows);
            after = next;
        }
        while (after is not null);

        return all;
    }

    /// <summary>Makes a snapshot, however short the log.</summary>
    public async Task<bool> FoldAsync(string shard) => await Store.WriteAsync(shard, await Store.LoadAsync(shard, CancellationToken.None), CancellationToken.None);

    public async Task FoldAsync()
    {
        foreach (var shard in Events.LeadIds.AllShards)
        {
            Assert.True(await FoldAsync(shard));
        }
    }
}

/// <summary>Lets so many requests through; the next one, and all after it, fail as if the process had been killed: before it was sent, or after it was carried out.</summary>
internal sealed class KilledAt(int request, bool isSent) : HttpPipelinePolicy
{
    private int _requests;

    /// <summary>How many were asked for.</summary>
    public int Requests => _requests;

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var number = Interlocked.Increment(ref _requests) - 1;
        if (number > request || (number == request && !isSent))
        {
            throw new KilledException();
        }

        await ProcessNextAsync(message, pipeline);
        if (number == request)
        {
            throw new KilledException();
        }
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();
}

internal sealed class KilledException : Exception;
