using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Leads;

/// <summary>Other systems say among a person's traits that they want no more.</summary>
public sealed class RefusingTraitsTests
{
    [Theory]
    [InlineData("""{"unsubscribed":true}""", "email")]
    [InlineData("""{"unsubscribed":"true"}""", "email")]
    [InlineData("""{"Unsubscribed":1}""", "email")]
    [InlineData("""{"unsubscribed_at":"2026-02-03T10:00:00Z"}""", "email")]
    [InlineData("""{"email_opt_out":"yes"}""", "email")]
    [InlineData("""{"HasOptedOutOfEmail":true}""", "email")]
    [InlineData("""{"hs_email_optout":"on"}""", "email")]
    [InlineData("""{"marketingOptOut":true}""", "email")]
    [InlineData("""{"doNotEmail":true}""", "email")]
    [InlineData("""{"optedOut":"perhaps"}""", "email")]
    [InlineData("""{"sms_opt_out":true}""", "sms")]
    [InlineData("""{"do_not_contact":true}""", "email")]
    [InlineData("""{"do_not_contact":true}""", "sms")]
    public void A_refusing_trait_is_a_no(string traits, string channel) => Assert.NotNull(Refusal(channel, Said(traits, 2)));

    [Theory]
    [InlineData("""{"unsubscribed":false}""", "email")]
    [InlineData("""{"unsubscribed":null}""", "email")]
    [InlineData("""{"unsubscribed_at":""}""", "email")]
    [InlineData("""{"hs_email_optout":"false"}""", "email")]
    [InlineData("""{"unsubscribed":true}""", "sms")]
    [InlineData("""{"donotcall":true}""", "email")]
    [InlineData("""{"options":true}""", "email")]
    public void What_refuses_nothing_is_no_answer(string traits, string channel)
    {
        Assert.Null(Refusal(channel, Said(traits, 2)));
        Assert.False(TopicConsent.Agrees("news", channel, Apply(NewLead(), [Said(traits, 2)]).Whole));
    }

    [Fact]
    public void A_trait_that_is_false_takes_back_nothing_and_who_agrees_later_has_agreed()
    {
        Assert.NotNull(Refusal("email", Said("""{"unsubscribed":true}""", 2), Said("""{"unsubscribed":false}""", 3)));
        Assert.NotNull(Refusal("email", Track("c", ConsentEvents.Changed, 2, "u1", properties: new { email = false }), Said("""{"unsubscribed":false}""", 3)));
        Assert.Null(Refusal("email", Said("""{"unsubscribed":true}""", 2), Track("c", ConsentEvents.Changed, 3, "u1", properties: new { email = true, news = true })));
    }

    private static LeadEvent Said(string traits, int minute) => Identify($"i{minute}", minute, "u1", traits: JsonDocument.Parse(traits).RootElement);

    private static string? Refusal(string channel, params LeadEvent[] events) => TopicConsent.Refuse("news", channel, Apply(NewLead(), events).Whole);
}
