using LeadFunctions.Events;
using LeadFunctions.Interests;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Leads;
using LeadFunctions.Tests.Scoring;
using LeadFunctions.Tests.Segments;
using static LeadFunctions.Tests.Segments.SegmentLead;

namespace LeadFunctions.Tests.Interests;

/// <summary>What a lead looks at most: where it comes from, who may ask for it, and how a lead comes to it that has a history.</summary>
public sealed class InterestTests
{
    private const string Shoes = """{"interest":{"dimension":"category","top":"Shoes"}}""";

    [Fact]
    public void Segments_shop_events_and_pages_tell_of_products_categories_and_topics_as_they_are()
    {
        var lead = new SegmentLead();

        lead.Track("Product Viewed", new { product_id = "p1", name = "Runner", category = "Shoes" })
            .Track("Product Viewed", new { productId = "p2", category = "Hats" }).Track("Product Viewed", new { productId = "p2", category = "hats" })
            .Track("Product Added", new { sku = 77, name = " ", category = "Shoes" })
            .Track("page", new { category = "Shoes", topics = new[] { "running", "care" } }).Track("page", new { topic = "running" })
            .Track("Newsletter Opened", new { category = "Socks" })
            .Track("Order Completed", new { products = new object[] { new { name = "Runner", category = "Shoes", product_id = "p1" }, new { name = "Socks" }, 7 }, category = "Order" });

        Assert.Equal(
            ["category: Shoes 10, hats 2", "product: Runner 6, Socks 5, 77 3, p2 2", "topic: running 2, care 1"],
            Shown(lead).Select(dimension => $"{dimension.Key}: {string.Join(", ", dimension.Value.Select(one => FormattableString.Invariant($"{one.Value} {one.Weight}")))}").Order(StringComparer.Ordinal));
        Assert.Equal([0.83, 0.17], Shown(lead)["category"].Select(one => one.Share));
        lead.Advance(TimeSpan.FromDays(60));
        Assert.Equal([2.5, 0.5], Shown(lead)["category"].Select(one => one.Weight));
    }

    [Fact]
    public void A_scoring_model_says_otherwise()
    {
        var rules = Model("""{"halfLife":"1d","dimensions":{"plan":[{"event":["page","Demo Requested"],"property":["plan","context.campaign.term"],"weight":2},{"event":"page","property":"never"}]}}""");
        var lead = new SegmentLead(SegmentLead.Rules([], rules));

        lead.Track("Product Viewed", new { category = "Shoes" }).Track("page", new { plan = "pro", never = "asked" })
            .Apply(new LeadEvent { Id = "d", Type = EventType.Track, Name = "Demo Requested", At = lead.Now, UserId = "ann", Context = System.Text.Json.JsonElement.Parse("""{"campaign":{"term":"team"}}""") });
        lead.Advance(TimeSpan.FromDays(1));

        Assert.Equal("plan", Assert.Single(Shown(lead)).Key);
        Assert.Equal([("pro", 1.0), ("team", 1.0)], Shown(lead)["plan"].Select(one => (one.Value, one.Weight)).Order());
    }

    [Fact]
    public void Another_weight_and_half_life_hold_at_once_for_what_was_looked_at_before()
    {
        var lead = new SegmentLead(SegmentLead.Rules([], Model("""{"dimensions":{"category":[{"event":"a","property":"c"},{"event":"b","property":"c"}]}}""")));
        lead.Track("a", new { c = "x" }).Track("a", new { c = "x" }).Track("b", new { c = "y" });
        Assert.Equal("x", Shown(lead)["category"][0].Value);

        lead.Known = SegmentLead.Rules([], Model("""{"halfLife":"5d","dimensions":{"category":[{"event":"a","property":"c"},{"event":"b","property":"c","weight":8}]}}"""));
        lead.Advance(TimeSpan.FromDays(5));

        Assert.Equal([("y", 4.0), ("x", 1.0)], Shown(lead)["category"].Select(one => (one.Value, one.Weight)));
    }

    [Theory]
    [InlineData(Shoes, true)]
    [InlineData("""{"interest":{"dimension":"category","top":["hats","SHOES"]}}""", true)]
    [InlineData("""{"interest":{"dimension":"category","top":"hats"}}""", false)]
    [InlineData("""{"interest":{"dimension":"category","top":"shoes","weight":{"gte":3}}}""", true)]
    [InlineData("""{"interest":{"dimension":"category","top":"shoes","weight":{"gt":3}}}""", false)]
    [InlineData("""{"interest":{"dimension":"category","value":"hats","weight":{"gte":1}}}""", true)]
    [InlineData("""{"interest":{"dimension":"category","value":"hats","share":{"gt":0.25}}}""", false)]
    [InlineData("""{"interest":{"dimension":"category","value":"socks","weight":{"lt":1}}}""", true)]
    [InlineData("""{"interest":{"dimension":"category","share":{"gte":0.75}}}""", true)]
    [InlineData("""{"interest":{"dimension":"category","share":{"gte":0.76}}}""", false)]
    [InlineData("""{"interest":{"dimension":"topic","weight":{"gte":0}}}""", false)] // nothing is looked at most
    [InlineData("""{"not":{"interest":{"dimension":"colour","top":"red"}}}""", true)]
    public void Conditions_ask_for_it(string when, bool holds)
    {
        var lead = new SegmentLead(Parse("s", when));

        lead.Track("Product Added", new { category = "Shoes" }).Track("Product Viewed", new { category = "Hats" });

        Assert.Equal(holds ? ["s"] : [], lead.In);
    }

