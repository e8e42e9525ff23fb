using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Scoring;

namespace LeadFunctions.Tests.Segments;

/// <summary>For drawn segments, events, merges and advances of the clock: what was decided event by event and minute by minute is what the whole history says at that instant, told once more by <see cref="PlainSegment"/>.</summary>
public sealed class SegmentLaws
{
    private static readonly ScoringModels Scoring = ScoringModels.None.WithLive(Shop.Compile("""
        { "name": "m",
          "interests": { "halfLife": "9d", "dimensions": { "path": [ { "event": ["a", "b"], "property": "path" }, { "event": "c", "property": "path", "weight": 2.5 } ] } },
          "engagement": { "cap": 60, "rules": [
            { "id": "a", "when": { "event": "a" }, "points": 10, "halfLife": "7d" },
            { "id": "b", "when": { "all": [ { "event": "b" }, { "event": "c", "within": "20d" } ] }, "points": -8, "halfLife": "20d" },
            { "id": "c", "when": { "all": [ { "event": "c" }, { "trait": "t", "equals": 1 } ] }, "points": 3 } ] },
          "fit": { "grades": { "A": 30, "B": 20, "C": 10, "D": 5 }, "rules": [
            { "id": "new", "when": { "trait": "past", "withinLast": "30d" }, "points": 25 },
            { "id": "soon", "when": { "trait": "born", "anniversaryWithin": "9d" }, "points": 8 } ] } }
        """));

    internal static readonly RfmBoundaries Fifths = new([5 * 86_400_000L, 12 * 86_400_000L, 30 * 86_400_000L, 60 * 86_400_000L], [1, 2, 3, 4], [20, 40, 80, 120]);

    // Decay takes a lead back.
    private static readonly LifecycleRules Stages = new(1, LifecycleDocument.Parse(System.Text.Encoding.UTF8.GetBytes(
        """{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":9}},"demote":{"when":{"engagement":{"lt":5}},"to":"lead"}}]}""")).Document);

    // What somebody answered: flat, nested, of everything, without a topic.
    private static readonly string[] Answers =
        ["""{"news":true}""", """{"news":false}""", """{"news":{"weekly":true}}""", """{"news":{"weekly":"no"}}""", """{"*":false}""", """{"*":true}""", """{"granted":false}""", """{"email":true}""", """{"news.sms":false}"""];

    // Each asks something that time does not change.
    private static readonly string[] Plain =
    [
        """{"trait":"t","equals":1}""", """{"trait":"plan","notEquals":"pro"}""", """{"trait":"plan","in":["pro","gold"]}""", """{"trait":"t","notIn":[0,7]}""", """{"trait":"plan","contains":"re"}""",
        """{"trait":"plan","startsWith":"p"}""", """{"trait":"plan","endsWith":"ee"}""", """{"trait":"plan","matches":"^.{3}$"}""", """{"trait":"born","exists":false}""", """{"trait":"t","gt":0}""",
        """{"trait":"t","gte":1}""", """{"trait":"many","lt":9}""", """{"trait":"many","lte":6}""", """{"trait":"many","between":[5,7]}""", """{"trait":"past","before":"2026-06-20"}""", """{"trait":"past","after":"2026-06-20"}""",
        """{"stage":"mql"}""", """{"stage":{"notIn":["mql","sal"]}}""",
        """{"consent":"news"}""", """{"consent":{"topic":"news.weekly","is":["agreed","unknown"]}}""", """{"consent":{"topic":"news","channel":"sms","is":"refused"}}""", """{"consent":{"topic":"other","is":"unknown"}}""",
    ];

    private static readonly string[] Times = [""" "before":"2026-06-20" """, """ "after":"2026-07-01" """, """ "between":["2026-06-03","2026-08-01"] """, """ "anniversaryWithin":"30d" """];

    private static readonly string[] Ranks =
        ["""{"rfm":"champions"}""", """{"rfm":["loyal","atRisk","lost"]}""", """{"rfm":{"recency":{"gte":3}}}""", """{"rfm":{"group":"new","frequency":{"lt":3},"monetary":{"gte":2}}}"""];

