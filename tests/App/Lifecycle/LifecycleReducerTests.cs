using System.Text;
using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Scoring;
using LeadFunctions.Tests.Segments;

namespace LeadFunctions.Tests.Lifecycle;

/// <summary>What moves a lead from stage to stage, and what time does to it there.</summary>
public sealed class LifecycleReducerTests
{
    // Ten points a page, halved every ten days.
    internal static readonly ScoringModels Pages = ScoringModels.None.WithLive(Shop.Engagement("""{ "id": "view", "when": { "event": "page" }, "points": 10, "halfLife": "10d" }"""));

    [Fact]
    public void The_lifecycle_that_comes_with_the_app_is_valid_and_makes_an_MQL_of_who_shows_interest()
    {
        var lead = Lead(LifecycleRules.BuiltIn, Pages).Identify(new { email = "ann@example.com" });
        for (var i = 0; i < 5; i++)
        {
            lead.Track("page");
        }

        Assert.Equal("mql", lead.State.Whole.Stage);
        Assert.Equal(["06-01 10:00:00 lead>mql rule: engagement at least 45 (50), email known, not: grade one of E, F"], Moves(lead));
        Assert.Contains(lead.Effects, effect => effect is { Kind: EffectKind.StageChanged, From: "lead", To: "mql" });
    }

    [Fact]
    public void A_stage_may_be_passed_over() => Assert.Equal("customer", Lead(Repository.Read("samples/lifecycle/shop.json"), Pages).Track("Order Completed").State.Whole.Stage);

    [Fact]
    public void Nothing_takes_a_lead_out_of_a_stage_aside_by_itself()
    {
        var lead = Lead(Repository.Read("samples/lifecycle/shop.json"), Pages).Put("disqualified");

        Assert.Equal("disqualified", lead.Track("Order Completed").State.Whole.Stage);
    }

    [Fact]
    public void Who_takes_a_lead_back_knows_better_than_the_conditions_until_they_have_ceased_to_hold()
    {
        var lead = Lead("""{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":20}}}]}""", Pages).Track("page").Track("page").Track("page");
        Assert.Equal("mql", lead.State.Whole.Stage);

        lead.Advance(TimeSpan.FromHours(1)).Put("lead", by: "sam").Track("page");
        Assert.Equal("lead", lead.State.Whole.Stage);

        lead.Advance(TimeSpan.FromDays(30)).Track("page").Track("page");
        Assert.Equal("mql", lead.State.Whole.Stage);
        Assert.Equal(["lead", "mql", "lead by person sam", "mql"], lead.State.Lifecycle!.Stays.Select(stay => stay.Stage + (stay.By is null ? "" : $" by {stay.Cause} {stay.By}")));
    }

    [Fact]
    public void Decay_takes_a_lead_back_at_the_very_moment()
    {
        var lead = Lead("""{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":20}},"demote":{"when":{"engagement":{"lt":10}},"to":"lead"}}]}""", Pages).Track("page").Track("page").Advance(TimeSpan.FromDays(30));

        Assert.Equal(["06-01 10:00:00 lead>mql rule: engagement at least 20 (20)", "06-11 10:10:23 mql>lead rule: engagement under 10 (9.99)"], Moves(lead));
    }

    [Fact]
    public void A_recycled_lead_whose_engagement_rises_again_is_reopened_and_counted()
    {
        var lead = Lead("""{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":45}}}],"reopen":{"rise":15,"to":"lead"}}""", Pages).Track("page").Track("page").Track("page")
            .Put("recycled", reason: "no budget");

        Assert.Empty(Told(lead.Track("page"), StageEvents.Reopened));

        // 40 points are 10 twenty days later; what counts is the rise over the lowest.
        lead.Advance(TimeSpan.FromDays(20)).Track("page");
        Assert.Equal("recycled", lead.State.Whole.Stage);
        lead.Track("page");
        var reopened = Assert.Single(Told(lead, StageEvents.Reopened));
        Assert.Equal(("lead", 1, 10, "no budget"), (lead.State.Whole.Stage, reopened.GetProperty("count").GetInt32(), Math.Round(reopened.GetProperty("low").GetDouble()), reopened.GetProperty("reason").GetString()));

        // Once more, after sales sent it back again.
        lead.Put("recycled").Advance(TimeSpan.FromDays(40)).Track("page").Track("page");
        Assert.Equal([1, 2], Told(lead, StageEvents.Reopened).Select(e => e.GetProperty("count").GetInt32()));
    }

