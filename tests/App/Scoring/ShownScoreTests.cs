using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Segments;

namespace LeadFunctions.Tests.Scoring;

/// <summary>Scores count as they are shown.</summary>
public sealed class ShownScoreTests
{
    private static readonly ScoringModels Views = ScoringModels.None.WithLive(Shop.Engagement("""{ "id": "view", "when": { "event": "page" }, "points": 10, "halfLife": "30d" }"""));

    [Fact]
    public void What_is_rounded_stays_and_is_the_number_that_a_document_spells()
    {
        var (random, before) = (new Random(1), double.NegativeInfinity);
        foreach (var score in Enumerable.Range(0, 20_000).Select(i => random.NextDouble() * Math.Pow(10, i % 9) * (i % 5 == 0 ? -1 : 1)).Order())
        {
            var shown = ShownScore.Of(score);
            Assert.True(shown >= before && Math.Abs(shown - score) <= ShownScore.Half * 1.0001);
            Assert.Equal(shown, ShownScore.Of(shown));
            Assert.Equal(shown, double.Parse($"{ScoreExplanation.Hundredths(score)}", System.Globalization.CultureInfo.InvariantCulture));
            before = shown;
        }

        Assert.Equal("0", $"{ShownScore.Of(-0.001)}");
        Assert.Equal(1e300, ShownScore.Of(1e300));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(60, false)]
    public void Who_is_shown_with_fifty_has_fifty(int minutesBetween, bool isFifty)
    {
        var rules = new LeadRules(Views, JourneyRules.None, new SegmentRules(1, [SegmentLead.Parse("hot", """{"engagement":{"gte":50}}""")]));
        var lead = new SegmentLead(rules);
        for (var i = 0; i < 5; i++)
        {
            lead.Advance(TimeSpan.FromMinutes(i == 0 ? 0 : minutesBetween)).Track("page");
        }

        var shown = ScoreExplanation.Hundredths(Engagement.Of(lead.State.Whole.Ledger, Views, lead.State.Whole, lead.Now).Sum);
        Assert.Equal((isFifty, isFifty), (shown == 50, lead.In.Contains("hot")));

        // And no longer than it is shown.
        lead.Advance(TimeSpan.FromDays(1));
        var left = lead.Timeline.Where(entry => entry.Event.Name == SegmentEvents.Left).Select(entry => entry.Event.At).ToList();
        Assert.Equal(isFifty ? 1 : 0, left.Count);
        Assert.All(left, at => Assert.Equal((50m, 49.99m), (ShownAt(at.AddMilliseconds(-1)), ShownAt(at))));

        decimal ShownAt(DateTimeOffset at) => ScoreExplanation.Hundredths(Engagement.Of(lead.State.Whole.Ledger, Views, lead.State.Whole, at).Sum);
    }

    [Fact]
    public void A_grade_follows_from_the_fit_that_is_shown()
    {
        var model = Shop.Compile("""{"name":"m","fit":{"grades":{"A":0.8,"B":0.5,"C":0.2,"D":0.1},"rules":[{"id":"a","when":{"trait":"x","equals":1},"points":0.7},{"id":"b","when":{"trait":"x","equals":1},"points":0.1}]}}""");

        Assert.Equal((0.8, "A"), (model.FitOf(new Lead("""{"x":1}"""), Shop.Start).Score, model.FitOf(new Lead("""{"x":1}"""), Shop.Start).Grade)); // 0.7 and 0.1 are a little less in doubles
    }

    [Fact]
    public void The_pace_names_the_moment_that_the_course_finds()
    {
        var (random, named, left) = (new Random(11), 0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var model = Shop.Engagement($$"""
                { "id": "fades", "when": { "event": "fades" }, "points": {{random.Next(1, 4000) / 100.0}}, "halfLife": "{{random.Next(1, 60)}}d" },
                { "id": "lasts", "when": { "event": "lasts" }, "points": {{random.Next(1, 3000) / 100.0}} }
                """, random.Next(3) == 0 ? $"\"cap\": {random.Next(1, 40)}" : null);
            var models = ScoringModels.None.WithLive(model);
            var ledger = model.Earn(Enumerable.Range(0, random.Next(1, 6)).Select(n => Shop.Event(random.Next(3) == 0 ? "lasts" : "fades", TimeSpan.FromMinutes(-random.Next(100_000)), id: $"e{n}")));
            var (value, _, pace) = Engagement.ValueAndCurve(ledger, models, LeadFunctions.Tests.Scoring.Lead.Unknown, Shop.Start, withCurve: false, null, null);
            double[] levels = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(4) switch { 0 => value, 1 => Math.Floor(value), 2 => random.Next(0, 6000) / 100.0, _ => random.Next(0, 60_000) / 1000.0 })];

            var found = EngagementCourse.Of(ledger, models, LeadFunctions.Tests.Scoring.Lead.Unknown).NextChange(levels, Shop.Start);
            if (pace.TryNextChange(levels, Shop.Start, out var next))
            {
                named++;
                Assert.True(next == found || (found is { } exact && next == exact.AddMilliseconds(-1)), $"{next:O} and {found:O} of {value}, {string.Join(", ", levels)}");
            }
            else
            {
                left++;
            }

            Assert.True(found is null || found > Shop.Start.AddDays(900) || pace.MayChange(levels, Shop.Start, found.Value));
        }

        Assert.True(named > 20 * left, $"{named} named, {left} left to the walk");
    }

    /// <summary>The README's first lead, and the sample model: what somebody sees who has just begun.</summary>
    [Fact]
    public void With_the_sample_model_a_visitor_who_fits_looks_around_and_fills_a_cart_is_marketing_qualified_and_one_who_only_looks_is_not()
    {
        Assert.Equal("lead", Visit(cart: false, employees: 80).State.Whole.Stage);
        Assert.Equal("mql", Visit(cart: true, employees: 80).State.Whole.Stage);
        Assert.Equal("lead", Visit(cart: true, employees: 3, country: "US").State.Whole.Stage); // who does not fit is not for sales
        Assert.Equal("lead", Visit(cart: false, employees: 80).Advance(TimeSpan.FromDays(30)).Track("Product Added", new { productId = "p1" }).State.Whole.Stage); // all is long ago

        static SegmentLead Visit(bool cart, int employees, string country = "PL")
        {
            var lead = new SegmentLead(new LeadRules(Shop.Models, JourneyRules.None, SegmentRules.None, LifecycleRules.BuiltIn)).Identify(new { email = "ann@example.com", country, company = new { employees } });
            for (var day = 0; day < 3; day++)
            {
                lead.Track("page", new { path = "/pricing" }).Advance(TimeSpan.FromMinutes(5));
                lead.Track("Product Viewed", new { productId = $"p{day}" }).Advance(TimeSpan.FromHours(20));
            }

            return cart ? lead.Track("Product Added", new { productId = "p1" }) : lead;
        }
    }
}
