using LeadFunctions.Conditions.Parsing;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Journeys;
using LeadFunctions.Tests.Scoring;
using static LeadFunctions.Tests.Segments.SegmentLead;

namespace LeadFunctions.Tests.Segments;

/// <summary>Who is in a segment, from which moment on, and what that costs.</summary>
public sealed class SegmentReducerTests
{
    private static readonly Segment Silent = Parse("silent", """{"not":{"event":"Visit","within":"30d"}}""");

    private static readonly ScoringModels Scoring = ScoringModels.None.WithLive(Shop.Engagement("""{ "id": "visit", "when": { "event": "Visit" }, "points": 40, "halfLife": "10d" }"""));

    private static TimeSpan Half => TimeSpan.FromSeconds(30);

    [Fact]
    public void An_event_makes_a_lead_enter_and_time_alone_makes_it_leave_at_the_very_moment()
    {
        var lead = new SegmentLead(Parse("warm", """{"event":"Visit","within":"7d"}""")).Advance(Half).Track("Visit").Advance(TimeSpan.FromDays(20));

        // The event is in the window for the last time seven days later; the minute that begins next notices that it is not any more.
        Assert.Equal(["06-01 10:00:30.000 +warm", "06-08 10:00:30.001 -warm (10:01:00)"], lead.Moves);
        Assert.Equal((2, 1), lead.Writes);
    }

    [Fact]
    public void A_silence_that_every_event_puts_off_costs_a_write_in_thirty_days()
    {
        var lead = new SegmentLead(Silent).Track("Visit");
        for (var day = 0; day < 290; day++)
        {
            lead.Advance(TimeSpan.FromDays(1)).Track("Visit");
        }

        Assert.Equal(291, lead.Writes.All - lead.Writes.Ticks);
        Assert.InRange(lead.Writes.Ticks, 5, 10);
        Assert.Empty(lead.Moves);
        Assert.Equal(["04-17 10:00:00.001 +silent (10:01:00)"], lead.Advance(TimeSpan.FromDays(31)).Moves);
    }

    [Fact]
    public void Ten_thousand_leads_leave_and_enter_each_at_its_own_moment_at_a_cost_that_follows_the_changes()
    {
        var random = new Random(7);
        var (events, ticks, moves) = (0, 0, 0);
        for (var i = 0; i < 10_000; i++)
        {
            var lead = new SegmentLead(Silent);
            var visits = Enumerable.Range(0, random.Next(1, 20)).Select(_ => TimeSpan.FromMilliseconds(random.NextInt64(25L * 86_400_000))).Order().ToList();
            visits.ForEach(at => lead.Advance(Start + at - lead.Now).Track("Visit"));
            var returns = TimeSpan.FromMilliseconds(random.NextInt64(60L * 86_400_000, 90L * 86_400_000));
            lead.Advance(Start + returns - lead.Now).Track("Visit").Advance(TimeSpan.FromDays(1));

            var told = lead.Timeline.Select(entry => entry.Event).Where(SegmentEvents.AreOf).ToList();
            Assert.Equal([(SegmentEvents.Entered, Start + visits[^1] + TimeSpan.FromDays(30) + TimeSpan.FromMilliseconds(1)), (SegmentEvents.Left, Start + returns)], told.Select(e => (e.Name, e.At)));
            var noticed = told[0].Properties.TryGetProperty("noticedAt", out var later) ? later.GetDateTimeOffset() : told[0].At;
            Assert.InRange(noticed - told[0].At, TimeSpan.Zero, TimeSpan.FromMinutes(1));
            (events, ticks, moves) = (events + visits.Count + 1, ticks + lead.Writes.Ticks, moves + told.Count);
            Assert.Equal(visits.Count + 1 + lead.Writes.Ticks, lead.Writes.All);
        }

        // One tick for a lead's first silence that did not come, one for the one that did: whatever it did in between.
        Assert.True(events > 100_000 && moves == 20_000 && ticks < moves, $"{events} events, {ticks} ticks, {moves} moves");
    }