    [Fact]
    public void A_missed_time_is_told_once_at_its_moment_and_not_when_somebody_moved_the_lead_on()
    {
        const string Document = """{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":10}},"sla":"2d"},{"id":"sal"}]}""";
        var late = Lead(Document, Pages).Track("page").Advance(TimeSpan.FromDays(1)).Track("page").Advance(TimeSpan.FromDays(20)).Track("page");
        var entry = Assert.Single(late.Timeline, entry => entry.Event.Name == StageEvents.SlaMissed);
        Assert.Equal(SegmentLead.Start.AddDays(2), entry.Event.At);
        Assert.Equal("2d", entry.Event.Properties.GetProperty("sla").GetString());

        Assert.Empty(Told(Lead(Document, Pages).Track("page").Advance(TimeSpan.FromDays(1)).Put("sal").Advance(TimeSpan.FromDays(20)), StageEvents.SlaMissed));
    }

    [Fact]
    public void A_missed_time_is_told_at_its_moment_also_when_events_come_before_the_tick()
    {
        var lead = Lead("""{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":10}},"sla":"90s"}]}""", Pages).Track("page").Advance(TimeSpan.FromSeconds(100)).Track("page");

        Assert.Equal([SegmentLead.Start.AddSeconds(90)], lead.Timeline.Where(entry => entry.Event.Name == StageEvents.SlaMissed).Select(entry => entry.Event.At));
        Assert.Equal(["page", "stage", StageEvents.SlaMissed, "page"], lead.Timeline.Select(entry => entry.Event.Name));
    }

