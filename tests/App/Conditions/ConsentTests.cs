using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Tests.Conditions;

public sealed class ConsentTests
{
    public static TheoryData<string, string> Answers
    {
        get
        {
            var answers = new TheoryData<string, string>();
            foreach (var yes in new[] { "true", "1", "1.0", "\"true\"", "\"True\"", "\" TRUE \"", "\"yes\"", "\"Y\"", "\"on\"", "\"1\"", "\"granted\"", "\"Accepted\"", "\"allow\"", "\"opt-in\"", "\"opted_in\"", "\"Opted in\"", "\"ja\"", "\"SÍ\"", "\"accept all\"", "{\"granted\":true,\"grantedAt\":\"2026-05-01\",\"revokedAt\":\"\"}",
                "{\"granted\":true}", "{\"Accepted\":1,\"at\":\"2026-05-01\"}", "{\"optedOut\":false}", "{\"isOptedOut\":\"no\"}", "{\"consentStatus\":\"granted\",\"on\":\"2026-05-01\"}", "{\"granted\":true,\"revoked\":null}",
                "{\"consent\":{\"given\":\"yes\"}}", "{\"object\":\"consent\",\"hasConsent\":true}" })
            {
                answers.Add(yes, nameof(Said.Yes));
            }

            foreach (var no in new[]
            {
                "false", "0", "-0.0", "null", "\"\"", "\" \"", "\"false\"", "\"False\"", "\"FALSE\"", "\"no\"", "\"No \"", "\"n\"", "\"off\"", "\"denied\"", "\"DENY\"", "\"0\"", "\"null\"", "\"undefined\"", "\"opt-out\"",
                "\"opted out\"", "\"not granted\"", "\"withdrawn\"", "\"nein\"", "\"não\"",
                "{\"granted\":false}", "{\"accepted\":false}", "{\"allowed\":0}", "{\"enabled\":\"off\"}", "{\"opt_in\":\"no\"}", "{\"agreed\":null}", "{\"state\":\"denied\"}", "{\"optedOut\":true}", "{\"Opt-Out\":\"yes\"}",
                "{\"granted\":true,\"unsubscribed\":true}", "{\"optOut\":{\"value\":1}}", "{\"consentGiven\":false}",
                "\"deny all\"", "\"Reject_All\"", "\"nope\"", "{\"optedOut\":\"2026-05-01\"}", "{\"revokedAt\":\"2026-05-01T10:00:00Z\"}", "{\"granted\":true,\"withdrawn_on\":1777000000000}", "{\"unsubscribedTimestamp\":\"1777000000\"}",
            })
            {
                answers.Add(no, nameof(Said.No));
            }

            foreach (var neither in new[] { "2", "-1", "0.5", "1e300", "\"maybe\"", "\"yes, but not by mail\"", "\"true false\"", "\"yesno\"", "\"2026-11-20T10:00:00Z\"", "[]", "[true]", "{}", "{\"at\":\"2026-05-01\"}", "{\"granted\":{}}",
                "{\"optedOut\":null}", "{\"grantedAt\":\"2026-05-01\"}", "{\"revokedAt\":null}", "{\"granted\":\"perhaps\"}", "{\"1\":true,\"on\":true}" })
            {
                answers.Add(neither, nameof(Said.Unclear));
            }

            return answers;
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Every_usual_word_for_yes_and_no_is_understood_and_nothing_else_is_a_yes(string json, string said)
    {
        var element = JsonDocument.Parse(json).RootElement;

        Assert.Equal(said, Consent.Read(element).ToString());
        Assert.Equal(said, Consent.Read(Value.From(element)).ToString());
    }

    [Fact]
    public void Who_was_not_asked_has_said_nothing()
    {
        Assert.Equal(Said.Nothing, Consent.Read(Value.Missing));
        Assert.Equal(Said.Nothing, Consent.Read(default(JsonElement)));
    }
}
