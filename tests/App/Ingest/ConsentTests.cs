using LeadFunctions.Access;
using LeadFunctions.Events.Queueing;

namespace LeadFunctions.Tests.Ingest;

/// <summary>Whether an event may be stored, by what its context says of consent.</summary>
public sealed class ConsentTests
{
    [Theory]
    [InlineData("""{"tracking":false}""", "context.consent.tracking")]
    [InlineData("""{"tracking":"false"}""", "context.consent.tracking")]
    [InlineData("""{"tracking":"denied"}""", "context.consent.tracking")]
    [InlineData("""{"tracking":0}""", "context.consent.tracking")]
    [InlineData("""{"tracking":null}""", "context.consent.tracking")]
    [InlineData("""{"tracking":""}""", "context.consent.tracking")]
    [InlineData("""{"tracking":"perhaps"}""", "context.consent.tracking")]
    [InlineData("""{"tracking":{"granted":false}}""", "context.consent.tracking")]
    [InlineData("""{"tracking":{"optedOut":true}}""", "context.consent.tracking")]
    [InlineData("""{"tracking":{}}""", "context.consent.tracking")]
    [InlineData("""{"tracking":{"at":"2026-05-01"}}""", "context.consent.tracking")]
    [InlineData("""{"granted":false}""", "context.consent.granted")]
    [InlineData("""{"tracking":true,"optedOut":"yes"}""", "context.consent.optedOut")]
    [InlineData("""{"consent":{"status":"denied"}}""", "context.consent.consent.status")]
    [InlineData("""{"value":{"analytics_storage":"denied"}}""", "context.consent.value.analytics_storage")]
    [InlineData("""{"Tracking":"no"}""", "context.consent.Tracking")]
    [InlineData("""{"tracking":false,"tracking":true}""", "context.consent.tracking")]
    [InlineData("false", "context.consent")]
    [InlineData("\"denied\"", "context.consent")]
    [InlineData("0", "context.consent")]
    [InlineData("\"perhaps\"", "context.consent")]
    [InlineData("[\"marketing\"]", "context.consent")]
    [InlineData("""{"analytics":"denied"}""", "context.consent.analytics")]
    [InlineData("""{"analytics_storage":"denied","ad_storage":"granted"}""", "context.consent.analytics_storage")]
    [InlineData("""{"categoryPreferences":{"Analytics":false,"Advertising":true}}""", "context.consent.categoryPreferences.Analytics")]
    [InlineData("""{"categoryPreferences":{"C0002":false}}""", "context.consent.categoryPreferences.C0002")]
    [InlineData("""{"tracking":true,"categoryPreferences":{"Analytics":"false"}}""", "context.consent.categoryPreferences.Analytics")]
    [InlineData("""{"update":{"analytics_storage":"denied"}}""", "context.consent.update")]
    [InlineData("""{"default":{"analytics_storage":"denied"}}""", "context.consent.default")]
    [InlineData("""{"gdpr":{"analytics":{"consented":false}}}""", "context.consent.gdpr")]
    [InlineData("""{"whatever":{"a":{"tracking":"no"}}}""", "context.consent.whatever")]
    [InlineData("""{"groups":{"C0002":false}}""", "context.consent.groups.C0002")]
    [InlineData("""{"services":[{"name":"analytics","status":false}]}""", "context.consent.services.status")]
    [InlineData("""{"allowedConsentIds":["C0001","C0004"]}""", "context.consent.allowedConsentIds")]
    public void A_refusal_in_anybodys_words_keeps_the_event_out(string consent, string path)
    {
        var refused = Normalised.Of(Page(consent));

        Assert.Equal((Outcome.ConsentDenied, path), (refused.Outcome, refused.Refusals[0].Path));
        Assert.NotEqual("", refused.Refusals[0].Message);
    }

    [Theory]
    [InlineData("""{"tracking":true}""", true)]
    [InlineData("""{"tracking":"granted"}""", true)]
    [InlineData("""{"tracking":1}""", true)]
    [InlineData("true", true)]
    [InlineData("\"yes\"", true)]
    [InlineData("""{"categoryPreferences":{"Analytics":true,"Advertising":false}}""", true)]
    [InlineData("""{"tracking":{"granted":true,"at":"2026-05-01"}}""", true)]
    [InlineData("""{"granted":"yes"}""", true)]
    [InlineData("""{"optedOut":false}""", true)]
    [InlineData("""{"status":"saved","version":2}""", false)]
    [InlineData("{}", false)]
    [InlineData("null", false)]
    [InlineData("[]", false)]
    [InlineData("""{"marketing":false}""", false)]
    [InlineData("""{"categoryPreferences":{"Functional":false}}""", false)]
    [InlineData("""{"categoryPreferences":null}""", false)]
    [InlineData("""{"default":{"analytics_storage":"denied"},"update":{"ad_storage":"denied"}}""", false)] // what held before anybody was asked
    [InlineData("""{"allowedConsentIds":["Group 7"]}""", false)] // of a banner that the source does not know
    [InlineData("""{"services":[{"name":"ads","status":false}],"vendors":{"x":false}}""", false)]
    public void A_yes_and_silence_let_it_in_and_only_a_yes_outweighs_the_browsers_signal(string consent, bool isYes)
    {
        var signals = Normalised.Facts() with { FromBrowser = true, SignalsOptOut = true };

        Assert.Single(Normalised.Of(Page(consent)).Json);
        Assert.Equal(isYes ? 1 : 0, Normalised.Of(Page(consent), signals).Json.Count);
    }

