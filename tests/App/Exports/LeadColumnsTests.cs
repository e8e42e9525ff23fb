using LeadFunctions.Events;
using LeadFunctions.Exports;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Exports;

/// <summary>What stands in the cells of an export.</summary>
public sealed class LeadColumnsTests
{
    [Theory]
    [InlineData("true")]
    [InlineData("false", "*")]
    [InlineData("false", "granted")]
    [InlineData("false", "email")]
    [InlineData("true", "other")]
    public void An_answer_is_a_no_where_another_one_refuses_its_topic(string cell, params string[] refused)
    {
        var lead = Apply(NewLead(), [Said("yes", 0, new { news = true }), .. refused.Select(topic => Said(topic, 1, new Dictionary<string, bool> { [topic] = false }))]);

        Assert.Equal(cell, LeadColumns.Cell(LeadColumns.Of(new(lead, lead.Whole, default, []), "consent.news")));
    }

    [Fact]
    public void Whoever_was_not_asked_has_an_empty_cell()
    {
        var lead = Apply(NewLead(), [Said("yes", 0, new { news = true })]);

        Assert.Equal("", LeadColumns.Cell(LeadColumns.Of(new(lead, lead.Whole, default, []), "consent.offers")));
    }

    private static LeadEvent Said(string id, int minute, object answers) => Track(id, ConsentEvents.Changed, minute, "u1", properties: answers);
}
