using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Lifecycle;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Steps that set something, with no time between them: the clock of a rehearsal stands while they are done.</summary>
public sealed class SettingStepsTests
{
    [Theory]
    [InlineData("addToList", "removeFromList", false)]
    [InlineData("removeFromList", "addToList", true)]
    public void The_later_of_two_changes_of_a_list_counts_within_one_millisecond(string first, string second, bool isMember)
    {
        var lead = Walk($$"""{"id":"a","type":"{{first}}","list":"vip"},{"id":"b","type":"{{second}}","list":"vip"}""");

        Assert.Equal(isMember, Trait(lead, ProfileFacts.Segment + "vip").Truth);
    }

    [Theory]
    [InlineData("zz", "aa")]
    [InlineData("aa", "zz")]
    public void The_later_of_two_values_of_a_trait_counts_and_so_it_does_against_what_let_the_lead_in(string first, string second)
    {
        var lead = Walk($$"""{"id":"a","type":"setTraits","traits":{"plan":{"name":"{{first}}"} } },{"id":"b","type":"setTraits","traits":{"plan":{"name":"{{second}}"} } },{"id":"c","type":"setTraits","traits":{"came":"{{second}}"} }""");

        Assert.Equal((second, second), (Trait(lead, "plan.name").Text, Trait(lead, "came").Text));
    }

    [Theory]
    [InlineData(" Sp1@Gmail.COM ", "Sp1@gmail.com")]
    [InlineData("no address", "no address")]
    public void An_address_that_a_step_sets_has_the_form_of_all_others(string set, string kept)
    {
        var lead = Walk($$$"""{"id":"a","type":"setTraits","traits":{"came":"{{{set}}}"} },{"id":"b","type":"setTraits","traits":{"email":"{{lead.came}}","plan":{"name":null} } }""");

        Assert.Equal((set, kept), (Trait(lead, "came").Text, Trait(lead, "email").Text));
        Assert.Equal(ValueKind.Null, Trait(lead, "plan.name").Kind);
    }

    [Theory]
    [InlineData("mql", "customer")]
    [InlineData("customer", "mql")]
    public void The_later_of_two_stages_counts(string first, string second) =>
        Assert.Equal(second, Trait(Walk($$"""{"id":"a","type":"setStage","stage":"{{first}}"},{"id":"b","type":"setStage","stage":"{{second}}"}"""), Stages.Path).Text);

    private static Rehearsal Walk(string steps) =>
        new Rehearsal(Parse($$"""{"name":"x","trigger":{"event":"identify"},"steps":[{{steps}}]}""")).Identify(new { came = "mm", plan = new { name = "mm" } }).Run(Days(1));

    private static Value Trait(Rehearsal lead, string path) => lead.Lead.State.Whole.Traits.Find(path);
}
