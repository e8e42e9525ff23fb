using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Messaging;
using LeadFunctions.Scoring;
using LeadFunctions.Tests.Leads;

namespace LeadFunctions.Tests.Messaging;

/// <summary>What comes back of a message is told with what the message was.</summary>
public sealed class KnownMessageTests
{
    private static readonly LeadMessages Messages = LeadMessages.None
        .With(new LeadMessage("run/hello/0", "email", MessageState.Sent, 1, 1, Template: "welcome-1", Journey: "welcome", Step: "hello"))
        .With(new LeadMessage("campaign/c1/lead", "email", MessageState.Sent, 1, 1, Template: "spring", Campaign: "c1"));

    [Theory]
    [InlineData("Message Clicked", "run/hello/0", """{"messageId":"run/hello/0","url":"https://a.example/","template":"welcome-1","journey":"welcome","step":"hello"}""")]
    [InlineData("Message Opened By Machine", "run/hello/0", """{"messageId":"run/hello/0","url":"https://a.example/","template":"welcome-1","journey":"welcome","step":"hello"}""")]
    [InlineData("Message Bounced", "campaign/c1/lead", """{"messageId":"campaign/c1/lead","url":"https://a.example/","template":"spring","campaign":"c1"}""")]
    public void It_bears_template_journey_step_and_campaign_where_it_is_written_down(string name, string send, string properties)
    {
        var lead = new LeadState { Id = "lead", Messages = Messages };

        var reduced = Reducer.Apply(lead, [new Arrival(Event(name, send), LeadEvents.Start, [])], new LeadRules(ScoringModels.None, JourneyRules.None), LeadEvents.Start);

        Assert.Equal(properties, Assert.Single(reduced.Timeline).Event.Properties.GetRawText());
    }

    [Fact]
    public void What_is_about_no_message_that_is_known_or_comes_from_outside_stays_as_it_is()
    {
        LeadEvent[] others = [Event("Message Clicked", "run/other/0"), Event("Message Clicked", "run/hello/0") with { LeadId = null }, Event("Product Viewed", "run/hello/0"), Event("Message Sent", "run/hello/0")];

        Assert.All(others, e => Assert.Same(e, KnownMessage.Named(e, Messages)));
        var named = Event("Message Clicked", "run/hello/0") with { Properties = JsonElement.Parse("""{"messageId":"run/hello/0","template":"own"}""") };
        Assert.Same(named, KnownMessage.Named(named, Messages));
    }

    private static LeadEvent Event(string name, string send) => new()
    {
        Id = $"{name} {send}",
        Type = EventType.Track,
        Name = name,
        At = LeadEvents.Start,
        LeadId = "lead",
        Source = LeadEvent.Inside,
        Properties = JsonSerializer.SerializeToElement(new { messageId = send, url = "https://a.example/" }),
    };
}
