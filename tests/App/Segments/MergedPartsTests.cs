using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Leads;

namespace LeadFunctions.Tests.Segments;

/// <summary>A lead that was merged of several is judged by what is known of all, whichever of them it was said of last.</summary>
public sealed class MergedPartsTests
{
    private static readonly DateTimeOffset Now = LeadEvents.Start.AddDays(31);

    private static readonly IReadOnlyList<Segment> Asking =
    [
        SegmentLead.Parse("one", """{"trait":"x","equals":1}"""),
        SegmentLead.Parse("first", """{"trait":"$origin.first.campaign","equals":"c1"}"""),
        SegmentLead.Parse("listed", """{"all":[{"list":"s1"},{"not":{"list":"s0"}}]}"""),
        SegmentLead.Parse("bought", """{"event":"Order Completed","sum":{"property":"revenue","gte":30}}"""),
        SegmentLead.Parse("both", """{"all":[{"segment":"one"},{"segment":"bought"}]}"""),
    ];

    private static readonly LeadRules Rules = new(ScoringModels.None, JourneyRules.None, new SegmentRules(1, Asking));

    [Fact]
    public void What_one_part_says_again_may_be_the_last_word_over_what_another_said_in_between()
    {
        var known = Apply(new LeadState { Id = "known" }, Say("a", 1, minute: 1));
        var browser = Apply(new LeadState { Id = "browser" }, Say("b", 2, minute: 2));
        var merged = Merge(known, browser);
        Assert.DoesNotContain("one", merged.Segments!.In.Keys);

        merged = Apply(merged, Say("c", 1, minute: 3));

        Assert.Equal(1, merged.Whole.Traits.Find("x").Number);
        Assert.Contains("one", merged.Segments!.In.Keys);
    }

    [Fact]
    public void In_whatever_order_events_and_merges_come_the_lead_is_in_the_same_segments()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var events = Enumerable.Range(0, random.Next(3, 14)).Select(i => (Part: random.Next(3), Event: Any(random, $"e{i}"))).ToArray();

            var expected = In(Arrive(random, events));

            for (var order = 0; order < 3; order++)
            {
                random.Shuffle(events);
                Assert.Equal(expected, In(Arrive(random, events)));
            }
        }
    }

    private static string In(LeadState lead)
    {
        var now = new LeadProfile(lead.Whole, default, Rules.Scoring, new(Rules.Segments, lead.Segments));
        var memberships = lead.Segments!.In.Keys.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Asking.Where(segment => segment.Document.When.Holds(null, now, Now)).Select(segment => segment.Id).Order(StringComparer.Ordinal), memberships);
        return string.Join(' ', memberships);
    }

    /// <summary>Two browsers become one with the first lead at some time, one of them perhaps by way of the other.</summary>
    private static LeadState Arrive(Random random, (int Part, LeadEvent Event)[] events)
    {
        LeadState[] leads = [.. Enumerable.Range(0, 3).Select(i => new LeadState { Id = $"lead{i}" })];
        int[] goesTo = [0, 1, 2];
        var (one, other) = (random.Next(events.Length + 1), random.Next(events.Length + 1));
        var isChain = random.Next(2) == 0;
        for (var i = 0; i <= events.Length; i++)
        {
            if (i == Math.Min(one, other))
            {
                Join(2, isChain ? 1 : 0);
            }

            if (i == Math.Max(one, other))
            {
                Join(1, 0);
            }

            if (i < events.Length)
            {
                var at = goesTo[events[i].Part];
                leads[at] = Apply(leads[at], events[i].Event);
            }
        }

        return leads[0];

        void Join(int goes, int stays)
        {
            leads[stays] = Merge(leads[stays], leads[goes]);
            goesTo = [.. goesTo.Select(at => at == goes ? stays : at)];
        }
    }

    private static LeadEvent Any(Random random, string id)
    {
        var minute = random.Next(3) == 0 ? random.Next(4) : random.Next(40_000);
        return random.Next(4) switch
        {
            0 => Say(id, random.Next(1, 3), minute),
            1 => LeadEvents.Track(id, "Order Completed", minute, "u", properties: new { revenue = random.Next(1, 30) }),
            2 => LeadEvents.InSegment(id, $"s{random.Next(2)}", random.Next(2) == 0, minute),
            _ => LeadEvents.Page(id, "/", minute, "u") with { Context = JsonSerializer.SerializeToElement(new { campaign = new { name = $"c{random.Next(3)}" } }) },
        };
    }

    private static LeadEvent Say(string id, int x, int minute) => LeadEvents.Identify(id, minute, "u", traits: new { x });

    private static LeadState Apply(LeadState lead, LeadEvent e) => Reducer.Apply(lead, [new Arrival(e, Now, [])], Rules, Now).State;

    private static LeadState Merge(LeadState stays, LeadState goes)
    {
        var frozen = Reducer.Apply(goes, [new Arrival(Merges.Freeze(goes.Id, stays.Id, 0, Now), Now, [])], Rules, Now).State;
        return Reducer.Apply(stays, [new Arrival(Merges.Absorb(stays.Id, goes.Id, goes.Id, Now), Now, [], frozen)], Rules, Now).State;
    }
}
