using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Scoring;
using LeadFunctions.Tests.Segments;
using static LeadFunctions.Tests.Lifecycle.LifecycleReducerTests;

namespace LeadFunctions.Tests.Lifecycle;

/// <summary>What one look at a lead sees: what people said, what segments and stages make of each other, and what the lifecycle itself tells.</summary>
public sealed class LifecycleLookTests
{
    [Theory]
    [InlineData("""{"event":"SLA Missed","count":{"gte":1}}""", "SLA Missed")]
    [InlineData("""{"event":"Neglected","within":"30d"}""", "Neglected")]
    [InlineData("""{"event":"Lead Reopened","count":{"gte":1}}""", "Lead Reopened")]
    public void What_the_lifecycle_tells_is_heard_by_segments_and_stages_at_once(string heard, string told)
    {
        var segments = new SegmentRules(1, [SegmentLead.Parse("heard", heard)]);
        var lead = new SegmentLead(new LeadRules(Pages, JourneyRules.None, segments, Rules(
            """{"stages":[{"id":"lead"},{"id":"sal","sla":"2d"},{"id":"churned","from":["lead","sal"],"when":HEARD}],"neglect":{"stages":["sal"],"after":"3d","contacts":["Call Made"]},"reopen":{"rise":15,"to":"lead"}}"""
                .Replace("HEARD", heard, StringComparison.Ordinal))));
        _ = told is "Lead Reopened" ? lead.Put("recycled", reason: "not now").Track("page").Track("page") : lead.Put("sal").Advance(TimeSpan.FromDays(10));

        var entered = Assert.Single(lead.Timeline, entry => entry.Event.Name == SegmentEvents.Entered);
        Assert.Equal(entry(told).Event.At, entered.Event.At); // the moment that time made it so, not that at which somebody looked
        Assert.Equal("churned", lead.State.Whole.Stage);

        TimelineEntry entry(string name) => lead.Timeline.Single(one => one.Event.Name == name);
    }

    [Fact]
    public void Points_that_an_older_event_brings_to_one_that_was_there_move_the_lead_too()
    {
        var scoring = ScoringModels.None.WithLive(Shop.Engagement("""{ "id": "both", "when": { "all": [{ "event": "b" }, { "event": "c", "within": "20d" }] }, "points": 50 }"""));
        var lead = Lead("""{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":50}}}]}""", scoring).Track("b", ago: TimeSpan.FromDays(1)).Track("c", ago: TimeSpan.FromDays(2));

        Assert.Equal("mql", lead.State.Whole.Stage);
    }

    [Fact]
    public void Of_two_stages_down_at_one_moment_the_last_stands_and_both_are_the_rules()
    {
        var lead = Lead("""{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":20}},"demote":{"to":"lead","when":{"engagement":{"lt":10}}}},{"id":"sal","demote":{"to":"mql","when":{"engagement":{"lt":10}}}}]}""", Pages)
            .Track("page").Track("page").Put("sal", by: "sam").Advance(TimeSpan.FromDays(60)).Track("other").Advance(TimeSpan.FromDays(1));

        Assert.Equal("lead", lead.State.Whole.Stage);
        Assert.Equal(["lead", "mql rule", "sal person", "mql rule", "lead rule"], lead.State.Lifecycle!.Stays.Select(stay => $"{stay.Stage} {stay.Cause}".Trim()));
    }

    [Fact]
    public void What_somebody_says_to_an_instance_whose_rules_are_a_publication_behind_is_theirs_and_stands()
    {
        const string Document = """{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":20}}},{"id":"sal"}]}""";
        var newer = new LeadRules(Pages, JourneyRules.None, SegmentRules.None, Rules(Document, revision: 2));
        var lead = new SegmentLead(newer).Track("page").Track("page").Track("page");

        lead.Known = newer with { Lifecycle = Rules(Document) };
        lead.Put("lead", by: "sam");
        lead.Known = newer;
        lead.Advance(TimeSpan.FromMinutes(5)).Track("page");

        Assert.Equal("lead", lead.State.Whole.Stage);
        Assert.Equal(["lead", "mql rule", "lead person sam"], lead.State.Lifecycle!.Stays.Select(stay => $"{stay.Stage} {stay.Cause} {stay.By}".Trim()));
    }

    [Fact]
    public void What_somebody_decided_before_a_rules_moment_stands_though_it_came_in_after_it()
    {
        const string Document = """{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":20}},"demote":{"to":"lead","when":{"engagement":{"lt":15}}}},{"id":"sal"}]}""";
        var lead = Lead(Document, Pages).Track("page").Track("page");
        var moment = lead.State.Lifecycle!.Due!.Value; // when it would be taken back
        lead.Advance(DateTimeOffset.FromUnixTimeMilliseconds(moment).AddSeconds(1) - lead.Now - TimeSpan.FromTicks(1)); // before the minute's tick
        lead.Apply(new LeadEvent
        {
            Id = "sam",
            Type = EventType.Stage,
            Name = "stage",
            At = DateTimeOffset.FromUnixTimeMilliseconds(moment - 1_000),
            LeadId = "lead",
            Properties = JsonSerializer.SerializeToElement(new { stage = "sal", by = "sam" }),
        });
        lead.Advance(TimeSpan.FromDays(1));

        Assert.Equal("sal", lead.State.Whole.Stage);
        Assert.Equal(["lead", "mql", "sal"], lead.State.Lifecycle!.Stays.Select(stay => stay.Stage));
    }

