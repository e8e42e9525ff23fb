using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Tests.Leads;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>A refusal is heard, in whatever words it was sent.</summary>
public sealed class SendConsentTests
{
    [Theory]
    [InlineData("""{"marketing":false}""")]
    [InlineData("""{"marketing":"false"}""")]
    [InlineData("""{"marketing":"False"}""")]
    [InlineData("""{"marketing":"no"}""")]
    [InlineData("""{"marketing":"off"}""")]
    [InlineData("""{"marketing":"denied"}""")]
    [InlineData("""{"marketing":0}""")]
    [InlineData("""{"marketing":"0"}""")]
    [InlineData("""{"marketing":null}""")]
    [InlineData("""{"marketing":"whatever"}""")]
    [InlineData("""{"marketing":{"foo":false}}""")]
    [InlineData("""{"marketing":{"userConsent":false}}""")]
    [InlineData("""{"marketing":{"double_opt_in":"pending"}}""")]
    [InlineData("""{"Marketing":"no"}""")]
    [InlineData("""{"marketing":{"email":"no","sms":"yes"}}""")]
    [InlineData("""{"marketing":{"granted":false,"at":"2026-05-01"}}""")]
    [InlineData("""{"marketing":{"status":"denied"}}""")]
    [InlineData("""{"marketing":true,"email":"no"}""")]
    [InlineData("""{"marketing":{}}""")]
    [InlineData("""{"marketing":{"accepted":false}}""")]
    [InlineData("""{"marketing":{"allowed":"false"}}""")]
    [InlineData("""{"marketing":{"enabled":0}}""")]
    [InlineData("""{"marketing":{"optIn":"no"}}""")]
    [InlineData("""{"marketing":{"agreed":false}}""")]
    [InlineData("""{"marketing":{"state":"denied"}}""")]
    [InlineData("""{"marketing":{"optedOut":true}}""")]
    [InlineData("""{"marketing":{"isUnsubscribed":"yes","granted":true}}""")]
    [InlineData("""{"marketing":{"optedOut":null}}""")]
    [InlineData("""{"marketing":{"consent":{"given":false}}}""")]
    [InlineData("""{"marketing":{"granted":{"email":"no"}}}""")]
    [InlineData("""{"marketing":{"email":{"optedOut":1}}}""")]
    [InlineData("""{"consent":{"marketing":"no"}}""")]
    [InlineData("""{"email":"no"}""")]
    [InlineData("""{"email":2}""")]
    [InlineData("""{"email":"whatever"}""")]
    [InlineData("""{"email":{}}""")]
    [InlineData("""{"email":{"granted":"no"}}""")]
    [InlineData("""{"email":{"unsubscribed":true}}""")]
    [InlineData("""{"email":{"marketing":"no"}}""")]
    [InlineData("""{"email":{"marketing":{"granted":false}}}""")]
    [InlineData("""{"granted":false}""")]
    [InlineData("""{"marketing":true,"status":"denied"}""")]
    [InlineData("""{"optedOut":"yes"}""")]
    [InlineData("""{"value":"denied"}""")]
    [InlineData("""{"marketing":{"":"no"}}""")]
    [InlineData("""{"*":"no","marketing":"yes"}""")]
    public void No_marketing_message_goes_out_after_a_no(string answers) => Assert.Empty(Sent(answers));

    [Theory]
    [InlineData("""{"marketing":true}""")]
    [InlineData("""{"marketing":"yes"}""")]
    [InlineData("""{"marketing":1}""")]
    [InlineData("""{"marketing":"granted"}""")]
    [InlineData("""{"marketing":{"email":"yes","sms":"no"}}""")]
    [InlineData("""{"marketing":{"granted":true,"at":"2026-05-01"}}""")]
    [InlineData("""{"marketing":{"accepted":"yes","on":"2026-05-01","object":"consent"}}""")]
    [InlineData("""{"marketing":{"optedOut":false}}""")]
    [InlineData("""{"marketing":{"granted":true,"revoked":null}}""")]
    [InlineData("""{"email":{"granted":"yes","address":"no@example.com"}}""")]
    [InlineData("""{"email":{"marketing":"yes","news":"no"}}""")]
    [InlineData("""{"marketing":"yes","email":{"value":"ann@example.com"}}""")]
    [InlineData("""{"marketing":true,"status":"saved","value":0}""")]
    [InlineData("""{"news":"no"}""")]
    [InlineData("""{"marketing":"yes","email":"ann@example.com"}""")]
    [InlineData("{}")]
    public void It_goes_out_after_a_yes_and_when_nobody_asked(string answers) => Assert.Single(Sent(answers));

