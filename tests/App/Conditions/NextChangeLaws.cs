using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Scoring;

namespace LeadFunctions.Tests.Conditions;

/// <summary>For drawn conditions and leads: until the moment that a condition names, time alone does not change its answer.</summary>
public sealed class NextChangeLaws
{
    private static readonly ScoringModels Scoring = ScoringModels.None.WithLive(Shop.Compile("""
        { "name": "m",
          "engagement": { "cap": 60, "rules": [
            { "id": "a", "when": { "event": "a" }, "points": 10, "halfLife": "7d" },
            { "id": "b", "when": { "event": "b" }, "points": -8, "halfLife": "20d" },
            { "id": "c", "when": { "event": "c" }, "points": 3 } ] },
          "fit": { "grades": { "A": 30, "B": 20, "C": 10, "D": 5 }, "rules": [
            { "id": "new", "when": { "trait": "past", "withinLast": "30d" }, "points": 25 },
            { "id": "soon", "when": { "trait": "born", "anniversaryWithin": "9d" }, "points": 8 } ] } }
        """));

    [Fact]
    public void An_answer_does_not_change_before_the_moment_that_is_named()
    {
        var (changes, early, never) = (0, 0, 0);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var condition = Parsed(Node(random, 2));
            var now = Shop.Start.AddMilliseconds(random.NextInt64(86_400_000));
            var lead = LeadOf(random, now);

            var next = condition.NextChange(At(lead, now), now);

            var holds = Holds(condition, lead, now);
            var end = next ?? now.AddDays(500);
            var span = (long)(end - now).TotalMilliseconds;
            for (var i = 0; i < 24; i++)
            {
                var ms = i switch { 0 => span - 1, 1 => 1, < 15 => (long)(span * Math.Pow(random.NextDouble(), 4)), _ => random.NextInt64(span) };
                Assert.True(ms >= span || ms <= 0 || Holds(condition, lead, now.AddMilliseconds(ms)) == holds, $"{ms} of {span} ms");
            }

            Assert.True(next is null || next > now);
            (changes, early, never) = next is null ? (changes, early, never + 1) : Holds(condition, lead, end) != holds ? (changes + 1, early, never) : (changes, early + 1, never);
        }).Check(Config.QuickThrowOnFailure.WithReplay(2026, 13).WithMaxTest(2000));

        // It may name a moment too early, but seldom: else it would be polling.
        Assert.True(changes > 500 && never > 500 && early < changes / 2, $"{changes} changes, {early} too early, {never} never");
    }

    [Theory]
    [InlineData("""{ "not": { "event": "page", "within": "30d" } }""", "2026-03-11T12:00:30.001Z")]
    [InlineData("""{ "event": "page", "within": "19d" }""", null)]
    [InlineData("""{ "event": "page", "count": { "gte": 1 } }""", null)]
    [InlineData("""{ "trait": "renewsAt", "withinLast": "2d" }""", "2026-03-20T09:00:00Z")]
    [InlineData("""{ "trait": "signedUp", "withinLast": "30d" }""", "2026-03-11T10:00:00.001Z")]
    [InlineData("""{ "trait": "born", "anniversaryWithin": "3d" }""", "2026-03-06T00:00:00Z")]
    [InlineData("""{ "trait": "born", "anniversaryWithin": "10d" }""", "2026-03-10T00:00:00Z")]
    [InlineData("""{ "trait": "born", "anniversaryWithin": "400d" }""", null)]
    [InlineData("""{ "trait": "renewsAt", "before": "2026-04-01" }""", null)]
    [InlineData("""{ "all": [ { "trait": "plan", "equals": "pro" }, { "trait": "signedUp", "withinLast": "30d" } ] }""", null)]
    [InlineData("""{ "any": [ { "trait": "plan", "equals": "pro" }, { "trait": "signedUp", "withinLast": "30d" } ] }""", "2026-03-11T10:00:00.001Z")]
    [InlineData("""{ "stage": "lead" }""", null)]
    [InlineData("""{ "segment": "vip" }""", null)]
    public void Each_kind_names_its_moment(string json, string? expected)
    {
        var lead = new LeadState { Id = "lead" };
        lead = Reducer.Apply(lead,
        [
            Arrival("page", new DateTimeOffset(2026, 2, 9, 12, 0, 30, TimeSpan.Zero)),
            Arrival("identify", Shop.Start, """{ "renewsAt": "2026-03-20T09:00:00Z", "signedUp": "2026-02-09T10:00:00Z", "born": "1990-03-09" }"""),
        ], Scoring, Shop.Start).State;

        var next = Parsed(json).NextChange(At(lead, Shop.Start), Shop.Start);

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), next);
    }

    [Fact]
    public void A_number_that_moves_is_compared_as_a_number_only()
    {
        var errors = new List<DocumentError>();
        ConditionParser.Parse(JsonElement.Parse("""{ "trait": "$engagement", "contains": "5" }"""), "$", ConditionScope.Journey, errors);

        Assert.Equal("$.contains", Assert.Single(errors).Path);
        Assert.True(Parsed("""{ "trait": "$engagement", "gte": 5 }""").DependsOnTime);
    }

    private static bool Holds(Condition condition, LeadState lead, DateTimeOffset at) => condition.Holds(null, At(lead, at), at);

    private static LeadProfile At(LeadState lead, DateTimeOffset at) => new(lead.Whole, Reducer.ScoreOf(lead, Scoring, at), Scoring);

    private static Condition Parsed(string json)
    {
        var errors = new List<DocumentError>();
        var condition = ConditionParser.Parse(JsonElement.Parse(json), "$", ConditionScope.Journey, errors);
        Assert.True(condition is not null, $"{json}: {string.Join("; ", errors)}");
        return condition;
    }

    // Some of what happened lies in the future: clocks differ.
    private static LeadState LeadOf(Random random, DateTimeOffset now)
    {
        var events = Enumerable.Range(0, random.Next(12)).Select(_ => Arrival(Name(random), now.AddMilliseconds(-(long)(Math.Pow(random.NextDouble(), 3) * 90 * 86_400_000)).AddHours(random.Next(6) == 0 ? 60 : 0)));
        string Date() => now.AddMilliseconds(random.NextInt64(-80L * 86_400_000, 40L * 86_400_000)).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
        var traits = $$"""{ "past": "{{Date()}}", "many": ["{{Date()}}", 7, "{{Date()}}"], "born": "19{{random.Next(60, 99)}}-{{random.Next(1, 13):00}}-{{random.Next(1, 29):00}}", "t": {{random.Next(2)}} }""";
        return Reducer.Apply(new LeadState { Id = "lead" }, [.. events, Arrival("identify", now.AddDays(-1), traits)], Scoring, now).State;
    }

    private static Arrival Arrival(string name, DateTimeOffset at, string? traits = null) => new(
        new LeadEvent
        {
            Id = $"{name}/{at:O}/{traits?.Length}",
            Type = traits is null ? EventType.Track : EventType.Identify,
            Name = name,
            At = at,
            UserId = "ann",
            Traits = traits is null ? default : JsonElement.Parse(traits),
        }, at, [Identity.User("ann")]);

    private static string Node(Random random, int depth)
    {
        string Parts() => string.Join(",", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Node(random, depth - 1)));
        string Compare(int to) => random.Next(5) switch
        {
            0 => $$"""{ "gt": {{random.Next(to)}} }""",
            1 => $$"""{ "gte": {{random.Next(to)}} }""",
            2 => $$"""{ "lt": {{random.Next(to)}} }""",
            3 => $$"""{ "between": [{{random.Next(to / 2)}}, {{to / 2 + random.Next(to / 2)}}] }""",
            _ => $$"""{ "notIn": [{{random.Next(to)}}, "{{random.Next(to)}}"] }""",
        };
        return random.Next(depth <= 0 ? 8 : 11) switch
        {
            0 => $$"""{ "event": "{{Name(random)}}", "within": "{{random.Next(1, 60)}}d" }""",
            1 => $$"""{ "event": ["a", "{{Name(random)}}"], "within": "{{random.Next(1, 900)}}h", "count": {{Compare(6)}} }""",
            2 or 3 => $$"""{ "engagement": {{Compare(40)}} }""",
            4 => random.Next(2) == 0 ? $$"""{ "fit": {{Compare(40)}} }""" : """{ "grade": "A" }""",
            5 => $$"""{ "trait": "{{(random.Next(2) == 0 ? "past" : "many")}}", "withinLast": "{{random.Next(1, 90)}}d" }""",
            6 => $$"""{ "trait": "born", "anniversaryWithin": "{{random.Next(1, 800)}}h" }""",
            7 => $$"""{ "trait": "t", "equals": {{random.Next(2)}} }""",
            8 => $$"""{ "all": [ {{Parts()}} ] }""",
            9 => $$"""{ "any": [ {{Parts()}} ] }""",
            _ => $$"""{ "not": {{Node(random, depth - 1)}} }""",
        };
    }

    private static string Name(Random random) => random.Next(3) switch { 0 => "a", 1 => "b", _ => "c" };
}
