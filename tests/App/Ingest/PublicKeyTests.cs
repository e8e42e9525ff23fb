using System.Reflection;
using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Ingest.Reading;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Journeys.Rules;

namespace LeadFunctions.Tests.Ingest;

/// <summary>What whoever knows a write key, which stands in a web page, may say.</summary>
public sealed class PublicKeyTests
{
    [Theory]
    [InlineData("Message Sent")]
    [InlineData(" message sent ")]
    [InlineData("Sales Notified")]
    [InlineData("Journey Ended")]
    [InlineData("stage")]
    [InlineData("(other)")]
    public void An_event_of_the_products_own_is_refused_by_name(string name)
    {
        var refused = Normalised.Of($$"""{"type":"track","event":"{{name}}","userId":"u"}""");

        Assert.Equal((Outcome.ReservedName, 400, "event"), (refused.Outcome, refused.Outcome.Status(), refused.Refusals[0].Path));
        Assert.Contains(name.Trim(), refused.Refusals[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Message Read")]
    [InlineData("Form Submitted")]
    [InlineData("Consent Changed")]
    [InlineData("page")]
    public void Any_other_name_is_taken(string name) => Assert.Equal(name, Normalised.Of($$"""{"type":"track","event":"{{name}}","userId":"u"}""").Event.Name);

    [Fact]
    public void Every_name_that_the_product_gives_its_events_is_reserved()
    {
        var names = new[] { typeof(JourneyEvents), typeof(RunOrder) }
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)) // a literal has a value
            .Where(name => name is not (JourneyEvents.FormSubmitted or JourneyEvents.ContentClicked)) // what forms and trackers send
            .Concat(Enum.GetValues<EventType>().Where(type => type > EventType.Alias).Select(type => type.ToString()));

        Assert.All(names, name => Assert.True(ReservedNames.Include(name), name));
    }

    [Fact]
    public void An_alias_names_a_browser_unless_the_source_may_merge_known_people()
    {
        const string Alias = """{"type":"alias","userId":"bob","previousId":"ann"}""";
        var browser = Normalised.Of(Alias).Event;
        var person = Normalised.Of(Alias, Normalised.Facts(Normalised.Source with { MergeByAlias = true })).Event;

        Assert.Equal([Identity.User("bob"), Identity.Anonymous("ann")], Identity.Of(browser));
        Assert.Empty(Identity.PreviousOf(browser));
        Assert.Equal([Identity.User("bob")], Identity.Of(person));
        Assert.Equal([Identity.User("ann"), Identity.Anonymous("ann")], Identity.PreviousOf(person));
        Assert.Equal("ann", browser.PreviousId);
    }

    [Fact]
    public void An_alias_to_itself_and_to_its_own_browser_says_nothing_new()
    {
        Assert.Equal([Identity.User("ann")], Identity.Of(Normalised.Of("""{"type":"alias","userId":"ann","previousId":"ann"}""").Event));
        Assert.Equal([Identity.User("ann"), Identity.Anonymous("a1")], Identity.Of(Normalised.Of("""{"type":"alias","userId":"ann","previousId":"a1","anonymousId":"a1"}""").Event));
    }

    [Fact]
    public void Where_user_ids_are_not_the_sources_to_say_the_browser_counts()
    {
        var facts = Normalised.Facts(Normalised.Source with { AcceptUserIds = false });
        var taken = Normalised.Of("""{"type":"identify","userId":"ann","anonymousId":"a1","traits":{"plan":"pro"}}""", facts).Event;

        Assert.Equal((null, "a1", "userId"), (taken.UserId, taken.AnonymousId, Assert.Single(taken.Remarks!).Path));
        Assert.Equal(Outcome.NoIdentity, Normalised.Of("""{"type":"page","userId":"ann"}""", facts).Outcome);
        Assert.Equal("ann", Normalised.Of("""{"type":"page","userId":"ann"}""").Event.UserId);
    }

    [Fact]
    public void Where_addresses_are_not_the_sources_to_say_they_name_nobody_and_are_a_trait()
    {
        var facts = Normalised.Facts(Normalised.Source with { AcceptAddresses = false });
        const string Ann = """{"type":"identify","userId":"u1","anonymousId":"a1","traits":{"email":"ann@x.example"}}""";

        Assert.Equal([Identity.User("u1"), Identity.Anonymous("a1")], Identity.Of(Normalised.Of(Ann, facts).Event));
        Assert.Equal([Identity.User("u1"), Identity.Email("ann@x.example"), Identity.Anonymous("a1")], Identity.Of(Normalised.Of(Ann).Event));
        Assert.Equal("ann@x.example", Leads.LeadEvents.Apply(Leads.LeadEvents.NewLead("u1"), [Normalised.Of(Ann, facts).Event]).Whole.Email);
        var refused = Normalised.Of("""{"type":"identify","context":{"traits":{"email":"ann@x.example"}}}""", facts);
        Assert.Equal(Outcome.NoIdentity, refused.Outcome);
        Assert.Contains("may not say by address", refused.Refusals[0].Message, StringComparison.Ordinal);
    }

    /// <summary>Whoever knows somebody's user id, and the key in the page, would have had their mail.</summary>
    [Theory]
    [InlineData("server public", "server")]
    [InlineData("public server public", "server")]
    [InlineData("server public people", "people")]
    [InlineData("people public", "public")] // where no server speaks, a page's last word counts
    [InlineData("public", "public")]
    [InlineData("server server public", "server")]
    public void How_somebody_is_reached_that_a_server_said_no_page_overwrites_in_whatever_order_it_arrives(string said, string reached)
    {
        var who = said.Split(' ');
        List<LeadEvent> events = [.. who.Select((one, i) => Said(one, $"m{i}", i))];
        foreach (var order in new[] { events, [.. events.AsEnumerable().Reverse()] })
        {
            var lead = Leads.LeadEvents.Apply(Leads.LeadEvents.NewLead("ann"), order).Whole;

            Assert.Equal($"ann@{reached}.example", LeadFunctions.Messaging.Addresses.Of("email", lead));
            Assert.Equal((reached, who[^1]), (lead.Phone, lead.Traits.Find("plan").Text)); // all else is as it was said last
        }
    }

    [Fact]
    public void Nor_does_a_browser_that_turns_out_to_be_theirs()
    {
        var (own, browser) = (Leads.LeadEvents.Apply(Leads.LeadEvents.NewLead("ann"), [Said("server", "s", 0)]), Leads.LeadEvents.Apply(Leads.LeadEvents.NewLead("b"), [Said("public", "p", 1)]));

        Assert.Equal("ann@server.example", LeadFunctions.Leads.State.LeadRecord.Union(own.Own, browser.Own).Email);
        Assert.Equal("ann@server.example", LeadFunctions.Leads.State.LeadRecord.Union(browser.Own, own.Own).Email);
    }

    private static LeadEvent Said(string who, string id, int minute)
    {
        var source = Normalised.Source with { IsServer = who == "server", IsPeople = who == "people" };
        var json = System.Text.Json.JsonSerializer.Serialize(new { type = "identify", messageId = id, userId = "ann", traits = new { email = $"ann@{who}.example", phone = who, plan = who } });
        return Normalised.Of(json, Normalised.Facts(source)).Event with { At = Leads.LeadEvents.Start.AddMinutes(minute) };
    }

    [Fact]
    public void A_source_left_as_it_is_may_name_users_and_addresses_and_merges_nobody_who_is_known() =>
        Assert.Equal((true, true, false, false), new SourceDocument("Shop").ToSource("shop") is var shop ? (shop.AcceptUserIds, shop.AcceptAddresses, shop.MergeByAlias, shop.IsServer) : default);
}
