using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Runs;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>How runs go on: waits and events at the same moment, re-entry, repeats, lateness, the journey's own data.</summary>
public sealed class PlanTests
{
    private const string WaitsForClick = """
        {"name":"x","trigger":{"event":"Start"},"steps":[
          {"id":"pause","type":"wait","for":"1h"},
          {"id":"click","type":"waitFor","when":{"event":"Click"},"timeout":"2h",
            "then":[{"id":"yes","type":"track","event":"Yes"}],"else":[{"id":"no","type":"track","event":"No"}]}]}
        """;

    [Theory]
    [InlineData(0.5, "yes", 1)] // before the wait is registered
    [InlineData(1, "yes", 1)] // at that very moment
    [InlineData(1.0001, "yes", 1.0001)]
    [InlineData(2, "yes", 2)]
    [InlineData(3, "yes", 3)] // at the very timeout
    [InlineData(3.1, "no", 3)]
    public void An_event_before_at_and_after_its_wait_wakes_the_run_once(double hour, string path, double at)
    {
        var lead = new Rehearsal(Parse(WaitsForClick)).Track("Start", default).Track("Click", Hours(hour)).Run(Days(2));

        var line = Assert.Single(lead.Runs[0].Log, line => line.Step is "yes" or "no");
        Assert.Equal((path, Start + Hours(at)), (line.Step, line.At));
        Assert.Equal(RunStatus.Completed, lead.Runs[0].Status);
    }