    [Theory]
    [InlineData("""{"cookieConsent":{"analytics":false}}""")]
    [InlineData("""{"consents":{"tracking":"no"}}""")]
    [InlineData("""{"cookie_consent":"denied"}""")]
    [InlineData("""{"Consent":{"tracking":false}}""")]
    [InlineData("""{"CONSENT":"denied"}""")]
    [InlineData("""{"COOKIE_PREFERENCES":{"tracking":false}}""")]
    [InlineData("""{"consent":{"tracking":true},"gdprConsent":{"analytics":false}}""")]
    public void A_refusal_is_heard_wherever_in_the_context_it_stands(string context)
    {
        Assert.Equal(Outcome.ConsentDenied, Normalised.Of($$"""{"type":"page","userId":"u","context":{{context}}}""").Outcome);
        Assert.Single(Normalised.Of($$"""{"type":"track","event":"Consent Changed","userId":"u","context":{{context}}}""").Json);
    }

    [Theory]
    [InlineData("""{"dnt":1}""", true)]
    [InlineData("""{"doNotTrack":"1"}""", true)]
    [InlineData("""{"globalPrivacyControl":true}""", true)]
    [InlineData("""{"consent":{"gpc":true}}""", true)]
    [InlineData("""{"navigator":{"do_not_track":"yes"}}""", true)]
    [InlineData("""{"dnt":0,"gpc":null,"doNotTrack":"unspecified"}""", false)]
    [InlineData("""{"dnt":1,"consent":{"tracking":true}}""", false)] // they were asked
    public void A_browsers_signal_counts_as_well_where_a_server_passes_it_on(string context, bool isOut)
    {
        var body = $$"""{"type":"page","userId":"u","context":{{context}}}""";

        Assert.Equal(isOut ? 0 : 1, Normalised.Of(body).Json.Count);
        Assert.Single(Normalised.Of(body, Normalised.Facts(Normalised.Source with { RespectPrivacySignals = false })).Json);
    }

    [Fact]
    public void What_a_category_stands_for_is_the_sources_to_say()
    {
        var source = Normalised.Source with { ConsentCategories = new Dictionary<string, string> { ["Group 7"] = "tracking" } };

        Assert.Equal(Outcome.ConsentDenied, Normalised.Of(Page("""{"categoryPreferences":{"group 7":false}}"""), Normalised.Facts(source)).Outcome);
        Assert.Single(Normalised.Of(Page("""{"categoryPreferences":{"Analytics":false}}"""), Normalised.Facts(source)).Json);
    }

    /// <summary>A setting that names a category after its topic, in the banner's spelling, is the most usual one.</summary>
    [Fact]
    public void A_category_that_is_called_as_its_topic_but_for_the_case_is_heard()
    {
        var source = Normalised.Source with { ConsentCategories = new Dictionary<string, string> { ["Marketing"] = "marketing" } };
        const string Change = """{"type":"track","event":"Segment Consent Preference Updated","anonymousId":"a","context":{"consent":{"categoryPreferences":{"Marketing":false}}}}""";

        Assert.Equal("""{"Marketing":false}""", Normalised.Of(Change, Normalised.Facts(source)).Event.Properties.GetRawText());
    }

    [Fact]
    public void A_change_of_consent_brings_its_categories_under_the_sources_names()
    {
        const string Change = """
            {"type":"track","event":"Segment Consent Preference Updated","anonymousId":"a","properties":{"where":"banner"},
             "context":{"consent":{"categoryPreferences":{"Analytics":true,"Advertising":"yes","Targeting":false,"Functional":true}}}}
            """;

        Assert.Equal("""{"where":"banner","tracking":true,"Advertising":false,"Functional":true,"marketing":false}""", Normalised.Of(Change).Event.Properties.GetRawText());
    }

