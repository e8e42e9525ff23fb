using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Events;
using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Scoring;

/// <summary>What holds for any events, in any order. Every run draws the same cases.</summary>
public sealed class ScoringLaws
{
    private const string AllKinds = """
        { "id": "always", "points": 10, "halfLife": "14d", "when": { "event": "a" } },
        { "id": "twice", "points": 0.1, "when": { "event": ["a", "b"], "where": { "n": { "gte": 2 } } } },
        { "id": "once", "points": -7, "halfLife": "30d", "repeat": "once", "when": { "event": "b" } },
        { "id": "keyed", "points": 5, "halfLife": "7d", "group": "g", "repeat": { "oncePer": "n" }, "when": { "event": "c" } },
        { "id": "window", "points": 8, "halfLife": "3d", "group": "g", "repeat": { "max": 2, "per": "4d" }, "when": { "event": "a" } },
        { "id": "capped", "points": 9, "halfLife": "10d", "cap": 20, "group": "g", "when": { "event": "d" } },
        { "id": "minus", "points": -4, "halfLife": "5d", "group": "g", "when": { "event": "d", "where": { "n": 1 } } },
        { "id": "trait", "points": 6, "halfLife": "21d", "group": "g", "when": { "all": [ { "event": "b" }, { "not": { "trait": "internal", "equals": true } } ] } },
        { "id": "amount", "points": { "per": "n", "points": 1.5, "each": 2, "max": 2.5 }, "halfLife": "6d", "group": "g", "when": { "event": ["a", "c"] } },
        { "id": "first", "points": { "per": "n", "points": 4 }, "halfLife": "40d", "repeat": "once", "when": { "event": "d" } },
        { "id": "costs", "points": { "per": "n", "points": -0.5, "each": 3 }, "when": { "event": "b" } },
        { "id": "largest", "points": { "per": "n", "points": 2, "each": 2 }, "halfLife": "11d", "cap": 9, "repeat": { "max": 2, "per": "3d" }, "when": { "all": [ { "event": "a" }, { "not": { "trait": "internal", "equals": true } } ] } },
        { "id": "after", "points": 3, "halfLife": "9d", "repeat": { "max": 3, "per": "2d" }, "when": { "any": [ { "event": "c", "where": { "n": 0 } }, { "all": [ { "event": "c" }, { "event": "d", "within": "3d" } ] } ] } }
        """;

    private static readonly Config Quick = Config.QuickThrowOnFailure.WithReplay(2026, 11).WithMaxTest(300);

    private static readonly ScoringModel Model = Shop.Engagement(AllKinds, """ "cap": 60, "groups": { "g": { "cap": 25 } } """);

    private static readonly ScoringModels Models = ScoringModels.None.WithLive(Model);

    private static readonly Gen<LeadEvent[]> Events =
        from drawn in (from name in Gen.Elements("a", "b", "c", "d", "e") from hour in Gen.Choose(0, 900) from n in Gen.Choose(0, 5) select (name, hour, n)).ArrayOf()
        select drawn.Select((one, i) => Shop.Event(one.name, TimeSpan.FromHours(one.hour), $$"""{ "n": {{one.n}} }""", $"id{i}")).ToArray();