    [Fact]
    public void What_becomes_so_between_its_moment_and_its_minute_is_told_in_order_when_an_event_comes_between()
    {
        var lead = new SegmentLead(Silent).Advance(Half).Track("Visit").Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(20)).Track("Visit").Advance(TimeSpan.FromDays(1));

        Assert.Equal(["07-01 10:00:30.001 +silent (10:00:50)", "07-01 10:00:50.000 -silent"], lead.Moves.TakeLast(2));
    }

    [Fact]
    public void A_segment_may_ask_for_others_whatever_their_names()
    {
        var lead = new SegmentLead(
            Parse("a-best", """{"all":[{"segment":"m-warm"},{"segment":"z-big"}]}"""), Parse("m-warm", """{"event":"Visit","within":"7d"}"""), Parse("z-big", """{"trait":"employees","gte":100}"""),
            Parse("b-rest", """{"not":{"segment":"a-best"}}"""));

        lead.Track("Visit");
        Assert.Equal(["b-rest", "m-warm"], lead.In);
        lead.Advance(TimeSpan.FromDays(1)).Identify(new { employees = 200 });
        Assert.Equal(["a-best", "m-warm", "z-big"], lead.In);
        lead.Advance(TimeSpan.FromDays(30));
        Assert.Equal(["b-rest", "z-big"], lead.In);
        Assert.Equal(["06-08 10:00:00.001 -m-warm (10:01:00)", "06-08 10:00:00.001 -a-best (10:01:00)", "06-08 10:00:00.001 +b-rest (10:01:00)"], lead.Moves.TakeLast(3));
    }

    [Fact]
    public void A_list_is_asked_for_like_a_segment_and_a_live_segment_goes_before_a_list_of_its_name()
    {
        var lead = new SegmentLead(Parse("vip", """{"trait":"plan","equals":"pro"}"""), Parse("asks", """{"any":[{"segment":"vip"},{"list":"guests"}]}"""));
        lead.Apply(ByHand("vip", true, lead));
        Assert.Empty(lead.In);
        Assert.Equal(["vip"], SegmentMembership.Of(lead.State.Whole.Traits));
        Assert.Empty(SegmentMembership.Of(lead.State.Whole.Traits, new(lead.Known.Segments, lead.State.Segments)));

        lead.Apply(ByHand("guests", true, lead));
        Assert.Equal(["asks"], lead.In);
        Assert.Equal(["asks", "guests"], SegmentMembership.Of(lead.State.Whole.Traits, new(lead.Known.Segments, lead.State.Segments)));
    }

    [Fact]
    public void Engagement_that_decays_takes_a_lead_out_and_a_grade_lets_it_in()
    {
        var lead = new SegmentLead(Rules([Parse("hot", """{"engagement":{"gte":20}}""")], Scoring)).Advance(Half).Track("Visit").Advance(TimeSpan.FromDays(40));

        // 40 is 20 after one half-life, and shown as less five minutes later.
        Assert.Equal(["06-01 10:00:30.000 +hot", "06-11 10:05:41.662 -hot (10:06:00)"], lead.Moves);
    }

    [Fact]
    public void Another_model_moves_those_who_ask_for_scores_with_the_next_look()
    {
        var lead = new SegmentLead(Rules([Parse("hot", """{"engagement":{"gte":20}}""")], Scoring.WithRevision(1))).Track("Visit");
        Assert.Equal(["hot"], lead.In);

        lead.Known = lead.Known with { Scoring = ScoringModels.None.WithRevision(2) };
        Assert.Empty(lead.Tick().In);
    }

    [Fact]
    public void A_published_segment_is_decided_with_the_next_event_and_a_deleted_one_is_left()
    {
        var lead = new SegmentLead(Silent).Track("Visit").Identify(new { plan = "pro" });

        lead.Known = Rules([Silent, Parse("pro", """{"trait":"plan","equals":"pro"}""", 3)], revision: 2);
        Assert.Equal(["pro"], lead.Track("Else").In);
        lead.Known = Rules([Silent], revision: 3);
        Assert.Empty(lead.Tick().In);
        Assert.False(lead.Timeline[^1].Event.Properties.TryGetProperty("version", out _));
        Assert.Equal(3, lead.Timeline.First(entry => entry.Event.Name == SegmentEvents.Entered).Event.Properties.GetProperty("version").GetInt32());
    }

    [Fact]
    public void An_instance_with_older_rules_judges_nothing_and_has_the_lead_looked_at_again()
    {
        var (older, newer) = (Rules([Parse("s", """{"trait":"plan","equals":"free"}""")]), Rules([Parse("s", """{"trait":"plan","equals":"pro"}""", 2)], revision: 2));
        var lead = new SegmentLead(newer).Identify(new { plan = "pro" });
        Assert.Equal(["s"], lead.In);

        lead.Known = older;
        lead.Advance(Half).Identify(new { plan = "free" });
        Assert.Equal(["s"], lead.In); // as the newer rules left it
        lead.Known = newer;
        Assert.Empty(lead.Advance(TimeSpan.FromMinutes(1)).In);
        Assert.Equal(["06-01 10:00:00.000 +s", "06-01 10:01:00.000 -s"], lead.Moves);
    }

    [Fact]
    public void Entering_starts_a_journey_by_its_trigger_and_as_an_event_and_ends_a_wait()
    {
        var journeys = new JourneyRules(
            [
                Rehearsal.Parse("""{"name":"x","trigger":{"segment":"warm"},"steps":[{"id":"t","type":"track","event":"By trigger"}]}""", "trigger"),
                Rehearsal.Parse("""{"name":"x","trigger":{"event":"Segment Left","where":{"segment":"warm"}},"steps":[{"id":"t","type":"track","event":"By event"}]}""", "event"),
                Rehearsal.Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"segment":"warm"},"then":[{"id":"t","type":"track","event":"After a wait"}]}]}""", "wait"),
                Rehearsal.Parse("""{"name":"x","trigger":{"event":"Start"},"entry":{"when":{"event":"Segment Entered","count":0}},"steps":[{"id":"t","type":"track","event":"By history"}]}""", "history"),
            ],
            [], new Dictionary<string, JourneyState>(), NodaTime.DateTimeZone.Utc);
        var lead = new LeadFunctions.Journeys.Rehearsal.SimulatedLead(new LeadState { Id = "lead" }, new(ScoringModels.None, journeys, new SegmentRules(1, [Parse("warm", """{"event":"Visit","within":"7d"}""")])));
        foreach (var (name, day) in (IEnumerable<(string, int)>)[("Start", 0), ("Visit", 1), ("Start", 2)])
        {
            lead.Script(new LeadEvent { Id = $"{name}{day}", Type = EventType.Track, Name = name, At = Start.AddDays(day), UserId = "ann" }, Start.AddDays(day));
        }

        lead.RunUntil(Start.AddDays(20));

        Assert.Equal(["event 06-09", "history 06-01", "trigger 06-02", "wait 06-01", "wait 06-03"], lead.Runs.Select(run => $"{run.Journey} {run.EnteredAt:MM-dd}").Order(StringComparer.Ordinal));
        Assert.Equal((1, 1, 2), (Count("By trigger"), Count("By event"), Count("After a wait")));

        int Count(string name) => lead.State.Whole.Activity.GetValueOrDefault(name)?.Total ?? 0;
    }

    [Fact]
    public void A_journey_and_a_segment_that_cause_each_other_come_to_an_end()
    {
        var journeys = new JourneyRules(
            [
                Rehearsal.Parse("""{"name":"x","trigger":{"segment":"on"},"steps":[{"id":"s","type":"setTraits","traits":{"flag":"off"}}]}""", "off"),
                Rehearsal.Parse("""{"name":"x","trigger":{"segment":"on","on":"leave"},"steps":[{"id":"s","type":"setTraits","traits":{"flag":"on"}}]}""", "on"),
            ],
            [], new Dictionary<string, JourneyState>(), NodaTime.DateTimeZone.Utc);
        var lead = new LeadFunctions.Journeys.Rehearsal.SimulatedLead(new LeadState { Id = "lead" }, new(ScoringModels.None, journeys, new SegmentRules(1, [Parse("on", """{"trait":"flag","equals":"on"}""")])));
        lead.Script(new LeadEvent { Id = "i", Type = EventType.Identify, Name = "identify", At = Start, UserId = "ann", Traits = System.Text.Json.JsonElement.Parse("""{"flag":"on"}""") }, Start);

        lead.RunUntil(Start.AddDays(1));

        Assert.Equal(21, lead.Runs.Count);
        Assert.Single(lead.NotStarted);
    }

    [Fact]
    public void Merged_leads_are_judged_as_one_and_apart_again_when_that_is_taken_back()
    {
        var twice = Parse("twice", """{"event":"Visit","count":{"gte":2}}""");
        var (stays, goes) = (new SegmentLead(Rules([twice]), Identity.User("ann").Hash()).Track("Visit"), new SegmentLead(Rules([twice]), Identity.User("bob").Hash()));
        goes.Apply(new LeadEvent { Id = "b", Type = EventType.Track, Name = "Visit", At = Start, UserId = "bob" }, new LeadEvent { Id = "c", Type = EventType.Track, Name = "Visit", At = Start, UserId = "bob" });
        Assert.Equal(["twice"], goes.In);

        goes.Apply(Merges.Freeze(goes.State.Id, stays.State.Id, 0, Start));
        var rules = stays.Known;
        var merged = Reducer.Apply(stays.State, [new Arrival(Merges.Absorb(stays.State.Id, goes.State.Id, "e", Start), Start, [], goes.State)], rules, Start).State;
        Assert.Equal(["twice"], merged.Segments!.In.Keys);
        Assert.Equal(3, merged.Whole.Activity["Visit"].Total);
        var parted = Reducer.Apply(merged, [new Arrival(Merges.LetGo(stays.State.Id, goes.State.Id, "r", Start), Start, [])], rules, Start).State;
        Assert.Empty(parted.Segments!.In);
        Assert.Equal(["twice"], goes.Apply(Merges.Release(goes.State.Id, stays.State.Id, "e2", Start)).In);
    }

    [Fact]
    public void Each_move_goes_out_once_under_an_id_of_its_own_and_counts_in_history()
    {
        var lead = new SegmentLead(Parse("warm", """{"event":"Visit","within":"7d"}""")).Track("Visit").Advance(TimeSpan.FromDays(10)).Track("Visit");

        var moves = lead.Effects.Where(effect => effect.Kind is EffectKind.SegmentEntered or EffectKind.SegmentLeft).ToList();
        Assert.Equal([(EffectKind.SegmentEntered, null, "warm"), (EffectKind.SegmentLeft, "warm", null), (EffectKind.SegmentEntered, null, "warm")], moves.Select(effect => (effect.Kind, effect.From, effect.To)));
        Assert.Equal(3, moves.Select(effect => effect.Id).Distinct().Count());
        Assert.Equal(moves.Select(effect => "segment/" + effect.Id), lead.Timeline.Where(entry => SegmentEvents.AreOf(entry.Event)).Select(entry => entry.Event.Id));
        var stays = moves.Select(effect => effect.Data!.Value.GetProperty("stay").GetInt32()).ToList();
        Assert.True(stays[0] == stays[1] && stays[1] < stays[2]);
        Assert.Equal((2, 1), (lead.State.Whole.Activity[SegmentEvents.Entered].Total, lead.State.Whole.Activity[SegmentEvents.Left].Total));
    }

    [Fact]
    public void What_nothing_touches_is_not_looked_at()
    {
        var looked = new List<string>();
        var rules = new SegmentRules(1, [Parse("a", """{"event":"Visit","count":{"gte":1}}"""), Parse("b", """{"trait":"plan","equals":"pro"}"""), Parse("c", """{"segment":"b"}""")]);
        var touched = new SegmentSet(3);
        var change = new SegmentChange([new LeadEvent { Id = "1", Type = EventType.Track, Name = "Visit", At = Start }], false, false, false, false, false, () => throw new InvalidOperationException(), null, _ => throw new InvalidOperationException(), ScoringModels.None);

        rules.AddTouched(touched, change, isOtherModel: false);

        for (var place = touched.Next(0); place >= 0; place = touched.Next(place + 1))
        {
            looked.Add(rules.All[place].Id);
        }

        Assert.Equal(["a"], looked);
    }

    [Fact]
    public void A_random_share_is_about_as_large_as_it_says_and_others_have_nothing_to_do_with_it()
    {
        var rules = Rules([Parse("a", """{"bucket":{"salt":"one","to":50}}"""), Parse("b", """{"bucket":{"salt":"two","from":50,"to":100}}"""), Parse("rest", """{"bucket":{"salt":"one","from":50,"to":100}}""")]);
        var inside = Enumerable.Range(0, 4_000).Select(i => new SegmentLead(rules, Identity.User($"u{i}").Hash()).Track("Visit").In).ToList();

        Assert.All(inside, lead => Assert.NotEqual(lead.Contains("a"), lead.Contains("rest")));
        Assert.InRange(inside.Count(lead => lead.Contains("a")), 1_880, 2_120);
        Assert.InRange(inside.Count(lead => lead.Contains("a") && lead.Contains("b")), 900, 1_100);
    }

    [Fact]
    public void A_circle_is_named_with_its_way()
    {
        var (a, b, c) = (Parse("a", """{"segment":"b"}"""), Parse("b", """{"any":[{"segment":"c"},{"list":"x"}]}"""), Parse("c", """{"not":{"segment":"a"}}"""));

        Assert.Equal(["c", "a", "b", "c"], SegmentRules.CircleOf(c, [a, b]));
        Assert.Equal(["a", "a"], SegmentRules.CircleOf(Parse("a", """{"segment":"a"}"""), []));
        Assert.Null(SegmentRules.CircleOf(a, [b]));
        Assert.Empty(new SegmentRules(1, [a, b, c]).All); // published on two instances at once: nobody is in them
        Assert.Equal(["c", "b", "a"], new SegmentRules(1, [a, b, Parse("c", """{"stage":"lead"}""")]).All.Select(segment => segment.Id));
    }

    [Fact]
    public void An_explanation_tells_of_each_part_what_it_sees_and_until_when()
    {
        var segment = Parse("s", """{"all":[{"event":"Visit","within":"7d","count":{"gte":2}},{"not":{"trait":"plan","equals":"free"}},{"segment":"other"}]}""");
        var lead = new SegmentLead(segment, Parse("other", """{"stage":"lead"}""")).Track("Visit").Advance(TimeSpan.FromHours(1)).Track("Visit").Identify(new { plan = "pro" });

        var forecast = new LeadForecast(lead.State, lead.Known, lead.Now);
        var why = ConditionExplanation.Of(segment.Document.Json, ConditionScope.Segment, forecast.Now, lead.Now, forecast.ChangesAt);

        Assert.True(why.Holds);
        Assert.Equal(Start.AddDays(7).AddMilliseconds(1), why.ChangesAt);
        Assert.Equal([("2", true), ("", true), ("true", true)], why.Parts!.Select(part => ($"{part.Seen}", part.Holds)));
        Assert.Equal(("pro", false, null), ($"{why.Parts![1].Parts![0].Seen}", why.Parts[1].Parts![0].Holds, why.Parts[1].ChangesAt));
    }

    private static LeadEvent ByHand(string segment, bool isMember, SegmentLead lead) => new()
    {
        Id = $"{segment}/{isMember}",
        Type = EventType.Segment,
        Name = "segment",
        At = lead.Now,
        LeadId = lead.State.Id,
        Properties = System.Text.Json.JsonSerializer.SerializeToElement(new { segment, member = isMember }),
    };
}