    [Theory]
    [InlineData(5, "2026-06-02 08:00")] // five minutes before nine, and it comes to it at ten past
    [InlineData(30, null)]
    public void A_message_that_is_behind_does_not_go_out_in_the_night(int before, string? until)
    {
        var journey = Parse("""{"name":"x","trigger":{"event":"Start"},"quietHours":{"from":"21:00","to":"08:00"},"steps":[{"id":"s","type":"send","template":"s"}]}""");
        var due = Start.Date.AddHours(21).AddMinutes(-before);
        var run = JourneyPlan.Enter(journey, new("r", "x", 1, "ann", "k", new(due, TimeSpan.Zero), new(due, TimeSpan.Zero), default, "Started."));
        var facts = new RunFacts(new Scoring.Lead("""{"email":"a@b.c"}"""), NodaTime.DateTimeZone.Utc, new Dictionary<string, DateTimeOffset>());

        var (after, _) = JourneyPlan.Decide(journey, run, facts, new DateTimeOffset(due, TimeSpan.Zero).AddMinutes(15));

        Assert.Equal(until, after.Hold?.Until?.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_event_that_let_the_lead_in_does_not_end_its_own_wait()
    {
        var lead = new Rehearsal(Parse("""{"name":"x","trigger":{"event":"Click"},"steps":[{"id":"again","type":"waitFor","when":{"event":"Click"},"timeout":"2h"}]}"""))
            .Track("Click", default).Run(Days(1));

        Assert.Contains(lead.Runs[0].Log, line => line is { Step: "again", What: "path", Detail: "else" });
    }

    [Fact]
    public void Since_step_lets_only_later_events_count()
    {
        var lead = new Rehearsal(Parse(WaitsForClick.Replace("\"timeout\"", "\"since\":\"step\",\"timeout\"", StringComparison.Ordinal))).Track("Start", default).Track("Click", Hours(0.5)).Run(Days(2));

        Assert.Contains(lead.Runs[0].Log, line => line is { Step: "no" });
    }

    [Fact]
    public void A_repeated_wait_needs_a_new_event_each_round()
    {
        var lead = new Rehearsal(Parse("""
            {"name":"x","trigger":{"event":"Start"},"steps":[{"id":"r","type":"repeat","max":5,"steps":[
              {"id":"click","type":"waitFor","when":{"event":"Click"},"timeout":"1d"}]}]}
            """)).Track("Start", default).Track("Click", Hours(1)).Track("Click", Hours(2)).Run(Days(10));

        Assert.Equal(["then", "then", "else", "else", "else"], lead.Runs[0].Log.Where(line => line is { Step: "click", What: "path" }).Select(line => line.Detail));
    }

    [Fact]
    public void A_state_ends_a_wait_when_it_becomes_true_or_is_already()
    {
        const string journey = """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"vip","type":"waitFor","when":{"trait":"tier","equals":"gold"},"timeout":"5d"}]}""";

        var later = new Rehearsal(Parse(journey)).Track("Start", default).Identify(new { tier = "gold" }, Hours(7)).Run(Days(9));
        var before = new Rehearsal(Parse(journey)).Identify(new { tier = "gold" }).Track("Start", Hours(1)).Run(Days(9));

        Assert.Equal(Start + Hours(7), later.Runs[0].EndedAt);
        Assert.Equal(Start + Hours(1), before.Runs[0].EndedAt);
    }

    [Theory]
    [InlineData("\"never\"", 1)]
    [InlineData("\"afterExit\"", 3)]
    [InlineData("{\"after\":\"36h\"}", 2)]
    public void Reentry_follows_its_rule(string rule, int runs)
    {
        var lead = new Rehearsal(Parse($$"""{"name":"x","trigger":{"event":"Start"},"entry":{"reentry":{{rule}}},"steps":[{"id":"w","type":"wait","for":"1h"}]}"""))
            .Track("Start", default).Track("Start", Hours(0.5)).Track("Start", Days(1)).Track("Start", Days(2)).Run(Days(9));

        Assert.Equal(runs, lead.Runs.Count);
    }

    [Fact]
    public void Triggers_at_the_same_moment_and_repeated_ones_start_one_run()
    {
        var lead = new Rehearsal(Parse(WaitsForClick)).Track("Start", default, id: "one").Track("Start", default, id: "one").Track("Start", default, id: "two").Run(Days(2));

        Assert.Single(lead.Runs);
    }

    [Fact]
    public void A_key_is_run_once_and_keys_side_by_side()
    {
        var lead = new Rehearsal(Parse("""{"name":"x","trigger":{"event":"Order","key":"orderId"},"steps":[{"id":"w","type":"wait","for":"1h"}]}"""))
            .Track("Order", default, new { orderId = 7 }).Track("Order", default, new { orderId = 8 }).Track("Order", Days(1), new { orderId = 7 }).Track("Order", Days(1)).Run(Days(2));

        Assert.Equal(["7", "8"], lead.Runs.Select(run => run.Key).Order());
    }

    [Fact]
    public void Quiet_hours_move_a_message_to_the_morning_and_the_next_wait_counts_from_there()
    {
        var lead = new Rehearsal(Parse("""
            {"name":"x","trigger":{"event":"Start"},"quietHours":{"from":"21:00","to":"08:00"},"timeZone":"Europe/Berlin","steps":[
              {"id":"a","type":"send","template":"a"},{"id":"w","type":"wait","for":"1d"},{"id":"b","type":"send","template":"b"},{"id":"c","type":"send","template":"c","urgent":true}]}
            """)).Identify(new { email = "a@b.c" }).Track("Start", Hours(10)).Run(Days(5));

        Assert.Equal(["2026-06-02 06:00 a", "2026-06-03 06:00 b", "2026-06-03 06:00 c"], lead.Sent);
    }

    [Fact]
    public void Frequency_caps_leave_out_or_put_off()
    {
        const string journey = """
            {"name":"x","trigger":{"event":"Start"},"frequency":{"max":1,"per":"2d","over":"%"},"steps":[{"id":"a","type":"send","template":"a"},{"id":"b","type":"send","template":"b"}]}
            """;
        var skips = new Rehearsal(Parse(journey.Replace("%", "skip", StringComparison.Ordinal))).Identify(new { email = "a@b.c" }).Track("Start", Hours(1)).Run(Days(9));
        var waits = new Rehearsal(Parse(journey.Replace("%", "wait", StringComparison.Ordinal))).Identify(new { email = "a@b.c" }).Track("Start", Hours(1)).Run(Days(9));

        Assert.Equal(["2026-06-01 11:00 a"], skips.Sent);
        Assert.Contains(skips.Runs[0].Log, line => line is { Step: "b", What: "skipped" } && line.Reason!.Contains("1 messages within 2d", StringComparison.Ordinal));
        Assert.Equal(2, waits.Sent.Count);
        Assert.InRange(waits.Lead.Messages[1].SentAt - waits.Lead.Messages[0].SentAt, Days(2), Days(3));
    }

    [Fact]
    public void A_cap_counts_what_all_journeys_send_also_what_is_urgent_which_no_cap_holds_up()
    {
        var alarm = Parse("""{"name":"x","trigger":{"event":"Start"},"frequency":{"max":1,"per":"2d"},"steps":[{"id":"a","type":"send","template":"a","urgent":true},{"id":"b","type":"send","template":"b","urgent":true}]}""", "alarm");
        var news = Parse("""{"name":"x","trigger":{"event":"Start"},"frequency":[{"max":2,"per":"1d"},{"max":9,"per":"30d","over":"wait"}],"steps":[{"id":"w","type":"wait","for":"1h"},{"id":"c","type":"send","template":"c"}]}""", "news");

        var lead = new Rehearsal(alarm, news).Identify(new { email = "a@b.c" }).Track("Start", Hours(1)).Run(Days(9));

        Assert.Equal(["2026-06-01 11:00 a", "2026-06-01 11:00 b"], lead.Sent);
    }

    [Fact]
    public void An_address_set_to_null_is_no_trait_any_more_and_the_first_that_the_lead_is_known_by_counts()
    {
        var journey = Parse("""{"name":"x","trigger":{"event":"Start"},"entry":{"when":{"trait":"plan","equals":null}},"steps":[{"id":"s","type":"send","template":"s"}]}""");

        var lead = new Rehearsal(journey).Identify(new { email = "first@b.c", plan = "pro" }).Identify(new { email = "a@b.c" }, Hours(1)).Identify(new { email = (string?)null, plan = (string?)null }, Hours(2))
            .Track("Start", Hours(3)).Run(Days(1));

        Assert.Equal("first@b.c", lead.Lead.Messages.Single().To);
    }

    [Fact]
    public void Consent_and_missing_addresses_are_reasons_not_to_send()
    {
        var lead = new Rehearsal(Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"a","type":"send","template":"a","topic":"news"},{"id":"b","type":"send","template":"b"}]}"""))
            .Track("Consent Changed", default, new { news = false }).Track("Start", Hours(1)).Run(Days(1));

        Assert.Empty(lead.Sent);
        Assert.Equal(2, lead.Runs[0].Log.Count(line => line is { What: "not sent", Reason: not null }));
    }

    [Theory]
    [InlineData(" Ann@Example.COM ", "Ann@example.com")]
    [InlineData("ann@example.com\r\nBcc: all@example.com", null)]
    [InlineData("nobody", null)]
    public void Mail_goes_to_an_address_and_to_nothing_else(string trait, string? to)
    {
        var lead = new Rehearsal(Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"a","type":"send","template":"a"}]}""")).Identify(new { email = trait }).Track("Start", Hours(1)).Run(Days(1));

        Assert.Equal(to, lead.Lead.Messages.SingleOrDefault()?.To);
    }

    [Fact]
    public void Splits_are_even_and_the_same_for_everyone_who_asks_again()
    {
        var split = (Step.Split)Sample("welcome").Find("offer")!;
        var leads = Enumerable.Range(0, 20_000).Select(i => LeadFunctions.Events.Identity.User("u" + i).Hash()).ToList();

        var shares = leads.GroupBy(id => JourneyPlan.Choose("welcome", id, split).Name).ToDictionary(path => path.Key, path => path.Count() / 20_000.0);

        Assert.InRange(shares["a"], 0.43, 0.47);
        Assert.InRange(shares["b"], 0.43, 0.47);
        Assert.InRange(shares["holdout"], 0.09, 0.11);
        Assert.All(leads.Take(100), id => Assert.Equal(JourneyPlan.Choose("welcome", id, split).Name, JourneyPlan.Choose("welcome", id, split).Name));
        Assert.Equal(leads.Take(500).Select(id => JourneyPlan.Choose("x", id, split with { Id = "p", Salt = "s" }).Name), leads.Take(500).Select(id => JourneyPlan.Choose("x", id, split with { Id = "q", Salt = "s" }).Name));
    }

    [Fact]
    public void A_journey_can_start_another_and_hand_it_data()
    {
        var first = Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"go","type":"startJourney","journey":"second","data":{"plan":"{{trigger.plan}}","seats":"{{trigger.seats}}"}}]}""", "first");
        var second = Parse("""
            {"name":"y","trigger":{"api":true},"steps":[{"id":"b","type":"branch","paths":[{"name":"big","when":{"trait":"trigger.seats","gte":10},"steps":[
              {"id":"t","type":"setTraits","traits":{"plan":"{{trigger.plan}}","note":"{{trigger.seats}} seats"}}]}]}]}
            """, "second");
        var lead = new Rehearsal(first, second).Track("Start", default, new { plan = "pro", seats = 12 }).Run(Days(1));

        Assert.Equal(2, lead.Runs.Count);
        Assert.Equal("pro", lead.Lead.State.Whole.Traits.Find("plan").Text);
        Assert.Equal("12 seats", lead.Lead.State.Whole.Traits.Find("note").Text);
    }

    [Fact]
    public void Lateness_leaves_out_or_ends_or_does_not_mind()
    {
        var journey = Parse("""
            {"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"wait","for":"1d"},
              {"id":"a","type":"send","template":"a","late":{"after":"2d","do":"skip"}},{"id":"b","type":"send","template":"b","late":{"after":"5d","do":"send"}},
              {"id":"c","type":"send","template":"c","late":{"after":"2d","do":"exit"}}]}
            """);
        var facts = new RunFacts(new Scoring.Lead("""{"email":"a@b.c"}"""), NodaTime.DateTimeZone.Utc, new Dictionary<string, DateTimeOffset>());
        var run = JourneyPlan.Enter(journey, new("test.lead.key", "test", 1, "lead", "key", Start, Start, default, "A test."));
        (run, _) = JourneyPlan.Decide(journey, run, facts, Start);
        var (late, next) = JourneyPlan.Decide(journey, run, facts, Start.AddDays(4));

        Assert.Equal("b", Assert.IsType<Next.Act>(next).Pending.Step);
        Assert.Contains(late.Log, line => line is { Step: "a", What: "skipped", Reason: not null });
        late = JourneyPlan.Acted(journey, late, new("sent"), Start.AddDays(4));
        Assert.Equal(RunStatus.Exited, JourneyPlan.Decide(journey, late, facts, Start.AddDays(4)).Run.Status);
    }
}
