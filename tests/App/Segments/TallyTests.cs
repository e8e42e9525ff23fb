using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;
using LeadFunctions.Tests.Leads;
using static LeadFunctions.Tests.Segments.SegmentLead;

namespace LeadFunctions.Tests.Segments;

/// <summary>Events of the past by more than their names: what is kept of them, how it is asked, and how a lead comes to it that has a history.</summary>
public sealed class TallyTests
{
    [Theory]
    [InlineData("""{"event":"page","where":{"path":{"startsWith":"/pricing"}}}""", true)]
    [InlineData("""{"event":"page","where":{"path":{"startsWith":"/pricing"}},"count":2}""", true)]
    [InlineData("""{"event":"page","where":{"path":{"startsWith":"/pricing"}},"count":2,"within":"3d"}""", false)]
    [InlineData("""{"event":"page","where":{"path":"/careers"},"count":0}""", true)]
    [InlineData("""{"event":"Order Completed","sum":{"property":"revenue","gte":30.1}}""", true)]
    [InlineData("""{"event":"Order Completed","sum":{"property":"revenue","gt":30.1}}""", false)]
    [InlineData("""{"event":"Order Completed","sum":{"property":"revenue","lt":20.5},"within":"1d"}""", true)]
    [InlineData("""{"event":"Order Completed","sum":{"property":"nothing","equals":0}}""", true)]
    [InlineData("""{"event":["page","Order Completed"],"distinct":{"property":"path","equals":3}}""", true)]
    [InlineData("""{"event":"page","distinct":{"property":"path","gte":2},"within":"2d"}""", false)]
    [InlineData("""{"event":["page","Order Completed"],"distinct":{"property":"coupon","equals":1}}""", true)] // a blank text is nothing
    [InlineData("""{"event":"page","first":{"within":"5d"}}""", true)]
    [InlineData("""{"event":"page","first":{"within":"3d"}}""", false)]
    [InlineData("""{"event":"page","last":{"before":"2026-06-01"}}""", false)]
    [InlineData("""{"event":"page","last":{"after":"2026-06-01"},"first":{"before":"2026-06-02"}}""", true)]
    [InlineData("""{"event":"page","where":{"path":"/b"},"then":{"event":"Order Completed","within":"1d"}}""", true)]
    [InlineData("""{"event":"page","where":{"path":"/b"},"then":{"event":"Order Completed","within":"23h"}}""", false)]
    [InlineData("""{"event":"page","then":{"not":{"event":"Order Completed","within":"1h"}}}""", true)]
    [InlineData("""{"event":"page","within":"1h","then":{"not":{"event":"Order Completed","within":"1h"}}}""", false)]
    public void What_happened_is_asked_by_more_than_names(string when, bool holds)
    {
        var lead = new SegmentLead(Parse("s", when));
        foreach (var (name, properties) in (IEnumerable<(string, object)>)
            [("page", new { path = "/pricing" }), ("page", new { path = "/pricing/pro" }), ("page", new { path = "/b" }), ("Order Completed", new { revenue = 10.1, coupon = " " }), ("Order Completed", new { revenue = "20", coupon = "x" })])
        {
            lead.Track(name, properties).Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(holds, lead.In.Count == 1);
    }

    [Theory]
    [InlineData("""{"event":"Order Completed","where":{"revenue":{"gte":5}},"within":"7d"}""", "06-01 10:00:30.000 +s", "06-08 10:00:30.001 -s (10:01:00)")]
    [InlineData("""{"event":"Order Completed","sum":{"property":"revenue","gte":10},"within":"2d"}""", "06-01 10:00:30.000 +s", "06-03 10:00:30.001 -s (10:01:00)")]
    [InlineData("""{"event":"Order Completed","last":{"within":"7d"}}""", "06-01 10:00:30.000 +s", "06-08 10:00:30.001 -s (10:01:00)")]
    [InlineData("""{"event":"Order Completed","then":{"not":{"event":"Thanked","within":"2h"}}}""", "06-01 12:00:30.001 +s (12:01:00)")]
    [InlineData("""{"event":"Order Completed","within":"1d","then":{"not":{"event":"Thanked","within":"2h"}}}""", "06-01 12:00:30.001 +s (12:01:00)", "06-02 10:00:30.001 -s (10:01:00)")]
    public void Time_alone_changes_it_at_the_very_moment(string when, params string[] moves) =>
        Assert.Equal(moves, new SegmentLead(Parse("s", when)).Advance(TimeSpan.FromSeconds(30)).Track("Order Completed", new { revenue = 12 }).Advance(TimeSpan.FromDays(60)).Moves);

    [Theory]
    [InlineData("equals")]
    [InlineData("lte")]
    [InlineData("gte")]
    public void Amounts_add_up_to_what_they_are_in_decimals(string @operator) =>
        Assert.Equal(["s"], new SegmentLead(Parse("s", $$$"""{"event":"Order Completed","sum":{"property":"revenue","{{{@operator}}}":0.29}}""")).Track("Order Completed", new { revenue = 0.1 }).Track("Order Completed", new { revenue = 0.19 }).In);

    [Fact]
    public void The_same_question_is_kept_once_whoever_asks_it()
    {
        var rules = new SegmentRules(1,
        [
            Parse("a", """{"event":["x","y"],"where":{"p":1,"q":{"lt":3}},"within":"3d"}"""), Parse("b", """{"not":{"event":["y","x"],"where":{"q":{"lt":3},"p":1},"count":{"gte":4}}}"""),
            Parse("c", """{"event":["x","y"],"sum":{"property":"p","gte":1}}"""),
        ]);

        Assert.Equal([TallyKind.Times, TallyKind.Amounts], rules.Tallies.Select(tally => tally.Kind).Order());
    }

    [Fact]
    public void The_newest_thousand_are_kept_one_by_one_and_of_all_the_number_the_first_the_last_and_the_sum()
    {
        var random = new Random(3);
        var all = Enumerable.Range(0, 3_000).Select(i => (At: 1_000_000L * random.Next(2_000), Value: (long)random.Next(100))).ToList();
        var (inOrder, shuffled) = (Of(all), Of([.. all.OrderBy(_ => random.Next())]));
        var united = Tally.Union(Of(all[..1_700]), Of(all[1_700..]));

        var kept = all.OrderBy(one => one.At).ThenBy(one => one.Value).TakeLast(Tally.Most).ToList();
        foreach (var tally in (Tally[])[inOrder, shuffled, united])
        {
            Assert.Equal((3_000, all.Min(one => one.At), all.Max(one => one.At), all.Sum(one => one.Value)), (tally.Total, tally.First, tally.Last, tally.Sum));
            Assert.Equal(kept.Select(one => one.At), tally.Times.ToArray());
            Assert.Equal(kept.Select(one => one.Value), tally.Values.ToArray());
        }

        Assert.Equal(1, Of([(0, 1), (401L * 86_400_000, 1)]).Times.Length); // nor for longer than 400 days

        static Tally Of(IReadOnlyList<(long At, long Value)> events) => events.Aggregate(Tally.Empty, (tally, one) => tally.With(one.At, one.Value));
    }

    [Fact]
    public void A_row_holds_them()
    {
        var lead = new SegmentLead(Parse("s", """{"all":[{"event":"a","sum":{"property":"v","gte":-5}},{"event":"a","where":{"v":7}},{"event":"b","where":{"v":7},"count":0}]}"""));
        lead.Track("a", new { v = -3.25 }).Advance(TimeSpan.FromDays(3)).Track("a", new { v = 7 }).Track("b");

        var row = (Azure.Data.Tables.TableEntity)LeadFunctions.Leads.Pipeline.LeadRows.Write(lead.State, default, null).Entity;
        var read = ((LeadFunctions.Leads.Pipeline.LeadRow.Profile)LeadFunctions.Leads.Pipeline.LeadRows.Read(row)).State.Own.Tallies!;

        Assert.Equal(3, read.Count);
        Assert.All(lead.State.Own.Tallies!, tally =>
        {
            var other = read[tally.Key];
            Assert.Equal((tally.Value.Total, tally.Value.First, tally.Value.Last, tally.Value.Sum), (other.Total, other.First, other.Last, other.Sum));
            Assert.Equal(tally.Value.Times.ToArray(), other.Times.ToArray());
            Assert.Equal(tally.Value.Values.ToArray(), other.Values.ToArray());
        });
        Assert.Equal(3.75, read.Values.Max(tally => tally.Sum) / Tally.PerUnit);
    }

    [Fact]
    public void A_lead_with_a_history_from_before_stays_where_it_is_until_that_was_read()
    {
        var lead = new SegmentLead(SegmentLead.Rules([], revision: 1)).Track("a", new { v = 1 });
        lead.Known = SegmentLead.Rules([Parse("s", """{"not":{"event":"a","where":{"v":1},"within":"9d"}}"""), Parse("t", """{"event":"b","where":{"v":1}}""")], revision: 2);

        lead.Track("b", new { v = 1 });

        Assert.Equal(["t"], lead.In); // of the one nothing can have come before
        Assert.True(lead.State.Segments!.Again);
        Assert.True(lead.State.Own.Lacks(lead.Known.History));
    }

    [Fact]
    public async Task What_leads_did_before_is_read_once_from_their_timelines_also_of_those_that_they_absorbed()
    {
        var pipeline = await BarePipeline.StartAsync();
        await pipeline.ApplyAsync(Page("1", "/pricing", 1, user: "ann"), Page("2", "/other", 2, user: "ann"), Page("3", "/pricing", 3, anonymous: "browser"), Page("4", "/pricing", 4, user: "bob"));
        await pipeline.ApplyAsync(LeadEvents.Identify("5", 5, user: "ann", anonymous: "browser"));
        pipeline.Rules = new LeadRules(ScoringModels.None, JourneyRules.None, new SegmentRules(1, [Parse("s", """{"event":"page","where":{"path":"/pricing"},"count":{"gte":3}}""")]));

        await pipeline.ApplyAsync(Page("6", "/pricing", 6, user: "ann"));

        var ann = (await pipeline.FindAsync(Identity.User("ann").Hash()))!;
        Assert.Equal(["s"], ann.Segments!.In.Keys);
        Assert.Equal((2, 1), (Assert.Single(ann.Own.Tallies!).Value.Total, Assert.Single(Assert.Single(ann.Absorbed).Record.Tallies!).Value.Total));
        Assert.Null((await pipeline.FindAsync(Identity.User("bob").Hash()))!.Own.Tallies); // whoever does nothing costs nothing

        // Another instance applies events by rules that do not ask: then it is read anew, and complete.
        var other = pipeline.Another();
        await other.ApplyAsync(Page("7", "/pricing", 7, user: "ann"));
        await pipeline.ApplyAsync(Page("8", "/pricing", 8, user: "ann"));
        Assert.Equal(4, Assert.Single((await pipeline.FindAsync(ann.Id))!.Own.Tallies!).Value.Total);
    }

    [Fact]
    public void Merged_leads_are_asked_as_one()
    {
        var rules = SegmentLead.Rules([Parse("s", """{"event":"a","sum":{"property":"v","gte":10}}""")]);
        var (stays, goes) = (new SegmentLead(rules, Identity.User("ann").Hash()).Track("a", new { v = 6 }), new SegmentLead(rules, Identity.User("bob").Hash()).Track("a", new { v = 4 }));
        goes.Apply(Merges.Freeze(goes.State.Id, stays.State.Id, 0, Start));

        var merged = Reducer.Apply(stays.State, [new Arrival(Merges.Absorb(stays.State.Id, goes.State.Id, "e", Start), Start, [], goes.State)], rules, Start).State;

        Assert.Equal(["s"], merged.Segments!.In.Keys);
        Assert.Empty(Reducer.Apply(merged, [new Arrival(Merges.LetGo(stays.State.Id, goes.State.Id, "r", Start), Start, [])], rules, Start).State.Segments!.In);
    }

    [Fact]
    public void Who_was_merged_and_is_merged_on_is_asked_as_one_too_after_a_write_and_a_read()
    {
        var rules = SegmentLead.Rules([Parse("s", """{"event":"a","sum":{"property":"v","gte":10}}""")]);
        LeadState[] states = [.. new[] { 5, 3, 2 }.Select((v, n) => new SegmentLead(rules, Identity.User($"p{n}").Hash()).Track("a", new { v }).State)];

        var both = Kept(Merge(states[1], states[2]));
        var all = Kept(Merge(states[0], both));

        Assert.Equal(["s"], all.Segments!.In.Keys);
        Assert.True(((ILeadFacts)all.Whole).TryTally(rules.Segments.Tallies[0].Key, rules.Segments.Tallies[0].Names, out var tally));
        Assert.Equal((3, 10.0), (tally.Total, tally.Sum / Tally.PerUnit));

        LeadState Merge(LeadState stays, LeadState goes)
        {
            var frozen = Reducer.Apply(goes, [new Arrival(Merges.Freeze(goes.Id, stays.Id, 0, Start), Start, [])], rules, Start).State;
            return Reducer.Apply(stays, [new Arrival(Merges.Absorb(stays.Id, frozen.Id, $"e{goes.Id}", Start), Start, [], frozen)], rules, Start).State;
        }

        static LeadState Kept(LeadState state) => JsonSerializer.Deserialize(JsonSerializer.Serialize(state, LeadsJson.Default.LeadState), LeadsJson.Default.LeadState)!; // was written
    }

    private static LeadEvent Page(string id, string path, int minute, string? user = null, string? anonymous = null) => LeadEvents.Page(id, path, minute, user, anonymous);
}
