using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Scoring;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Time alone wakes what it concerns, in the minute that begins next, and nothing else: no run is advanced, and no lead looked at, to find that nothing is due.</summary>
public sealed class PassingTimeTests
{
    private static readonly ScoringModels Scoring = ScoringModels.None.WithLive(Shop.Engagement("""
        { "id": "visit", "when": { "event": "Visit" }, "points": 40, "halfLife": "10d" },
        { "id": "complaint", "when": { "event": "Complaint" }, "points": -40, "halfLife": "10d" }
        """));

    // Half a minute past, so that nothing falls on a whole one by chance.
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(30);

    private const string WaitsForSilence = """
        {"name":"x","trigger":{"event":"Start"},"steps":[
          {"id":"w","type":"waitFor","when":{"not":{"event":"Visit","within":"30d"}},"timeout":"300d","then":[{"id":"t","type":"track","event":"Silent"}]}]}
        """;

    [Fact]
    public void A_wait_for_silence_ends_in_the_minute_that_makes_it_true()
    {
        var lead = new Rehearsal(Parse(WaitsForSilence)).Track("Visit", Half).Track("Start", Half).Track("Visit", Days(20) + Half).Run(Days(100));

        var run = Assert.Single(lead.Runs);
        Assert.Equal(Start + Days(50) + TimeSpan.FromMinutes(1), run.EndedAt);
        Assert.Equal(2, run.Turn); // It began, and was woken when the wait was over.
        Assert.Equal(2, Ticks(lead)); // One when the first visit left the window, one when the second did.
    }

    [Fact]
    public void A_wait_for_silence_that_never_comes_costs_no_more_than_the_silence_it_foresaw()
    {
        var rehearsal = new Rehearsal(Parse(WaitsForSilence)).Track("Start", Half);
        for (var day = 0; day < 290; day++)
        {
            rehearsal.Track("Visit", day == 0 ? default : Days(day));
        }

        var lead = rehearsal.Run(Days(280));

        Assert.Equal(1, Assert.Single(lead.Runs).Turn);
        Assert.InRange(Ticks(lead), 5, 10); // About one in thirty days; an hourly look would be 6,720.
    }

    [Theory]
    [InlineData("90m", 90)]
    [InlineData("3d", 3 * 24 * 60)]
    [InlineData("60d", 60 * 24 * 60)]
    public void A_count_leaves_its_window_to_the_millisecond(string within, int minutes)
    {
        var lead = new Rehearsal(Parse($$$"""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"event":"Visit","within":"{{{within}}}","count":{"lt":2}},"timeout":"300d"}]}"""))
            .Track("Visit", TimeSpan.FromMilliseconds(59_999)).Track("Visit", TimeSpan.FromMinutes(2)).Track("Start", TimeSpan.FromMinutes(3)).Run(Days(100));

        // The first visit is in the window for the last time in that very millisecond: it has left it when the next minute begins.
        Assert.Equal(Start + TimeSpan.FromMinutes(minutes + 1), Assert.Single(lead.Runs).EndedAt);
        Assert.Equal(1, Ticks(lead));
    }

    [Theory]
    [InlineData(1, "v1")]
    [InlineData(3, "v3")]
    [InlineData(4, null)]
    public void Of_events_that_come_together_the_one_with_which_the_condition_holds_lets_the_lead_in(int number, string? starts)
    {
        var journey = Parse($$$"""{"name":"x","trigger":{"event":"Visit"},"entry":{"when":{"event":"Visit","within":"1d","count":{{{number}}}}},"steps":[{"id":"t","type":"track","event":"Done"}]}""");
        var rules = new LeadRules(ScoringModels.None, new JourneyRules([journey], [], new Dictionary<string, JourneyState>(), NodaTime.DateTimeZone.Utc));
        var visits = Enumerable.Range(1, 3).Select(i => new LeadEvent { Id = $"v{i}", Type = EventType.Track, Name = "Visit", At = Start.AddMinutes(-i), UserId = "ann" });

        var lead = Reducer.Apply(new LeadState { Id = "lead" }, [.. visits.Select(e => new Arrival(e, Start, Identity.Of(e)))], rules, Start).State;

        Assert.Equal(starts is null ? [] : [starts], (lead.Journeys?.Runs ?? []).Select(run => run.Key));
    }

    [Fact]
    public void A_goal_is_reached_by_decay_while_the_run_waits_for_something_else()
    {
        var lead = new Rehearsal(Scoring, Parse("""{"name":"x","trigger":{"event":"Start"},"goal":{"engagement":{"lt":10}},"steps":[{"id":"w","type":"wait","for":"90d"}]}"""))
            .Track("Visit", Half).Track("Start", Half).Run(Days(80));

        var run = Assert.Single(lead.Runs);
        Assert.Equal((RunStatus.Goal, Start + Days(20) + TimeSpan.FromMinutes(11), 2), (run.Status, run.EndedAt, run.Turn)); // 40 is 10 after two half-lives, and shown as less ten minutes later.
        Assert.Equal(1, Ticks(lead));
    }

