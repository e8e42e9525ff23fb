using System.Diagnostics;
using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Benchmarks;

/// <summary>Pages of known leads, in every order and at any depth, and what it costs to keep them.</summary>
internal static class ListBenchmark
{
    private const int Leads = 100_000;
    private const int InBatch = 500;
    private const int Pages = 400;
    private const int PageSize = 50;
    private const int Events = 20_000;
    private const int Million = 1_000_000;
    private const string Headers = "Authorization: Basic bG9jYWwtd3JpdGUta2V5Og==\r\nContent-Type: application/json\r\n";

    public static async Task RunAsync(FigureTable table)
    {
        InMemory(table);
        await using var app = await Stack.StartAsync(Stack.App);
        var other = await OtherInstance.StartAsync(app.Account);
        await other.FillAsync(Leads);
        await BeginAsync(app, other, table);
        await PagesAsync(app, other, table);
        await KeepAsync(app, table);
    }

    /// <summary>The first page that is ever asked for, and that of an instance that starts later.</summary>
    private static async Task BeginAsync(Stack app, OtherInstance other, FigureTable table)
    {
        var (before, started) = (await app.Storage.ReadAsync(), Stopwatch.GetTimestamp());
        await GetAsync(app, "/api/leads");
        var first = Stopwatch.GetElapsedTime(started);
        FigureTable.Note($"the first page, all leads read: {first.TotalSeconds:N1} s; storage: {await app.Storage.ReadAsync() - before}");

        (before, started) = (await app.Storage.ReadAsync(), Stopwatch.GetTimestamp());
        await Task.WhenAll(LeadIds.AllShards.Select(shard => other.Lists.LoadAsync(shard, CancellationToken.None)));
        var asked = await app.Storage.ReadAsync() - before;
        table.Add($"an instance that begins to list {Leads:N0} leads: from a snapshot; the very first, from the leads themselves", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s, {asked.Work} requests; {first.TotalSeconds:N1} s");
    }

    private static async Task PagesAsync(Stack app, OtherInstance other, FigureTable table)
    {
        var random = new Random(1);
        for (var warmup = 0; warmup < 50; warmup++)
        {
            await GetAsync(app, PathOf(random));
        }

        var before = await app.Storage.ReadAsync();
        for (var n = 0; n < 100; n++)
        {
            await GetAsync(app, PathOf(random));
        }

        var asked = (await app.Storage.ReadAsync() - before).Work / 100.0;
        var (pages, reads) = (new List<double>(), new List<double>());
        for (var n = 0; n < Pages; n++)
        {
            // Somebody does something between any two pages, and it is in the next.
            await other.ApplyAsync([Event($"between-{n}", random.Next(Leads))]);
            pages.Add(await GetAsync(app, PathOf(random)));
            reads.Add(await GetAsync(app, $"/api/leads/{Identity.User($"u{random.Next(Leads)}").Hash()}"));
        }

        var (page, read) = (Percentiles(pages), Percentiles(reads));
        table.Add(
            $"a page of {PageSize} among {Leads:N0} known leads, any order, any depth", $"p50 {page.P50:N0} ms, p99 {page.P99:N0} ms; {asked:N1} storage requests", $"one lead, read by its id: p50 {read.P50:N0} ms, p99 {read.P99:N0} ms",
            "p99 ≤ 100 ms; ≤ 10 requests", page.P99 <= 100 && asked <= 10);
    }

    /// <summary>What leads that are listed do, under load: what of the requests is for lists.</summary>
    private static async Task KeepAsync(Stack app, FigureTable table)
    {
        var requests = Enumerable.Range(0, Events).Select(n => Load.Post(app.Address, "/v1/track", Headers, $$$"""{"type":"track","messageId":"k{{{n}}}","userId":"u{{{n}}}","event":"Product Viewed","properties":{"productId":"p{{{n % 40}}}"}}""")).ToList();
        var before = await app.Storage.QuietAsync(TimeSpan.FromSeconds(1));
        await Load.RunAsync(app.Address, requests, connections: 64);
        await PipelineBenchmark.AppliedAsync(app, before);
        await app.Storage.QuietAsync(TimeSpan.FromSeconds(1));
        var asked = await app.Storage.ReadAsync() - before;
        FigureTable.Note($"storage: {asked}");
        table.Add(
            "storage transactions per event of a listed lead, 64 connections: all; for lists", $"{asked.Work / (double)Events:N3}; {asked.For(ListingSnapshots.Name, Queues.LeadEffects) / (double)Events:N4}", "", "for lists ≤ 0.1",
            asked.For(ListingSnapshots.Name, Queues.LeadEffects) <= 0.1 * Events);
    }

    /// <summary>A million leads in one process, without storage.</summary>
    private static void InMemory(FigureTable table)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var lists = LeadIds.AllShards.ToDictionary(shard => shard, _ => new ShardListing());
        foreach (var some in Enumerable.Range(0, Million).Chunk(10_000))
        {
            foreach (var shard in some.Select(n => ChangeOf(n)).GroupBy(change => LeadIds.Shard(change.LeadId)))
            {
                lists[shard.Key].Apply([.. shard]);
            }
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Million;
        var random = new Random(1);
        var pages = Enumerable.Range(0, 100).Select(_ =>
        {
            var started = Stopwatch.GetTimestamp();
            var page = new PageSelection(new(random.Next(4) == 0 ? new ListingFilter(Search: ListingSearch.Of("lee 77")) : ListingFilter.None, (ListingOrder)random.Next(4), PageSize), Position(random, Million), Now, 200);
            foreach (var list in lists.Values)
            {
                list.Offer(page);
            }

            page.Page();
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        });
        var (p50, p99) = Percentiles([.. pages]);
        var changes = lists.Values.First().Changes();
        var written = ListingChanges.Write(changes);
        var reading = Stopwatch.GetTimestamp();
        ListingChanges.Read(written);
        table.Add(
            $"{Million:N0} listed leads in memory: each; choosing a page; in a snapshot, before it is compressed, each; reading all of it",
            $"{bytes:N0} B; p50 {p50:N0} ms, p99 {p99:N0} ms; {written.Length / (double)changes.Count:N0} B; {Stopwatch.GetElapsedTime(reading).TotalSeconds * Million / changes.Count:N1} s");
    }

    private static readonly long Now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static ListingChange ChangeOf(int n)
    {
        var id = Identity.User($"u{n}").Hash();
        return new(id, Now, new ListedLead(
            id, n % 9 == 0 ? "mql" : "lead", NameOf(n), CompanyOf(n), $"lee.{n}@company{n % 9_000}.example", $"u{n}", n % 3 == 0 ? "eve" : null, n % 100, "B", Now - (n * 1000L), Now - (n % 1000),
            n % 5 == 0 ? ["news", "vip"] : [], new EngagementCurve(Now, [new(7 * 86_400_000.0, n % 90), new(double.PositiveInfinity, 10 + (n % 3))])));
    }

    private static string NameOf(int n) => $"{(char)('A' + (n % 26))}nn{n % 700} Lee-{n % 5_000}";

    private static string CompanyOf(int n) => $"Company {n % 9_000} Limited";

    private static LeadEvent Event(string id, int lead) => new()
    {
        Id = id,
        Type = EventType.Track,
        Name = "Product Added",
        At = DateTimeOffset.UtcNow,
        UserId = $"u{lead}",
        Properties = JsonSerializer.SerializeToElement(new { productId = $"p{lead % 40}" }),
    };

    private static string PathOf(Random random)
    {
        var position = Position(random, Leads);
        var sort = position.Order.ToString();
        return $"/api/leads?limit={PageSize}&sort={char.ToLowerInvariant(sort[0])}{sort[1..]}&cursor={Cursor.Encode(position)}";
    }

    /// <summary>Somewhere in the list.</summary>
    private static ListingPosition Position(Random random, int leads)
    {
        var (order, lead, now) = ((ListingOrder)random.Next(4), random.Next(leads), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return new(
            now, order, order switch { ListingOrder.Engagement => random.NextDouble() * 40, ListingOrder.Name => 0, _ => (leads == Leads ? now : Now) - random.Next(100_000) }, Identity.User($"u{lead}").Hash(),
            order == ListingOrder.Name ? NameOf(lead) : null);
    }

    private static async Task<double> GetAsync(Stack app, string path)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await app.Client.GetAsync(path);
        await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static (double P50, double P99) Percentiles(List<double> values)
    {
        values.Sort();
        return (values[values.Count / 2], values[(int)(values.Count * 0.99)]);
    }

    /// <summary>Applies events beside the app, without queues between.</summary>
    internal sealed class OtherInstance(LeadPipeline pipeline, ListingStore lists)
    {
        private int _batches;

        public ListingStore Lists => lists;

        public static async Task<OtherInstance> StartAsync(string account)
        {
            var storage = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = account });
            var (document, _) = ScoringModelDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(AppOutput.Root, "samples", "scoring-models", "shop.json")));
            var rules = ScoringModels.None.WithLive(new ScoringModel("shop", 1, document!)); // the sample is valid
            var (table, cache) = (new LeadsTable(storage), new LeadCache(TimeProvider.System));
            return new(
                new LeadPipeline(new LeadDirectory(table, cache), table, cache, () => rules, TimeProvider.System), new ListingStore(table, new ListingSnapshots(storage), () => rules, TimeProvider.System));
        }

        public Task ApplyAsync(IReadOnlyList<LeadEvent> events) => pipeline.ApplyAsync(new EventBatch($"o{Interlocked.Increment(ref _batches)}", DateTimeOffset.UtcNow, events), CancellationToken.None);

        public async Task FillAsync(int leads)
        {
            var started = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(Enumerable.Range(0, leads).Chunk(InBatch), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (some, _) => await ApplyAsync(
            [
                .. some.Select(n => new LeadEvent
                {
                    Id = $"i{n}",
                    Type = EventType.Identify,
                    Name = "identify",
                    At = DateTimeOffset.UtcNow,
                    UserId = $"u{n}",
                    Traits = JsonSerializer.SerializeToElement(new { name = NameOf(n), company = new { name = CompanyOf(n), employees = n % 300 }, country = "PL" }),
                }),
                .. some.Where(n => n % 3 > 0).Select(n => Event($"e{n}", n)),
            ]));
            FigureTable.Note($"{leads} leads stored in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s");
        }
    }
}
