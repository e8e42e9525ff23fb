using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Leads;
using NodaTime;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Journeys;

/// <summary>
/// An event that was accepted before the one that starts a journey may be applied after it: it lay in the hands of a host that was lost, or another instance was quicker. What it says counts for
/// the entry condition all the same; what was accepted later does not.
/// </summary>
public sealed class LateEntryTests
{
    private const string Wants = """{"name":"x","trigger":{"event":"Cart"},"entry":{"when":{"trait":"plan","equals":"pro"}},"steps":[{"id":"t","type":"track","event":"Done"}]}""";

    private static readonly DateTimeOffset Now = LeadEvents.Start.AddHours(1);

    [Theory]
    [InlineData(-1, 10, true)]
    [InlineData(-0.001, 0.01, true)] // another instance was quicker
    [InlineData(-1, 23 * 60, true)]
    [InlineData(-1, (24 * 60) + 1, false)]
    [InlineData(0, 10, false)] // it did not come before
    [InlineData(1, 10, false)]
    [InlineData(10, 10, false)]
    public void What_was_accepted_before_lets_the_lead_in_when_it_comes(double accepted, double applied, bool enters)
    {
        var lead = new Lead(Wants).Hears(Track("cart", "Cart", 60, "ann", null, new { cartId = "c1" }), 0, 0).Hears(Page("p", "/", 61, "ann"), 0.001, 0.001);
        Assert.Empty(lead.Runs);

        lead.Hears(Identify("plan", 59, "ann", null, new { plan = "pro" }), accepted, applied);

        Assert.Equal(enters ? ["cart"] : [], lead.Runs.Select(run => run.Key));
        if (enters)
        {
            var start = lead.Starts.Single();
            Assert.Equal((Now, "c1", Now.AddMinutes(applied)), (start.Due, start.Trigger.GetProperty("cartId").GetString(), start.At));
            Assert.EndsWith("What made the entry condition hold had been accepted before it, and came late.", start.Reason, StringComparison.Ordinal);
            Assert.Single(lead.Hears(Identify("again", 59, "ann", null, new { plan = "pro" }), accepted, applied).Starts);
        }
    }

    [Fact]
    public void Once_it_holds_by_something_later_it_is_decided()
    {
        var lead = new Lead(Wants).Hears(Track("cart", "Cart", 60, "ann"), 0, 0).Hears(Identify("plan", 61, "ann", null, new { plan = "pro" }), 1, 1);

        lead.Hears(Page("late", "/", 59, "ann"), -1, 10);

        Assert.Empty(lead.Starts);
        Assert.Null(lead.State.Journeys?.Missed);
    }

    /// <summary>Whoever has just had a letter is left in peace; that an hour has passed since is no news, whatever comes late then.</summary>
    [Fact]
    public void What_only_time_has_changed_since_lets_nobody_in()
    {
        var lead = new Lead(Wants.Replace("""{"trait":"plan","equals":"pro"}""", """{"not":{"event":"Letter","within":"1h"}}""", StringComparison.Ordinal));

        lead.Hears(Track("letter", "Letter", 50, "ann"), -10, -10).Hears(Track("cart", "Cart", 60, "ann"), 0, 0).Hears(Page("late", "/", 59, "ann"), -1, 55);

        Assert.Empty(lead.Runs);
    }

    /// <summary>Who is let in late is not told of what is over by then.</summary>
    [Theory]
    [InlineData("goal", "c1", false)]
    [InlineData("exit", "c1", false)]
    [InlineData("goal", "c2", true)] // of another cart
    public void What_came_meanwhile_was_heard(string ends, string cart, bool enters)
    {
        const string When = """{"event":"Order","where":{"cartId":{"equals":"{{trigger.cartId}}"}}}""";
        var lead = new Lead(Wants.Replace("\"steps\":", $"\"{ends}\":{When},\"steps\":", StringComparison.Ordinal));

        lead.Hears(Track("cart", "Cart", 60, "ann", null, new { cartId = "c1" }), 0, 0).Hears(Track("order", "Order", 61, "ann", null, new { cartId = cart }), 1, 1);
        lead.Hears(Identify("plan", 59, "ann", null, new { plan = "pro" }), -1, 10);

        Assert.Equal(enters ? ["cart"] : [], lead.Runs.Select(run => run.Key));
    }