    [Fact]
    public void An_exit_comes_with_a_date()
    {
        var lead = new Rehearsal(Parse("""{"name":"x","trigger":{"event":"Start"},"exit":{"trait":"endsAt","withinLast":"1d"},"steps":[{"id":"w","type":"wait","for":"90d"}]}"""))
            .Identify(new { endsAt = Start + Days(7) + Half }).Track("Start", Hours(1)).Run(Days(80));

        Assert.Equal((RunStatus.Exited, Start + Days(7) + TimeSpan.FromMinutes(1)), (lead.Runs[0].Status, lead.Runs[0].EndedAt!.Value));
        Assert.Equal(1, Ticks(lead));
    }

    [Fact]
    public void A_date_that_moves_nearer_is_noticed()
    {
        var lead = new Rehearsal(Parse("""{"name":"x","trigger":{"event":"Start"},"exit":{"trait":"endsAt","withinLast":"1d"},"steps":[{"id":"w","type":"wait","for":"90d"}]}"""))
            .Identify(new { endsAt = Start + Days(40) }).Track("Start", Hours(1)).Identify(new { endsAt = Start + Days(9) }, Days(2)).Run(Days(80));

        Assert.Equal(Start + Days(9), lead.Runs[0].EndedAt);
    }

    private const string Cold = """{"name":"x","trigger":{"engagement":{"crosses":20,"direction":"down"}},"entry":{"reentry":"afterExit"},"steps":[{"id":"t","type":"track","event":"Cold"}]}""";

    [Fact]
    public void A_fall_of_engagement_starts_a_run_in_its_minute()
    {
        var lead = new Rehearsal(Scoring, Parse(Cold)).Track("Visit", Half).Run(Days(60));

        var run = Assert.Single(lead.Runs);
        Assert.Equal(Start + Days(10) + TimeSpan.FromMinutes(6), run.EnteredAt); // 40 is 20 after one half-life, and shown as less five minutes later
        Assert.Equal(1, Ticks(lead));
    }

    [Fact]
    public void A_fall_that_was_put_off_comes_later_and_each_fall_once()
    {
        var lead = new Rehearsal(Scoring, Parse(Cold)).Track("Visit", Half).Track("Visit", Days(10) + Half).Track("Visit", Days(50) + Half).Run(Days(99));

        // 60 at day 10 is 20 after log2(3) = 1.585 half-lives.
        Assert.Equal([(Start + Days(25.85)).Date, (Start + Days(61)).Date], lead.Runs.Select(run => run.EnteredAt.Date));
    }

    [Fact]
    public void An_event_between_the_fall_and_its_tick_that_lifts_it_again_starts_nothing()
    {
        var lead = new Rehearsal(Scoring, Parse(Cold)).Track("Visit", Half).Track("Visit", Days(10) + Half + TimeSpan.FromSeconds(10)).Run(Days(20));

        Assert.Empty(lead.Runs);
    }

    [Fact]
    public void A_fall_by_an_event_starts_a_run_at_once_and_decay_no_second()
    {
        var lead = new Rehearsal(Scoring, Parse(Cold)).Track("Visit", Half).Track("Complaint", Days(1)).Run(Days(99));

        Assert.Equal(Start + Days(1), Assert.Single(lead.Runs).EnteredAt);
    }

    [Fact]
    public void What_was_taken_away_and_comes_back_with_time_crosses_upwards()
    {
        var lead = new Rehearsal(Scoring, Parse("""{"name":"x","trigger":{"engagement":{"crosses":10}},"steps":[{"id":"t","type":"track","event":"Warm"}]}"""))
            .Track("Complaint", default).Track("Visit", Days(10)).Run(Days(12));

        // 40 - 20 at day 10: that is an event's doing.
        Assert.Equal(Start + Days(10), Assert.Single(lead.Runs).EnteredAt);

        // A rule without decay beside it: 30 - 40 is 10 when the 40 have become 20.
        var model = ScoringModels.None.WithLive(Shop.Engagement("""
            { "id": "order", "when": { "event": "Order" }, "points": 30 }, { "id": "complaint", "when": { "event": "Complaint" }, "points": -40, "halfLife": "10d" }
            """));
        lead = new Rehearsal(model, Parse("""{"name":"x","trigger":{"engagement":{"crosses":10}},"steps":[{"id":"t","type":"track","event":"Warm"}]}"""))
            .Track("Complaint", Half).Track("Order", Half).Run(Days(30));
        Assert.Equal(Start + Days(10) - TimeSpan.FromMinutes(4), Assert.Single(lead.Runs).EnteredAt); // 9.995 is shown as 10
    }

