using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Reports;
using LeadFunctions.Reports.Metrics;
using LeadFunctions.Reports.Stored;
using LeadFunctions.Reports.Writing;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Leads;
using LeadFunctions.Tests.Scoring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Reports;

/// <summary>What is noted of how leads stand: when a month ends, and when they become MQLs by themselves.</summary>
public sealed class StandingTests
{
    private static readonly LeadRules Rules = new(Shop.Models, JourneyRules.None, SegmentRules.None, LifecycleRules.BuiltIn) { Messages = MessagingRules.BuiltIn };

    [Fact]
    public async Task How_new_leads_stood_when_their_month_ended_stays_whatever_comes_later()
    {
        var (random, clock) = (new Random(39), new FakeTimeProvider());
        var (pipeline, reader) = await StartAsync(clock);
        var zone = Rules.Journeys.Zone;
        var end = zone.AtStartOfDay(new NodaTime.LocalDate(2026, 4, 1)).ToDateTimeOffset();
        var told = new List<(string User, string? Country, List<DateTimeOffset> Adds)>();
        for (var i = 0; i < 30; i++)
        {
            // Whether or not they come again, and whatever they are by then.
            var (user, country) = ($"u{i}", i % 3 == 0 ? "SI" : null);
            clock.AdjustTime(new DateTimeOffset(2026, 3, 1 + (i % 28), 10, i, 0, TimeSpan.Zero));
            await pipeline.ApplyAsync(
                new LeadEvent { Id = $"{user}i", Type = EventType.Identify, Name = "identify", At = clock.GetUtcNow(), UserId = user, Traits = Json(new { email = $"{user}@example.com", country }) },
                Track($"{user}c", "Consent Changed", clock.GetUtcNow().AddSeconds(1), user, new { marketing = true }));
            var adds = Enumerable.Range(0, random.Next(4)).Select(_ => clock.GetUtcNow().AddMinutes(random.Next(1, 60 * 24 * 2))).Where(at => at < end).Order().ToList();
            told.Add((user, country, adds));
            foreach (var at in adds)
            {
                clock.AdjustTime(at);
                await pipeline.ApplyAsync(Track($"{user}{at.UtcTicks}", "Product Added", at, user, new { productId = "p" }));
            }
        }

        var expected = told.GroupBy(one => (Band: Band(one.Adds.Sum(at => 15 * Math.Pow(2, -(end.AddMilliseconds(-1) - at).TotalDays / 7))), Grade: one.Country is null ? "F" : "D"))
            .Select(group => (group.Key.Band, group.Key.Grade, group.Count())).Order().ToList();
        Assert.True(expected.Count > 3);

        // Nothing has come since: they stand as they stood.
        clock.AdjustTime(end.AddDays(20));
        Assert.Equal(expected, await ProfileAsync());

        // Most do much more in April, some after a model of other points was published; one tells of March only now.
        pipeline.Rules = Rules with { Scoring = Shop.Models.WithLive(Shop.Compile(Shop.Json.Replace("\"points\": 15", "\"points\": 25"), "shop", 4)) };
        foreach (var (user, _, _) in told.Where((_, i) => i % 4 > 0))
        {
            await pipeline.ApplyAsync(Track($"{user}again", "Product Added", clock.GetUtcNow(), user, new { productId = "q" }));
            await pipeline.ApplyAsync(Track($"{user}late", "Product Added", end.AddDays(-1), user, new { productId = "late" }));
        }

        Assert.Equal(expected, await ProfileAsync());
        Assert.NotEqual(expected, await ProfileAsync(ScoreProfile.Today));

        async Task<List<(string, string, int)>> ProfileAsync(string model = ScoreProfile.Then)
        {
            var states = (await pipeline.LiveAsync()).ToDictionary(state => state.Id);
            var sources = ReportSources.None with
            {
                StandingAt = (id, at) => states.TryGetValue(id, out var state) && Reducer.ScoreOf(state, pipeline.Rules.Scoring, DateTimeOffset.FromUnixTimeMilliseconds(at)) is var score ? new Standing(score.Engagement, score.Grade, state.ListingVersion) : null,
            };
            var query = Facts.Query("score-profile", "2026-03-01", "2026-03-31", ["band", "grade"]) with { Options = new Dictionary<string, string> { ["model"] = model } };
            var report = await reader.ReadAsync(book => Report.Of(query, book.People(), zone, clock.GetUtcNow(), sources), CancellationToken.None);
            Assert.Equal((30, 0), (report.Total.Part, Facts.Apart(report.Total)));
            return [.. report.Rows.Select(row => (row.By[0], row.By[1], row.Part)).Order()];
        }
    }