    [Theory]
    [InlineData("""{"Marketing":"no"}""", """{"categoryPreferences":{"Advertising":true}}""", """{"Marketing":"no","Advertising":true}""")]
    [InlineData("""{"marketing":true}""", """{"ad_storage":"denied"}""", """{"marketing":"denied","advertising":"denied"}""")]
    [InlineData("""{"Advertising":false}""", "null", """{"Advertising":false,"marketing":false}""")] // a step may have that topic, too
    [InlineData("""{"ad_storage":"granted","ad_user_data":"denied"}""", "{}", """{"ad_storage":"granted","advertising":"denied","ad_user_data":"denied","marketing":"denied"}""")]
    [InlineData("""{"marketing":false,"ad_storage":"granted"}""", "null", """{"marketing":false,"ad_storage":"granted","advertising":"granted"}""")]
    [InlineData("{}", """{"ad_storage":"granted"}""", """{"advertising":"granted"}""")]
    [InlineData("""{"advertising":{"email":true,"optedOut":true}}""", "null", """{"advertising":{"email":true,"optedOut":true},"marketing":{"optedOut":true}}""")]
    [InlineData("""{"categoryPreferences":{"Advertising":"no"}}""", "null", """{"Advertising":"no","marketing":"no"}""")]
    [InlineData("""{"consent":{"ad_storage":"denied"}}""", "null", """{"ad_storage":"denied","advertising":"denied","marketing":"denied"}""")]
    [InlineData("{}", """{"ad_storage":"denied","news":"no"}""", """{"advertising":"denied","news":"no","marketing":"denied"}""")]
    [InlineData("""{"marketing":{"email":"yes"}}""", """{"ad_storage":"denied"}""", """{"marketing":{"email":"yes","granted":"denied"},"advertising":"denied"}""")]
    [InlineData("""{"marketing":true}""", """{"ad_storage":{"email":"no"}}""", """{"marketing":{"granted":true,"email":"no"},"advertising":{"email":"no"}}""")]
    [InlineData("""{"marketing":true}""", """{"ad_storage":{}}""", """{"marketing":{},"advertising":{}}""")]
    [InlineData("""{"marketing":{"granted":false,"granted":true}}""", "{}", """{"marketing":{"granted":false}}""")]
    [InlineData("""{"marketing":{"optedOut":true}}""", """{"marketing":{"optedOut":false}}""", """{"marketing":{"optedOut":true}}""")]
    [InlineData("""{"marketing":{"optedOut":null}}""", """{"ad_storage":{"OptedOut":"yes"}}""", """{"marketing":{"optedOut":"yes"},"advertising":{"OptedOut":"yes"}}""")]
    [InlineData("""{"optOut":false}""", """{"optOut":{"value":1}}""", """{"optOut":{"granted":false,"value":1}}""")]
    [InlineData("""{"marketing":null}""", """{"marketing":true}""", """{"marketing":null}""")]
    [InlineData("""{"where":"banner","at":[1,{"a":2,"a":3}]}""", """{"x":"\ud800"}""", """{"where":"banner","at":[1,{"a":2,"a":3}],"x":"\uFFFD"}""")]
    public void Of_what_a_change_and_its_context_say_about_a_topic_under_any_name_the_no_counts(string properties, string consent, string kept)
    {
        var change = $$$"""{"type":"track","event":"Consent Changed","userId":"u","properties":{{{properties}}},"context":{"consent":{{{consent}}}}}""";

        Assert.Equal(kept, Normalised.Of(change).Event.Properties.GetRawText());
    }

    [Theory]
    [InlineData("Consent Changed")]
    [InlineData(" consent changed ")]
    [InlineData("Segment Consent Preference Updated")]
    public void The_refusal_itself_is_heard_and_nothing_beside_it(string name)
    {
        const string Sent = """{"type":"track","event":"NAME","userId":"u","properties":{"marketing":"no"},"context":{"ip":"203.0.113.9","page":{"url":"https://x.example/"},"consent":{"tracking":"no"}}}""";
        var heard = Normalised.Of(Sent.Replace("NAME", name, StringComparison.Ordinal)).Event;

        Assert.Equal(("""{"marketing":"no","tracking":"no"}""", """{"consent":{"tracking":"no"}}"""), (heard.Properties.GetRawText(), heard.Context.GetRawText()));
        Assert.Equal(Outcome.ConsentDenied, Normalised.Of(Sent.Replace("NAME", "Order Completed", StringComparison.Ordinal)).Outcome);
    }

    [Fact]
    public void A_browser_that_asks_not_to_be_tracked_is_heard_too_when_it_says_no()
    {
        var signals = Normalised.Facts() with { FromBrowser = true, SignalsOptOut = true };

        Assert.Equal("""{"marketing":false}""", Normalised.Of("""{"type":"track","event":"Consent Changed","userId":"u","properties":{"marketing":false}}""", signals).Event.Properties.GetRawText());
    }

    [Fact]
    public void Categories_are_names_of_a_sane_length()
    {
        var wrong = new SourceDocument("Shop", ConsentCategories: new Dictionary<string, string> { ["Analytics"] = "tracking", [" "] = "tracking", ["Ads"] = "", [new string('c', 65)] = "x" });

        Assert.Equal(3, SourceRules.Validate(wrong).Count);
        Assert.Empty(SourceRules.Validate(wrong with { ConsentCategories = new Dictionary<string, string> { ["Analytics"] = "tracking" } }));
    }

    private static string Page(string consent) => $$$"""{"type":"page","userId":"u","context":{"consent":{{{consent}}}}}""";
}
