using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Tests.Scoring;

namespace LeadFunctions.Tests.Conditions;

public sealed class ConditionLaws
{
    [Fact]
    public void An_event_now_and_the_lead_later_give_the_same_answer_as_both_at_once() => Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var json = Node(random, 4);
            var errors = new List<DocumentError>();
            var condition = ConditionParser.Parse(JsonElement.Parse(json), "$", ConditionScope.Engagement, errors);
            for (var i = 0; condition is not null && i < 20; i++)
            {
                var @event = Shop.Event(Name(random), TimeSpan.Zero, $$"""{ "p": {{random.Next(3)}} }""");
                var lead = new Lead($$"""{ "t": {{random.Next(3)}} }""", Enumerable.Range(0, random.Next(4)).Select(_ => (Name(random), Shop.Start.AddHours(-random.Next(60)))));

                var verdict = condition.Arrive(@event, out var mask);
                var expected = condition.Holds(@event, lead, @event.At);

                Assert.Equal(expected, verdict == Verdict.True || (verdict == Verdict.Depends && condition.Holds(mask, lead, @event.At)));
                Assert.False(expected && !condition.Events!.Contains(@event.Name)); // An engagement rule names its events.
                Assert.False(verdict == Verdict.Depends && mask == 0);
                Assert.False(condition.Holds(null, lead, @event.At));
            }
        }).Check(Config.QuickThrowOnFailure.WithReplay(2026, 11).WithMaxTest(3000));

    [Fact]
    public void Most_drawn_conditions_are_valid_somewhere()
    {
        var random = new Random(1);

        var valid = Enumerable.Range(0, 500).Count(_ => Parses(Node(random, 4)));

        Assert.InRange(valid, 100, 490);
    }

    private static bool Parses(string json) => ConditionParser.Parse(JsonElement.Parse(json), "$", ConditionScope.Engagement, []) is not null;

    // An engagement rule has to require an event, which a random tree seldom does: so the root mostly is "this event, and …".
    private static string Node(Random random, int depth)
    {
        string Parts() => string.Join(",", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Node(random, depth - 1)));
        return (depth == 4 && random.Next(4) > 0 ? 7 : random.Next(depth <= 0 ? 4 : 7)) switch
        {
            0 => $$"""{ "event": "{{Name(random)}}" }""",
            1 => $$"""{ "event": ["a", "{{Name(random)}}"], "where": { "p": {{random.Next(3)}} } }""",
            2 => $$"""{ "trait": "t", "equals": {{random.Next(3)}} }""",
            3 => $$"""{ "event": "{{Name(random)}}", "within": "{{random.Next(1, 40)}}h" }""",
            4 => $$"""{ "all": [ {{Parts()}} ] }""",
            5 => $$"""{ "any": [ {{Parts()}} ] }""",
            6 => $$"""{ "not": {{Node(random, depth - 1)}} }""",
            _ => $$"""{ "all": [ { "event": ["a", "b"] }, {{Node(random, depth - 1)}} ] }""",
        };
    }

    private static string Name(Random random) => random.Next(3) switch { 0 => "a", 1 => "b", _ => "c" };
}
