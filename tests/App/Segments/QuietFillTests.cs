using System.Text.Json;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Journeys;
using NodaTime;

namespace LeadFunctions.Tests.Segments;

/// <summary>A segment that is published quietly takes people in and lets them go without starting a journey by that; what people do starts them as always.</summary>
public sealed class QuietFillTests
{
    private const string Visitors = """{"event":"Visit","count":{"gte":1}}""";

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 3)]
    public void Whom_a_publication_takes_in_starts_journeys_unless_it_is_quiet(bool isQuiet, int starts)
    {
        var lead = new SegmentLead(Rules(1)).Track("Visit");

        lead.Known = Rules(2, Warm(isQuiet), SegmentLead.Parse("hot", """{"segment":"warm"}"""));
        lead.Tick();

        Assert.Equal(["hot", "warm"], lead.In);
        Assert.Equal(starts, Starts(lead)); // in warm, in hot which asks for it, and by the event
        Assert.Equal(isQuiet ? 2 : 0, lead.Timeline.Count(entry => SegmentEvents.IsQuiet(entry.Event)));
        Assert.Equal(2, lead.Effects.Count(effect => effect.Kind == EffectKind.SegmentEntered)); // members and listeners are told
    }

    [Fact]
    public void Who_does_it_after_a_quiet_publication_starts_them_even_if_nobody_has_looked_since()
    {
        var (old, fresh) = (new SegmentLead(Rules(1)).Track("Other"), new SegmentLead(Rules(1), "fresh"));

        (old.Known, fresh.Known) = (Rules(2, Warm(true)), Rules(2, Warm(true)));
        old.Track("Visit");
        fresh.Track("Visit");

        Assert.Equal((2, 2), (Starts(old), Starts(fresh)));
    }

    [Fact]
    public void A_later_publication_of_something_else_makes_nothing_quiet_that_people_do()
    {
        var lead = new SegmentLead(Rules(1)).Track("Visit");
        lead.Known = Rules(2, Warm(true) with { Document = SegmentLead.Parse("warm", """{"event":"Visit","within":"7d"}""").Document });
        lead.Tick().Advance(TimeSpan.FromDays(8));
        Assert.Empty(lead.In);

        lead.Known = Rules(3, lead.Known.Segments.All[0], SegmentLead.Parse("other", """{"trait":"x","exists":true}"""));
        lead.Track("Visit");

        Assert.Equal((1, 3), (lead.In.Count, Starts(lead))); // as time made it leave, and twice as it came back
    }

    [Fact]
    public void What_lets_the_segment_differ_a_day_later_is_news()
    {
        var lead = new SegmentLead(Rules(1)).Track("Other");
        lead.Known = Rules(2, Warm(true));
        lead.Tick().Advance(TimeSpan.FromDays(1));

        lead.Known = Rules(3, SegmentLead.Parse("warm", """{"event":"Other","count":{"gte":1}}""") with { QuietSince = SegmentLead.Start }); // as other fifths of all buyers would
        lead.Tick("again");

        Assert.Equal((1, 2), (lead.In.Count, Starts(lead)));
    }

    [Fact]
    public void Whom_a_quiet_publication_lets_go_starts_nothing_either()
    {
        var lead = new SegmentLead(Rules(1, Warm(false))).Track("Visit");
        var before = Starts(lead);

        lead.Known = Rules(2, SegmentLead.Parse("warm", """{"event":"Visit","count":{"gte":2}}""", 2) with { QuietSince = SegmentLead.Start });
        lead.Tick();

        Assert.Empty(lead.In);
        Assert.Equal(before, Starts(lead));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 4)]
    public void Whom_a_publication_moves_to_a_stage_starts_no_journey_by_that_either_if_it_is_quiet(bool isQuiet, int starts)
    {
        foreach (var isAsTimePasses in new[] { true, false })
        {
            var lead = new SegmentLead(Staged(1)).Track("Visit");

            lead.Known = Staged(2, Warm(isQuiet), SegmentLead.Parse("hot", """{"stage":"mql"}"""));
            _ = isAsTimePasses ? lead.Tick() : lead.Track("Other");

            Assert.Equal(["hot", "warm"], lead.In);
            Assert.Equal("mql", lead.State.Whole.Stage);
            Assert.Equal(starts, Starts(lead)); // by warm twice, by the stage, and by the segment that asks for it
        }
    }

    [Fact]
    public void A_stage_that_somebody_comes_to_by_what_they_do_starts_journeys_beside_a_quiet_publication()
    {
        var lead = new SegmentLead(Staged(1)).Track("Other");

        lead.Known = Staged(2, Warm(true), SegmentLead.Parse("other", """{"event":"Other","count":{"gte":1}}""") with { QuietSince = SegmentLead.Start });
        lead.Track("Visit");

        Assert.Equal(("mql", 3), (lead.State.Whole.Stage, Starts(lead)));
        Assert.Equal(1, lead.Timeline.Count(entry => SegmentEvents.IsQuiet(entry.Event))); // it came to "other" by the publication
    }

    [Fact]
    public void Who_was_only_told_of_from_inside_is_not_new()
    {
        var lead = new SegmentLead(Rules(1)).Apply(new Events.LeadEvent { Id = "hand", Type = Events.EventType.Track, Name = "Visit", At = SegmentLead.Start, LeadId = "lead" });

        lead.Known = Rules(2, Warm(true));
        lead.Track("Other");

        Assert.Equal((1, 0), (lead.In.Count, Starts(lead)));
    }

    private static LeadRules Staged(long revision, params IReadOnlyList<Segment> segments) => Rules(revision, segments) with { Lifecycle = new LifecycleRules(1, Lifecycle) };

    private static readonly LifecycleDocument Lifecycle = LifecycleDocument.Parse(JsonElement.Parse("""{"stages":[{"id":"lead"},{"id":"mql","when":{"segment":"warm"}}]}""")).Document!; // it has no mistake

    private static Segment Warm(bool isQuiet) => SegmentLead.Parse("warm", Visitors) with { QuietSince = isQuiet ? SegmentLead.Start : null };

    private static int Starts(SegmentLead lead) => lead.Effects.Count(effect => effect.Kind == EffectKind.JourneyEntered);

    private static LeadRules Rules(long revision, params IReadOnlyList<Segment> segments) => SegmentLead.Rules(segments, revision: revision) with { Journeys = Journeys };

    private static readonly JourneyRules Journeys = new(
        [On("warm", """{"segment":"warm"}"""), On("hot", """{"segment":"hot"}"""), On("staged", """{"stage":["mql"]}"""), On("told", """{"event":"Segment Entered","where":{"segment":"warm"}}"""), On("left", """{"segment":"warm","on":"leave"}""")],
        [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc);

    private static Journey On(string id, string trigger) => Rehearsal.Parse($$"""{"name":"x","trigger":{{trigger}},"entry":{"reentry":"afterExit"},"steps":[{"id":"w","type":"wait","for":"400d"}]}""", id, 1);
}
