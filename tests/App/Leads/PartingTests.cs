using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>What is left with whom when a merge is taken back: of two answers the one that sends less.</summary>
public sealed class PartingTests
{
    private static readonly string Keeper = Identity.User("u1").Hash(), Gone = Identity.User("u2").Hash();
    private static readonly string MineHeld = $"{RunId.Of("j", Keeper, "k")}/s/0", TheirsHeld = $"{RunId.Of("j", Gone, "k")}/s/0", TheirsBegun = $"{RunId.Of("j", Gone, "k")}/s/1";

    [Fact]
    public void What_was_sent_meanwhile_counts_for_both_and_what_had_begun_is_not_begun_again()
    {
        var (stays, freed) = Part(merged => merged.Messages = LeadMessages.None
            .With(Message("before", MessageState.Sent, 5)).With(Message(TheirsBegun, MessageState.Begun, 20)).With(Message("meanwhile", MessageState.Sent, 21))
            .With(Message(TheirsHeld, MessageState.Held, 22)).With(Message(MineHeld, MessageState.Held, 22)));

        Assert.Equal([(TheirsBegun, MessageState.Begun), ("meanwhile", MessageState.Sent)], freed.Messages!.Kept.Select(message => (message.Id, message.State))); // it has some
        Assert.Equal([At(20), At(21)], freed.Messages.Times["email"]);
        Assert.Equal(["before", TheirsBegun, "meanwhile", MineHeld], stays.Messages!.Kept.Select(message => message.Id)); // likewise
        Assert.Equal([At(5), At(20), At(21)], stays.Messages.Times["email"]);
    }

    [Fact]
    public void What_had_begun_before_the_merge_and_went_out_meanwhile_counts_once()
    {
        var (_, freed) = Part(
            merged => merged.Messages = merged.Messages!.With(Message("m", MessageState.Sent, 20)), // it came with who goes
            goes => goes.Messages = LeadMessages.None.With(Message("old", MessageState.Sent, 2)).With(Message("m", MessageState.Begun, 9)));

        Assert.Equal([At(2), At(20)], freed.Messages!.Times["email"]); // it has some
        Assert.Equal(MessageState.Sent, freed.Messages.Find("m")!.State); // likewise
    }

    [Theory]
    [InlineData("messagesPausedUntil", "2027-01-01", "2028-01-01", "2028-01-01", "2028-01-01")]
    [InlineData("messagesPausedUntil", "2028-01-01", null, "2028-01-01", null)] // who ended the break may have been the other
    [InlineData("messagesPausedUntil", "2028-01-01", "2027-01-01", "2028-01-01", "2027-01-01")]
    [InlineData("messagesFrequency", "weekly", "monthly", "monthly", "monthly")]
    [InlineData("messagesFrequency", "monthly", "always", "monthly", null)]
    [InlineData("messagesFrequency", null, "weekly", "weekly", "weekly")]
    public void Of_what_somebody_wished_before_and_meanwhile_the_stricter_holds(string trait, string? before, string? meanwhile, string? stays, string? freed)
    {
        var wished = Part(_ => { }, null, before is null ? null : Wish("before", 5, before), Wish("meanwhile", 20, meanwhile));

        Assert.Equal((stays, freed), (wished.Stays.Whole.Traits.Find(trait).Text, wished.Freed.Whole.Traits.Find(trait).Text));

        LeadEvent Wish(string id, int minute, string? value) => Identify(id, minute, "u1", traits: new Dictionary<string, string?> { [trait] = value });
    }

    [Fact]
    public void Whoever_goes_keeps_a_break_of_their_own()
    {
        var (_, freed) = Part(_ => { }, goes => goes.Own.Traits.Set("messagesPausedUntil", LeadFunctions.Conditions.Values.Value.From("2030-01-01"), At(1)), null, Identify("m", 20, "u1", traits: new { messagesPausedUntil = "2027-01-01" }));

        Assert.Equal("2030-01-01", freed.Whole.Traits.Find("messagesPausedUntil").Text);
    }

    [Fact]
    public void As_much_as_may_have_been_sent_meanwhile_goes_along_in_one_event()
    {
        var (_, freed) = Part(merged => merged.Messages = Enumerable.Range(0, 600).Aggregate(LeadMessages.None, (all, i) => all.With(Message($"{i:0000}/{Guid.NewGuid():N}{Guid.NewGuid():N}", i % 7 == 0 ? MessageState.Begun : MessageState.Sent, 20 + i, reason: new string('x', 500)))));

        Assert.Equal(500, freed.Messages!.Times["email"].Count); // it has some
    }

    /// <summary>Died between the two commits, with the message in hand for as long as a lease lasts.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_was_let_go_and_has_not_heard_of_it_is_nobody_elses(bool isErased)
    {
        var (one, stays, goes) = await MergedAsync();
        await one.CommitAsync(stays, Merges.LetGo(stays, goes, "r", Start.AddMinutes(10)));
        Assert.Equal(stays, (await one.Another().FindAsync(goes))!.Id); // it has not heard of it
        if (isErased)
        {
            await one.BuryAsync(stays);
        }

        var other = one.Another();
        Assert.Equal(goes, (await other.ProvenAsync(goes))!.Id); // somebody is there
        await other.ApplyAsync(Track("a", "Step", 11, "goes"), Identify("b", 12, "goes", "new-browser", new { email = "new@goes.example" }));

        var freed = (await one.Another().FindAsync(goes))!; // likewise
        Assert.Equal((goes, 2, "new@goes.example"), (freed.Id, freed.Whole.Activity["Step"].Total, freed.Whole.Email));
        Assert.Equal(goes, (await one.Another().FindAsync(Identity.Anonymous("new-browser").Hash()))!.Id); // likewise
        var left = (await one.Another().FindAsync(stays))!; // likewise
        Assert.Equal((isErased, false), (left.IsErased, left.KnownAs.Has(Identity.User("goes").Key)));
    }