    [Fact]
    public void A_no_to_a_topic_is_one_to_what_is_below_it()
    {
        Assert.Empty(Sent("""{"marketing":"no"}""", topic: "marketing.weekly"));
        Assert.Empty(Sent("""{"marketing":{"weekly":"no"}}""", topic: "marketing.weekly"));
        Assert.Single(Sent("""{"marketing":{"weekly":"no"}}""", topic: "marketing.monthly"));
    }

    [Fact]
    public void What_is_no_topic_of_its_own_asks_nobody() => Assert.Single(Sent("""{"marketing":"no","email":"no"}""", topic: null));

    [Fact]
    public void The_last_answer_counts_in_any_spelling()
    {
        Assert.Empty(Sent("""{"marketing":"yes"}""", then: """{"Marketing":"no"}"""));
        Assert.Single(Sent("""{"Marketing":"no"}""", then: """{"marketing":"yes"}"""));
    }

    [Theory]
    [InlineData("""{"marketing":{"granted":false}}""", """{"marketing":true}""", 1)]
    [InlineData("""{"marketing":false}""", """{"marketing":{"granted":true}}""", 1)]
    [InlineData("""{"marketing":{"optedOut":true}}""", """{"marketing":{"optIn":"yes"}}""", 1)]
    [InlineData("""{"marketing":true}""", """{"marketing":{"granted":false}}""", 0)]
    [InlineData("""{"marketing":{"granted":true}}""", """{"marketing":false}""", 0)]
    [InlineData("""{"marketing":true}""", """{"marketing":{}}""", 0)]
    [InlineData("""{"email":{"granted":false}}""", """{"email":true}""", 1)]
    [InlineData("""{"marketing":{"email":"no"}}""", """{"marketing":true}""", 0)] // about the topic on this channel
    [InlineData("""{"email":{"marketing":"no"}}""", """{"marketing":{"email":{"granted":true}}}""", 0)]
    [InlineData("""{"granted":false}""", """{"marketing":true}""", 1)]
    [InlineData("""{"marketing":false}""", """{"granted":true}""", 0)] // names no topic
    [InlineData("""{"email":false}""", """{"email":"a@b.c"}""", 0)] // what is no answer takes the place of none
    [InlineData("""{"marketing":true,"email":false}""", """{"marketing":true,"email":"a@b.c"}""", 0)]
    [InlineData("""{"optOut":true}""", """{"optOut":null}""", 0)]
    [InlineData("""{"unsubscribed":true}""", """{"unsubscribed":["news"]}""", 0)]
    [InlineData("""{"granted":false}""", """{"granted":"maybe"}""", 0)]
    [InlineData("""{"value":false}""", """{"value":0}""", 0)]
    [InlineData("""{"status":"denied"}""", """{"status":"updated"}""", 0)]
    [InlineData("""{"marketing":false}""", """{"marketing":"-1"}""", 0)]
    [InlineData("""{"*":false}""", """{"marketing":true}""", 0)]
    [InlineData("""{"*":false}""", """{"*":true}""", 1)]
    public void Of_a_flat_and_a_nested_answer_about_the_same_the_later_counts(string first, string then, int sent) => Assert.Equal(sent, Sent(first, then).Count);

    [Theory]
    [InlineData("{}", """{"Advertising":false}""", "null")]
    [InlineData("{}", """{"ad_storage":"denied"}""", "null")]
    [InlineData("{}", """{"ad_storage":"granted","ad_personalization":"denied"}""", "null")]
    [InlineData("{}", """{"C0004":"no"}""", "null")]
    [InlineData("{}", """{"accepted":["analytics"],"rejected":["marketing"]}""", "null")]
    [InlineData("{}", """{"denied":["Advertising"]}""", "null")]
    [InlineData("{}", """{"unsubscribed":"marketing"}""", "null")]
    [InlineData("{}", """{"preferences":{"marketing":false}}""", "null")]
    [InlineData("{}", """{"purposes":{"Advertising":"no"}}""", "null")]
    [InlineData("{}", "{}", """{"deniedConsentIds":["marketing"]}""")]
    [InlineData("{}", "{}", """{"ad_storage":"denied"}""")] // lf('consent', { ad_storage: 'denied' })
    [InlineData("{}", "{}", """{"categoryPreferences":{"Targeting":false}}""")]
    [InlineData("""{"marketing":true}""", """{"ad_storage":{"granted":false}}""", "null")]
    [InlineData("""{"marketing":true}""", """{"marketing":"yes"}""", """{"ad_storage":"denied"}""")]
    public void A_no_under_a_banners_name_is_one_to_the_topic(string before, string properties, string consent)
    {
        var change = Ingest.Normalised.Of($$$"""{"type":"track","event":"Consent Changed","userId":"ann","properties":{{{properties}}},"context":{"consent":{{{consent}}}}}""").Event;

        Assert.Empty(Lead(before, Journey("marketing")).Script(change with { At = Start.AddHours(2) }, Hours(2)).Track("Start", Hours(3)).Run(Days(1)).Sent);
    }

