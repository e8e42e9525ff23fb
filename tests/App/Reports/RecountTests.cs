using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Reports;
using LeadFunctions.Reports.Backfill;
using LeadFunctions.Reports.Metrics;
using LeadFunctions.Reports.Stored;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Leads;
using LeadFunctions.Tests.Scoring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Reports;

/// <summary>Random histories through the pipeline and storage, and every figure of them counted again by hand.</summary>
public sealed class RecountTests
{
    private const int Histories = 42;

    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Ljubljana");

    private static readonly LeadRules Rules = new(
        ScoringModels.None.WithLive(Shop.Engagement($$"""{ "id": "visit", "when": { "event": "Visited" }, "points": {{PlainCount.VisitPoints}} }""")), JourneyRules.None)
    { Messages = MessagingRules.BuiltIn };

    [Fact]
    public async Task Every_figure_is_what_somebody_counts_by_hand()
    {
        var random = new Random(20261127);
        var histories = Enumerable.Range(0, Histories).Select(number => History.Random(number, random)).ToList();
        var (pipeline, storage) = await AppliedAsync(histories);
        var people = histories.SelectMany(history => history.People()).ToList();
        var store = new FactStore(new LeadsTable(storage), storage, TimeSpan.FromMinutes(-1), fewRows: 1);
        var reader = new FactReader(store);

        // Who begins to read says how far that is.
        var early = await reader.FirstAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.InRange(early!.Shards, 0, early.Of - 1);
        Assert.Null(await reader.FirstAsync(TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Null(await reader.FirstAsync(TimeSpan.Zero, CancellationToken.None));

        await CompareAsync(people, reader);
        await CompareWholesAsync(people, reader);

        // Gathered, it is the same; and what was read before is not counted again.
        var before = await reader.ReadAsync(book => (book.Revision, book.Count), CancellationToken.None);
        foreach (var shard in LeadIds.AllShards)
        {
            await store.FoldAsync(shard, CancellationToken.None);
        }

        var another = new FactReader(store);
        Assert.Empty(await RowsAsync(storage.Table(LeadRows.Table), "RowKey ge '~f|' and RowKey lt '~g'"));
        Assert.NotEmpty(await RowsAsync(storage.Table(FactStore.Name), ""));
        Assert.Equal(before, await reader.ReadAsync(book => (book.Revision, book.Count), CancellationToken.None));
        Assert.Equal(before, await another.ReadAsync(book => (book.Revision, book.Count), CancellationToken.None));
        await CompareAsync(people, another);

        // What timelines make of it again is what was written, where leads were not merged.
        var scan = new LeadScan(new LeadsTable(storage));
        var parted = histories.Where(history => history.IsParted).SelectMany(history => (string[])[Identity.User(history.User).Hash(), Identity.Anonymous(history.Browser).Hash()]).ToHashSet();
        foreach (var lead in (await pipeline.LiveAsync()).Where(lead => lead.AllIds.Count == 1 && !parted.Contains(lead.Id)))
        {
            var again = FactReplay.Of(lead.Id, await scan.TimelineRowsAsync(lead.Id, CancellationToken.None), Rules);
            Assert.True(await another.ReadAsync(book => again.All(book.Knows) && again.Select(fact => fact.Key).Distinct().Count() == book.CountOf(lead.Id, FactKind.Reopened), CancellationToken.None), $"{lead.Id} has other facts when its timeline is gone through.");
        }

        // Of whom was erased the figures stay.
        var erased = histories.Where((_, i) => i % 5 == 0).SelectMany(history => (string[])[Identity.User(history.User).Hash(), Identity.Anonymous(history.Browser).Hash()]).ToDictionary(id => id, id => Identity.User($"nobody {id}").Hash());
        await store.RenameAsync(erased, CancellationToken.None);
        var after = new FactReader(store);
        await CompareAsync(people, after);
        Assert.DoesNotContain(await after.ReadAsync(book => book.People().Select(person => person.LeadId).ToList(), CancellationToken.None), erased.ContainsKey);
    }

    [Fact]
    public async Task What_a_merge_brought_together_and_its_undoing_parted_is_counted_so()
    {
        var clock = Ticking();
        var (pipeline, storage) = await StartAsync(clock);
        var (one, other) = (Identity.User("one").Hash(), Identity.User("other").Hash());
        await pipeline.ApplyAsync(Identify("one"), Identify("other"));
        await pipeline.ApplyAsync(Stage(one, "s1", 1, "mql"), Stage(other, "s2", 2, "mql"));
        var reader = new FactReader(new FactStore(new LeadsTable(storage), storage));
        Assert.Equal(2, await MqlsAsync());

        await pipeline.ApplyAsync(Merges.FreezeByHand(one, other, "r1", clock.GetUtcNow()));
        Assert.Equal(1, await MqlsAsync());

        await pipeline.ApplyAsync(Stage(one, "s3", 3, "recycled"), Stage(other, "s4", 4, "mql"));
        Assert.Equal(2, await MqlsAsync()); // of one person, in two passes

        await pipeline.ApplyAsync(Merges.LetGo(other, one, "r2", clock.GetUtcNow()));
        Assert.Equal(3, await MqlsAsync()); // what came since the merge stays where it was applied

        // Forgotten, they count as before, and nobody finds who they were.
        var store = new FactStore(new LeadsTable(storage), storage, TimeSpan.FromMinutes(-1), fewRows: 1);
        await store.FoldAsync(LeadIds.Shard(one), CancellationToken.None);
        await store.RenameAsync(new Dictionary<string, string> { [one] = Identity.User("nobody").Hash(), [other] = Identity.User("no one").Hash() }, CancellationToken.None);
        reader = new FactReader(store);
        Assert.Equal(3, await MqlsAsync());
        var rows = (await RowsAsync(storage.Table(LeadRows.Table), "RowKey ge '~f|' and RowKey lt '~g'")).Concat(await RowsAsync(storage.Table(FactStore.Name), ""));
        Assert.DoesNotContain(rows.SelectMany(FactRows.Read), fact => fact.LeadId == one || fact.LeadId == other || fact.Subject == one || fact.Subject == other);

        Task<int> MqlsAsync() => reader.ReadAsync(book => Report.Of(Facts.Query("mqls", "2026-01-01", "2026-12-31"), book.People(), Facts.Ljubljana, Facts.Now).Total.Part, CancellationToken.None);

        LeadEvent Identify(string user) => new() { Id = user, Type = EventType.Identify, Name = "identify", At = Start.AddDays(-300), UserId = user };

        LeadEvent Stage(string lead, string id, int day, string stage) => new()
        {
            Id = id,
            Type = EventType.Stage,
            Name = "stage",
            At = Start.AddDays(day - 250),
            LeadId = lead,
            Properties = System.Text.Json.JsonSerializer.SerializeToElement(new { stage, cause = "person" }),
        };
    }

    private static async Task CompareAsync(List<List<Told>> people, FactReader reader)
    {
        foreach (var metric in AllMetrics.List.Where(metric => metric is { Unit: MetricUnit.Count or MetricUnit.Share, Each: null, Prepare: null }))
        {
            var plain = people.Select(person => PlainCount.Of(metric.Id, person)).ToList();
            foreach (var unit in (string[])["day", "month"])
            {
                var query = Facts.Query(metric.Id, "2025-12-01", "2027-01-31", [unit]);
                var (report, counted) = await reader.ReadAsync(
                    book => (Report.Of(query, book.People(), Facts.Ljubljana, Facts.Now), Report.PeopleOf(query, book.People(), Facts.Ljubljana, Facts.Now, onlyPart: false)), CancellationToken.None);

                var expected = plain.SelectMany(one => one).GroupBy(one => KeyOf(one.At, unit)).ToDictionary(day => day.Key, day => (Part: day.Count(one => one.Is), Whole: day.Count()));
                foreach (var row in report.Rows)
                {
                    var (part, whole) = expected.GetValueOrDefault(row.By[0]);
                    Assert.True(row.Part == part && (metric.Unit == MetricUnit.Count || row.Whole == whole), $"{metric.Id} of {row.By[0]} is {row.Part} of {row.Whole}, by hand {part} of {whole}.");
                }

                Assert.Equal(plain.Sum(one => one.Count), metric.Unit == MetricUnit.Count ? report.Total.Part : report.Total.Whole);
                Assert.Equal(plain.Count(one => one.Count > 0), report.Total.People);
                Assert.Equal(plain.Count(one => one.Count > 0), counted.Count);
            }

            Assert.True(plain.Exists(one => one.Count > 0), $"Nothing was counted of {metric.Id}.");
        }

        foreach (var metric in (string[])["mqls", "handover-conversion", "rejected"])
        {
            var plain = people.SelectMany(person => PlainCount.OfCause(metric, person)).GroupBy(one => one.Cause).Select(cause => (cause.Key, cause.Count(one => one.Is), cause.Count())).Order().ToList();
            Assert.Equal(plain, (await ReportAsync(reader, metric, ["cause"])).Rows.Where(row => row.Part + row.Whole > 0).Select(row => (row.By[0], row.Part, metric == "mqls" ? row.Part : row.Whole)).Order());
            Assert.True(plain.Count > 1);
        }

        foreach (var metric in (string[])["cycle", "mql-cycle", "touches"])
        {
            var spread = (await ReportAsync(reader, metric, [])).Total.Spread!; // of a median there is one
            AssertSpread(people.SelectMany(person => PlainCount.Numbers(metric, person, Facts.Now)).ToList(), spread);
        }

        foreach (var row in (await ReportAsync(reader, "stage-time", ["stage"])).Rows)
        {
            AssertSpread(people.SelectMany(person => PlainCount.DaysTo(row.By[0], person, Facts.Now)).ToList(), row.Spread!);
        }

        // Each day of March costs 10, and each MQL of that month its part of it.
        var costs = Facts.Query("cost-per-mql", "2026-02-01", "2026-04-30", ["month"]);
        var sources = ReportSources.None with { Costs = [new(null, Facts.Day("2026-03-01"), Facts.Day("2026-03-31"), 310, "EUR", null, null)] };
        var spent = await reader.ReadAsync(book => Report.Of(costs, book.People(), Facts.Ljubljana, Facts.Now, sources), CancellationToken.None);
        var mqls = people.SelectMany(person => PlainCount.Of("mqls", person)).GroupBy(one => KeyOf(one.At, "month")).ToDictionary(month => month.Key, month => month.Count());
        Assert.Equal(
            ((string[])["2026-02", "2026-03", "2026-04"]).Select(month => (month, mqls.GetValueOrDefault(month), month == "2026-03" ? 310.0 : 0)),
            spent.Rows.Select(row => (row.By[0], row.Part, Math.Round(row.Cost!.Value, 6)))); // of one currency there is one

        foreach (var row in (await ReportAsync(reader, "funnel", ["stage"])).Rows)
        {
            var plain = people.SelectMany(person => PlainCount.Funnel(row.By[0], person)).ToList();
            Assert.Equal((plain.Count(one => one.Is), plain.Count), (row.Part, row.Whole));
        }
    }

    private static void AssertSpread(List<(double Number, bool IsOpen)> numbers, Spread spread)
    {
        Assert.Equal((numbers.Count(one => !one.IsOpen), numbers.Count(one => one.IsOpen)), (spread.Observed, spread.Open));
        foreach (var (own, above) in ((double?, double)[])[(spread.Lower, 0.75), (spread.Median, 0.5), (spread.Upper, 0.25)])
        {
            Assert.Equal(Rounded(PlainCount.Quantile(numbers, above)), Rounded(own));
        }
    }

    private static async Task CompareWholesAsync(List<List<Told>> people, FactReader reader)
    {
        foreach (var model in (string[])["last", "linear", "influenced"])
        {
            var plain = people.SelectMany(person => PlainCount.Contribution(model, person)).GroupBy(one => one.Journey).Select(one => (one.Key, Rounded(one.Sum(share => share.Share)))).OrderBy(one => one.Key, StringComparer.Ordinal).ToList();
            Assert.Equal(plain, (await ReportAsync(reader, "contribution", ["journey"], ("model", model))).Rows.Select(row => (row.By[0], Rounded(row.Weight))));
            Assert.True(plain.Count > 1 && plain.Exists(one => one.Key == "(none)"), "Nothing was put down to anything.");
        }

        foreach (var how in (string[])["all", "aside", "silent"])
        {
            var rows = (await ReportAsync(reader, "leaks", ["stage"], ("how", how))).Rows;
            Assert.NotEmpty(rows);
            foreach (var row in rows)
            {
                var plain = people.ConvertAll(person => PlainCount.Lost(row.By[0], how, person, people, Facts.Now));
                Assert.Equal((row.By[0], how, plain.Count(one => one == true), plain.Count(one => one is not null)), (row.By[0], how, row.Part, row.Whole));
            }
        }
    }

    private static double? Rounded(double? number) => number is { } known ? Math.Round(known, 6) : null;

    private static Task<Report> ReportAsync(FactReader reader, string metric, IReadOnlyList<string> by, params (string Name, string Value)[] options) =>
        reader.ReadAsync(book => Report.Of(Facts.Query(metric, "2025-12-01", "2027-01-31", by) with { Options = options.ToDictionary(one => one.Name, one => one.Value) }, book.People(), Facts.Ljubljana, Facts.Now), CancellationToken.None);

    private static string KeyOf(DateTimeOffset at, string unit) => TimeZoneInfo.ConvertTime(at, Zone).ToString(unit == "day" ? "yyyy-MM-dd" : "yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>One after the other, of all people by turns.</summary>
    private static async Task<(BarePipeline, StorageClients)> AppliedAsync(List<History> people)
    {
        var (pipeline, storage) = await StartAsync(Ticking());
        for (var i = 0; people.Exists(person => i < person.Events.Count); i++)
        {
            await pipeline.ApplyAsync([.. people.Where(person => i < person.Events.Count).Select(person => person.Events[i].Event)]);
        }

        foreach (var history in people.Where(history => history.IsParted))
        {
            var (user, browser) = (Identity.User(history.User).Hash(), Identity.Anonymous(history.Browser).Hash());
            history.StaysUser = (await pipeline.FindAsync(user))!.Id == user; // it was told of
            var (stays, leaves) = history.StaysUser ? (user, browser) : (browser, user);
            await pipeline.ApplyAsync(Merges.LetGo(stays, leaves, $"part{history.User}", Start.AddDays(1)));
        }

        return (pipeline, storage);
    }

    private static async Task<(BarePipeline, StorageClients)> StartAsync(FakeTimeProvider clock)
    {
        var suppressed = Enumerable.Range(0, Histories).Where(History.IsSuppressed).Select(number => $"u{number}@example.com").ToHashSet();
        var pipeline = await BarePipeline.StartAsync(clock, Rules, (addresses, _) => Task.FromResult<IReadOnlySet<string>>(addresses.Where(suppressed.Contains).ToHashSet()));
        var storage = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = pipeline.Account });
        await storage.Table(FactStore.Name).CreateIfNotExistsAsync();
        return (pipeline, storage);
    }

    private static async Task<List<TableEntity>> RowsAsync(TableClient table, string filter)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>(filter))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>No two looks at it show the same, so that what arrived later is known to.</summary>
    private static FakeTimeProvider Ticking() => new(Start) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
}