    [Fact]
    public async Task Who_is_let_go_is_free_in_the_same_breath_however_often_it_is_asked_for()
    {
        var (one, stays, goes) = await MergedAsync();
        var (other, third) = (one.Another(), one.Another());

        await Task.WhenAll(other.ApplyAsync(Merges.LetGo(stays, goes, "r1", Start)), third.ApplyAsync(Merges.LetGo(stays, goes, "r2", Start)), one.ApplyAsync(Track("s", "Step", 20, "stays"), Track("g", "Step", 20, "goes")));

        var live = await one.LiveAsync();
        Assert.Equal(4, live.Sum(lead => lead.Whole.Activity["Step"].Total));
        Assert.All(live, lead => Assert.Empty(lead.Outbox));
        Assert.Equal([new[] { goes }, [stays]], new[] { stays, goes }.Select(id => live.Single(lead => lead.Id == id).Apart.ToArray()));
    }

    /// <summary>Asked for twice at once, beside what both do, by instances that end at any request; then the one that stayed is erased, beside what the other does.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whoever_dies_at_whatever_request_nobody_s_events_are_lost_or_the_others(int seed)
    {
        var (one, stays, goes) = await MergedAsync();
        var (left, right, third) = (one.AnotherDying(seed), one.AnotherDying(seed + 100), one.AnotherDying(seed + 200));

        await Task.WhenAll(left.UntilDoneAsync(Merges.LetGo(stays, goes, "r1", Start)), right.UntilDoneAsync(Merges.LetGo(stays, goes, "r2", Start)), third.UntilDoneAsync(Steps("stays", 3), Track("g", "Step", 20, "goes")));
        var live = await one.LiveAsync();
        Assert.Equal(new[] { stays, goes }.Order(StringComparer.Ordinal), live.Select(lead => lead.Id).Order(StringComparer.Ordinal));
        Assert.Equal(4, live.Sum(lead => lead.Whole.Activity["Step"].Total));
        Assert.All(live, lead => Assert.Equal([lead.Id], lead.AllIds));
        var before = live.Single(lead => lead.Id == goes).Whole.Activity["Step"].Total;

        await Task.WhenAll(one.Another().BuryAsync(stays), right.UntilDoneAsync(Steps("goes", 30), Steps("goes", 31)), left.UntilDoneAsync(Steps("goes", 32)));

        var freed = Assert.Single(await one.Another().LiveAsync(), lead => !lead.IsErased);
        Assert.Equal((goes, before + 3), (freed.Id, freed.Whole.Activity["Step"].Total));

        static LeadEvent Steps(string user, int minute) => Track($"{user}-{minute}", "Step", minute, user);
    }

    private static async Task<(BarePipeline One, string Stays, string Goes)> MergedAsync()
    {
        var one = await BarePipeline.StartAsync();
        await one.ApplyAsync(Track("1", "Step", 1, "stays"), Track("2", "Step", 2, "goes"));
        var (stays, goes) = (Identity.User("stays").Hash(), Identity.User("goes").Hash());
        await one.ApplyAsync(Merges.FreezeByHand(goes, stays, "m", Start.AddMinutes(5)));
        Assert.Equal([stays, goes], (await one.FindAsync(goes))!.AllIds); // somebody is there
        return (one, stays, goes);
    }

    private static (LeadState Stays, LeadState Freed) Part(Action<LeadState> meanwhile, Action<LeadState>? goesWith = null, LeadEvent? before = null, params LeadEvent[] events)
    {
        var stays = Apply(new LeadState { Id = Keeper }, [before ?? Track("t0", "Login", 0, "u1")]);
        var goes = Apply(new LeadState { Id = Gone }, [Track("t", "Login", 0, "u2")]);
        goesWith?.Invoke(goes);
        var frozen = Apply(goes, [Merges.Freeze(goes.Id, stays.Id, 0, Start.AddMinutes(10))]);
        var merged = Reducer.Apply(stays, [new Arrival(Merges.Absorb(stays.Id, goes.Id, "e1", Start.AddMinutes(10)), Start.AddMinutes(10), [], frozen)], Rules, Start.AddMinutes(10)).State;
        merged = Apply(JsonSerializer.Deserialize(JsonSerializer.Serialize(merged, LeadsJson.Default.LeadState), LeadsJson.Default.LeadState)!, events); // it was a lead
        meanwhile(merged);
        var parted = Apply(merged, [Merges.LetGo(stays.Id, goes.Id, "r1", Start.AddMinutes(30))]);
        var release = Assert.Single(Merges.Releases(parted, Start.AddMinutes(30)));
        var buffer = LeadFunctions.Events.Queueing.EventBuffer.Rent();
        Assert.True(buffer.TryAdd(release)); // or it could never be told
        buffer.Return();
        return (parted, Apply(frozen, [release]));
    }

    private static LeadMessage Message(string id, MessageState state, int minute, string? reason = null) => new(id, "email", state, At(minute), At(minute), Reason: reason);

    private static long At(int minute) => Start.AddMinutes(minute).ToUnixTimeMilliseconds();
}