    [Fact]
    public void Any_order_any_duplication_and_any_batching_give_the_same_ledger_and_score() => Prop.ForAll(
        Events.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (events, seed) =>
        {
            var random = new Random(seed);
            var arriving = events.Concat(events.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(arriving);
            var batched = Ledger.Empty;
            foreach (var batch in arriving.Chunk(random.Next(1, 20)))
            {
                var entries = new List<LedgerEntry>();
                foreach (var @event in batch)
                {
                    Model.Earn(@event, entries);
                }
                batched = batched.Add(entries);
            }

            var inOrder = Model.Earn(events);

            Assert.Equal(inOrder.Entries, batched.Entries);
            Assert.Equal(inOrder.Entries, JsonSerializer.Deserialize<Ledger>(JsonSerializer.Serialize(batched))!.Entries); // A ledger is not null.
            foreach (var hours in new[] { 0, 300, 900, 5000 })
            {
                var now = Shop.Start.AddHours(hours);
                Assert.Equal(Engagement.Value(inOrder, Models, Facts(events), now), Engagement.Value(batched, Models, Facts(events), now));
            }
        }).Check(Quick);

    [Fact]
    public void Union_does_not_depend_on_order_grouping_or_repetition() => Prop.ForAll(
        Events.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (events, seed) =>
        {
            var random = new Random(seed);
            var next = Shop.Engagement(AllKinds, """ "groups": { "g": { "cap": 25 } } """, version: 2);
            Ledger Some() => events.Where(_ => random.Next(2) == 0).Select(e => (random.Next(2) == 0 ? Model : next).Earn(e)).Aggregate(Ledger.Empty, (all, one) => all.Union(one));
            var (a, b, c) = (Some(), Some(), Some());

            Assert.Equal(a.Union(b).Entries, b.Union(a).Entries);
            Assert.Equal(a.Union(b).Union(c).Entries, a.Union(b.Union(c)).Entries);
            Assert.Equal(a.Entries, a.Union(a).Entries);
            Assert.Equal(a.Union(b).Entries, a.Union(b).Union(b).Entries);
            Assert.Equal(a.Union(b).Union(c).Entries, Ledger.Union([c, a, b, a]).Entries);
            Assert.Equal(a.Union(b).Entries, a.Add(b.Entries).Entries);
            Assert.Same(a, a.Add(a.Entries));
        }).Check(Quick);

    [Fact]
    public void The_explanation_sums_to_the_score() => Prop.ForAll(
        Events.ToArbitrary(), Gen.Choose(0, 2000).ToArbitrary(), (events, hours) =>
        {
            var now = Shop.Start.AddHours(hours);
            var ledger = Model.Earn(events);
            var sheet = Engagement.Of(ledger, Models, Facts(events), now);
            var shown = ScoreExplanation.Of("lead", now, Model, sheet, Fit.None);

            Assert.Equal(sheet.Sum, sheet.Contributions.Aggregate(0.0, (sum, contribution) => sum + contribution.Now));
            Assert.Equal(sheet.Engagement, Engagement.Value(ledger, Models, Facts(events), now));
            Assert.Equal(ShownScore.Of(Math.Clamp(sheet.Sum, 0, 60)), sheet.Engagement);
            Assert.Equal(shown.Clamp?.Sum ?? shown.Engagement, shown.Contributions.Sum(row => row.Now));
            Assert.Equal(shown.Engagement, Math.Clamp(shown.Contributions.Sum(row => row.Now), 0, 60));
            Assert.All(shown.Contributions.Zip(sheet.Contributions), pair => Assert.InRange(pair.First.Now - (decimal)pair.Second.Now, -0.01m, 0.01m));
            Assert.All(sheet.Contributions.Where(c => c.Points != 0), c => Assert.Equal(c.Reduced is null, c.Applied == c.Points));
            Assert.All(sheet.Contributions.Where(c => c.Points == 0), c => Assert.NotNull(c.Reduced));
            Assert.All(sheet.Contributions.Where(c => c.Reduced is Reduction.Amount), c => Assert.Equal(0, c.Points));
        }).Check(Quick);

    /// <summary>Also of events that are still to come.</summary>
    [Fact]
    public void The_curve_tells_how_the_score_goes_on() => Prop.ForAll(
        Events.ToArbitrary(), Gen.Choose(1, 900).ToArbitrary(), (events, hours) =>
        {
            var now = Shop.Start.AddHours(hours);
            var ledger = Model.Earn(events);
            var (value, curve, _) = Engagement.ValueAndCurve(ledger, Models, Facts(events), now, withCurve: true, null, null);
            CurvePart[] parts = [.. curve!.Parts];

            Assert.Equal(Engagement.Value(ledger, Models, Facts(events), now), value);
            Assert.All(Enumerable.Range(0, 60), hour =>
            {
                var then = now.AddHours(hour * hour);
                Assert.Equal(Engagement.Value(ledger, Models, Facts(events), then), EngagementCurve.ValueAt(parts, curve.At, then.ToUnixTimeMilliseconds(), Model.Document.Cap!.Value), 1e-9);
            });
            Assert.Equal(parts.Where(part => part.From == 0).DistinctBy(part => part.HalfLife).Count(), parts.Count(part => part.From == 0));
        }).Check(Quick);

    [Fact]
    public void No_cap_is_ever_exceeded() => Prop.ForAll(
        Events.ToArbitrary(), events =>
        {
            // Without negative rules: what those take away decays, and then the sum may grow over the cap.
            var kept = Model.Earn(events).Entries.Where(entry => entry.Rule is not "minus");
            foreach (var now in events.Select(e => e.At))
            {
                var sheet = Engagement.Of(Ledger.Of(kept), Models, Facts(events), now);

                Assert.True(sheet.Contributions.Where(c => c.Rule is "keyed" or "window" or "capped" or "trait" or "amount").Sum(c => c.Now) <= 25 + 1e-9);
                Assert.True(sheet.Contributions.Where(c => c.Rule is "capped").Sum(c => c.Now) <= 20 + 1e-9);
                Assert.True(sheet.Contributions.Where(c => c.Rule is "largest").Sum(c => c.Now) <= 9 + 1e-9);
                Assert.All(sheet.Contributions.Where(c => c.Rule is "amount"), c => Assert.InRange(c.Points, 0, 2.5));
            }
        }).Check(Quick.WithMaxTest(100));

    [Theory]
    [InlineData("{}", 1_000_000)]
    [InlineData("""{"internal":true}""", 1_000_000)]
    [InlineData("{}", 600)] // in bytes: most of what was folded is settled
    [InlineData("""{"internal":true}""", 600)]
    [InlineData("{}", 100)]
    public void Compaction_keeps_the_score_now_and_later(string traits, int folded) => Prop.ForAll(
        Many(400).ToArbitrary(), Gen.Choose(1, 890).ToArbitrary(), (events, hours) =>
        {
            var now = Shop.Start.AddHours(hours);
            var facts = Facts(events, traits);
            var compact = Model.Earn(events.Where(e => e.At <= now)).Compact(120, Models, facts, now, folded);
            var whole = Model.Earn(events);
            var grown = Model.Earn(events.Where(e => e.At > now)).Union(compact);

            Assert.InRange(compact.Count, 0, 120);
            foreach (var later in new[] { hours, hours + 30, 900, 1500 })
            {
                var expected = Engagement.Of(whole, Models, facts, Shop.Start.AddHours(later));
                Assert.Equal(expected.Sum, Engagement.Of(grown, Models, facts, Shop.Start.AddHours(later)).Sum, 1e-6);
            }
            var again = grown.Compact(120, Models, facts, Shop.Start.AddHours(900), folded);
            Assert.Equal(Engagement.Of(whole, Models, facts, Shop.Start.AddHours(950)).Sum, Engagement.Of(again, Models, facts, Shop.Start.AddHours(950)).Sum, 1e-6);
            Assert.InRange(again.Folded.Weight, 0, Math.Max(folded, 500)); // keys and windows are remembered in any case
            Assert.Equal(again.Entries, JsonSerializer.Deserialize<Ledger>(JsonSerializer.Serialize(again))!.Entries); // A ledger is not null.
        }).Check(Quick.WithMaxTest(30));

    [Fact]
    public void Without_caps_compaction_is_exact_for_late_events_and_changed_traits_too() => Prop.ForAll(
        Many(200).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (events, seed) =>
        {
            var model = Shop.Engagement("""
                { "id": "always", "points": 10, "halfLife": "14d", "when": { "event": "a" } },
                { "id": "once", "points": -7, "halfLife": "30d", "repeat": "once", "when": { "event": "b" } },
                { "id": "trait", "points": 6, "halfLife": "21d", "when": { "all": [ { "event": ["b", "c"] }, { "any": [ { "event": "b", "where": { "n": { "lt": 2 } } }, { "not": { "trait": "internal", "equals": true } } ] } ] } },
                { "id": "oncetrait", "points": 2, "repeat": "once", "when": { "all": [ { "event": "d" }, { "trait": "internal", "notEquals": true } ] } },
                { "id": "amount", "points": { "per": "n", "points": 1.5, "each": 2, "max": 2.5 }, "halfLife": "6d", "when": { "event": ["a", "c"] } },
                { "id": "onceamount", "points": { "per": "n", "points": 3 }, "repeat": "once", "when": { "event": "b" } }
                """);
            var models = ScoringModels.None.WithLive(model);
            var now = Shop.Start.AddHours(600);
            new Random(seed).Shuffle(events);
            var (before, after) = (events[..120], events[120..]);

            var compact = model.Earn(before).Compact(20, models, Lead.Unknown, now).Union(model.Earn(after));

            foreach (var facts in new[] { Lead.Unknown, new Lead("""{"internal":true}""") })
            {
                var expected = Engagement.Of(model.Earn(events), models, facts, now.AddDays(30)).Sum;
                Assert.Equal(expected, Engagement.Of(compact, models, facts, now.AddDays(30)).Sum, 1e-6);
            }
        }).Check(Quick.WithMaxTest(30));

    private static Gen<LeadEvent[]> Many(int count) =>
        from drawn in (from name in Gen.Elements("a", "b", "c", "d") from minute in Gen.Choose(0, 900 * 60) from n in Gen.Choose(0, 5) select (name, minute, n)).ArrayOf(count)
        select drawn.Select((one, i) => Shop.Event(one.name, TimeSpan.FromMinutes(one.minute), $$"""{ "n": {{one.n}} }""", $"id{i}")).ToArray();

    private static Lead Facts(IEnumerable<LeadEvent> events, string traits = "{}") => new(traits, events.Select(e => (e.Name, e.At)));
}