    [Fact]
    public void What_it_would_have_waited_for_was_heard_too()
    {
        var lead = new Lead(Wants.Replace("""[{"id":"t",""", """[{"id":"w","type":"waitFor","when":{"event":"Click"},"timeout":"1d"},{"id":"t",""", StringComparison.Ordinal));

        lead.Hears(Track("cart", "Cart", 60, "ann"), 0, 0).Hears(Track("click", "Click", 61, "ann"), 1, 1).Hears(Identify("plan", 59, "ann", null, new { plan = "pro" }), -1, 10);

        Assert.Equal([KeyValuePair.Create("w", Now.AddMinutes(1).ToUnixTimeMilliseconds())], Assert.Single(lead.Runs).Heard);
    }

    [Fact]
    public void Entry_rules_hold_as_ever()
    {
        var lead = new Lead(Wants).Hears(Track("c1", "Cart", 60, "ann"), 0, 0).Hears(Track("c2", "Cart", 61, "ann"), 1, 1);
        lead.Hears(Identify("plan", 59, "ann", null, new { plan = "pro" }), -1, 10);
        Assert.Equal(["c2"], lead.Runs.Select(run => run.Key)); // one at a time: the newest

        var keyed = new Lead(Wants.Replace("\"event\":\"Cart\"", "\"event\":\"Cart\",\"key\":\"cartId\"", StringComparison.Ordinal));
        for (var i = 0; i < 20; i++)
        {
            keyed.Hears(Track($"c{i}", "Cart", 60, "ann", null, new { cartId = $"k{i % 10}", size = new string('x', i == 19 ? 5000 : 1) }), i, i);
        }

        keyed.Hears(Identify("plan", 59, "ann", null, new { plan = "pro" }), -1, 30);
        Assert.Equal(["k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8"], keyed.Runs.Select(run => run.Key).Order()); // as many as are kept; not what is very large
    }

    [Fact]
    public void It_is_stored_with_the_lead()
    {
        var lead = new Lead(Wants).Hears(Track("cart", "Cart", 60, "ann", null, new { cartId = "c1" }), 0, 0);

        lead.State = System.Text.Json.JsonSerializer.Deserialize(System.Text.Json.JsonSerializer.Serialize(lead.State, LeadsJson.Default.LeadState), LeadsJson.Default.LeadState)!; // as written
        lead.Hears(Identify("plan", 59, "ann", null, new { plan = "pro" }), -1, 10);

        Assert.Equal("c1", Assert.Single(lead.Starts).Trigger.GetProperty("cartId").GetString());
    }

