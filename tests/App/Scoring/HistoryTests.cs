using LeadFunctions.Facts;
using LeadFunctions.Leads.Api;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Scoring;

/// <summary>What an event earned is decided by what happened up to it, to the millisecond and for ever.</summary>
public sealed class HistoryTests
{
    private const int Day = 24 * 60;

    [Theory]
    [InlineData("""{ "gte": 3 }""", 10)]
    [InlineData("1", 10)]
    [InlineData("""{ "lte": 2 }""", 20)]
    [InlineData("""{ "gte": 4 }""", 0)]
    public void Later_events_of_the_same_hour_do_not_count_for_an_earlier_one(string count, double expected)
    {
        var rules = Rules($$"""{ "all": [ { "event": "X" }, { "event": "X", "within": "1d", "count": {{count}} } ] }""");

        var lead = Apply(NewLead(), [Track("x1", "X", 10), Track("x2", "X", 20), Track("x3", "X", 30)], rules);

        Assert.Equal(expected, Reducer.ScoreOf(lead, rules, Start.AddDays(31)).Engagement);
    }

    [Fact]
    public void What_happened_just_after_an_event_is_not_what_happened_before_it()
    {
        var rules = Rules("""{ "all": [ { "event": "page" }, { "event": "Cart", "within": "1h" } ] }""");

        var lead = Apply(NewLead(), [Track("c0", "Cart", -9 * Day), Page("p1", "/", 10), Track("c1", "Cart", 50), Page("p2", "/", 110), Page("p3", "/", 111)], rules);

        Assert.Equal(["p2"], Engagement.Of(lead.Own.Ledger, rules, lead.Own, Start.AddDays(31)).Contributions.Where(c => c.Applied > 0).Select(c => c.EventId));
    }

    [Fact]
    public void An_old_event_keeps_its_points_whatever_comes_later()
    {
        var rules = Rules("""{ "all": [ { "event": "V" }, { "event": "P", "within": "1d" } ] }""");
        var lead = Apply(NewLead(), [Track("p0", "P", -4 * 60), Track("v1", "V", Day - 150), Track("v2", "V", Day - 241)], rules);

        for (var i = 0; i < 700; i += 7)
        {
            Assert.Equal([0, 10], Engagement.Of(lead.Own.Ledger, rules, lead.Own, Start.AddDays(900)).Contributions.OrderByDescending(c => c.At).Take(2).Select(c => c.Applied));
            lead = Apply(lead, [Track("later" + i, "P", (i + 2) * Day)], rules);
        }
    }

    [Fact]
    public void A_count_that_is_known_only_to_the_day_is_shown_as_such()
    {
        var rules = Rules("""{ "all": [ { "event": "V" }, { "event": ["P", "Q"], "within": "1d", "count": { "gte": 2 } } ] }""");
        var lead = Apply(NewLead(), [Track("q", "Q", 0), Track("v", "V", 60)], rules);
        lead.Own.Activity["P"] = new ActivityCounter { Total = 3, First = Start.AddDays(-9).ToUnixTimeMilliseconds(), Last = Start.AddDays(3).ToUnixTimeMilliseconds(), Days = new() { [20_512] = 2, [20_520] = 1 } };

        var explained = LeadsApiFunctions.Explain(lead, rules, Start.AddDays(4)).Contributions.Single();

        Assert.Equal(10m, explained.Now);
        Assert.Equal(["P"], explained.Coarse);
    }

    private static ScoringModels Rules(string when) => ScoringModels.None.WithLive(Shop.Engagement($$"""{ "id": "r", "points": 10, "when": {{when}} }"""));
}