    [Fact]
    public void Membership_is_at_any_instant_what_the_whole_history_says()
    {
        var (moves, byTime, merged, released, late, drawn) = (0, 0, 0, 0, 0, new HashSet<string>());
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var segments = Enumerable.Range(0, random.Next(1, 6)).Select(i => Parse(random, i)).ToList();
            drawn.UnionWith(segments.SelectMany(segment => NamesIn(segment.Document.Json)));
            var rules = SegmentLead.Rules(segments, Scoring, rfm: Fifths);
            var (lead, browser) = (new SegmentLead(rules).Track("a"), new SegmentLead(rules, "browser").Track("b"));
            var (merge, release) = (random.Next(3, 40), random.Next(8, 50)); // many are never merged, or never parted
            for (var step = 0; step < 25; step++)
            {
                var isMerged = step > merge && !(release > merge && step > release);
                if (step == merge)
                {
                    lead.Absorb(browser);
                    (isMerged, merged) = (true, merged + 1);
                }
                else if (step == release && isMerged)
                {
                    lead.LetGo(browser);
                    (isMerged, released) = (false, released + 1);
                }
                else
                {
                    Step(random, lead, asksConsent: !isMerged);
                    browser.Advance(lead.Now - browser.Now);
                    if (!isMerged && random.Next(3) == 0)
                    {
                        browser.Apply(Event(random, browser.Now));
                    }
                }

                Assert.Equal(Fresh(lead, isMerged ? [.. lead.Told, .. browser.Told] : lead.Told), lead.In);
                if (!isMerged)
                {
                    Assert.Equal(Fresh(browser, browser.Told), browser.In);
                }
            }

            moves += lead.Moves.Count;
            byTime += lead.Moves.Count(move => move.Contains('(', StringComparison.Ordinal));
            late += lead.Timeline.Zip(lead.Timeline.Skip(1)).Count(pair => pair.Second.Event.At < pair.First.Event.At);
        }).Check(Config.QuickThrowOnFailure.WithReplay(2026, 17).WithMaxTest(400));

        Assert.True(moves > 1200 && byTime > 200 && merged > 100 && released > 50 && late > 500, $"{moves} moves, {byTime} of them by time alone, {merged} merges, {released} taken back, {late} late events");
        Assert.Empty(TestParser.Operators.Concat(ConditionParser.SegmentKinds).Concat(ConditionParser.TallyFields).Concat(ConditionParser.TimeOperators).Except(drawn));
    }

    /// <summary>Of each segment and each of its parts the very moment is known at which time alone changes it, also by other segments and stages that it asks for.</summary>
    [Fact]
    public void What_is_foretold_is_what_time_does()
    {
        var (foretold, never) = (0, 0);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var lead = new SegmentLead(SegmentLead.Rules([.. Enumerable.Range(0, random.Next(1, 6)).Select(i => Parse(random, i))], Scoring, rfm: Fifths) with { Lifecycle = Stages }).Track("a");
            for (var step = 0; step < 12; step++)
            {
                Step(random, lead);
            }

            var forecast = new LeadForecast(lead.State, lead.Known, lead.Now);
            var changes = lead.Known.Segments.All.Select(segment => (segment.Id, At: forecast.ChangesAt(segment.Document.When))).ToList();
            var before = lead.Timeline.Count;
            lead.Advance(TimeSpan.FromDays(100));
            var moves = lead.Timeline.Skip(before).Select(entry => entry.Event).Where(SegmentEvents.AreOf).ToLookup(e => e.Properties.GetProperty("segment").GetString()!, e => e.At);
            foreach (var (id, at) in changes)
            {
                (foretold, never) = (foretold + (at is null ? 0 : 1), never + (at is null ? 1 : 0));
                Assert.Equal(at <= lead.Now ? at : null, moves[id].Select(move => (DateTimeOffset?)move).FirstOrDefault());
            }
        }).Check(Config.QuickThrowOnFailure.WithReplay(2026, 23).WithMaxTest(300));

        Assert.True(foretold > 150 && never > 150, $"{foretold} foretold, {never} never");
    }

    /// <summary>What the moves told, put together, is what the lead is in; and each tells a change.</summary>
    [Fact]
    public void The_events_of_entering_and_leaving_tell_of_every_change_once()
    {
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var lead = new SegmentLead(SegmentLead.Rules([.. Enumerable.Range(0, 4).Select(i => Parse(random, i))], Scoring, rfm: Fifths)).Track("a");
            for (var step = 0; step < 25; step++)
            {
                Step(random, lead);
            }

            var told = new HashSet<string>();
            var last = DateTimeOffset.MinValue;
            foreach (var e in lead.Timeline.Select(entry => entry.Event).Where(SegmentEvents.AreOf))
            {
                var segment = e.Properties.GetProperty("segment").GetString()!;
                Assert.True(e.Name == SegmentEvents.Entered ? told.Add(segment) : told.Remove(segment), $"{e.Name} {segment}");
                Assert.True(e.At >= last);
                last = e.At;
            }

            Assert.Equal(lead.In, told.Order(StringComparer.Ordinal));
        }).Check(Config.QuickThrowOnFailure.WithReplay(2026, 19).WithMaxTest(150));
    }

    /// <summary>A row that was written and read in between goes on as if it had never left memory.</summary>
    [Fact]
    public void What_is_stored_of_segments_is_all_that_is_needed()
    {
        var lead = new SegmentLead(SegmentLead.Rules([SegmentLead.Parse("warm", """{"event":"a","within":"7d"}""")], Scoring.WithRevision(3), revision: 2)).Track("a");

        var row = (Azure.Data.Tables.TableEntity)LeadFunctions.Leads.Pipeline.LeadRows.Write(lead.State, default, null).Entity;
        var read = ((LeadFunctions.Leads.Pipeline.LeadRow.Profile)LeadFunctions.Leads.Pipeline.LeadRows.Read(row)).State.Segments!;

        Assert.True(read.IsSame(lead.State.Segments!));
        Assert.Equal((2, 3), (read.Rules, read.Scoring));
    }

    private static void Step(Random random, SegmentLead lead, bool asksConsent = true)
    {
        lead.Advance(TimeSpan.FromMilliseconds(1)); // what is said at one instant is another matter
        switch (random.Next(8))
        {
            case 4 when asksConsent:
                lead.Apply(Inside(random, lead.Now, EventType.Track, "Consent Changed", JsonSerializer.Deserialize<object>(Answers[random.Next(Answers.Length)])!));
                break;
            case 5:
                lead.Apply(Inside(random, lead.Now, EventType.Stage, "stage", new { stage = random.Next(2) == 0 ? "mql" : "lead" }));
                break;
            case 0:
                lead.Advance(TimeSpan.FromMinutes(random.Next(1, 3) == 1 ? random.Next(1, 90) : random.Next(1, 60 * 24 * 40)));
                break;
            case 1:
                lead.Identify(Traits(random, lead.Now));
                break;
            case 2:
                // Several at once, some of them late.
                lead.Apply([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Event(random, lead.Now))]);
                break;
            case 3:
                lead.Apply(Inside(random, lead.Now, EventType.Segment, "segment", new { segment = "list", member = random.Next(2) == 0 }));
                break;
            default:
                lead.Apply(Event(random, lead.Now));
                break;
        }

        // Between a moment and the minute that begins next nobody has looked yet; with the minute all is known.
        lead.Advance(TimeSpan.FromTicks((TimeSpan.TicksPerMinute - (lead.Now.Ticks % TimeSpan.TicksPerMinute)) % TimeSpan.TicksPerMinute));
    }

    private static IReadOnlyList<string> Fresh(SegmentLead lead, IReadOnlyList<LeadEvent> told)
    {
        var segments = lead.Known.Segments.All.ToDictionary(segment => segment.Id, segment => segment.Document.Json);
        var plain = new PlainSegment(lead.State.Id, told, lead.Now, segments);
        return [.. segments.Where(segment => plain.Holds(segment.Value)).Select(segment => segment.Key).Order(StringComparer.Ordinal)];
    }

    private static LeadEvent Inside(Random random, DateTimeOffset now, EventType type, string name, object properties) => new()
    {
        Id = $"{random.NextInt64():x}",
        Type = type,
        Name = name,
        At = now,
        LeadId = "lead",
        Properties = JsonSerializer.SerializeToElement(properties),
    };

    private static LeadEvent Event(Random random, DateTimeOffset now) => new()
    {
        Id = $"{random.NextInt64():x}",
        Type = EventType.Track,
        Name = random.Next(9) switch { 0 => "Order Completed", 1 => random.Next(2) == 0 ? "NPS Answered" : "Referral Completed", _ => $"{(char)('a' + random.Next(4))}" },
        At = random.Next(4) == 0 ? now.AddMinutes(-random.Next(60 * 24 * 60)) : now,
        UserId = "ann",
        Properties = JsonSerializer.SerializeToElement(new { path = $"/{random.Next(4)}", value = random.Next(50), score = random.Next(11) }),
    };

    private static object Traits(Random random, DateTimeOffset now)
    {
        string Date() => now.AddMinutes(random.Next(-60 * 24 * 60, 60 * 24 * 30)).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
        return new { past = Date(), born = $"19{random.Next(60, 99)}-{random.Next(1, 13):00}-{random.Next(1, 29):00}", t = random.Next(2), many = new object[] { Date(), 7 }, plan = random.Next(2) == 0 ? "pro" : "free" };
    }

    /// <summary>Asks for segments before it only, by names that sort either way.</summary>
    private static Segment Parse(Random random, int number) => SegmentLead.Parse(NameOf(number), Node(random, 2, number));

    private static string NameOf(int number) => $"{(char)('z' - (number * 7 % 26))}{number}";

    private static IEnumerable<string> NamesIn(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => NamesIn(member.Value).Prepend(member.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(NamesIn),
        _ => [],
    };

    private static string Node(Random random, int depth, int number) => random.Next(depth > 0 ? 22 : 19) switch
    {
        0 => $$"""{"event":"{{(char)('a' + random.Next(4))}}","within":"{{random.Next(1, 30)}}d"}""",
        1 => $$"""{"event":["a","{{(char)('b' + random.Next(3))}}"],"within":"{{random.Next(1, 900)}}h","count":{"{{(random.Next(2) == 0 ? "gte" : "lt")}}":{{random.Next(1, 4)}} } }""",
        2 => $$"""{"event":"{{(char)('a' + random.Next(4))}}","count":{"between":[1,{{random.Next(1, 6)}}] } }""",
        3 => $$"""{"trait":"past","{{(random.Next(2) == 0 ? "withinLast" : "anniversaryWithin")}}":"{{random.Next(1, 40)}}d"}""",
        4 => """{"trait":"many","withinLast":"9d"}""",
        5 or 17 => Plain[random.Next(Plain.Length)],
        6 => $$"""{"engagement":{"{{(random.Next(2) == 0 ? "gte" : "lt")}}":{{random.Next(1, 25)}} } }""",
        7 => random.Next(2) == 0 ? $$"""{"fit":{"gte":{{random.Next(1, 30)}} } }""" : """{"grade":["A","B"]}""",
        8 => $$"""{"segment":"{{(number == 0 ? "list" : NameOf(random.Next(number)))}}"}""",
        9 => $$"""{"trait":"$lastSeen","withinLast":"{{random.Next(1, 20)}}d"}""",
        10 => random.Next(5) switch
        {
            0 => """{"list":"list"}""",
            1 => $$"""{"interest":{"dimension":"path","top":["/{{random.Next(4)}}","/9"]} }""",
            2 => $$"""{"interest":{"dimension":"path","top":"/{{random.Next(4)}}","weight":{"gte":{{random.Next(1, 40) / 10.0}} } } }""",
            3 => $$"""{"interest":{"dimension":"path","value":"/{{random.Next(4)}}","weight":{"{{(random.Next(2) == 0 ? "gt" : "lt")}}":{{random.Next(1, 40) / 10.0}} } } }""",
            _ => $$"""{"interest":{"dimension":"path","value":"/{{random.Next(4)}}","share":{"gte":{{random.Next(1, 9) / 10.0}} } } }""",
        },
        11 when random.Next(3) == 0 => random.Next(2) == 0
            ? """{"event":"NPS Answered","where":{"score":{"gte":7}},"last":{"within":"60d"} }""" : $$"""{"event":"Referral Completed","count":{"gte":{{random.Next(1, 3)}} } }""",
        11 => $$"""{"event":"{{(char)('a' + random.Next(4))}}","where":{"path":"/{{random.Next(4)}}"},"within":"{{random.Next(1, 40)}}d","count":{"{{(random.Next(2) == 0 ? "gte" : "lt")}}":{{random.Next(1, 4)}} } }""",
        12 => $$"""{"event":["a","b"],"within":"{{random.Next(1, 40)}}d","sum":{"property":"value","{{(random.Next(2) == 0 ? "gte" : "lt")}}":{{random.Next(1, 150)}} } }""",
        13 => $$"""{"event":["c","b"],"distinct":{"property":"path","gte":{{random.Next(1, 5)}} }{{(random.Next(2) == 0 ? "" : ""","within":"20d" """)}} }""",
        14 => $$"""{"event":"{{(char)('a' + random.Next(4))}}","{{(random.Next(2) == 0 ? "first" : "last")}}":{{{(random.Next(3) > 0 ? $"\"within\":\"{random.Next(1, 40)}d\"" : Times[random.Next(Times.Length)])}} } }""",
        15 => $$"""{"event":"a","within":"{{random.Next(1, 40)}}d","then":{"not":{"event":"b","within":"{{random.Next(1, 100)}}h"} } }""",
        16 => $$"""{"event":"c","then":{"event":"d","where":{"value":{"lt":25} },"within":"{{random.Next(1, 300)}}h"} }""",
        18 => Ranks[random.Next(Ranks.Length)],
        19 when random.Next(6) == 0 => $$"""{"bucket":{"salt":"s{{random.Next(9)}}","from":20,"to":70} }""",
        19 => $$"""{"not":{{Node(random, depth - 1, number)}} }""",
        20 => $$"""{"all":[{{Node(random, depth - 1, number)}},{{Node(random, depth - 1, number)}}]}""",
        _ => $$"""{"any":[{{Node(random, depth - 1, number)}},{{Node(random, depth - 1, number)}}]}""",
    };
}
