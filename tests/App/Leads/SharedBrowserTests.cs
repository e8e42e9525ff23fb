using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>Browsers that several people use, and what a batch brings together: by name what <see cref="PeopleLaws"/> tries at random.</summary>
public sealed class SharedBrowserTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_form_in_the_browser_of_one_known_person_with_the_address_of_another_merges_nobody(bool isOneBatch)
    {
        var pipeline = await BarePipeline.StartAsync();

        await pipeline.ApplyAsync(isOneBatch,
            Track("1", "Visit", 0, "bob", "b"),
            Identify("2", 1, "ann", traits: new { email = "ann@x.example" }),
            Identify("3", 2, anonymous: "b", traits: new { email = "ann@x.example" }));

        var (bob, ann) = (await pipeline.OfAsync(Identity.User("bob")), await pipeline.OfAsync(Identity.User("ann")));
        Assert.NotEqual(bob.Id, ann.Id);
        Assert.Equal(["u:bob", "a:b"], bob.Whole.Identities);
        Assert.Equal(["u:ann", "e:ann@x.example"], ann.Whole.Identities);
        Assert.Equal((0, 2), (bob.Whole.Activity.GetValueOrDefault("identify")?.Total ?? 0, ann.Whole.Activity["identify"].Total));
    }

    [Fact]
    public async Task Two_who_log_in_one_after_the_other_in_one_batch_are_two()
    {
        var pipeline = await BarePipeline.StartAsync();

        await pipeline.ApplyAsync(true, Page("1", "/", 0, anonymous: "b"), Track("2", "Login", 1, "bob", "b"), Track("3", "Login", 2, "ann", "b"), Page("4", "/", 3, anonymous: "b"));

        var (bob, ann) = (await pipeline.OfAsync(Identity.User("bob")), await pipeline.OfAsync(Identity.User("ann")));
        Assert.Equal(["a:b", "u:bob"], bob.Whole.Identities);
        Assert.Equal(["u:ann"], ann.Whole.Identities);
        Assert.Equal((2, 1), (bob.Whole.Activity["page"].Total, ann.Whole.Activity["Login"].Total));
    }

    [Fact]
    public async Task A_browser_that_was_linked_in_the_batch_that_also_merged_is_shown()
    {
        var pipeline = await BarePipeline.StartAsync();
        await pipeline.ApplyAsync(Identify("0", 0, traits: new { email = "ann@x.example" }));

        await pipeline.ApplyAsync(true, Track("1", "Visit", 1, "ann"), Track("2", "Visit", 2, "ann", "b"), Identify("3", 3, "ann", traits: new { email = "ann@x.example" }));

        var ann = await pipeline.OfAsync(Identity.Anonymous("b"));
        Assert.Equal(ann.Id, (await pipeline.OfAsync(Identity.User("ann"))).Id);
        Assert.Equal(["a:b", "e:ann@x.example", "u:ann"], ann.Whole.Identities.Order(StringComparer.Ordinal));
        Assert.Equal((2, 2), (ann.Whole.Activity["Visit"].Total, ann.Whole.Activity["identify"].Total));
    }

    /// <summary>Two people clear up the same doubles at the same moment, each from their side; or one of them clicks on both.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_who_are_merged_into_each_other_by_hand_are_one_and_hear_what_comes_from_inside(bool isOneBatch)
    {
        var pipeline = await BarePipeline.StartAsync();
        await pipeline.ApplyAsync(true, Track("1", "Visit", 0, "bob"), Track("2", "Visit", 1, "ann"), Track("3", "Visit", 2, "ann"));
        var (bob, ann) = (Identity.User("bob").Hash(), Identity.User("ann").Hash());

        await pipeline.ApplyAsync(isOneBatch, Merges.FreezeByHand(bob, ann, "r1", Start), Merges.FreezeByHand(ann, bob, "r2", Start));
        await pipeline.ApplyAsync(new LeadEvent { Id = "points", Type = EventType.Points, Name = "points", At = Start, LeadId = bob, Properties = System.Text.Json.JsonSerializer.SerializeToElement(new { points = 5 }) });

        var lead = Assert.Single(await pipeline.LiveAsync());
        Assert.Equal(3, lead.Whole.Activity["Visit"].Total);
        Assert.Equal(new[] { ann, bob }.Order(StringComparer.Ordinal), lead.AllIds.Order(StringComparer.Ordinal));
        Assert.Single(lead.Whole.Ledger.Entries);
    }

    [Fact]
    public async Task Hundreds_of_browsers_of_one_person_in_one_batch_take_a_few_passes()
    {
        var pipeline = await BarePipeline.StartAsync();
        var browsers = Enumerable.Range(0, 150).ToList();

        await pipeline.ApplyAsync(true, [.. browsers.Select(n => Page($"p{n}", "/", n, anonymous: $"b{n}")), .. browsers.Select(n => Track($"l{n}", "Login", 200 + n, "agent", $"b{n}"))]);

        var agent = await pipeline.OfAsync(Identity.User("agent"));
        Assert.Equal((150, 150), (agent.Whole.Activity["page"].Total, agent.Whole.Activity["Login"].Total));
        Assert.Equal(150, agent.Whole.Identities.Count(name => name[0] == 'a'));
    }

    [Fact]
    public async Task What_was_on_its_way_when_a_process_died_is_not_taken_for_somebody_else()
    {
        // The row of the browser says that bob is coming; his redirect, and his event, are not there yet.
        var pipeline = await BarePipeline.StartAsync();
        await pipeline.ApplyAsync(Page("0", "/", 0, anonymous: "b"));
        await pipeline.ClaimAsync(Identity.Anonymous("b"), Identity.User("bob"));

        await pipeline.ApplyAsync(Track("1", "Login", 2, "ann", "b"));
        await pipeline.Another().ApplyAsync(Track("2", "Login", 1, "bob", "b"));

        Assert.Equal(["u:ann"], (await pipeline.OfAsync(Identity.User("ann"))).Whole.Identities);
        var bob = await pipeline.Another().OfAsync(Identity.User("bob"));
        Assert.Equal(["a:b", "u:bob"], bob.Whole.Identities);
        Assert.Null(bob.Claims);
    }
}

file static class Applying
{
    public static async Task ApplyAsync(this BarePipeline pipeline, bool isOneBatch, params LeadEvent[] events)
    {
        foreach (var batch in events.Chunk(isOneBatch ? events.Length : 1))
        {
            await pipeline.ApplyAsync(batch);
        }
    }

    public static async Task<LeadState> OfAsync(this BarePipeline pipeline, Identity identity) => await pipeline.FindAsync(identity.Hash()) ?? throw new InvalidOperationException($"Nobody is {identity.Key}.");
}