    [Fact]
    public void A_month_ends_where_it_does_in_the_workspaces_zone_also_when_clocks_change()
    {
        foreach (var (last, next) in ((string, string)[])[("2026-03-31T21:59:59.999Z", "2026-03-31T22:00Z"), ("2026-10-31T22:59:59.999Z", "2026-10-31T23:00Z"), ("2026-02-28T22:59:59.999Z", "2026-02-28T23:00Z")])
        {
            var (committed, now) = (Time(last), Time(next));
            Assert.Null(MonthEnd.Passed(committed.AddHours(-1).ToUnixTimeMilliseconds(), Facts.Ljubljana, committed));
            Assert.Equal(now.ToUnixTimeMilliseconds(), MonthEnd.Passed(committed.ToUnixTimeMilliseconds(), Facts.Ljubljana, now)?.End);
            Assert.Null(MonthEnd.Passed(now.ToUnixTimeMilliseconds(), Facts.Ljubljana, now.AddDays(1)));
        }

        // The short way says what the long one does.
        var random = new Random(3);
        for (var i = 0; i < 2_000; i++)
        {
            var committed = Time("2026-01-01T00:00Z").AddMinutes(random.Next(60 * 24 * 365));
            var now = committed.AddMinutes(random.Next(60 * 24 * 40));
            var zone = NodaTime.DateTimeZoneProviders.Tzdb[i % 2 == 0 ? "Pacific/Kiritimati" : "Pacific/Pago_Pago"];
            var isOver = Periods.MonthOf(committed.ToUnixTimeMilliseconds(), zone).End <= now.ToUnixTimeMilliseconds();
            Assert.Equal(isOver, MonthEnd.Passed(committed.ToUnixTimeMilliseconds(), zone, now) is not null);
        }

        static DateTimeOffset Time(string at) => DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_rule_without_which_somebody_would_have_become_no_mql_is_needed()
    {
        var clock = new FakeTimeProvider(Shop.Start);
        var (pipeline, reader) = await StartAsync(clock);
        foreach (var user in (string[])["a", "b"])
        {
            await pipeline.ApplyAsync(new LeadEvent { Id = $"{user}i", Type = EventType.Identify, Name = "identify", At = clock.GetUtcNow(), UserId = user, Traits = Json(new { email = $"{user}@example.com", country = "SI", company = new { employees = 80 } }) });
        }

        // a: three carts. b: carts that do not matter beside an order.
        await pipeline.ApplyAsync([.. Enumerable.Range(0, 3).Select(i => Track($"a{i}", "Product Added", clock.GetUtcNow(), "a", new { productId = "p" }))]);
        await pipeline.ApplyAsync(Track("b0", "Product Added", clock.GetUtcNow(), "b", new { productId = "p" }), Track("b1", "Order Completed", clock.GetUtcNow(), "b", new { total = 1 }));

        var rules = await reader.ReadAsync(
            book => book.People().Select(person => string.Join(", ", person.Facts.Where(fact => fact.Kind == FactKind.Rule).Select(fact => $"{fact.Values["rule"]} {fact.Number:0.##} {fact.Values["needed"]}".TrimEnd()).Order())).Order().ToList(), CancellationToken.None);
        Assert.Equal(["cart 15, fit/market 0, fit/size 0, order 50 yes", "cart 45 yes, fit/market 0, fit/size 0"], rules);

        var report = await reader.ReadAsync(
            book => Report.Of(Facts.Query("contribution", "2026-03-01", "2026-03-31", ["rule"]), book.People(), Facts.Ljubljana, clock.GetUtcNow()), CancellationToken.None);
        Assert.Equal([("cart", 1.231, 1), ("fit/market", 0, 0), ("fit/size", 0, 0), ("order", 0.769, 1)], report.Rows.Select(row => (row.By[0], Math.Round(row.Weight!.Value, 3), row.Part))); // of a credit there is one
    }

    private static async Task<(BarePipeline, FactReader)> StartAsync(FakeTimeProvider clock)
    {
        var pipeline = await BarePipeline.StartAsync(clock, Rules);
        var storage = StorageClients.From(new ConfigurationManager { ["AzureWebJobsStorage"] = pipeline.Account });
        await storage.Table(FactStore.Name).CreateIfNotExistsAsync();
        return (pipeline, new FactReader(new FactStore(new LeadsTable(storage), storage)));
    }

    private static string Band(double points) => Math.Round(points, 2) switch { < 10 => "000-009", < 20 => "010-019", < 30 => "020-029", < 40 => "030-039", _ => "040-049" };

    private static LeadEvent Track(string id, string name, DateTimeOffset at, string user, object properties) => new() { Id = id, Type = EventType.Track, Name = name, At = at, UserId = user, Properties = Json(properties) };

    private static System.Text.Json.JsonElement Json(object value) => System.Text.Json.JsonSerializer.SerializeToElement(value, new System.Text.Json.JsonSerializerOptions { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull });
}
