using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Scoring;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>A person merged from thousands of browsers: an agent who logs in as it were from everywhere, a kiosk that forgets.</summary>
public sealed class ManyPartsTests
{
    private const int Browsers = 3_000;

    private static readonly DateTimeOffset Now = Start.AddDays(31);

    private static readonly ScoringModels Model = ScoringModels.None.WithLive(Shop.Engagement("""{ "id": "view", "when": { "event": "page" }, "points": 0.5 }"""));

    [Fact]
    public void Thousands_of_browsers_fit_into_a_profile_and_every_event_of_theirs_counts()
    {
        var agent = Apply(NewLead(), [Track("known", "Login", 0, "u1")], Model);
        foreach (var some in Enumerable.Range(0, Browsers).Chunk(200))
        {
            var frozen = some.Select(n => Frozen(agent, n, [Page($"p{n}", "/pricing", n, anonymous: $"b{n}"), Track($"t{n}", "Product Viewed", n, anonymous: $"b{n}", properties: new { productId = $"p{n}" })])).ToList();
            agent = Absorb(agent, frozen);
            agent.Outbox.Clear();
        }

        Assert.Equal((Browsers, Browsers), (agent.Whole.Activity["page"].Total, agent.Whole.Activity["Product Viewed"].Total));
        Assert.Equal(0.5 * Browsers, Reducer.ScoreOf(agent, Model, Now).Engagement, 1e-6);
        Assert.Equal(Merges.PartsKept, agent.Absorbed.Count);
        Assert.Equal($"{Browsers - 1}", Number(agent.Absorbed[^1].Record.Identities[0]));
        Assert.Equal(Browsers + 1, agent.AllIds.Distinct().Count());
        var row = new TableEntity("p", "r");
        Packed.Write(row, agent, LeadsJson.Default.LeadState);
        Assert.Equal(Canonical(agent), Canonical(Packed.Read(row, LeadsJson.Default.LeadState)));
    }

    [Fact]
    public void Few_large_parts_are_folded_as_well_as_many_small_ones()
    {
        var agent = NewLead();
        for (var n = 0; n < 30; n++)
        {
            var events = Enumerable.Range(0, 240).SelectMany(i => new[] { Track($"e{n}-{i}", "Product Viewed", i, anonymous: $"b{n}", properties: new { productId = $"p{i}" }), Track($"n{n}-{i}", $"Event {i}", i, anonymous: $"b{n}") });
            agent = Absorb(agent, [Frozen(agent, n, [.. events])]);
        }

        Assert.InRange(agent.Absorbed.Count, 1, 29);
        Assert.True(agent.Absorbed.Sum(part => part.Record.Weight) <= Merges.PartsWeight);
        Assert.Equal(30 * 480, agent.Whole.Activity.Values.Sum(activity => activity.Total));
        Packed.Write(new TableEntity("p", "r"), agent, LeadsJson.Default.LeadState);
    }

    [Fact]
    public void The_last_merges_can_still_be_taken_back_and_what_was_folded_is_not_absorbed_again()
    {
        var agent = NewLead();
        var frozen = Enumerable.Range(0, Merges.PartsKept + 20).Select(n => Frozen(agent, n, [Page($"p{n}", "/", n, anonymous: $"b{n}")])).ToList();
        agent = Absorb(agent, frozen);
        agent.Outbox.Clear();

        var again = Reducer.Apply(agent, [new(Merges.Absorb(agent.Id, frozen[0].Id, "another message", Now), Now, [], frozen[0])], Model, Now).State;
        Assert.Equal(agent.Whole.Activity["page"].Total, again.Whole.Activity["page"].Total);

        var folded = Reducer.Apply(agent, [new(Merges.LetGo(agent.Id, frozen[0].Id, "r0", Now), Now, [])], Model, Now).State;
        Assert.DoesNotContain(folded.Outbox, effect => effect.Kind == EffectKind.Unmerged);

        var last = frozen[^1];
        var parted = Reducer.Apply(agent, [new(Merges.LetGo(agent.Id, last.Id, "r1", Now), Now, [])], Model, Now).State;
        Assert.Equal(last.Id, parted.Outbox.Single(effect => effect.Kind == EffectKind.Unmerged).To);
        Assert.Equal(agent.Whole.Activity["page"].Total - 1, parted.Whole.Activity["page"].Total);
    }

    private static LeadState Frozen(LeadState into, int n, LeadEvent[] events)
    {
        var browser = Apply(new LeadState { Id = Identity.Anonymous($"b{n}").Hash() }, events, Model);
        return Reducer.Apply(browser, [new(Merges.Freeze(browser.Id, into.Id, 0, Now), Now, [])], Model, Now).State;
    }

    private static LeadState Absorb(LeadState agent, IEnumerable<LeadState> frozen) =>
        Reducer.Apply(agent, [.. frozen.Select(lead => new Arrival(Merges.Absorb(agent.Id, lead.Id, "e" + lead.Id, Now), Now, [], lead))], Model, Now).State;

    private static string Number(string key) => key[3..];
}