    /// <summary>The address leads to somebody who was there before: what comes late makes two leads one.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_turns_out_to_be_somebody_by_what_comes_late_enters_too(bool isLate)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Now);
        var pipeline = await BarePipeline.StartAsync(clock, Rules(Wants));
        await pipeline.ApplyAsync(Identify("1", 1, null, null, new { email = "ann@example.com", plan = "pro" }), Page("2", "/", 2, null, "b"));
        clock.Advance(TimeSpan.FromMinutes(1));
        var before = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromMinutes(1));
        await pipeline.ApplyAsync(Track("cart", "Cart", 60, null, "b"));
        clock.Advance(TimeSpan.FromMinutes(10));

        await pipeline.ApplyAcceptedAsync(isLate ? before : clock.GetUtcNow(), Identify("late", 59, null, "b", new { email = "ann@example.com" }));

        var ann = (await pipeline.FindAsync(Identity.Anonymous("b").Hash()))!; // she is there
        Assert.Equal((Identity.Email("ann@example.com").Hash(), 2), (ann.Id, ann.AllIds.Count));
        Assert.Equal(isLate ? ["cart"] : [], (ann.Journeys?.Runs ?? []).Select(run => run.Key));
    }

    /// <summary>What came late is the merge. What she does later is no reason to start what was refused then, not even when they turn out to be two again.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_merge_that_came_late_decides_once(bool isParted)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Now);
        var pipeline = await BarePipeline.StartAsync(clock, Rules(Wants));
        await pipeline.ApplyAsync(Identify("1", 1, null, null, new { email = "ann@example.com", plan = "free" }), Page("2", "/", 2, null, "b"));
        clock.Advance(TimeSpan.FromMinutes(1));
        var before = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromMinutes(1));
        await pipeline.ApplyAsync(Track("cart", "Cart", 60, null, "b"));
        clock.Advance(TimeSpan.FromMinutes(10));
        await pipeline.ApplyAcceptedAsync(before, Identify("late", 59, null, "b", new { email = "ann@example.com" }));
        clock.Advance(TimeSpan.FromMinutes(10));
        var (ann, browser) = (Identity.Email("ann@example.com").Hash(), Identity.Anonymous("b").Hash());
        if (isParted)
        {
            await pipeline.ApplyAsync(Merges.LetGo(ann, browser, "part", clock.GetUtcNow()));
            Assert.Null((await pipeline.FindAsync(browser))!.Journeys?.Missed); // it is there
        }

        await pipeline.ApplyAsync(Identify("pro", 80, null, isParted ? "b" : null, isParted ? new { plan = "pro" } : new { email = "ann@example.com", plan = "pro" }));

        Assert.Empty((await pipeline.FindAsync(isParted ? browser : ann))!.Journeys?.Runs ?? []); // likewise
    }

    [Fact]
    public void Who_is_let_in_late_is_not_let_in_later_than_the_trigger_allows()
    {
        var lead = new Lead(Wants.Replace("\"event\":\"Cart\"", "\"event\":\"Cart\",\"maxAge\":\"1h\"", StringComparison.Ordinal)).Hears(Track("cart", "Cart", 60, "ann"), 0, 0);

        Assert.Empty(lead.Hears(Identify("plan", 59, "ann", null, new { plan = "pro" }), -1, 61).Runs);
        Assert.Null(lead.State.Journeys?.Missed);
    }

    /// <summary>Time alone is to be noticed for it as for any run.</summary>
    [Fact]
    public void Who_is_let_in_late_is_watched_from_then_on()
    {
        var lead = new Lead(Wants.Replace("\"steps\":", "\"exit\":{\"not\":{\"event\":\"Visit\",\"within\":\"3h\"}},\"steps\":", StringComparison.Ordinal));

        lead.Hears(Track("visit", "Visit", 50, "ann"), -10, -10).Hears(Track("cart", "Cart", 60, "ann"), 0, 0).Hears(Identify("plan", 59, "ann", null, new { plan = "pro" }), -1, 10);

        Assert.Single(lead.Runs);
        Assert.Equal(Now.AddMinutes(170).ToUnixTimeMilliseconds() + 1, lead.State.Journeys!.Look); // it has
    }

    private static LeadRules Rules(string journey) => new(ScoringModels.None, new JourneyRules([Rehearsal.Parse(journey)], [], new Dictionary<string, JourneyState>(), DateTimeZone.Utc));

    private sealed class Lead(string journey)
    {
        private readonly LeadRules _rules = Rules(journey);

        public LeadState State { get; set; } = NewLead("ann");

        public IReadOnlyList<LeadRun> Runs => State.Journeys?.Runs ?? [];

        public List<RunStart> Starts { get; } = [];

        /// <summary>Both in minutes.</summary>
        public Lead Hears(LeadEvent e, double accepted, double applied)
        {
            State = Reducer.Apply(State, [new Arrival(e, Now.AddMinutes(accepted), Identity.Of(e))], _rules, Now.AddMinutes(applied)).State;
            Starts.AddRange(State.Outbox.Where(effect => effect.Kind == EffectKind.JourneyEntered)
                .Select(effect => System.Text.Json.JsonSerializer.Deserialize(effect.Data!.Value, JourneysJson.Default.RunStart)!)); // the reducer wrote it
            State.Outbox.Clear();
            return this;
        }
    }
}