    [Fact]
    public void Who_stops_looking_leaves_at_the_very_minute_and_nobody_is_looked_at_for_a_rank()
    {
        var lead = new SegmentLead(Parse("fresh", """{"interest":{"dimension":"category","top":"shoes","weight":{"gte":0.5}}}"""), Parse("ever", Shoes));

        lead.Track("Product Viewed", new { category = "shoes" }).Advance(TimeSpan.FromDays(400));

        Assert.Equal(["06-01 10:00:00.000 +ever", "06-01 10:00:00.000 +fresh", "07-01 10:00:00.001 -fresh (10:01:00)"], lead.Moves);
        Assert.Equal(1, lead.Writes.Ticks); // as the weight falls under the level
    }

    [Fact]
    public void Merged_leads_are_asked_as_one_and_taking_back_gives_back_what_was()
    {
        var rules = SegmentLead.Rules([Parse("s", """{"interest":{"dimension":"category","top":"shoes","weight":{"gte":2}}}""")]);
        var (stays, goes) = (new SegmentLead(rules, Identity.User("ann").Hash()).Track("Product Viewed", new { category = "shoes" }), new SegmentLead(rules, Identity.User("bob").Hash()).Track("Product Viewed", new { category = "shoes" }));
        goes.Apply(Merges.Freeze(goes.State.Id, stays.State.Id, 0, Start));

        var merged = Reducer.Apply(stays.State, [new Arrival(Merges.Absorb(stays.State.Id, goes.State.Id, "e", Start), Start, [], goes.State)], rules, Start).State;

        Assert.Equal(["s"], merged.Segments!.In.Keys);
        Assert.Empty(Reducer.Apply(merged, [new Arrival(Merges.LetGo(stays.State.Id, goes.State.Id, "r", Start), Start, [])], rules, Start).State.Segments!.In);
    }

    [Fact]
    public void A_lead_with_a_history_from_before_stays_where_it_is_until_that_was_read()
    {
        var lead = new SegmentLead(SegmentLead.Rules([], Model("""{"dimensions":{}}"""))).Track("Product Viewed", new { category = "shoes" });
        Assert.Null(lead.State.Own.Looked);
        lead.Known = SegmentLead.Rules([Parse("s", $$"""{"not":{{Shoes}}}""")], revision: 2);

        lead.Track("page", new { category = "hats" });

        Assert.Empty(lead.In);
        Assert.True(lead.State.Segments!.Again);
        Assert.True(lead.State.Own.Lacks(lead.Known.History));
    }

    [Fact]
    public async Task What_leads_looked_at_before_is_read_once_from_their_timelines_also_of_those_that_they_absorbed()
    {
        var pipeline = await BarePipeline.StartAsync();
        pipeline.Rules = new LeadRules(Model("""{"dimensions":{}}"""), JourneyRules.None);
        await pipeline.ApplyAsync(View("1", 1, user: "ann"), View("2", 2, user: "ann"), View("3", 3, anonymous: "browser"), View("4", 4, user: "bob"));
        await pipeline.ApplyAsync(LeadEvents.Identify("5", 5, user: "ann", anonymous: "browser"));
        var ann = Identity.User("ann").Hash();
        Assert.Null((await pipeline.FindAsync(ann))!.Own.Looked);
        pipeline.Rules = new LeadRules(ScoringModels.None, JourneyRules.None);

        await pipeline.ApplyAsync(View("6", 6, user: "ann"));

        Assert.Equal((3, 1), await LooksAsync());
        Assert.Null((await pipeline.FindAsync(Identity.User("bob").Hash()))!.Own.Looked); // whoever does nothing costs nothing

        // Another instance applies events by rules that keep nothing: then it is read anew, and complete.
        var other = pipeline.Another();
        other.Rules = new LeadRules(Model("""{"dimensions":{}}"""), JourneyRules.None);
        await other.ApplyAsync(View("7", 7, user: "ann"));
        await pipeline.ApplyAsync(View("8", 8, user: "ann"));
        Assert.Equal((5, 1), await LooksAsync());

        async Task<(int Own, int Absorbed)> LooksAsync()
        {
            var (state, key) = ((await pipeline.FindAsync(ann))!, InterestRules.Default.Find("category")!.Key);
            return (state.Own.Looked![key].Count, Assert.Single(state.Absorbed).Record.Looked![key].Count);
        }
    }

    private static LeadEvent View(string id, int minute, string? user = null, string? anonymous = null) => LeadEvents.Track(id, "Product Viewed", minute, user, anonymous, new { category = "shoes" });

    private static ScoringModels Model(string interests) => ScoringModels.None.WithLive(Shop.Compile($$"""{"name":"m","engagement":{"rules":[]},"interests":{{interests}} }"""));

    private static IReadOnlyDictionary<string, IReadOnlyList<InterestAnswer>> Shown(SegmentLead lead) => InterestAnswer.Of(lead.State.Whole, lead.Known.Scoring.Interests, lead.Now)!;
}
