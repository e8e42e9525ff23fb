using System.Net;
using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Segments;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Lists, which are segments kept by hand: who enters and leaves, what that starts, and what conditions make of it.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class SegmentTests(SharedJourneyApp shared)
{
    private static readonly Journey Entering = Rehearsal.Parse(OnVip("enter"), "in");
    private static readonly Journey Leaving = Rehearsal.Parse(OnVip("leave"), "out");

    [Fact]
    public async Task Put_in_and_taken_out_by_hand_a_lead_starts_journeys_each_time_it_crosses()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("in", OnVip("enter"));
        await app.PublishAsync("out", OnVip("leave"));
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }));
        await app.SettleAsync();
        var id = (await app.GetAsync($"/api/leads?userId={app.Named("ann")}")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var (_, marketer) = await app.App.CreateKeyAsync("marketer");
        var (_, reader) = await app.App.CreateKeyAsync("read");

        // The clock stands still: what was decided later counts all the same.
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Delete, HttpMethod.Put])
        {
            var accepted = await app.App.SendAsync(method, $"/api/segments/vip/leads/{id}", key: marketer);
            Assert.Equal((HttpStatusCode.Accepted, id), (accepted.Status, accepted.Json.GetProperty("leadId").GetString()));
            await app.SettleAsync();
        }

        Assert.Equal(2, (await app.RunsAsync("in")).Count);
        Assert.Single(await app.RunsAsync("out"));
        Assert.Equal("""["vip"]""", (await app.GetAsync($"/api/leads/{id}")).Json.GetProperty("segments").GetRawText());
        var changes = (await app.GetAsync($"/api/leads/{id}/timeline?type=segment")).Json.GetProperty("items").EnumerateArray().Select(entry => entry.TryGetProperty("changes", out var change) ? change.GetRawText() : "");
        Assert.Equal(["""{"entered":["vip"]}""", "", """{"left":["vip"]}""", "", """{"entered":["vip"]}"""], changes);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PutAsync($"/api/segments/vip/leads/{new string('0', id!.Length)}", "")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync($"/api/segments/{new string('x', 65)}/leads/{id}", "")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.App.SendAsync(HttpMethod.Delete, $"/api/segments/vip/leads/{id}", key: reader)).Status);
    }

    [Fact]
    public async Task A_step_puts_a_lead_on_a_list_which_starts_the_next_journey_and_decides_in_it()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("first", """
            {"name":"x","trigger":{"event":"Start"},"entry":{"when":{"not":{"list":"vip"}}},"steps":[
              {"id":"on","type":"addToList","list":"vip"},{"id":"w","type":"wait","for":"1d"},{"id":"off","type":"removeFromList","list":"vip"}]}
            """);
        await app.PublishAsync("in", OnVip("enter"));
        await app.PublishAsync("out", OnVip("leave"));
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(2));

        Assert.Equal(["2026-06-01 10:00 vip", "2026-06-02 10:00 plain"], await app.SentAsync());
        Assert.Equal("The lead left the segment \"vip\".", (await app.GetAsync($"/api/runs/{(await app.RunsAsync("out"))[0].GetProperty("id").GetString()}")).Json.GetProperty("steps")[0].GetProperty("reason").GetString());

        // A rehearsal of the same foretells the same.
        var simulated = await app.PostAsync("/api/journeys/in/simulate", """
            {"leads":[{"id":"x","traits":{"email":"x@y.z"},"events":[
              {"at":"2026-06-01T10:00:00Z","type":"segment","properties":{"segment":"vip","member":true}},{"at":"2026-06-01T10:00:01Z","type":"segment","properties":{"segment":"vip","member":true}}]}]}
            """);
        Assert.Equal("""{"2026-06-01":{"vip":1}}""", simulated.Json.GetProperty("sendsPerDay").GetRawText());
    }

    [Fact]
    public void A_rehearsed_journey_starts_the_other_as_in_earnest()
    {
        var first = Rehearsal.Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"on","type":"addToList","list":"vip"}]}""", "first");

        var lead = new Rehearsal(first, Entering).Identify(new { email = "a@b.c" }).Track("Start", TimeSpan.FromHours(1)).Track("Start", TimeSpan.FromHours(2)).Run(TimeSpan.FromDays(1));

        Assert.Equal(["2026-06-01 11:00 vip"], lead.Sent);
    }

    [Fact]
    public void What_a_client_sends_under_such_names_changes_no_membership()
    {
        var lead = new Rehearsal(Entering)
            .Track("segment", default, new { segment = "vip", member = true }).Track("Segment Entered", default, new { segment = "vip" })
            .Identify(new Dictionary<string, object> { ["$segment.vip"] = true, ["$segment"] = new { vip = true } }).Run(TimeSpan.FromDays(1));

        Assert.Empty(lead.Runs);
        Assert.False(lead.Lead.State.Whole.Traits.Find(ProfileFacts.Segment + "vip").Exists);
    }

    [Fact]
    public void A_merge_brings_the_other_ones_segments_and_taking_it_back_takes_them_away()
    {
        var rules = new LeadRules(LeadFunctions.Scoring.ScoringModels.None, new([Entering, Leaving], [], new Dictionary<string, JourneyState>(), NodaTime.DateTimeZone.Utc));
        var stays = new LeadState { Id = Identity.User("ann").Hash() };
        var goes = Apply(new() { Id = Identity.User("bob").Hash() }, Of(EventType.Segment, new { segment = "vip", member = true }));
        Assert.Equal([(EffectKind.JourneyEntered, "in")], Entries(goes));

        var frozen = Apply(goes, Merges.Freeze(goes.Id, stays.Id, 0, Start));
        var merged = Apply(stays, Merges.Absorb(stays.Id, goes.Id, "e", Start), frozen);
        Assert.Equal(["vip"], SegmentMembership.Of(merged.Whole.Traits));
        Assert.Empty(Entries(merged)); // the person is in that journey already
        merged.Outbox.Clear();
        var parted = Apply(merged, Merges.LetGo(stays.Id, goes.Id, "r", Start));

        Assert.Empty(SegmentMembership.Of(parted.Whole.Traits));
        Assert.Equal([(EffectKind.JourneyEntered, "out")], Entries(parted));
        Assert.Equal(["vip"], SegmentMembership.Of(Apply(frozen, Merges.Release(goes.Id, stays.Id, "e", Start)).Whole.Traits));

        LeadState Apply(LeadState state, LeadEvent e, LeadState? other = null) => Reducer.Apply(state, [new(e, Start, [], other)], rules, Start).State;
        LeadEvent Of(EventType type, object properties) => new() { Id = "1", Type = type, Name = "segment", At = Start, LeadId = stays.Id, Properties = JsonSerializer.SerializeToElement(properties) };
    }

    private static IEnumerable<(EffectKind Kind, string Journey)> Entries(LeadState state) =>
        state.Outbox.Where(effect => effect.Kind == EffectKind.JourneyEntered).Select(effect => (effect.Kind, effect.To!.Split('.')[0]));

    private static string OnVip(string on) => $$"""
        {"name":"{{on}}","trigger":{"segment":"vip","on":"{{on}}"},"steps":[{"id":"b","type":"branch","paths":[
          {"name":"vip","when":{"segment":"vip"},"steps":[{"id":"v","type":"send","template":"vip"}]}],"else":[{"id":"p","type":"send","template":"plain"}]}]}
        """;
}
