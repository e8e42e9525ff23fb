using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle.Notes;
using LeadFunctions.Lifecycle.Owners;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Reports.Stored;
using LeadFunctions.Segments;
using LeadFunctions.Segments.Stored;
using Microsoft.Extensions.Time.Testing;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads.Listing;

/// <summary>What listings show is what the leads are, whoever writes, reads, folds or dies meanwhile.</summary>
public sealed class StoredListingsTests
{
    private readonly FakeTimeProvider _time = new(Start.AddDays(31));

    [Fact]
    public async Task A_listing_follows_every_commit_of_every_instance()
    {
        var pipeline = await BarePipeline.StartAsync(_time, Rules);
        var (other, lists) = (pipeline.Another(), await BareListings.StartAsync(pipeline.Account, _time));
        await AssertListedAsync(pipeline, lists);

        await pipeline.ApplyAsync(Many(40, 0));
        await AssertListedAsync(pipeline, lists);
        await other.ApplyAsync(Many(60, 1));
        await AssertListedAsync(pipeline, lists);
        await Task.WhenAll(pipeline.ApplyAsync(Many(60, 2)), other.ApplyAsync(Many(60, 3)));
        await AssertListedAsync(pipeline, lists);
        await AssertListedAsync(pipeline, await BareListings.StartAsync(pipeline.Account, _time));
    }

    [Fact]
    public async Task A_page_costs_one_request_a_shard()
    {
        var watch = new KilledAt(int.MaxValue, isSent: false);
        var pipeline = await BarePipeline.StartAsync(_time, Rules);
        var lists = await BareListings.StartAsync(pipeline.Account, _time, watch: watch);
        await pipeline.ApplyAsync(Many(40, 0));
        await AssertListedAsync(pipeline, lists);
        await pipeline.ApplyAsync(Many(40, 1));
        var before = watch.Requests;

        var (rows, _) = await lists.Listing.ReadAsync(new(ListingFilter.None, ListingOrder.Engagement, 50), null, CancellationToken.None);

        Assert.Equal(40, rows.Count);
        Assert.Equal(LeadIds.Shards, watch.Requests - before);
    }

    [Fact]
    public async Task Somebody_who_is_merged_leaves_the_listing_and_comes_back_when_that_is_taken_back()
    {
        var pipeline = await BarePipeline.StartAsync(_time, Rules);
        var lists = await BareListings.StartAsync(pipeline.Account, _time);
        await pipeline.ApplyAsync(Identify("a", 0, "ann", traits: new { name = "Ann" }), Identify("b", 1, null, "browser", new { email = "ann@example.com" }));
        Assert.Equal(["Ann", "ann@example.com"], await NamesAsync(lists));
        var (ann, mail) = (Identity.User("ann").Hash(), Identity.Email("ann@example.com").Hash());

        await pipeline.ApplyAsync(Merges.FreezeByHand(mail, ann, "m1", _time.GetUtcNow()));
        Assert.Equal(["Ann"], await NamesAsync(lists));
        await lists.FoldAsync();
        Assert.Equal(["Ann"], await NamesAsync(await BareListings.StartAsync(pipeline.Account, _time)));

        await pipeline.ApplyAsync(Merges.LetGo(ann, mail, "m2", _time.GetUtcNow()));
        Assert.Equal(["Ann", "ann@example.com"], await NamesAsync(lists));
        await AssertListedAsync(pipeline, lists);
    }

    /// <summary>Those rows are older than listings: the leads themselves are read, once.</summary>
    [Fact]
    public async Task Leads_that_were_stored_before_there_was_a_log_are_listed()
    {
        var pipeline = await BarePipeline.StartAsync(_time, Rules);
        await pipeline.ApplyAsync(Many(50, 0));
        await pipeline.ApplyAsync(Track("anonymous", "Order Completed", 3, anonymous: "nobody"));
        var table = new TableClient(pipeline.Account, LeadRows.Table);
        await foreach (var row in table.QueryAsync<TableEntity>(row => row.RowKey.CompareTo("~") >= 0))
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
        }

        var lists = await BareListings.StartAsync(pipeline.Account, _time);
        await AssertListedAsync(pipeline, lists);
        Assert.Equal(50, (await lists.AllAsync(ListingQuery.Everybody(20))).Count);

