using LeadFunctions.Scoring;

namespace LeadFunctions.Tests.Scoring;

public sealed class EngagementTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void Score_halves_after_one_half_life()
    {
        var ledger = Shop.Model.Earn(Shop.Event("Product Added", TimeSpan.Zero));

        Assert.Equal(15, Engagement.Value(ledger, Shop.Models, Lead.Unknown, Shop.Start));
        Assert.Equal(7.5, Engagement.Value(ledger, Shop.Models, Lead.Unknown, Shop.Start + (7 * Day)));
        Assert.Equal(3.75, Engagement.Value(ledger, Shop.Models, Lead.Unknown, Shop.Start + (14 * Day)));
    }

    [Fact]
    public void A_rule_without_a_half_life_keeps_its_points()
    {
        var ledger = Shop.Model.Earn(Shop.Event("Order Completed", TimeSpan.Zero));

        Assert.Equal(50, Engagement.Value(ledger, Shop.Models, Lead.Unknown, Shop.Start + (4000 * Day)));
    }

    [Fact]
    public void A_window_counts_the_first_of_it_by_event_time()
    {
        var days = new[] { 5, 0, 3, 1, 8, 2 }; // As they arrive.
        var ledger = Shop.Model.Earn(days.Select(day => Shop.Event("page", day * Day, """{"path":"/Pricing/plans"}""")));

        var sheet = Engagement.Of(ledger, Shop.Models, Lead.Unknown, Shop.Start + (9 * Day));

        Assert.Equal([10, 10, 10, 0, 0, 10], sheet.Contributions.Select(c => Math.Round(c.Applied)));
        Assert.Equal([null, null, null, Reduction.Repeat, Reduction.Repeat, null], sheet.Contributions.Select(c => c.Reduced));
    }

    [Fact]
    public void Once_per_value_counts_the_earliest_of_each_value_and_one_without()
    {
        var ledger = Shop.Model.Earn(
            Shop.Event("Product Viewed", 2 * Day, """{"productId":"a"}"""),
            Shop.Event("Product Viewed", 1 * Day, """{"productId":"a"}"""),
            Shop.Event("Product Viewed", 3 * Day, """{"productId":17}"""),
            Shop.Event("Product Viewed", 4 * Day, """{"productId":"17"}"""),
            Shop.Event("Product Viewed", 5 * Day),
            Shop.Event("Product Viewed", 6 * Day));

        var sheet = Engagement.Of(ledger, Shop.Models, Lead.Unknown, Shop.Start + (6 * Day));

        Assert.Equal([5, 0, 5, 0, 5, 0], sheet.Contributions.Select(c => c.Applied));
    }

    [Fact]
    public void Once_counts_the_earliest_event_even_when_it_arrives_last()
    {
        var late = Shop.Event("page", 1 * Day, """{"path":"/careers"}""");
        var early = Shop.Event("page", TimeSpan.Zero, """{"path":"/careers/9"}""");

        var sheet = Engagement.Of(Shop.Model.Earn(late, early), Shop.Models, Lead.Unknown, Shop.Start + (2 * Day));

        Assert.Equal([(early.Id, -20), (late.Id, 0)], sheet.Contributions.Select(c => (c.EventId, (int)c.Applied)));
    }

    [Fact]
    public void Learning_later_that_someone_is_internal_takes_the_points_away()
    {
        var ledger = Shop.Model.Earn(Shop.Event("Order Completed", TimeSpan.Zero), Shop.Event("Product Added", TimeSpan.Zero));

        Assert.Equal(65, Engagement.Value(ledger, Shop.Models, Lead.Unknown, Shop.Start));
        Assert.Equal(15, Engagement.Value(ledger, Shop.Models, new Lead("""{"internal":true}"""), Shop.Start));
        var order = Engagement.Of(ledger, Shop.Models, new Lead("""{"internal":"True"}"""), Shop.Start).Contributions.Single(c => c.Rule == "order");
        Assert.Equal((50.0, 0.0, Reduction.Condition), (order.Points, order.Applied, order.Reduced));
    }

    [Fact]
    public void History_is_asked_as_of_the_events_own_time()
    {
        var models = ScoringModels.None.WithLive(Shop.Engagement("""
            { "id": "back", "points": 8, "when": { "all": [ { "event": "page" }, { "event": "Order Completed", "within": "30d" } ] } },
            { "id": "loyal", "points": 3, "when": { "all": [ { "event": "page" }, { "event": ["Order Completed", "Order Repeated"], "count": { "gte": 2 } } ] } }
            """));
        var ledger = models.Live!.Earn(Shop.Event("page", TimeSpan.Zero), Shop.Event("page", 10 * Day), Shop.Event("page", 50 * Day)); // A live model was given.
        var lead = new Lead("{}", ("Order Completed", Shop.Start + (5 * Day)), ("Order Repeated", Shop.Start + (40 * Day)));

        var counted = Engagement.Of(ledger, models, lead, Shop.Start + (60 * Day)).Contributions.Where(c => c.Applied > 0).Select(c => (c.Rule, (c.At - Shop.Start).Days));

        Assert.Equal([("back", 10), ("loyal", 50)], counted);
    }

    [Fact]
    public void A_group_cap_leaves_what_fits_beside_the_decayed_points_of_then()
    {
        var events = Enumerable.Range(0, 9).Select(i => Shop.Event("Product Viewed", TimeSpan.Zero, $$"""{"productId":{{i}}}""", $"p{i}"))
            .Append(Shop.Event("page", 7 * Day, """{"path":"/pricing"}""", "q0"))
            .Append(Shop.Event("page", 7 * Day, """{"path":"/pricing"}""", "q1"))
            .Append(Shop.Event("page", 7 * Day, """{"path":"/pricing"}""", "q2"));

        var sheet = Engagement.Of(Shop.Model.Earn(events), Shop.Models, Lead.Unknown, Shop.Start + (7 * Day));

        Assert.Equal([5, 5, 5, 5, 5, 5, 5, 5, 0, 10, 10, 0], sheet.Contributions.Select(c => c.Applied));
        Assert.Equal(40, sheet.Engagement);
        Assert.Equal([Reduction.Cap, Reduction.Cap], sheet.Contributions.Where(c => c.Applied == 0).Select(c => c.Reduced));
    }

    [Fact]
    public void A_rule_cap_limits_positive_points_and_lets_negative_ones_pass()
    {
        var models = ScoringModels.None.WithLive(Shop.Engagement("""
            { "id": "up", "points": 6, "cap": 10, "when": { "event": "up" } },
            { "id": "down", "points": -6, "cap": 0, "group": "g", "when": { "event": "down" } },
            { "id": "again", "points": 4, "group": "g", "when": { "event": "again" } }
            """, """ "groups": { "g": { "cap": 3 } } """));
        var names = new[] { "up", "up", "up", "down", "again", "again", "again" };
        var ledger = models.Live!.Earn(names.Select((name, i) => Shop.Event(name, TimeSpan.FromSeconds(i)))); // A live model was given.

        var sheet = Engagement.Of(ledger, models, Lead.Unknown, Shop.Start + Day);

        Assert.Equal([6, 4, 0, -6, 4, 4, 1], sheet.Contributions.Select(c => c.Applied));
    }

    [Fact]
    public void The_total_is_clamped_to_zero_and_to_the_cap_and_says_so()
    {
        var careers = Shop.Model.Earn(Shop.Event("page", TimeSpan.Zero, """{"path":"/careers"}"""));
        var orders = Shop.Model.Earn(Enumerable.Range(0, 5).Select(i => Shop.Event("Order Completed", i * Day)));

        Assert.Equal(new Clamp(-20, 0, "zero"), Engagement.Of(careers, Shop.Models, Lead.Unknown, Shop.Start).Clamp);
        Assert.Equal(new Clamp(250, 200, "cap"), Engagement.Of(orders, Shop.Models, Lead.Unknown, Shop.Start + (9 * Day)).Clamp);
        Assert.Null(Engagement.Of(orders, Shop.Models, Lead.Unknown, Shop.Start + Day).Clamp);
    }

    [Fact]
    public void An_event_of_the_future_does_not_count_yet()
    {
        var ledger = Shop.Model.Earn(Shop.Event("Product Added", Day));

        Assert.Equal(0, Engagement.Value(ledger, Shop.Models, Lead.Unknown, Shop.Start));
        Assert.Equal(15, Engagement.Value(ledger, Shop.Models, Lead.Unknown, Shop.Start + Day));
    }

    [Fact]
    public void Entries_count_by_their_own_version_and_repeats_by_rule_in_all_versions()
    {
        var first = Shop.Engagement("""{ "id": "a", "points": 5, "when": { "event": "x" } }, { "id": "gone", "points": 2, "halfLife": "1d", "when": { "event": "x" } }""", version: 1);
        var second = Shop.Engagement("""{ "id": "A", "points": 100, "repeat": "once", "when": { "event": "x" } }""", version: 2);
        var models = ScoringModels.None.With(first).WithLive(second);
        var ledger = first.Earn(Shop.Event("x", TimeSpan.Zero)).Union(second.Earn(Shop.Event("x", Day)));

        var sheet = Engagement.Of(ledger, models, Lead.Unknown, Shop.Start + Day);

        Assert.Equal([("m@1", "a", 5.0), ("m@1", "gone", 1.0), ("m@2", "a", 0.0)], sheet.Contributions.Select(c => (c.Model, c.Rule, c.Now)));
    }

    [Fact]
    public void Entries_of_a_lost_version_count_nothing_and_say_so()
    {
        var ledger = Shop.Model.Earn(Shop.Event("Product Added", TimeSpan.Zero));

        var sheet = Engagement.Of(ledger, ScoringModels.None, Lead.Unknown, Shop.Start);

        Assert.Equal(0, sheet.Engagement);
        Assert.Equal(Reduction.UnknownModel, Assert.Single(sheet.Contributions).Reduced);
    }

    [Fact]
    public void Points_given_by_hand_need_no_model()
    {
        var ledger = Ledger.Empty.Add([LedgerEntry.Given(Shop.Event("points", TimeSpan.Zero), 12.5)]);

        Assert.Equal(12.5, Engagement.Value(ledger, ScoringModels.None, Lead.Unknown, Shop.Start + Day));
    }

    [Fact]
    public void Fit_sums_the_rules_that_hold_and_grades_the_sum()
    {
        var fit = Shop.Model.FitOf(new Lead("""{"country":"pl","company":{"employees":"120"},"email":"x@Gmail.com"}"""), Shop.Start);

        Assert.Equal((70.0, "B"), (fit.Score, fit.Grade));
        Assert.Equal([new("market", 30), new("size", 50), new("freemail", -10)], fit.Contributions);
        Assert.Equal("F", Shop.Model.FitOf(Lead.Unknown, Shop.Start).Grade);
    }
}
