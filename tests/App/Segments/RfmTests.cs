using FsCheck;
using FsCheck.Fluent;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Segments;
using static LeadFunctions.Tests.Segments.SegmentLead;

namespace LeadFunctions.Tests.Segments;

/// <summary>Recency, frequency and monetary: where fifths end, which group follows, and that it is true with an order and with time.</summary>
public sealed class RfmTests
{
    private const long Day = 86_400_000;

    // Ten days, thirty, sixty, a hundred and twenty; one order, two, three, five; 50, 100, 200, 500.
    private static readonly RfmBoundaries Boundaries = new([10 * Day, 30 * Day, 60 * Day, 120 * Day], [1, 2, 3, 5], [50, 100, 200, 500]);

    [Fact]
    public void Every_score_has_one_group_and_every_group_some_score()
    {
        var all = from r in Enumerable.Range(1, 5) from f in Enumerable.Range(1, 5) from m in Enumerable.Range(1, 5) select new RfmScore(r, f, m).Group;

        Assert.Equal(RfmScore.Groups.Order(StringComparer.Ordinal), all.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(11, RfmScore.Groups.Count);
    }

    [Theory]
    [InlineData(5, 5, 5, "champions")]
    [InlineData(5, 4, 3, "champions")]
    [InlineData(4, 4, 4, "loyal")]
    [InlineData(3, 5, 5, "loyal")]
    [InlineData(5, 2, 2, "potentialLoyalist")]
    [InlineData(5, 1, 1, "new")]
    [InlineData(4, 1, 1, "promising")]
    [InlineData(3, 3, 3, "needsAttention")]
    [InlineData(3, 1, 2, "aboutToSleep")]
    [InlineData(2, 3, 4, "atRisk")]
    [InlineData(1, 5, 5, "cannotLose")]
    [InlineData(2, 1, 1, "hibernating")]
    [InlineData(1, 1, 2, "lost")]
    public void Groups_are_those_that_everybody_knows(int recency, int frequency, int monetary, string group) => Assert.Equal(group, new RfmScore(recency, frequency, monetary).Group);

    [Fact]
    public void Fifths_are_those_of_the_buyers_one_by_one_but_for_the_grain_of_counting() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var (random, now) = (new Random(seed), Start);
        Purchases[] buyers = [.. Enumerable.Range(0, random.Next(1, 400)).Select(_ => new Purchases(random.Next(1, random.Next(2) == 0 ? 3 : 300), random.Next(5) == 0 ? 0 : Math.Round(Math.Exp(random.NextDouble() * 9), 2), now.ToUnixTimeMilliseconds() - random.NextInt64(900 * Day)))];

        var fifths = buyers.Aggregate(new RfmCount(), (count, bought) => count.With(bought, now)).Boundaries()!;

        for (var i = 1; i < 5; i++)
        {
            var place = (int)Math.Ceiling(buyers.Length * i / 5.0) - 1; // with it so many fifths are reached
            var (age, orders, amount) = (
                buyers.Select(bought => now.ToUnixTimeMilliseconds() - bought.Last).Order().ElementAt(place), buyers.Select(bought => (double)bought.Orders).Order().ElementAt(place), buyers.Select(bought => bought.Amount).Order().ElementAt(place));
            Assert.InRange(fifths.Recency[i - 1] - age, 0, 30 * Day);
            Assert.InRange(fifths.Frequency[i - 1], orders, orders * 1.06);
            Assert.InRange(fifths.Monetary[i - 1], amount * (1 - 1e-9), (amount * 1.0201) + 1e-9);
        }
    }).Check(Config.QuickThrowOnFailure.WithReplay(2026, 37).WithMaxTest(200));

    [Fact]
    public void Where_most_have_bought_once_they_are_all_of_the_lowest_fifth_and_nobody_is_counted_where_nobody_bought()
    {
        var count = Enumerable.Range(0, 100).Aggregate(new RfmCount(), (all, i) => all.With(new Purchases(i < 70 ? 1 : 2, 10, Start.ToUnixTimeMilliseconds()), Start));

        var fifths = count.Boundaries()!;

        Assert.Equal([1, 1, 1, 2], fifths.Frequency);
        Assert.Equal((1, 4), (fifths.Of(new(1, 10, 0), Start).Frequency, fifths.Of(new(2, 10, 0), Start).Frequency));
        Assert.Null(new RfmCount().Boundaries());
    }

    [Theory]
    [InlineData("""{"revenue":10,"total":99,"value":99}""", 10)]
    [InlineData("""{"total":"20.5"}""", 20.5)]
    [InlineData("""{"revenue":"free","value":3}""", 3)]
    [InlineData("""{"orderId":"o1"}""", 0)]
    public void An_order_counts_with_what_it_says_it_brought(string properties, double amount)
    {
        var lead = Lead(Parse("s", """{"rfm":{"frequency":{"gte":1}}}"""));

        lead.Track("Order Completed", System.Text.Json.JsonElement.Parse(properties));

        Assert.Equal(new Purchases(1, amount, Start.ToUnixTimeMilliseconds()), Purchases.At(lead.State.Own.Tallies!["rfm"], lead.Now));
        Assert.Equal(["s"], lead.In);
    }

    [Fact]
    public void A_group_is_true_with_the_order_and_at_the_very_minute_at_which_time_alone_changes_it()
    {
        var lead = Lead([.. RfmScore.Groups.Select(group => Parse(group, $$"""{"rfm":"{{group}}"}"""))]);

        lead.Track("Order Completed", new { revenue = 20 }).Advance(TimeSpan.FromDays(20)).Track("Order Completed", new { revenue = 400 }).Track("Order Completed", new { revenue = 100 })
            .Advance(TimeSpan.FromDays(200));

        string[] expected =
        [
            "06-01 10:00:00.000 +new", "06-11 10:00:00.001 -new (10:01:00)", "06-11 10:00:00.001 +promising (10:01:00)",
            "06-21 10:00:00.000 -promising", "06-21 10:00:00.000 +potentialLoyalist", "06-21 10:00:00.000 -potentialLoyalist", "06-21 10:00:00.000 +champions",
            "07-01 10:00:00.001 -champions (10:01:00)", "07-01 10:00:00.001 +loyal (10:01:00)",
            "08-20 10:00:00.001 -loyal (10:01:00)", "08-20 10:00:00.001 +atRisk (10:01:00)",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), lead.Moves.Order(StringComparer.Ordinal));
        Assert.InRange(lead.Writes.Ticks, 3, 8);
    }

    [Fact]
    public void Nobody_stands_anywhere_before_the_fifths_were_computed_and_everybody_is_judged_anew_when_they_are()
    {
        var segments = new[] { Parse("s", """{"rfm":["new","promising"]}"""), Parse("t", """{"not":{"rfm":{"recency":5}}}""") };
        var lead = new SegmentLead(SegmentLead.Rules(segments)).Track("Order Completed", new { revenue = 20 });
        Assert.Equal(["t"], lead.In);

        lead.Known = lead.Known with { Segments = new SegmentRules(2, segments, Boundaries) };
        lead.Tick();

        Assert.Equal(["s"], lead.In);
    }

    [Fact]
    public void Merged_leads_stand_where_all_their_orders_put_them()
    {
        var rules = Rules(Parse("s", """{"rfm":{"frequency":{"gte":2},"group":["potentialLoyalist"]}}"""));
        var (stays, goes) = (new SegmentLead(rules, Identity.User("ann").Hash()).Track("Order Completed", new { total = 30 }), new SegmentLead(rules, Identity.User("bob").Hash()).Track("Order Completed", new { total = 60 }));
        goes.Apply(Merges.Freeze(goes.State.Id, stays.State.Id, 0, Start));

        var merged = Reducer.Apply(stays.State, [new Arrival(Merges.Absorb(stays.State.Id, goes.State.Id, "e", Start), Start, [], goes.State)], rules, Start).State;

        Assert.Equal(["s"], merged.Segments!.In.Keys);
    }

    private static SegmentLead Lead(params IReadOnlyList<Segment> segments) => new(Rules([.. segments]));

    private static LeadRules Rules(params IReadOnlyList<Segment> segments) => SegmentLead.Rules(segments) with { Segments = new SegmentRules(1, segments, Boundaries) };
}
