using System.Text.Json;
using LeadFunctions.Leads.Listing;
using LeadFunctions.Leads.State;
using LeadFunctions.Lifecycle;
using LeadFunctions.Messaging;
using LeadFunctions.Segments;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

public sealed class HumanActTests
{
    [Theory]
    [InlineData(MessageEvents.Clicked, true)]
    [InlineData(MessageEvents.Opened, true)]
    [InlineData(MessageEvents.OpenedByMachine, false)]
    [InlineData(MessageEvents.ClickedByMachine, false)]
    [InlineData(MessageEvents.Sent, false)]
    [InlineData(StageEvents.SlaMissed, false)]
    public void What_a_person_did_last_is_no_machines_and_none_of_ours(string name, bool isTheirs)
    {
        var lead = Apply(NewLead(), [Identify("i", 0, "u"), Track("bought", "Order Completed", 1, "u"), Track("later", name, 2) with { LeadId = "whichever it is applied to" }]);

        Assert.Equal(isTheirs ? new HumanAct(name, Start.AddMinutes(2).ToUnixTimeMilliseconds()) : new("Order Completed", Start.AddMinutes(1).ToUnixTimeMilliseconds()), HumanAct.LastOf(lead.Whole));
    }

    [Fact]
    public void That_a_segment_took_somebody_in_is_no_act_of_theirs_though_they_said_who_they_are_afterwards()
    {
        var lead = Apply(NewLead(), [Track("bought", "Order Completed", 1, "u"), Track("in", SegmentEvents.Entered, 2) with { LeadId = "whichever it is applied to" }, Identify("i", 3, "u")]);

        Assert.Equal(new("Order Completed", Start.AddMinutes(1).ToUnixTimeMilliseconds()), HumanAct.LastOf(lead.Whole));
    }

    [Fact]
    public void What_was_only_told_of_somebody_is_no_act_of_theirs()
    {
        var told = Apply(NewLead(), [Identify("i", 5, "u") with { IsHearsay = true }]);
        var seen = Apply(told, [Page("p", "/pricing", 1, "u")]);

        Assert.Null(HumanAct.LastOf(told.Whole));
        Assert.Equal(new HumanAct("page", Start.AddMinutes(1).ToUnixTimeMilliseconds()), HumanAct.LastOf(seen.Whole));
    }

    [Theory]
    [InlineData("""{ "engagement": { "gte": 45 } }""", 45.0)]
    [InlineData("""{ "all": [{ "engagement": { "gt": 30 } }, { "trait": "email", "exists": true }, { "engagement": { "gte": 40 } }] }""", 40.0)]
    [InlineData("""{ "any": [{ "engagement": { "gte": 60 } }, { "all": [{ "engagement": { "gte": 50 } }] }] }""", 50.0)]
    [InlineData("""{ "trait": "email", "exists": true }""", null)]
    [InlineData("""{ "not": { "engagement": { "gte": 10 } } }""", null)]
    public void Who_is_near_a_stage_lacks_at_most_ten_points_of_what_it_asks_for(string when, double? level)
    {
        var (document, errors) = LifecycleDocument.Parse(JsonElement.Parse($$"""{"stages":[{"id":"lead"},{"id":"mql","when":{{when}}}]}"""));
        Assert.Empty(errors);
        var near = NearStage.Of(Stages.Mql, new(1, document));

        Assert.Equal(level, near?.Level);
        if (near is not null && level is { } points)
        {
            Assert.True(near.Has("lead", points - 10) && near.Has("lead", points - 0.01));
            Assert.False(near.Has("lead", points) || near.Has("lead", points - 10.01) || near.Has("mql", points - 5) || near.Has(null, points - 5));
        }
    }

    [Fact]
    public void Messages_that_somebody_may_have_to_look_after_are_those_held_tried_again_and_given_up()
    {
        var messages = LeadMessages.None.With(Message("a", MessageState.Held, 1)).With(Message("b", MessageState.Deferred, 2)).With(Message("c", MessageState.Failed, 3)).With(Message("d", MessageState.Failed, 5)).With(Message("e", MessageState.Sent, 9));

        Assert.Equal((2, 5L), messages.Troubles());
        Assert.Equal((1, 5L), messages.With(Message("a", MessageState.Sent, 10)).Troubles());

        static LeadMessage Message(string id, MessageState state, long at) => new(id, "email", state, at, at);
    }
}
