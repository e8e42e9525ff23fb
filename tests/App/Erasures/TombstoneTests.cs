using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Integrations;
using LeadFunctions.Leads.Erasing;
using LeadFunctions.Leads.Identities;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Leads;
using Microsoft.Extensions.Time.Testing;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Erasures;

/// <summary>What is left of a lead, and what may still come for it.</summary>
public sealed class TombstoneTests
{
    private static readonly DateTimeOffset Now = Start.AddDays(1);

    private static readonly LeadState Ann = Applied(new LeadState { Id = Identity.User("ann").Hash() }, Start, Identify("1", 1, "ann", "a1", new { email = "ann@example.com", name = "Ann" }), Page("2", "/pricing", 2, "ann"));

    [Fact]
    public void What_is_left_says_nothing_but_numbers_and_the_world_is_told_last()
    {
        var left = Tombstones.Bury(Ann, "e1", new HashSet<string> { HappeningTypes.LeadErased }, Now);

        var written = JsonSerializer.Serialize(left, LeadsJson.Default.LeadState);
        Assert.DoesNotContain("ann@", written, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("pricing", written, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("u:ann", written, StringComparison.OrdinalIgnoreCase);
        Assert.True(left.IsErased && !left.Whole.IsKnown && left.ListingVersion > Ann.ListingVersion);
        var told = Assert.Single(left.Outbox);
        Assert.Equal((EffectKind.Told, HappeningTypes.LeadErased, left.Erased!.Told + 1), (told.Kind, told.To, told.Data!.Value.GetProperty("number").GetInt64()));
        Assert.Empty(Tombstones.Bury(Ann, "e1", null, Now).Outbox);
    }

    [Fact]
    public void Nothing_that_comes_changes_it_but_what_the_person_sends_by_a_form_after_all_places_were_looked_at()
    {
        var left = Tombstones.Bury(Ann, "e1", null, Now);
        var swept = Tombstones.Swept(left, Now.AddMinutes(1));
        var form = Identify("form/s1/identify", 3, null, null, new { email = "ann@example.com" }) with { Source = "form/contact" };
        var server = Identify("3", 3, "ann", null, new { email = "ann@example.com" }) with { Source = "shop" };
        var later = Now.AddHours(1);

        Assert.Same(left, Apply(left, later, form).State);
        Assert.Same(swept, Apply(swept, later, server).State);
        Assert.Same(swept, Apply(swept, Now, form).State); // received before it was erased
        Assert.Same(swept, Apply(swept, later, RunsTick(swept.Id)).State);

        var back = Apply(swept, later, form).State;
        Assert.False(back.IsErased);
        Assert.Equal((null, "ann@example.com", (string?)null), (back.Whole.Name, back.Whole.Email, back.Whole.UserId));
        Assert.Same(back, Apply(back, Now, Page("2", "/pricing", 2, "ann")).State); // that it was erased still counts for what comes late
        Assert.NotSame(back, Apply(back, later, Page("4", "/pricing", 4)).State);
    }

    [Fact]
    public void A_lead_that_was_on_its_way_into_it_is_found_again()
    {
        var browser = Applied(new LeadState { Id = Identity.Anonymous("a9").Hash() }, Start, Page("9", "/", 1, anonymous: "a9"));
        browser.MergedInto = Ann.Id;
        var left = Tombstones.Bury(Ann, "e1", null, Now);

        var with = Reducer.Apply(left, [new(Merges.Absorb(Ann.Id, browser.Id, "x.1", Now), Now, [], browser)], ScoringModels.None, Now).State;

        Assert.Equal([browser.Id], with.Erased!.Late!);
        Assert.Contains(browser.Id, ErasedPerson.Of(with, [browser]).LeadIds);
        Assert.Contains("a:a9", ErasedPerson.Of(with, [browser]).Names);
        Assert.Empty(with.Absorbed);
    }

    [Fact]
    public void Events_that_name_an_erased_person_are_nobodys_and_a_browser_of_theirs_may_be_somebody_elses()
    {
        var gone = Person.Of(Tombstones.Swept(Tombstones.Bury(Ann, "e1", null, Now), Now));
        var bob = Person.Of(Applied(new LeadState { Id = Identity.User("bob").Hash() }, Start, Track("b", "x", 1, "bob")));
        Sighting ann = new(Identity.User("ann"), gone), mail = new(Identity.Email("ann@example.com"), gone), browser = new(Identity.Anonymous("a1"), gone), unseen = new(Identity.Anonymous("a2"), null), other = new(Identity.User("bob"), bob);
        var site = Track("1", "x", 1);
        var form = site with { Source = "form/contact" };

        Assert.Empty(ErasedPeople.Sift(site, [ann, unseen]));
        Assert.Empty(ErasedPeople.Sift(site, [other, mail, unseen]));
        Assert.Empty(ErasedPeople.Sift(site, [browser]));
        Assert.Equal([other], ErasedPeople.Sift(site, [other, browser]));
        Assert.Equal([other, unseen], ErasedPeople.Sift(site, [other, unseen]));
        Assert.Equal([mail, unseen], ErasedPeople.Sift(form, [mail, unseen]));
        Assert.Equal([mail], ErasedPeople.Sift(form, [mail, new(Identity.Anonymous("b1"), bob)]));
        Assert.Equal([browser], ErasedPeople.Sift(form, [browser]));
    }

    [Fact]
    public async Task An_instance_that_still_holds_the_lead_in_memory_does_not_write_it_back()
    {
        var clock = new FakeTimeProvider(Now);
        var one = await BarePipeline.StartAsync(clock);
        var other = one.Another();
        await one.ApplyAsync(Page("1", "/", 1, anonymous: "a1"), Identify("2", 2, "ann", "a1", new { email = "ann@example.com" }));
        await other.ApplyAsync(Track("3", "x", 3, "ann"), Track("b", "x", 1, "bob"), Page("c", "/", 1, anonymous: "a4")); // now both know her
        var id = (await one.FindAsync(Identity.User("ann").Hash()))!.Id;

        await one.BuryAsync(id);
        clock.Advance(TimeSpan.FromMinutes(1));
        await other.ApplyAsync(Identify("m", 4, null, "a4", new { email = "ann@example.com" })); // which was to make the two browsers one person
        Assert.Null((await one.FindAsync(Identity.Anonymous("a4").Hash()))!.MergedInto);
        await other.ApplyAsync(Track("4", "x", 4, "ann", "a1"), Identify("5", 5, "ann", "a3", new { email = "ann@example.com" }), Page("6", "/", 6, anonymous: "a1"));
        await other.ApplyAsync(Track("7", "x", 7, "bob", "a1")); // at her browser

        Assert.Equal(["u:bob", "a:a4", null], (await one.LiveAsync()).Select(lead => lead.Whole.Identities.FirstOrDefault()).OrderDescending());
        Assert.Equal(2, (await other.FindAsync(Identity.User("bob").Hash()))!.Whole.Activity["x"].Total);
        Assert.True((await one.Another().FindAsync(Identity.Anonymous("a3").Hash()))?.IsErased is not false);

        await other.ApplyAsync(Identify("8", 8, null, "a7", new { email = "Ann@example.com" }) with { IsAddressOnlyATrait = true }); // it does not go by the address, and tells it
        Assert.Null((await one.Another().FindAsync(Identity.Anonymous("a7").Hash()))?.Whole.Email);

        await other.ApplyAsync(
            Identify("form/s/identify", 8, null, "a1", new { email = "ann@example.com", name = "Ann" }) with { Source = "form/contact" },
            Track("form/s/submitted", "Form Submitted", 8, null, "a1") with { Source = "form/contact", Email = "ann@example.com" });
        var back = (await one.Another().FindAsync(Identity.Email("ann@example.com").Hash()))!;
        Assert.Equal((id, false, "Ann", 1, (string?)null), (back.Id, back.IsErased, back.Whole.Name, back.Whole.Activity["Form Submitted"].Total, back.Whole.UserId));
    }

    /// <summary>Her browser turns out to be hers at the very moment at which she is erased, whichever of two instances is quicker, and whichever request either dies at.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_dies_of_a_merge_that_meets_an_erasure_nobody_is_left_of_her_and_nobody_else_is_lost(int seed)
    {
        var clock = new FakeTimeProvider(Now);
        var one = await BarePipeline.StartAsync(clock);
        await one.ApplyAsync(Identify("1", 1, "ann", null, new { email = "ann@example.com" }), Page("2", "/", 2, anonymous: "a9"), Track("b", "x", 1, "bob", "b1"));
        var (id, other, third) = ((await one.FindAsync(Identity.User("ann").Hash()))!.Id, one.AnotherDying(seed), one.AnotherDying(seed + 50)); // she is there
        await other.UntilDoneAsync(Track("3", "x", 3, "ann"), Page("4", "/", 4, anonymous: "a9")); // who knows both now

        await Task.WhenAll(one.Another().BuryAsync(id), other.UntilDoneAsync(Identify("5", 5, null, "a9", new { email = "ann@example.com" })), third.UntilDoneAsync(Track("6", "x", 6, "bob", "b1"), Track("7", "x", 7, "ann", "a9")));

        clock.Advance(TimeSpan.FromMinutes(1));
        await one.Another().ApplyAsync(Track("8", "x", 8, "ann", "a9"), Page("9", "/", 9, anonymous: "a9"));
        var live = await one.LiveAsync();
        Assert.True(Assert.Single(live, lead => lead.Id == id).IsErased);
        Assert.DoesNotContain(live, lead => lead.KnownAs.Has(Identity.User("ann").Key) || lead.KnownAs.Has(Identity.Email("ann@example.com").Key));
        Assert.All(live.Where(lead => !lead.IsErased), lead => Assert.True(lead.Whole.Identities.Contains("u:bob") || lead.Whole.Identities is ["a:a9"], string.Join(' ', lead.Whole.Identities)));
        Assert.Equal(2, live.Single(lead => lead.Whole.Identities.Contains("u:bob")).Whole.Activity["x"].Total);
    }

    private static LeadState Applied(LeadState lead, DateTimeOffset at, params LeadEvent[] events) => Apply(lead, at, events).State;

    private static Reduced Apply(LeadState lead, DateTimeOffset receivedAt, params LeadEvent[] events) =>
        Reducer.Apply(lead, [.. events.Select(e => new Arrival(e, receivedAt, Identity.Of(e)))], ScoringModels.None, receivedAt);

    private static LeadEvent RunsTick(string lead) => new() { Id = "tick", Type = EventType.Journey, Name = "tick", At = Start, LeadId = lead };
}
