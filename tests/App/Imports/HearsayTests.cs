using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using static LeadFunctions.Tests.Leads.LeadEvents;

namespace LeadFunctions.Tests.Imports;

/// <summary>What a file says of people is not what they said themselves.</summary>
public sealed class HearsayTests
{
    private static readonly LeadEvent Yes = Track("h1", ConsentEvents.Changed, 2_000, "u1", properties: new { marketing = true }) with { IsHearsay = true };
    private static readonly LeadEvent No = Track("h2", ConsentEvents.Changed, 2_000, "u1", properties: new { marketing = false }) with { IsHearsay = true };

    [Fact]
    public void A_yes_in_a_file_yields_to_what_the_person_refused_before_or_after()
    {
        var refused = Track("own", ConsentEvents.Changed, 10, "u1", properties: new { marketing = false });

        Assert.NotNull(Refusal(refused, Yes));
        Assert.NotNull(Refusal(Yes, refused));
        Assert.Null(Refusal(Yes));
    }

    [Fact]
    public void A_no_in_a_file_is_heard_whatever_was_agreed_before()
    {
        var agreed = Track("own", ConsentEvents.Changed, 10, "u1", properties: new { marketing = true });

        Assert.NotNull(Refusal(agreed, No));
        Assert.NotNull(Refusal(No, agreed));
        Assert.NotNull(Refusal(No, Yes));
        Assert.NotNull(Refusal(Yes, No));
        Assert.Null(Refusal(No, Track("later", ConsentEvents.Changed, 3_000, "u1", properties: new { marketing = true })));
    }

    [Fact]
    public void Being_in_a_file_is_no_sign_of_life()
    {
        var told = Apply(NewLead(), [Identify("h3", 500, "u1", traits: new { plan = "gold" }) with { IsHearsay = true }]);
        var both = Apply(told, [Track("own", "Visited", 100, "u1")]);

        Assert.Equal(Start.AddMinutes(500).ToUnixTimeMilliseconds(), told.Whole.FirstSeen);
        Assert.Equal(long.MinValue, told.Whole.LastSeen);
        Assert.Equal((Start.AddMinutes(100).ToUnixTimeMilliseconds(), Start.AddMinutes(100).ToUnixTimeMilliseconds()), (both.Whole.FirstSeen, both.Whole.LastSeen));
        Assert.Equal("gold", both.Whole.Traits.Find("plan").Text);
    }

    [Fact]
    public void What_is_stored_of_a_lead_that_was_only_told_of_can_be_read_again()
    {
        var told = Apply(NewLead(), [Identify("h3", 500, "u1", traits: new { plan = "gold" }) with { IsHearsay = true }]);

        var read = JsonSerializer.Deserialize(JsonSerializer.Serialize(told, LeadsJson.Default.LeadState), LeadsJson.Default.LeadState)!; // it was just written

        Assert.Equal(Canonical(told), Canonical(read));
    }

    private static string? Refusal(params LeadEvent[] events) => TopicConsent.Refuse("marketing", "email", Apply(NewLead(), events).Whole);
}