        await pipeline.ApplyAsync(Many(60, 1));
        await AssertListedAsync(pipeline, lists);
        await AssertListedAsync(pipeline, await BareListings.StartAsync(pipeline.Account, _time));
    }

    [Fact]
    public async Task Whoever_was_away_while_the_log_was_folded_begins_anew()
    {
        var pipeline = await BarePipeline.StartAsync(_time, Rules);
        var away = await BareListings.StartAsync(pipeline.Account, _time);
        var folds = await BareListings.StartAsync(pipeline.Account, _time, BareListings.KeepNothing);
        await pipeline.ApplyAsync(Many(30, 0));
        await AssertListedAsync(pipeline, away);

        await pipeline.ApplyAsync(Many(60, 1));
        await folds.FoldAsync();
        await pipeline.ApplyAsync(Many(20, 2));

        await AssertListedAsync(pipeline, away);
    }

    /// <summary>Storage stamps a row as it begins to write it: one that was slow is behind what was read meanwhile.</summary>
    [Fact]
    public async Task A_row_that_storage_was_slow_to_write_is_seen_when_the_log_is_next_read_thoroughly()
    {
        var pipeline = await BarePipeline.StartAsync(_time, Rules);
        var store = (await BareListings.StartAsync(pipeline.Account, _time)).Store;
        var loaded = await store.LoadAsync("s00", CancellationToken.None);
        var read = loaded.AsOf.AddSeconds(29);
        await pipeline.ApplyAsync(Many(40, 0));

        var quick = await store.FollowAsync("s00", loaded.List, new(read, loaded.AsOf), CancellationToken.None);
        Assert.Equal((0, loaded.AsOf), (loaded.List.Count, quick!.Value.ReadThoroughly));
        var thorough = await store.FollowAsync("s00", loaded.List, new(read.AddSeconds(1), loaded.AsOf), CancellationToken.None);

        Assert.True(loaded.List.Count > 0 && thorough!.Value is var time && time.Read == time.ReadThoroughly);
    }

    [Fact]
    public async Task Of_two_who_fold_at_the_same_time_one_is_quicker_and_nothing_is_lost()
    {
        var pipeline = await BarePipeline.StartAsync(_time, Rules);
        var lists = await BareListings.StartAsync(pipeline.Account, _time, BareListings.KeepNothing);
        await pipeline.ApplyAsync(Many(60, 0));
        await AssertListedAsync(pipeline, lists);
        await pipeline.ApplyAsync(Many(60, 1));

        var loaded = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => lists.Store.LoadAsync("s00", CancellationToken.None)));
        await pipeline.ApplyAsync(Many(60, 2));
        var quicker = await Task.WhenAll(loaded.Select(list => lists.Store.WriteAsync("s00", list, CancellationToken.None)));

        Assert.Single(quicker, true);
        await AssertListedAsync(pipeline, lists);
        await AssertListedAsync(pipeline, await BareListings.StartAsync(pipeline.Account, _time));
        Assert.Equal(LeadIds.Shards, await GenerationsAsync(pipeline.Account));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_request_of_a_fold_nothing_is_lost_and_nothing_is_left_over(bool isSent)
    {
        var pipeline = await BarePipeline.StartAsync(_time, Rules);
        var follows = await BareListings.StartAsync(pipeline.Account, _time);
        await pipeline.ApplyAsync(Many(40, 0));
        await AssertListedAsync(pipeline, follows);

        var (wasKilled, kills) = (true, -1);
        while (wasKilled)
        {
            kills++;
            await pipeline.ApplyAsync(Many(40, kills + 1));
            var folds = await BareListings.StartAsync(pipeline.Account, _time, BareListings.KeepNothing, new KilledAt(kills, isSent));
            wasKilled = await Record.ExceptionAsync(() => folds.FoldAsync("s00")) is KilledException;

            await AssertListedAsync(pipeline, follows);
            await AssertListedAsync(pipeline, await BareListings.StartAsync(pipeline.Account, _time));
        }

        Assert.InRange(kills, 7, 20); // the log and the snapshot read; a snapshot, the head, the log, and what is left over written and deleted
        Assert.Equal(LeadIds.Shards, await GenerationsAsync(pipeline.Account));
    }

    /// <summary>Some batches ask for that, by an effect.</summary>
    [Fact]
    public async Task A_log_that_has_become_long_is_folded()
    {
        var pipeline = await BarePipeline.StartAsync(_time, Rules);
        var listings = await BareListings.StartAsync(pipeline.Account, _time, BareListings.KeepNothing);
        await pipeline.ApplyAsync(Many(30, 0));
        await AssertListedAsync(pipeline, listings);
        var lead = (await pipeline.LiveAsync()).First(state => state.Whole.IsKnown && LeadIds.Shard(state.Id) == "s00");
        var change = ListingChange.Of(lead, Reducer.ScoreOf(lead, Rules, _time.GetUtcNow()), SegmentRules.None)!;
        var table = new TableClient(pipeline.Account, LeadRows.Table);
        foreach (var some in Enumerable.Range(0, 520).Chunk(100))
        {
            await table.SubmitTransactionAsync(some.Select(_ => ListingRows.WriteLog([change])));
        }

        var functions = new ListingFunctions(listings.Store, new FactStore(new LeadsTable(listings.Storage), listings.Storage), new MembersTable(listings.Storage), new OwnersTable(listings.Storage, null!, null!), new NotesTable(listings.Storage)); // nobody asks for an owner
        await functions.ApplyEffects(Message(EffectKind.Listed), CancellationToken.None);
        Assert.InRange(await LogAsync(), 520, 600);
        await functions.ApplyEffects(Message(EffectKind.ListingGrew), CancellationToken.None);

        Assert.Equal(0, await LogAsync());
        await AssertListedAsync(pipeline, listings);
        await AssertListedAsync(pipeline, await BareListings.StartAsync(pipeline.Account, _time));

        string Message(EffectKind kind) => QueueText.Write(new EffectBatch([new LeadEffect("e", kind, lead.Id, _time.GetUtcNow())]), EffectsJson.Default.EffectBatch);
        async Task<int> LogAsync() => (await listings.Store.LoadAsync("s00", CancellationToken.None)).Log.Count;
    }

    [Fact]
    public void One_batch_of_two_hundred_asks_whether_the_logs_of_its_listed_leads_are_long()
    {
        LeadState[] leads = [.. Enumerable.Range(0, 40).Select(n => Apply(NewLead($"u{n}"), [Identify("i", 0, $"u{n}")])), Apply(NewLead("nobody"), [Page("p", "/", 0, anonymous: "b")])];

        var asked = Enumerable.Range(0, 20_000).Select(n => ListingGrowth.Effects($"batch-{n}", leads, Start)).Where(effects => effects.Count > 0).ToList();

        Assert.InRange(asked.Count, 50, 150);
        Assert.All(asked, effects => Assert.Equal(LeadIds.AllShards, effects.Select(effect => LeadIds.Shard(effect.LeadId)).Order(StringComparer.Ordinal)));
        Assert.Empty(Enumerable.Range(0, 2_000).SelectMany(n => ListingGrowth.Effects($"batch-{n}", leads[^1..], Start)));
    }

    /// <summary>Four events of each of so many people, some of whom say who they are, and join lists.</summary>
    private static LeadEvent[] Many(int people, int round) =>
    [
        .. Enumerable.Range(0, people).SelectMany(n => new[]
        {
            Identify($"i{n}-{round}", (round * 100) + n, $"u{n}", traits: new { name = $"Person {(n * 7) % people}", email = $"u{n}@example.com", company = new { name = $"Company {n % 5}", employees = n * 9 } }),
            Track($"o{n}-{round}", n % 3 == 0 ? "Order Completed" : "Product Added", (round * 100) + (n * 3), $"u{n}"),
            Page($"p{n}-{round}", "/pricing", (round * 100) + n, anonymous: $"a{n}"),
            InSegment($"s{n}-{round}", "vip", (n + round) % 4 == 0, round + 5) with { LeadId = Identity.User($"u{n}").Hash() },
        }),
    ];

    private async Task AssertListedAsync(BarePipeline pipeline, BareListings lists)
    {
        var expected = (await pipeline.LiveAsync()).Where(state => state.Whole.IsKnown)
            .Select(state => Told(ListedLead.Of(state, Reducer.ScoreOf(state, Rules, _time.GetUtcNow()), SegmentRules.None)!, Reducer.ScoreOf(state, Rules, _time.GetUtcNow()).Engagement));
        foreach (var order in Enum.GetValues<ListingOrder>())
        {
            var rows = await lists.AllAsync(new(ListingFilter.None, order, 50));
            Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Select(row => Told(row.Lead, row.Engagement)).Order(StringComparer.Ordinal));
        }

        static string Told(ListedLead lead, double engagement) =>
            $"{lead.Id} {lead.Name} {lead.Company} {lead.Email} {lead.UserId} {lead.Stage} {lead.Fit} {lead.Grade} {lead.FirstSeen} {lead.LastSeen} {string.Join(',', lead.Segments)} {Math.Round(engagement, 6)}";
    }

    private static async Task<IEnumerable<string?>> NamesAsync(BareListings lists) => (await lists.AllAsync(new(ListingFilter.None, ListingOrder.Name, 10))).Select(row => row.Lead.Name ?? row.Lead.Email);

    private static async Task<int> GenerationsAsync(string account)
    {
        var partitions = new HashSet<string>();
        await foreach (var row in new TableClient(account, ListingSnapshots.Name).QueryAsync<TableEntity>())
        {
            partitions.Add(row.PartitionKey);
        }

        return partitions.Count;
    }
}
