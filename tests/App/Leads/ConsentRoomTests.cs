using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Facts;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Segments;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>However much is known of a lead, a no finds room, and takes none from others.</summary>
public sealed class ConsentRoomTests
{
    private const int Limit = TraitMap.AnswersLimit;

    [Fact]
    public void What_cannot_be_kept_as_it_came_is_kept_as_no_yes()
    {
        var agreed = Apply(NewLead(), [Change(1, new { marketing = true })]);

        Assert.NotNull(Refused(Apply(agreed, [Change(2, new { marketing = new string('n', 5_000) })])));
        Assert.NotNull(Refused(Apply(agreed, [Change(2, new { marketing = new { optedOut = new string('n', 5_000) } })])));
        Assert.NotNull(Refused(Apply(agreed, [Change(2, new { marketing = new { } })])));
        Assert.NotNull(Refused(Apply(agreed, [Change(2, new { marketing = new Dictionary<string, bool> { [new string('p', 201)] = false } })])));
        Assert.NotNull(Refused(Apply(agreed, [Change(2, new { marketing = new { a = new { b = new Dictionary<string, bool> { [new string('p', 201)] = false } } } })]), "marketing.a.b"));
        Assert.Null(Refused(Apply(agreed, [Change(2, new Dictionary<string, object> { [new string('p', 201)] = false, ["marketing"] = new Dictionary<string, bool> { [new string('p', 201)] = true } })])));
    }

    [Fact]
    public void A_flood_of_yes_gives_way_to_a_no_and_to_later_ones()
    {
        var lead = Apply(NewLead(), [Change(1, Topics("a", 400, true)), Change(2, Topics("b", 400, true)), Change(0, new { marketing = "no" })]);

        Assert.NotNull(Refused(lead));
        Assert.Equal((Limit, 400), (lead.Whole.Traits.Answers.Count(), lead.Whole.Traits.Answers.Count(answer => answer.Path.StartsWith('b'))));
        Assert.Null(Refused(lead, "a1"));
    }

    [Fact]
    public void A_flood_of_no_is_one_to_everything_until_there_is_a_yes_to_that()
    {
        var lead = Apply(NewLead(), [Change(1, new { marketing = false }), Change(2, Topics("a", 400, false)), Change(3, Topics("b", 400, false))]);
        Assert.Equal(Limit + 1, lead.Whole.Traits.Answers.Count());

        Assert.NotNull(Refused(lead));
        Assert.NotNull(Refused(Apply(lead, [Change(4, new { marketing = true })])));
        Assert.NotNull(Refused(Apply(lead, [Change(4, new { anything = true })]), "anything"));
        Assert.Null(Refused(Apply(lead, [Change(4, new Dictionary<string, bool> { ["*"] = true })])));
    }

    [Fact]
    public void The_order_in_which_a_flood_arrives_makes_no_difference()
    {
        LeadEvent[] flood = [Change(1, new { marketing = false }), Change(2, Topics("a", 300, true)), Change(3, Topics("b", 300, false)), Change(4, Topics("c", 300, false)), Change(5, new { news = true })];
        var rows = new[] { flood, [.. flood.AsEnumerable().Reverse()], [flood[2], flood[4], flood[0], flood[3], flood[1]] }
            .Select(order => Apply(NewLead(), order).Whole.Traits.Answers.Where(answer => answer.Said != Said.Yes).OrderBy(answer => answer.Path, StringComparer.Ordinal).ToList());

        Assert.All(rows, row => Assert.Equal(rows.First(), row));
    }

    [Fact]
    public void A_flood_takes_no_room_from_traits_stage_and_segments()
    {
        var lead = Apply(NewLead(), [Change(1, Topics("a", 3_000, false)), Identify("i", 2, "u1", traits: new { name = "Ann" }), InSegment("s", "vip", true, 3)]);

        Assert.Equal(("Ann", true), (lead.Whole.Traits.Find("name").Text, SegmentMembership.Of(lead.Whole.Traits).Contains("vip")));
    }

    [Fact]
    public void A_lead_that_is_full_of_everything_hears_a_no_also_after_it_was_stored()
    {
        var traits = Enumerable.Range(0, 600).ToDictionary(i => $"t{i}", i => i);
        var full = Apply(NewLead(), [Identify("i", 0, "u1", traits: traits), Change(1, Topics("a", 600, true)), .. Enumerable.Range(0, 600).Select(i => InSegment($"s{i}", $"s{i}", true, 2))]);
        var row = (Azure.Data.Tables.TableEntity)LeadRows.Write(full, default, null).Entity;
        var read = ((LeadRow.Profile)LeadRows.Read(row)).State;

        Assert.NotNull(Refused(Apply(read, [Change(3, new { marketing = false })])));
        Assert.Equal(Limit, Apply(read, [Change(3, new { marketing = false })]).Whole.Traits.Answers.Count());
    }

    [Fact]
    public void Of_merged_leads_the_no_of_either_counts()
    {
        var flooded = Apply(new LeadState { Id = Identity.Anonymous("a2").Hash() }, [Change(1, Topics("a", 600, false))]);
        var union = LeadRecord.Union(Apply(NewLead(), [Change(2, new { marketing = true })]).Whole, flooded.Whole);

        Assert.NotNull(TopicConsent.Refuse("marketing", "email", union));
    }

    private static Dictionary<string, bool> Topics(string prefix, int count, bool answer) => Enumerable.Range(0, count).ToDictionary(i => $"{prefix}{i}", _ => answer);

    private static LeadEvent Change(int minute, object answers) => Track($"c{minute}", "Consent Changed", minute, "u1", properties: answers);

    private static string? Refused(LeadState lead, string topic = "marketing") => TopicConsent.Refuse(topic, "email", lead.Whole);
}
