using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.Erasing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Tests.Leads;

/// <summary>The lead pipeline on the emulator, without a host around it: what would go through queues comes back at once.</summary>
internal sealed class BarePipeline
{
    private static int _batches;

    private readonly StorageClients _storage;
    private readonly LeadPipeline _pipeline;
    private readonly LeadDirectory _directory;
    private readonly LeadsTable _table;
    private readonly TimeProvider _time;

    private readonly SuppressedOf? _suppressed;

    private BarePipeline(StorageClients storage, TimeProvider time, SuppressedOf? suppressed = null)
    {
        (_storage, _time, _suppressed) = (storage, time, suppressed);
        var (table, cache) = (new LeadsTable(storage), new LeadCache(time));
        _table = table;
        _directory = new LeadDirectory(table, cache);
        _pipeline = new LeadPipeline(_directory, table, cache, () => Rules, time, suppressed);
    }

    /// <summary>What events do to leads from now on.</summary>
    public LeadRules Rules { get; set; } = ScoringModels.None;

    public static async Task<BarePipeline> StartAsync(TimeProvider? time = null, LeadRules? rules = null, SuppressedOf? suppressed = null)
    {
        var account = await Emulator.NewSharedAccountAsync();
        var storage = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = account });
        await storage.Table(LeadRows.Table).CreateIfNotExistsAsync();
        return new BarePipeline(storage, time ?? TimeProvider.System, suppressed) { Account = account, Rules = rules ?? ScoringModels.None };
    }

    /// <summary>A connection string.</summary>
    public required string Account { get; init; }

    /// <summary>Another instance on the same storage.</summary>
    public BarePipeline Another() => new(_storage, _time, _suppressed) { Account = Account, Rules = Rules };

    /// <summary>Another that ends again and again, before or after some of its requests to storage.</summary>
    public BarePipeline AnotherDying(int seed)
    {
        var options = new TableClientOptions();
        options.AddPolicy(new Dying(seed), Azure.Core.HttpPipelinePosition.PerCall);
        return new(new(new TableServiceClient(Account, options), new Azure.Storage.Queues.QueueServiceClient(Account), new Azure.Storage.Blobs.BlobServiceClient(Account)), _time) { Account = Account, Rules = Rules };
    }

    /// <summary>As a queue does: told again until it is done.</summary>
    public async Task UntilDoneAsync(params LeadEvent[] events)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await ApplyAsync(events);
                return;
            }
            catch (DeadException) when (tries < 300)
            {
                // It comes to life again, and the message comes again.
            }
        }
    }

    /// <summary>Applies a batch, and what it causes.</summary>
    public Task ApplyAsync(params IReadOnlyList<LeadEvent> events) => ApplyAcceptedAsync(_time.GetUtcNow(), events);

    /// <summary>The same with a batch that was accepted then, and lay about.</summary>
    public async Task ApplyAcceptedAsync(DateTimeOffset acceptedAt, params IReadOnlyList<LeadEvent> events)
    {
        for (; events.Count > 0; acceptedAt = _time.GetUtcNow())
        {
            var applied = await _pipeline.ApplyAsync(new EventBatch($"b{Interlocked.Increment(ref _batches)}", acceptedAt, events), CancellationToken.None);
            Assert.Empty(applied.Refused);
            events = [.. applied.Effects.Select(effect => EffectPublisher.AsEvent(effect, _time.GetUtcNow())).OfType<LeadEvent>()];
            await _pipeline.ClearAsync(applied);
        }
    }

    /// <summary>Commits one event, and then dies: nothing comes of it.</summary>
    public async Task CommitAsync(string lead, LeadEvent e)
    {
        var (table, cache) = (new LeadsTable(_storage), new LeadCache(_time));
        cache.Keep(lead, await table.ReadAsync(lead, CancellationToken.None));
        var committer = new ShardCommitter(table, cache, () => Rules, new CommitTurns(ShardGroup.LeadLimit), _time);
        Assert.IsType<CommitOutcome.Committed>(await committer.CommitAsync(new LeadWork(lead) { BatchId = $"b{Interlocked.Increment(ref _batches)}", Arrivals = [new Arrival(e, _time.GetUtcNow(), [])] }));
    }

    /// <summary>By any id, as those ask who act for a lead.</summary>
    public Task<LeadState?> ProvenAsync(string id) => _pipeline.FindAsync(id, CancellationToken.None);

    /// <summary>As a pass does before it links an identity to a lead, and then dies.</summary>
    public async Task ClaimAsync(Identity lead, Identity comes)
    {
        var (table, cache) = (new LeadsTable(_storage), new LeadCache(_time));
        cache.Keep(lead.Hash(), await table.ReadAsync(lead.Hash(), CancellationToken.None));
        var committer = new ShardCommitter(table, cache, () => ScoringModels.None, new CommitTurns(ShardGroup.LeadLimit), _time);
        Assert.IsType<CommitOutcome.Committed>(await committer.CommitAsync(new LeadWork(lead.Hash()) { Claims = [comes.Key] }));
    }

    /// <summary>As an erasure does once it knows the lead, and all places are looked at.</summary>
    public async Task BuryAsync(string id)
    {
        while (true)
        {
            var found = (await _table.FindAsync(id, CancellationToken.None))!.Value; // who calls has seen the lead
            var (left, along) = LeadBurial.Bury(((LeadRow.Profile)found.Row).State, "erasure", Rules, _time.GetUtcNow());
            try
            {
                await _table.SubmitAsync([LeadRows.Write(Tombstones.Swept(left, _time.GetUtcNow()), default, found.ETag), .. along], CancellationToken.None);
                return;
            }
            catch (TableTransactionFailedException changed) when (changed.Status == 412)
            {
                // Somebody was quicker.
            }
        }
    }

    /// <summary>By any id, or an identity's hash.</summary>
    public async Task<LeadState?> FindAsync(string id) => (await _directory.FollowAsync(id, [], CancellationToken.None)).State;

    /// <summary>Every lead that is not merged into another.</summary>
    public async Task<IReadOnlyList<LeadState>> LiveAsync()
    {
        var states = new List<LeadState>();
        await foreach (var row in _storage.Table(LeadRows.Table).QueryAsync<TableEntity>())
        {
            if (row.RowKey.EndsWith("|p", StringComparison.Ordinal) && LeadRows.Read(row) is LeadRow.Profile { State: { MergedInto: null } state })
            {
                states.Add(state);
            }
        }

        return states;
    }
}
