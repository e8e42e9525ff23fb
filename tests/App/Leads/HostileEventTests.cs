using System.Net;
using System.Text.Json.Nodes;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>Write keys stand in web pages: whatever comes with one must hurt nobody but its own lead.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class HostileEventTests(SharedLeadApp shared)
{
    private static readonly DateTimeOffset Now = Start.AddDays(31);

    [Fact]
    public async Task A_trait_without_a_name_does_not_break_answers()
    {
        await using var app = shared.Borrow();

        await app.ApplyAsync(Identify("unnamed-1", 1, "unnamed", traits: new JsonObject { [""] = 1, ["a"] = new JsonObject { [""] = 2, ["b"] = 3 }, ["."] = 4, ["a..b"] = 5, ["__proto__"] = 6 }));

        Assert.Equal("""{".":4,"__proto__":6,"a":{".b":5,"b":3}}""", (await app.FindAsync("userId=unnamed"))!["traits"]!.ToJsonString());
        Assert.Single((await app.GetAsync("api/leads?limit=200"))["items"]!.AsArray(), lead => (string?)lead!["userId"] == "unnamed");
    }

    [Fact]
    public void A_trait_that_would_burden_every_later_event_is_not_kept()
    {
        var lead = Apply(NewLead(), [Identify("i1", 1, "u1", traits: new { essay = new string('x', 30_000), note = new string('x', 3_000), list = Enumerable.Range(0, 5_000) })]);
        lead = Apply(lead, [Identify("i2", 2, "u1", traits: new Dictionary<string, int> { [new string('p', 201)] = 1 })]);

        Assert.Equal(["note"], lead.Whole.Traits.All.Select(trait => trait.Key));
    }

    [Fact]
    public void A_server_that_makes_up_an_anonymous_id_for_each_call_does_not_fill_the_row_of_its_user()
    {
        var lead = Apply(NewLead(), Enumerable.Range(0, 1_040).Select(i => Track($"e{i}", "Ping", i, "u1", "made-up-" + i)));
        lead = Apply(lead, [Identify("i1", 2_000, "u1", "made-up-2000", new { email = "ann@example.com" })]);

        Assert.Equal((1_000, 2), (lead.Own.Identities.Count(i => i[0] == 'a'), lead.Own.Identities.Count(i => i[0] != 'a')));
        Assert.Equal(1_040, lead.Own.Activity["Ping"].Total);
    }

    [Fact]
    public void A_client_cannot_stand_in_for_an_event_from_inside_by_guessing_its_id()
    {
        var inside = Merges.LetGo("lead", "other", "request", Now);
        var forged = Track(inside.Id, "Forged", 1, "u1");
        var lead = Apply(new LeadState { Id = Identity.User("u1").Hash(), Absorbed = { new AbsorbedLead("other", new LeadRecord(), 0) } }, [forged]);

        Assert.Empty(Apply(lead, [inside]).Absorbed);
        Assert.False(Merges.IsFreeze(Track("freeze/u1/0", "Forged", 1, "u1")));
    }

    [Fact]
    public async Task A_reason_of_any_length_is_answered()
    {
        await using var app = shared.Borrow();
        await app.ApplyAsync(Track("reason-1", "Ping", 1, "reason"));
        var id = (string)(await app.FindAsync("userId=reason"))!["id"]!;

        using var answer = await app.SendAsync(HttpMethod.Post, $"api/leads/{id}/stage", new { stage = "mql", reason = new string('x', 2_001) });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