    [Fact]
    public void Whom_nobody_contacts_is_neglected_once_for_each_silence()
    {
        var lead = Lead("""{"stages":[{"id":"lead"},{"id":"sal"}],"neglect":{"stages":["sal"],"after":"10d","contacts":["Call Made"]}}""", Pages).Put("sal").Advance(TimeSpan.FromDays(7))
            .Track("Call Made").Advance(TimeSpan.FromDays(9)).Track("page").Advance(TimeSpan.FromDays(20)).Track("Call Made").Advance(TimeSpan.FromDays(30));

        Assert.Equal(
            [SegmentLead.Start.AddDays(17), SegmentLead.Start.AddDays(46)],
            lead.Timeline.Where(entry => entry.Event.Name == StageEvents.Neglected).Select(entry => new DateTimeOffset(entry.Event.At.UtcTicks - (entry.Event.At.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("Message Sent", false)]
    [InlineData("page", false)]
    [InlineData("Call Made", true)]
    [InlineData("Meeting Held", true)]
    [InlineData("Personal Email Sent", true)]
    [InlineData(StageEvents.NoteAdded, true)]
    public void A_contact_is_what_a_person_does_and_no_newsletter(string name, bool isContact)
    {
        var lead = Lead(LifecycleRules.BuiltIn, Pages).Put("sal", by: "sam");
        for (var week = 0; week < 5; week++)
        {
            lead.Advance(TimeSpan.FromDays(7)).Track(name);
        }

        Assert.Equal(isContact ? 0 : 1, lead.Timeline.Count(entry => entry.Event.Name == StageEvents.Neglected));
        Assert.Equal(2, lead.Advance(TimeSpan.FromDays(31)).Track("Call Made").Advance(TimeSpan.FromDays(31)).Timeline.Count(entry => entry.Event.Name == StageEvents.Neglected)); // once for each silence
    }

    [Fact]
    public void A_stage_may_ask_for_a_segment_and_a_segment_for_a_stage()
    {
        var segments = new SegmentRules(1, [SegmentLead.Parse("readers", """{"event":"page","count":{"gte":2}}"""), SegmentLead.Parse("hot", """{"stage":"mql"}""")]);
        var lead = new SegmentLead(new LeadRules(Pages, JourneyRules.None, segments, Rules("""{"stages":[{"id":"lead"},{"id":"mql","when":{"segment":"readers"}},{"id":"customer","when":{"segment":"hot"}}]}"""))).Track("page").Track("page");

        Assert.Equal(["lead", "mql", "customer"], lead.State.Lifecycle!.Stays.Select(stay => stay.Stage));
        Assert.Equal(["readers"], lead.In);
        Assert.Equal(3, lead.Moves.Count); // into both, and out of "hot" again
    }

    [Fact]
    public void Who_enters_the_stage_without_an_owner_asks_for_one_whose_conditions_hold()
    {
        const string Document = """
            {"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":10}}}],"assignAt":"mql",
             "owners":[{"id":"ana","when":{"trait":"country","in":["PL","SI"]}},{"id":"ben"},{"id":"cat","when":{"trait":"country","equals":"DE"}}]}
            """;
        var wanted = Assert.Single(Lead(Document, Pages).Identify(new { country = "SI" }).Track("page").Effects, effect => effect.Kind == EffectKind.OwnerWanted);
        Assert.Equal("""["ana","ben"]""", wanted.Data!.Value.GetRawText());

        var owned = Lead(Document, Pages).Apply(new LeadEvent { Id = "o", Type = EventType.Owner, Name = "owner", At = SegmentLead.Start, LeadId = "lead", Properties = Json(new { owner = "zoe" }) }).Track("page");
        Assert.Equal(("mql", "zoe"), (owned.State.Whole.Stage, owned.State.Whole.Owner));
        Assert.DoesNotContain(owned.Effects, effect => effect.Kind == EffectKind.OwnerWanted);
    }

    [Fact]
    public void Another_lifecycle_holds_from_the_next_look_on_and_an_older_one_asks_for_another_look()
    {
        var lead = Lead("""{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":500}}}]}""", Pages).Track("page");
        lead.Known = lead.Known with { Lifecycle = Rules("""{"stages":[{"id":"lead"},{"id":"mql","when":{"engagement":{"gte":10}}}]}""", revision: 2) };
        Assert.Equal("mql", lead.Tick().State.Whole.Stage);

        lead.Known = lead.Known with { Lifecycle = Rules("""{"stages":[{"id":"lead"},{"id":"mql"},{"id":"sal","when":{"engagement":{"gte":10}}}]}""", revision: 1) };
        Assert.Equal("mql", lead.Track("page").State.Whole.Stage);
        Assert.True(lead.State.Lifecycle!.Again);

        lead.Known = lead.Known with { Lifecycle = Rules("""{"stages":[{"id":"lead"},{"id":"mql"},{"id":"sal","when":{"engagement":{"gte":15}}}]}""", revision: 3) };
        Assert.Equal("sal", lead.Advance(TimeSpan.FromMinutes(1)).State.Whole.Stage);
    }

    [Fact]
    public void The_way_is_kept_with_the_lead_and_written_once()
    {
        var lead = Lead(LifecycleRules.BuiltIn, Pages).Put("sal", by: "sam").Apply(new LeadEvent
        {
            Id = "won",
            Type = EventType.Stage,
            Name = "stage",
            At = SegmentLead.Start.AddMinutes(1),
            LeadId = "lead",
            Properties = Json(new { stage = "customer", outcome = "won", amount = 1200.5, currency = "EUR", by = "sam" }),
        });
        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(lead.State, LeadsJson.Default.LeadState), LeadsJson.Default.LeadState)!;

        Assert.Equal(lead.State.Lifecycle!.Stays, read.Lifecycle!.Stays);
        Assert.Equal(("customer", "won", 1200.5, "EUR", "person", "sam"), (read.Lifecycle.Now!.Stage, read.Lifecycle.Now.Outcome, read.Lifecycle.Now.Amount, read.Lifecycle.Now.Currency, read.Lifecycle.Now.Cause, read.Lifecycle.Now.By));
    }

    [Fact]
    public void Time_that_nobody_waits_for_costs_no_write()
    {
        var lead = Lead(LifecycleRules.BuiltIn, Pages).Track("Signed Up").Advance(TimeSpan.FromDays(400));

        Assert.Equal((1, 0), lead.Writes);
    }

    internal static SegmentLead Lead(string document, ScoringModels scoring) => Lead(Rules(document), scoring);

    private static SegmentLead Lead(LifecycleRules rules, ScoringModels scoring) => new(new LeadRules(scoring, JourneyRules.None, SegmentRules.None, rules));

    internal static LifecycleRules Rules(string document, long revision = 1)
    {
        var (parsed, errors) = LifecycleDocument.Parse(Encoding.UTF8.GetBytes(document));
        Assert.True(errors.Count == 0, string.Join("; ", errors));
        return new(revision, parsed);
    }

    private static IEnumerable<JsonElement> Told(SegmentLead lead, string name) => lead.Timeline.Where(entry => entry.Event.Name == name).Select(entry => entry.Event.Properties);

    private static IReadOnlyList<string> Moves(SegmentLead lead) =>
    [
        .. lead.Timeline.Where(entry => entry.Event.Type == EventType.Stage).Select(entry =>
            $"{entry.Event.At:MM-dd HH:mm:ss} {Text(entry, "from")}>{Text(entry, "stage")} {Text(entry, "cause")}: {Text(entry, "reason")}"),
    ];

    private static string? Text(TimelineEntry entry, string name) => entry.Event.Properties.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static JsonElement Json(object value) => JsonSerializer.SerializeToElement(value);
}

/// <summary>What people do to a lead.</summary>
internal static class StagesByHand
{
    public static SegmentLead Put(this SegmentLead lead, string stage, string? by = null, string? reason = null) => lead.Apply(new LeadEvent
    {
        Id = $"{stage}/{lead.Now:O}",
        Type = EventType.Stage,
        Name = "stage",
        At = lead.Now.AddMilliseconds(1),
        LeadId = "lead",
        Properties = JsonSerializer.SerializeToElement(new { stage, by, reason }),
    });
}
