using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Leads;

namespace LeadFunctions.Tests.Scoring;

/// <summary>
/// However events arrive (in any order, in any batches, some of them twice, the lead in memory or read from storage between), and however many there are: the score is that of the plain model of
/// the rules, which sees the history at once.
/// </summary>
public sealed class ArrivalLaws
{
    private static readonly string[] Traits = ["x", "y"];

    [Theory]
    [InlineData(1, 150, 40)]
    [InlineData(2, 60, 300)]
    [InlineData(3, 8, 1_500)]
    [InlineData(4, 1, 20_000)]
    public void Any_model_gives_any_history_the_score_that_its_rules_say(int seed, int models, int events)
    {
        var random = new RandomModels(seed);
        for (var i = 0; i < models; i++)
        {
            var document = random.Document(random.Random.Next(3, 10));
            Check(random, [document], random.History(events, events > 5_000 ? 400 : 42, i % 3 == 0 ? 3_600_000 : 1));
        }
    }

    [Theory]
    [InlineData(5, 100, 60)]
    [InlineData(6, 12, 900)]
    public void Each_event_counts_by_the_version_that_was_live_when_it_arrived(int seed, int models, int events)
    {
        var random = new RandomModels(seed);
        for (var i = 0; i < models; i++)
        {
            Check(random, [random.Document(5), random.Document(6), random.Document(4)], random.History(events, 60, i % 2 == 0 ? 1 : 600_000, versions: 3));
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(1_500)]
    [InlineData(20_000)]
    public void Every_way_of_arriving_gives_the_same_score(int events)
    {
        const string rules = """
            { "id": "always", "points": 1.5, "halfLife": "9d", "when": { "event": "a" } },
            { "id": "max", "points": 7, "repeat": { "max": 2, "per": "2d" }, "when": { "event": "a" } },
            { "id": "once", "points": 30, "halfLife": "90d", "repeat": "once", "when": { "event": "b", "where": { "n": { "gte": 40 } } } },
            { "id": "keyed", "points": 5, "halfLife": "30d", "group": "g", "repeat": { "oncePer": "n" }, "when": { "event": ["b", "c"] } },
            { "id": "capped", "points": 9, "halfLife": "3d", "cap": 20, "group": "g", "when": { "event": "d" } },
            { "id": "minus", "points": -4, "halfLife": "5d", "group": "g", "when": { "event": "d", "where": { "n": 1 } } },
            { "id": "grouped", "points": 3, "halfLife": "1d", "group": "h", "when": { "event": ["a", "c"] } },
            { "id": "window", "points": 2, "halfLife": "20d", "group": "h", "when": { "all": [ { "event": "c" }, { "event": "b", "within": "2h" }, { "not": { "event": "d", "within": "30m", "count": { "gte": 2 } } } ] } },
            { "id": "worth", "points": { "per": "worth", "points": 1, "each": 2.1, "max": 5 }, "halfLife": "15d", "group": "h", "when": { "event": ["b", "d"] } },
            { "id": "largest", "points": { "per": "worth", "points": 2, "each": 0.9 }, "halfLife": "33d", "repeat": { "max": 1, "per": "12h" }, "when": { "event": "c" } },
            { "id": "sum", "points": { "per": "worth", "points": -0.5, "each": 4 }, "halfLife": "50d", "when": { "event": "a" } },
            { "id": "count", "points": 8, "halfLife": "60d", "repeat": { "max": 1, "per": "1d" }, "when": { "all": [ { "event": "b" }, { "event": ["a", "b"], "count": { "gte": 20 } }, { "not": { "trait": "x", "equals": 1 } } ] } }
            """;
        var random = new RandomModels(events);
        var document = JsonNode.Parse($$$"""{ "name": "m", "engagement": { "groups": { "g": { "cap": 60 }, "h": { "cap": 12 } }, "rules": [ {{{rules}}} ] } }""")!; // it is written above

        for (var i = 0; i < Math.Min(3, 20_000 / events); i++)
        {
            Check(random, [document], random.History(events, i == 0 ? 42 : 400, i == 2 ? 86_400_000 : 1), inOrder: i == 1);
        }
    }

    [Fact]
    public void Five_hundred_events_give_in_any_order_what_their_repeat_policy_allows()
    {
        var model = ScoringModels.None.WithLive(Shop.Engagement("""{ "id": "x", "points": 7, "repeat": { "max": 2, "per": "2d" }, "when": { "event": "X" } }"""));
        var events = Enumerable.Range(0, 500).Select(i => LeadEvents.Track($"x{i}", "X", i * 42 * 24 * 60 / 500)).ToArray();
        var inOrder = LeadEvents.Apply(LeadEvents.NewLead(), events, model, LeadEvents.Start.AddDays(50));

        new Random(1).Shuffle(events);
        var shuffled = events.Chunk(3).Aggregate(LeadEvents.NewLead(), (lead, some) => LeadEvents.Apply(lead, some, model, LeadEvents.Start.AddDays(50)));

        Assert.Equal(294, Reducer.ScoreOf(inOrder, model, LeadEvents.Start.AddDays(50)).Engagement);
        Assert.Equal(294, Reducer.ScoreOf(shuffled, model, LeadEvents.Start.AddDays(50)).Engagement);
    }

    [Fact]
    public void A_name_that_a_rule_counts_is_counted_however_many_names_came_before_it()
    {
        var model = ScoringModels.None.WithLive(Shop.Engagement("""{ "id": "x", "points": 7, "when": { "all": [ { "event": "X" }, { "event": ["X", "Y"], "within": "1d", "count": { "gte": 2 } } ] } }"""));
        var events = Enumerable.Range(0, 300).Select(i => LeadEvents.Track($"n{i}", $"Name {i}", i)).Append(LeadEvents.Track("y", "Y", 400)).Append(LeadEvents.Track("x", "X", 500)).ToArray();

        foreach (var arriving in (LeadEvent[][])[events, [.. events.Reverse()]])
        {
            var lead = LeadEvents.Apply(LeadEvents.NewLead(), arriving, model);

            Assert.Equal(7, Reducer.ScoreOf(lead, model, LeadEvents.Start.AddDays(31)).Engagement);
            Assert.InRange(lead.Own.Activity.Count, 200, 203);
        }
    }

    [Fact]
    public void A_name_that_a_rule_counts_is_counted_also_when_the_lead_that_had_it_was_merged_long_ago()
    {
        var model = ScoringModels.None.WithLive(Shop.Engagement("""{ "id": "x", "points": 7, "when": { "all": [ { "event": "X" }, { "event": "Y", "within": "1d" } ] } }"""));
        var now = LeadEvents.Start.AddDays(31);
        var agent = LeadEvents.Apply(LeadEvents.NewLead(), [.. Enumerable.Range(0, 300).Select(i => LeadEvents.Track($"n{i}", $"Name {i}", i))], model);
        for (var n = 0; n <= Merges.PartsKept; n++)
        {
            var browser = LeadEvents.Apply(new LeadState { Id = Identity.Anonymous($"b{n}").Hash() }, [LeadEvents.Track($"b{n}", n == 0 ? "Y" : "Z", 400, anonymous: $"b{n}")], model);
            browser = Reducer.Apply(browser, [new(Merges.Freeze(browser.Id, agent.Id, 0, now), now, [])], model, now).State;
            agent = Reducer.Apply(agent, [new(Merges.Absorb(agent.Id, browser.Id, $"e{n}", now), now, [], browser)], model, now).State;
        }

        agent = LeadEvents.Apply(agent, [LeadEvents.Track("x", "X", 500)], model);

        Assert.Single(agent.Folded!);
        Assert.Equal(1, agent.Own.Activity["Y"].Total);
        Assert.Equal(7, Reducer.ScoreOf(agent, model, now).Engagement);
    }

    [Theory]
    [InlineData(7, 40, 80)]
    [InlineData(8, 6, 1_200)]
    public void Two_leads_that_turn_out_to_be_one_have_the_score_of_all_that_both_did(int seed, int models, int events)
    {
        var random = new RandomModels(seed);
        for (var i = 0; i < models; i++)
        {
            var document = random.Document(6);
            var rules = ScoringModels.None.WithLive(Shop.Compile(document.ToJsonString()));
            var history = random.History(events, 42, i % 2 == 0 ? 1 : 3_600_000);
            var now = DateTimeOffset.FromUnixTimeMilliseconds(RandomModels.Start).AddDays(50);
            LeadState Of(int part) => history.Where((_, n) => n % 3 == part).Chunk(11).Aggregate(
                new LeadState { Id = "lead" + part }, (lead, some) => Reducer.Apply(lead, [.. some.Select(e => new Arrival(RandomModels.ToEvent(e), now, []))], rules, now).State);
            LeadState With(LeadState stays, LeadState goes) => Reducer.Apply(
                stays, [new Arrival(Merges.Absorb(stays.Id, goes.Id, goes.Id, now), now, [], Reducer.Apply(goes, [new Arrival(Merges.Freeze(goes.Id, stays.Id, 0, now), now, [])], rules, now).State)], rules, now).State;

            var merged = With(With(Of(0), Of(1)), Of(2));

            var expected = new PlainScore([document], history, new Dictionary<string, object>()).Sum()(now.ToUnixTimeMilliseconds());
            var sum = Engagement.Of(merged.Whole.Ledger, rules, merged.Whole, now).Sum;
            Assert.True(Math.Abs(expected - sum) < 1e-6, $"{sum} is not {expected}: {document.ToJsonString()}");
        }
    }

    private static void Check(RandomModels random, JsonNode[] documents, PlainEvent[] history, bool inOrder = false)
    {
        var versions = documents.Select((document, i) => Shop.Compile(document.ToJsonString(), "m", i + 1)).ToArray();
        var known = versions.Aggregate(ScoringModels.None, (all, version) => all.With(version));
        var traits = Traits.ToDictionary(name => name, _ => (double)random.Random.Next(2));
        var now = RandomModels.Start + (500 * 86_400_000L);

        var lead = Arrive(random.Random, known, versions, history, traits, inOrder, DateTimeOffset.FromUnixTimeMilliseconds(now));

        var plain = new PlainScore(documents, history, traits.ToDictionary(trait => trait.Key, trait => (object)trait.Value)).Sum();
        foreach (var at in (long[])[now, now + 86_400_000, history.Max(e => e.Ms)])
        {
            var models = known.WithLive(versions[^1]);
            var sheet = Engagement.Of(lead.Own.Ledger, models, lead.Own, DateTimeOffset.FromUnixTimeMilliseconds(at));
            var expected = plain(at);
            Assert.True(Math.Abs(expected - sheet.Sum) < 1e-6, $"{sheet.Sum} is not {expected} as of {at}: {string.Join(" ", documents.Select(document => document.ToJsonString()))}");
            Assert.Equal(sheet.Engagement, Engagement.Value(lead.Own.Ledger, models, lead.Own, DateTimeOffset.FromUnixTimeMilliseconds(at)));
        }
        Assert.InRange(lead.Own.Ledger.Count, 0, 256);
    }

    private static LeadState Arrive(Random random, ScoringModels known, ScoringModel[] versions, PlainEvent[] history, Dictionary<string, double> traits, bool inOrder, DateTimeOffset now)
    {
        var arriving = history.ToList();
        if (!inOrder)
        {
            var shuffled = history.ToArray();
            random.Shuffle(shuffled);
            arriving = [.. shuffled];
        }
        var identified = random.Next(arriving.Count);
        var identify = new LeadEvent { Id = "i", Type = EventType.Identify, Name = "identify", At = now.AddDays(-1), UserId = "u1", Traits = JsonSerializer.SerializeToElement(traits) };
        var places = arriving.Select((e, i) => (e, i)).ToDictionary(one => one.e, one => one.i);
        var lead = LeadEvents.NewLead();
        for (var i = 0; i < arriving.Count;)
        {
            var size = random.Next(1, Math.Max(3, arriving.Count / 25));
            foreach (var batch in arriving.Skip(i).Take(size).GroupBy(e => e.Version))
            {
                var events = batch.Select(RandomModels.ToEvent);
                events = i <= identified && identified < i + size ? events.Prepend(identify) : events;
                // Some come twice, at once or with the next.
                var again = arriving.Skip(Math.Max(0, i - 9)).Take(9).Where(e => e.Version == batch.Key && places[e] < i && random.Next(3) == 0).Select(RandomModels.ToEvent);
                var arrivals = events.Concat(events.Where(_ => random.Next(20) == 0)).Concat(again).Select(e => new Arrival(e, now, Identity.Of(e))).ToList();
                lead = Reducer.Apply(lead, arrivals, known.WithLive(versions[batch.Key]), now).State;
            }
            lead = random.Next(4) == 0 ? JsonSerializer.Deserialize(JsonSerializer.Serialize(lead, LeadsJson.Default.LeadState), LeadsJson.Default.LeadState)! : lead; // it is one
            i += size;
        }
        return lead;
    }
}
