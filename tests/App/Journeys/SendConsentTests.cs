using System.Text.Json;
using LeadFunctions.Conditions;
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
    [InlineData("""{"Marketing":"no"}""")]
    [InlineData("""{"marketing":{"email":"no","sms":"yes"}}""")]
    [InlineData("""{"marketing":{"granted":false,"at":"2026-05-01"}}""")]
    [InlineData("""{"marketing":{"status":"denied"}}""")]
    [InlineData("""{"marketing":true,"email":"no"}""")]
    public void No_marketing_message_goes_out_after_a_no(string answers) => Assert.Empty(Sent(answers));

    [Theory]
    [InlineData("""{"marketing":true}""")]
    [InlineData("""{"marketing":"yes"}""")]
    [InlineData("""{"marketing":1}""")]
    [InlineData("""{"marketing":"granted"}""")]
    [InlineData("""{"marketing":{"email":"yes","sms":"no"}}""")]
    [InlineData("""{"marketing":{"granted":true,"at":"2026-05-01"}}""")]
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

    private static IReadOnlyList<string> Sent(string answers, string? then = null, string? topic = "marketing") => Run(answers, then, topic).Sent;

    private static Rehearsal Run(string answers, string? then, string? topic)
    {
        var journey = Parse($$"""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"a","type":"send","template":"a"{{(topic is null ? "" : $",\"topic\":\"{topic}\"")}}}]}""");
        var lead = new Rehearsal(journey).Identify(new { email = "ann@example.com" }).Track("Consent Changed", Hours(1), JsonDocument.Parse(answers).RootElement);
        return (then is null ? lead : lead.Track("Consent Changed", Hours(2), JsonDocument.Parse(then).RootElement)).Track("Start", Hours(3)).Run(Days(1));
    }
}