    [Fact]
    public void A_yes_under_a_banners_name_asks_for_no_mail()
    {
        var change = Ingest.Normalised.Of("""{"type":"track","event":"Consent Changed","userId":"ann","properties":{"ad_storage":"granted"}}""").Event;

        Assert.DoesNotContain("marketing", change.Properties.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(Lead("""{"marketing":false}""", Journey("marketing")).Script(change with { At = Start.AddHours(2) }, Hours(2)).Track("Start", Hours(3)).Run(Days(1)).Sent);
    }

    [Fact]
    public void A_no_finds_room_in_a_lead_that_is_full_of_traits()
    {
        var traits = Enumerable.Range(0, 600).ToDictionary(i => $"t{i}", i => (object)i);
        var journey = new Rehearsal(Journey("marketing")).Identify(new { email = "ann@example.com" }).Identify(traits, Hours(1));

        Assert.Empty(journey.Track("Consent Changed", Hours(2), new { marketing = false }).Track("Start", Hours(3)).Run(Days(1)).Sent);
    }

    [Fact]
    public void An_answer_that_is_none_is_named_in_the_log()
    {
        var run = Run("""{"marketing":"whatever"}""", null, "marketing").Runs[0];

        Assert.Contains(run.Log, line => line is { What: "not sent", Reason: "The lead's answer about \"marketing\" is neither a yes nor a no, and counts as no." });
    }

    [Theory]
    [InlineData("true", "false")]
    [InlineData("\"yes\"", "\"no\"")]
    [InlineData("1", "0")]
    [InlineData("\"yes\"", "\"a\"")]
    [InlineData("\"granted\"", "null")]
    public void Of_two_answers_at_one_instant_the_no_counts_in_any_order(string yes, string no)
    {
        var answers = new[] { yes, no }.Select((answer, i) => LeadEvents.Track($"m{i}", "Consent Changed", 1, user: "u1", properties: JsonDocument.Parse($$"""{"marketing":{{answer}}}""").RootElement)).ToList();
        foreach (var order in new[] { answers, [.. answers.AsEnumerable().Reverse()] })
        {
            var lead = LeadEvents.Apply(LeadEvents.NewLead(), order);

            Assert.NotEqual(Said.Yes, Consent.Read(((ILeadFacts)lead.Whole).Trait("$consent.marketing")));
        }
    }

    [Fact]
    public void An_answer_at_one_instant_under_a_word_for_no_is_turned_round()
    {
        var answers = new[] { true, false }.Select((answer, i) => LeadEvents.Track($"m{i}", "Consent Changed", 1, user: "u1", properties: new { marketing = new { optedOut = answer } })).ToList();
        foreach (var order in new[] { answers, [.. answers.AsEnumerable().Reverse()] })
        {
            Assert.NotNull(TopicConsent.Refuse("marketing", "email", LeadEvents.Apply(LeadEvents.NewLead(), order).Whole));
        }
    }

    [Fact]
    public void A_topic_may_be_called_like_an_answer()
    {
        Assert.Empty(Sent("""{"subscribed":{"granted":false}}""", topic: "subscribed"));
        Assert.Empty(Sent("""{"status":"no"}""", topic: "status.weekly"));
        Assert.Empty(Sent("""{" Marketing ":"no"}""", topic: "marketing"));
    }

    private static IReadOnlyList<string> Sent(string answers, string? then = null, string? topic = "marketing") => Run(answers, then, topic).Sent;

    private static Rehearsal Run(string answers, string? then, string? topic)
    {
        var lead = Lead(answers, Journey(topic));
        return (then is null ? lead : lead.Track("Consent Changed", Hours(2), JsonElement.Parse(then))).Track("Start", Hours(3)).Run(Days(1));
    }

    private static Journey Journey(string? topic) =>
        Parse($$"""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"a","type":"send","template":"a"{{(topic is null ? "" : $",\"topic\":\"{topic}\"")}}}]}""");

    private static Rehearsal Lead(string answers, Journey journey) =>
        new Rehearsal(journey).Identify(new { email = "ann@example.com" }).Track("Consent Changed", Hours(1), JsonElement.Parse(answers));
}