    [Fact]
    public void What_became_true_in_the_last_minute_before_the_timeout_counts()
    {
        var journey = Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"not":{"event":"Visit","within":"30d"}},"timeout":"720h","then":[{"id":"t","type":"track","event":"Silent"}]}]}""");

        var lead = new Rehearsal(journey).Track("Visit", Half).Track("Start", Half + TimeSpan.FromSeconds(5)).Run(Days(40));

        Assert.Contains(lead.Runs[0].Log, line => line is { Step: "w", Detail: "then" });
        Assert.Equal(Start + Days(30) + Half + TimeSpan.FromSeconds(5), lead.Runs[0].EndedAt);
    }

    [Fact]
    public void A_wait_that_is_over_is_not_woken_for_again()
    {
        var rehearsal = new Rehearsal(Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"g","type":"waitFor","when":{"trait":"tier","equals":"gold"}},{"id":"w","type":"wait","for":"90d"}]}"""))
            .Track("Start", default).Identify(new { tier = "gold" }, Hours(1));
        for (var day = 1; day < 30; day++)
        {
            rehearsal.Track("Visit", Days(day));
        }

        Assert.Equal(3, rehearsal.Run(Days(99)).Runs[0].Turn); // It began, was woken, and woke after 90 days.
    }

    [Fact]
    public void A_birthday_is_kept_when_something_else_comes_between_it_and_its_tick()
    {
        var journey = Parse("""{"name":"x","trigger":{"date":{"trait":"born","yearly":true,"at":"10:00"}},"steps":[{"id":"t","type":"track","event":"Congratulated"}]}""");

        var lead = new Rehearsal(journey).Identify(new { born = "1990-06-04" }).Track("Visit", Days(3)).Run(Days(20));

        Assert.Equal(Start + Days(3), Assert.Single(lead.Runs).EnteredAt);
    }

    [Fact]
    public void A_tick_from_a_clock_that_is_ahead_is_believed_and_the_same_once_more_changes_nothing()
    {
        var rules = new LeadRules(Scoring, new JourneyRules([Parse(Cold)], [], new Dictionary<string, JourneyState>(), NodaTime.DateTimeZone.Utc));
        var visit = new LeadEvent { Id = "v", Type = EventType.Track, Name = "Visit", At = Start, UserId = "ann" };
        var state = Reducer.Apply(new LeadState { Id = "lead" }, [new(visit, Start, [])], rules, Start).State;
        var fall = Start + Days(10) + TimeSpan.FromMinutes(6);
        var behind = fall - TimeSpan.FromMinutes(5);

        state = Apply(state, RunFunctions.Tick("lead", "1", behind), behind);
        Assert.Empty(state.Journeys!.Runs);
        state = Apply(state, RunFunctions.Tick("lead", "2", fall), behind);
        Assert.Single(state.Journeys!.Runs);
        Assert.Same(state, Apply(state, RunFunctions.Tick("lead", "2", fall), fall));
        Assert.Single(Apply(state, RunFunctions.Tick("lead", "3", fall), fall).Journeys!.Runs);

        LeadState Apply(LeadState lead, LeadEvent e, DateTimeOffset now) => Reducer.Apply(lead, [new(e, now, [])], rules, now).State;
    }

    [Fact]
    public void A_lead_without_such_rules_is_not_noted_anywhere()
    {
        var lead = new Rehearsal(Scoring, Parse("""{"name":"x","trigger":{"event":"Start"},"goal":{"event":"Order"},"exit":{"stage":"customer"},"steps":[{"id":"w","type":"waitFor","when":{"segment":"vip"},"timeout":"40d"}]}"""))
            .Track("Visit", Half).Track("Start", Half).Run(Days(60));

        Assert.Equal(0, Ticks(lead));
        Assert.Null(lead.Lead.State.Journeys!.Look);
        Assert.Empty(lead.Lead.State.Journeys!.Due);
    }

    [Theory]
    [InlineData("", 2.9, 1)]
    [InlineData("", 3.1, 0)]
    [InlineData(""","maxAge":"12h" """, 0.4, 1)]
    [InlineData(""","maxAge":"12h" """, 0.6, 0)]
    [InlineData(""","maxAge":"36500d" """, 900, 1)]
    public void History_that_is_imported_starts_nothing(string maxAge, double daysAgo, int runs)
    {
        var journey = Parse($$"""{"name":"x","trigger":{"event":"Cart Updated","key":"cartId"{{maxAge}}},"steps":[{"id":"t","type":"track","event":"Reminded"}]}""");

        var lead = new Rehearsal(journey).Script(new LeadEvent { Id = "old", Type = EventType.Track, Name = "Cart Updated", At = Start - Days(daysAgo), UserId = "ann", Properties = System.Text.Json.JsonElement.Parse("""{"cartId":"c"}""") }, default).Run(Days(1));

        Assert.Equal(runs, lead.Runs.Count);
    }

    private static int Ticks(Rehearsal lead) => lead.Lead.Ticks;
}
