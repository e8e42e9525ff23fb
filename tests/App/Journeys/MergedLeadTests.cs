using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Two leads turn out to be one person while both are in journeys.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class MergedLeadTests(SharedJourneyApp shared)
{
    [Fact]
    public void Of_two_runs_of_one_journey_the_older_goes_on_and_the_younger_is_ended()
    {
        var (old, young) = (Run("a", 1), Run("b", 2));

        var union = LeadJourneys.Union(new() { Runs = [young] }, new() { Runs = [old], Past = new Dictionary<string, JourneyPast> { ["j"] = new(1, 1) } }, _ => false);

        Assert.Equal([("b", true), ("a", false)], union.Runs.Select(run => (run.Id, run.Ended is not null)));
    }

    [Fact]
    public void Side_by_side_are_runs_of_different_keys_and_a_key_runs_once()
    {
        LeadRun[] known = [Run("a", 1, "c1"), Run("b", 2, "c2")];
        LeadRun[] browser = [Run("c", 3, "c2"), Run("d", 4, "c3")];

        var union = LeadJourneys.Union(new() { Runs = known }, new() { Runs = browser, Past = new Dictionary<string, JourneyPast> { ["j"] = new(4, 2) } }, _ => true);

        Assert.Equal([("a", true), ("b", true), ("c", false), ("d", true)], union.Runs.Select(run => (run.Id, run.Ended is null)));
    }

    [Fact]
    public async Task A_run_of_the_absorbed_lead_goes_on_hearing_what_the_person_does()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("hear", """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"event":"Click"},"timeout":"5d","then":[{"id":"s","type":"send","template":"s"}]}]}""");
        await app.SendAsync(new { type = "track", anonymousId = "browser", @event = "Start", messageId = "s1" });
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "page"));
        await app.SettleAsync();
        await app.SendAsync(new { type = "identify", userId = "ann", anonymousId = "browser", traits = new { plan = "pro" }, messageId = "m1" });
        await app.SettleAsync();

        await app.SendAsync(Track("ann", "Click"));
        await app.SettleAsync();

        Assert.Equal(["2026-06-01 10:00 s"], await app.SentAsync());
        Assert.Equal("completed", (await app.RunsAsync("hear"))[0].GetProperty("status").GetString());
    }

    [Fact]
    public void Taken_back_a_lead_has_its_runs_as_they_are_by_then_and_the_other_only_its_own()
    {
        var rules = new LeadRules(LeadFunctions.Scoring.ScoringModels.None, new JourneyRules([Rehearsal.Parse(Waiting, "j")], [], new Dictionary<string, JourneyState>(), NodaTime.DateTimeZone.Utc));
        var (ann, bob) = (new LeadState { Id = Identity.User("ann").Hash() }, new LeadState { Id = Identity.User("bob").Hash() });
        bob = Apply(bob, Begin("c1"), Begin("c2"), Begin("c3"));
        var frozen = Apply(bob, Merges.Freeze(bob.Id, ann.Id, 0, Start));
        var merged = Apply(ann, frozen, Merges.Absorb(ann.Id, bob.Id, "e", Start), Begin("c4"));
        Assert.Equal(4, merged.Journeys!.Runs.Count);

        // While they are one: a run ends, another hears something.
        var (first, second) = (merged.Journeys.Runs[0], merged.Journeys.Runs[1]);
        merged = Apply(merged, Order(RunOrder.Ended, new(first.Id)), Order(RunOrder.Waits, new(second.Id, "w")));
        merged.Outbox.Clear();
        var parted = Apply(merged, Merges.LetGo(ann.Id, bob.Id, "r", Start));
        var told = parted.Outbox.Single(effect => effect.Kind == EffectKind.Unmerged);
        var free = Apply(frozen, EffectPublisher.AsEvent(told, Start)!);

        Assert.Equal(["c4"], parted.Journeys!.Runs.Select(run => run.Key));
        Assert.Equal([("c2", "w"), ("c3", null)], free.Journeys!.Runs.Select(run => (run.Key, run.Waiting)));

        LeadState Apply(LeadState state, params object[] given) => Reducer.Apply(
            state, [.. given.OfType<LeadEvent>().Select(e => new Arrival(e, Start, [], Merges.Absorbs(e) is null ? null : given.OfType<LeadState>().Single()))], rules, Start).State;
    }

    [Fact]
    public void Taken_back_a_lead_is_not_congratulated_on_what_came_up_while_it_was_part_of_another()
    {
        const string birthday = """{"name":"x","trigger":{"date":{"trait":"birthday","yearly":true,"at":"09:00"}},"steps":[{"id":"s","type":"send","template":"s"}]}""";
        var rules = new LeadRules(LeadFunctions.Scoring.ScoringModels.None, new JourneyRules([Rehearsal.Parse(birthday, "j")], [], new Dictionary<string, JourneyState>(), NodaTime.DateTimeZone.Utc));
        var (ann, bob) = (Identity.User("ann").Hash(), Identity.User("bob").Hash());
        var e = new LeadEvent { Id = "i", Type = EventType.Identify, Name = "identify", At = Start, UserId = "bob", Traits = JsonSerializer.SerializeToElement(new { birthday = "1990-06-20" }) };
        var lead = Apply(new LeadState { Id = bob }, e, Start);
        lead = Apply(lead, Merges.Freeze(bob, ann, 0, Start), Start);
        lead.Outbox.Clear();

        var free = Apply(lead, Merges.Release(bob, ann, "e", Start.AddDays(90)), Start.AddDays(90));

        Assert.Empty(free.Journeys!.Runs);
        Assert.DoesNotContain(free.Outbox, effect => effect.Kind == EffectKind.JourneyEntered);
        var next = DateTimeOffset.FromUnixTimeMilliseconds(free.Journeys.Due["j"]);
        Assert.Equal(new DateTimeOffset(2027, 6, 20, 9, 0, 0, TimeSpan.Zero), next);
        Assert.Equal("j", Assert.Single(Apply(free, e with { Id = "later", Type = EventType.Track, Name = "x", At = next }, next).Journeys!.Runs).Journey);

        LeadState Apply(LeadState state, LeadEvent given, DateTimeOffset now) => Reducer.Apply(state, [new Arrival(given, now, [])], rules, now).State;
    }

    private const string Waiting = """{"name":"x","trigger":{"event":"Start","key":"cart"},"steps":[{"id":"w","type":"waitFor","when":{"event":"Click"}}]}""";

    private static LeadEvent Begin(string cart) => new()
    {
        Id = "start-" + cart,
        Type = EventType.Track,
        Name = "Start",
        At = Start,
        UserId = "x",
        Properties = System.Text.Json.JsonSerializer.SerializeToElement(new { cart }),
    };

    private static LeadEvent Order(string name, RunOrder order) => new()
    {
        Id = $"{order.Run}/{name}",
        Type = EventType.Journey,
        Name = name,
        At = Start,
        LeadId = "x",
        Properties = System.Text.Json.JsonSerializer.SerializeToElement(order, JourneysJson.Default.RunOrder),
    };

    private static LeadRun Run(string id, long at, string key = "k") => new(id, "j", 1, key, at, new Dictionary<string, System.Text.Json.JsonElement>());
}