    [Fact]
    public void A_stage_that_follows_from_a_segment_that_time_changed_bears_the_moment_at_which_it_did()
    {
        var segments = new SegmentRules(1, [SegmentLead.Parse("silent", """{"not":{"event":"Visit","within":"7d"}}"""), SegmentLead.Parse("gone", """{"segment":"silent"}""")]);
        var lead = new SegmentLead(new LeadRules(Pages, JourneyRules.None, segments, Rules(
            """{"stages":[{"id":"lead"},{"id":"mql","when":{"event":"Visit","within":"30d"},"demote":{"to":"lead","when":{"segment":"gone"}}},{"id":"churned","from":["lead"],"when":{"all":[{"segment":"silent"},{"event":"Visit","count":{"gte":2}}]}}]}""")));
        lead.Advance(TimeSpan.FromSeconds(20)).Track("Visit").Track("Visit").Advance(TimeSpan.FromDays(8));

        var moment = SegmentLead.Start.AddSeconds(20).AddDays(7).AddMilliseconds(1);
        Assert.Equal(
            ["Segment Entered gone", "Segment Entered silent", "stage churned", "stage lead"],
            lead.Timeline.Where(entry => entry.Event.At == moment).Select(entry => $"{entry.Event.Name} {Said(entry, "segment") ?? Said(entry, "stage")}").Order(StringComparer.Ordinal));
        Assert.Equal([(moment.ToUnixTimeMilliseconds(), "lead"), (moment.ToUnixTimeMilliseconds(), "churned")], lead.State.Lifecycle!.Stays.TakeLast(2).Select(stay => (stay.At, stay.Stage)));
        Assert.Equal("churned", lead.State.Whole.Stage);
        Assert.Equal(lead.Timeline.Select(entry => entry.Event.At), lead.Timeline.Select(entry => entry.Event.At).Order()); // and the timeline tells it in order

        static string? Said(TimelineEntry entry, string name) => entry.Event.Properties.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    [Fact]
    public void A_stage_that_was_left_within_one_look_is_not_entered_again_in_it()
    {
        var flapping = Lead("""{"stages":[{"id":"lead"},{"id":"mql","when":{"trait":"x","equals":1},"demote":{"to":"lead","when":{"trait":"y","equals":1}}}]}""", Pages).Identify(new { x = 1, y = 1 });
        Assert.Equal(["lead", "mql"], flapping.State.Lifecycle!.Stays.Select(stay => stay.Stage));

        var rising = Lead("""{"stages":[{"id":"lead"},{"id":"recycled","from":["lead"],"when":{"trait":"x","equals":1}}],"reopen":{"rise":10,"to":"lead"}}""", Pages).Identify(new { x = 1 }).Track("page").Track("page");
        Assert.InRange(rising.State.Lifecycle!.Reopened, 1, 2); // once for each rise
    }

    [Fact]
    public void However_long_a_chain_of_stages_and_segments_is_its_end_is_reached()
    {
        string[] stages = ["mql", "sal", "sql", "customer", "promoter"];
        var segments = new SegmentRules(1, [SegmentLead.Parse("first", """{"trait":"x","equals":1}"""), .. stages.Select(stage => SegmentLead.Parse($"in-{stage}", $$"""{"stage":"{{stage}}"}"""))]);
        var document = "{\"stages\":[{\"id\":\"lead\"}," + string.Join(",", stages.Select((stage, n) => $$$"""{"id":"{{{stage}}}","when":{"segment":"{{{(n == 0 ? "first" : $"in-{stages[n - 1]}")}}}"}}""")) + "]}";

        var lead = new SegmentLead(new LeadRules(Pages, JourneyRules.None, segments, Rules(document))).Identify(new { x = 1 });

        Assert.Equal("promoter", lead.State.Whole.Stage);
        Assert.Equal(["first", "in-promoter"], lead.In);
    }

    [Fact]
    public void A_stage_may_ask_when_the_person_was_last_seen() =>
        Assert.Equal("mql", Lead("""{"stages":[{"id":"lead"},{"id":"mql","when":{"all":[{"trait":"$lastSeen","withinLast":"5d"},{"trait":"x","equals":1}]}}]}""", Pages)
            .Track("page").Advance(TimeSpan.FromDays(30)).Identify(new { x = 1 }).State.Whole.Stage);

    [Fact]
    public void What_is_held_is_released_wherever_the_lead_is_when_its_condition_ceases_to_hold()
    {
        var lead = Lead("""{"stages":[{"id":"lead"},{"id":"mql","when":{"trait":"a","equals":1}},{"id":"sal","when":{"trait":"b","equals":1},"demote":{"to":"lead","when":{"trait":"b","equals":0}}}]}""", Pages)
            .Identify(new { a = 1 }).Advance(TimeSpan.FromHours(1)).Put("lead", by: "sam").Identify(new { b = 1 });
        Assert.Equal("sal", lead.State.Whole.Stage);

        lead.Advance(TimeSpan.FromHours(1)).Identify(new { a = 0 }).Advance(TimeSpan.FromHours(1)).Identify(new { a = 1 }).Advance(TimeSpan.FromHours(1)).Identify(new { b = 0 });

        Assert.Equal("mql", lead.Advance(TimeSpan.FromHours(1)).Track("page").State.Whole.Stage);
    }

    [Fact]
    public void Who_is_recycled_with_what_came_before_is_not_reopened_by_that()
    {
        var lead = Lead("""{"stages":[{"id":"lead"},{"id":"recycled"}],"reopen":{"rise":15,"to":"lead"}}""", Pages).Track("other").Advance(TimeSpan.FromHours(1));
        lead.Apply([
            .. Enumerable.Range(0, 3).Select(n => new LeadEvent { Id = $"p{n}", Type = EventType.Page, Name = "page", At = lead.Now.AddMilliseconds(n), UserId = "ann", Properties = JsonSerializer.SerializeToElement(new { }) }),
            new LeadEvent { Id = "r", Type = EventType.Stage, Name = "stage", At = lead.Now.AddMilliseconds(5), LeadId = "lead", Properties = JsonSerializer.SerializeToElement(new { stage = "recycled", by = "sam", cause = "person" }) },
        ]);
        Assert.Equal("recycled", lead.State.Whole.Stage);

        Assert.Equal("lead", lead.Advance(TimeSpan.FromHours(1)).Track("page").Track("page").State.Whole.Stage);
    }

    [Fact]
    public void A_later_word_about_the_person_holds_the_rules_of_the_lead_that_it_is_merged_into()
    {
        var rules = new LeadRules(Pages, JourneyRules.None, SegmentRules.None, Rules("""{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":20}}},{"id":"recycled"}]}"""));
        var stays = new SegmentLead(rules, Identity.User("ann").Hash()).Track("page").Track("page").Track("page");
        var goes = new SegmentLead(rules, Identity.User("bob").Hash()).Track("page").Advance(TimeSpan.FromHours(1));
        goes.Apply(new LeadEvent { Id = "s", Type = EventType.Stage, Name = "stage", At = goes.Now, LeadId = goes.State.Id, Properties = JsonSerializer.SerializeToElement(new { stage = "subscriber", by = "sam", cause = "person" }) });
        goes.Apply(Merges.Freeze(goes.State.Id, stays.State.Id, 0, goes.Now));
        Assert.Equal(("mql", "subscriber"), (stays.State.Whole.Stage, goes.State.Whole.Stage));

        var merged = Reducer.Apply(stays.State, [new Arrival(Merges.Absorb(stays.State.Id, goes.State.Id, "e", goes.Now), goes.Now, [], goes.State)], rules, goes.Now).State;

        Assert.Equal("subscriber", merged.Whole.Stage);
    }

    [Fact]
    public void Words_of_people_that_come_together_are_each_a_stay()
    {
        var lead = Lead("""{"stages":[{"id":"lead"},{"id":"sal"},{"id":"sql"},{"id":"customer"}]}""", Pages).Track("page");
        lead.Apply([.. new[] { "sal", "sql", "customer" }.Select((stage, n) => new LeadEvent
        {
            Id = stage, Type = EventType.Stage, Name = "stage", At = lead.Now.AddMilliseconds(n + 1), LeadId = "lead", Properties = JsonSerializer.SerializeToElement(new { stage, by = "sam", cause = "person" }),
        })]);

        Assert.Equal(["lead", "sal sam", "sql sam", "customer sam"], lead.State.Lifecycle!.Stays.Select(stay => $"{stay.Stage} {stay.By}".Trim()));
        Assert.Equal([1L, 2, 3], lead.State.Lifecycle.Stays.Skip(1).Select(stay => stay.At - SegmentLead.Start.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public void Segments_count_the_products_own_events_by_what_they_say()
    {
        var segments = new SegmentRules(1, [SegmentLead.Parse("twice", """{"event":"stage","where":{"stage":"mql"},"count":{"gte":2}}""")]);
        var lead = new SegmentLead(new LeadRules(Pages, JourneyRules.None, segments, Rules("""{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":20}},"demote":{"to":"lead","when":{"engagement":{"lt":10}}}}]}""")));
        lead.Track("page").Track("page").Advance(TimeSpan.FromDays(60));
        Assert.Empty(lead.In);

        Assert.Equal(["twice"], lead.Track("page").Track("page").In);
    }
}
