using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Journeys;

/// <summary>A refusal is heard in whatever shape and under whatever name consent tools send it, and a later yes to something else does not take it back.</summary>
public sealed class ConsentShapesTests
{
    private const string Agreed = """"event":"Consent Changed","properties":{"marketing":true}"""";

    private const string AgreedToNews = """"event":"Consent Changed","properties":{"topic":"news","granted":true}"""";

    public static TheoryData<string> Refusals => new(
        // what it is about stands beside the answer
        """"event":"Consent Changed","properties":{"topic":"marketing","granted":false}"""",
        """"event":"Consent Changed","properties":{"category":"Advertising","status":"denied"}"""",
        """"event":"Consent Changed","properties":{"purpose":"marketing","channel":"email","optedOut":true}"""",
        """"event":"Consent Changed","properties":{"topics":["news","marketing"],"granted":"no"}"""",
        """"event":"Consent Changed","properties":{"channel":"email","granted":false}"""",
        """"event":"Consent Changed","properties":{"topic":"other","granted":true,"marketing":false}"""",
        """"event":"Consent Changed","properties":{"change":{"topic":"marketing","granted":false}}"""",
        """"event":"Consent Changed","properties":{"topic":"marketing","foo":false}"""",
        // lists of answers
        """"event":"Consent Changed","properties":{"consents":[{"topic":"news","granted":true},{"topic":"marketing","granted":false}]}"""",
        """"event":"Consent Changed","properties":{"consents":[{"name":"marketing","value":false}]}"""",
        """"event":"Consent Changed","properties":{"purposes":[{"id":"C0004","status":"denied"}]}"""",
        """"event":"Consent Changed","properties":{"preferences":[{"marketing":"no"}]}"""",
        """"event":"Consent Changed","properties":{"changes":[{"topic":"marketing","optedIn":false}]}"""",
        """"event":"Consent Changed","properties":{"marketing":[{"channel":"email","granted":false}]}"""",
        """"event":"Consent Changed","properties":{"marketing":{"channel":"email","granted":false}}"""",
        """"event":"Consent Changed","properties":{"marketing":[{"channel":"sms","granted":true},{"granted":false}]}"""",
        // the topic and the answer in one name
        """"event":"Consent Changed","properties":{"marketing_consent":"no"}"""",
        """"event":"Consent Changed","properties":{"marketingOptIn":false}"""",
        """"event":"Consent Changed","properties":{"hasMarketingConsent":0}"""",
        """"event":"Consent Changed","properties":{"marketing-opted-out":"yes"}"""",
        """"event":"Consent Changed","properties":{"accepts_marketing":false}"""",
        """"event":"Consent Changed","properties":{"email_marketing_consent":{"state":"unsubscribed"}}"""",
        """"event":"Consent Changed","properties":{"emailOptOut":true}"""",
        """"event":"Consent Changed","properties":{"do_not_email":true}"""",
        """"event":"Consent Changed","properties":{"doNotContact":1}"""",
        // when it was refused
        """"event":"Consent Changed","properties":{"marketing":{"revokedAt":"2026-05-01T10:00:00Z"}}"""",
        """"event":"Consent Changed","properties":{"marketing":{"granted":true,"withdrawn_on":1777000000}}"""",
        """"event":"Consent Changed","properties":{"marketing":{"foo":false}}"""",
        """"event":"Consent Changed","properties":{"unsubscribedAt":"2026-05-01"}"""",
        // of everything
        """"event":"Consent Changed","properties":{"all":false}"""",
        """"event":"Consent Changed","properties":{"everything":"no"}"""",
        """"event":"Consent Changed","properties":{"consent":{"all":"denied"}}"""",
        """"event":"Consent Changed","properties":{"rejected_all":true}"""",
        """"event":"Consent Changed","properties":{"unsubscribe_from_all":"yes"}"""",
        """"event":"Consent Changed","properties":{"status":"reject all"}"""",
        """"event":"Consent Changed","properties":{"granted":"nope"}"""",
        // under names of tools and of anybody's own
        """"event":"Consent Changed","properties":{"groups":{"C0004":false}}"""",
        """"event":"Consent Changed","properties":{"emailPreferences":{"marketing":false}}"""",
        """"event":"Consent Changed","properties":{"cookieConsent":{"marketing":"denied"}}"""",
        """"event":"Consent Changed","properties":{"consent_state":{"gdpr":{"marketing":{"consented":false}}}}"""",
        """"event":"Consent Changed","properties":{"before":{"marketing":true},"after":{"marketing":false}}"""",
        """"event":"Consent Changed","properties":{"answers":{"whatever":[{"marketing":"no"}]}}"""",
        """"event":"Consent Changed","properties":{"hs_email_optout":true}"""",
        """"event":"Consent Changed","properties":{"HasOptedOutOfEmail":true}"""",
        """"event":"Consent Changed","properties":{"unsubscribedFromMarketing":true}"""",
        """"event":"Consent Changed","properties":{"unsubscribed_from":["marketing"]}"""",
        """"event":"Consent Changed","properties":{"rejectedCategories":["marketing"]}"""",
        """"event":"Consent Changed","properties":{"denied":"analytics, marketing"}"""",
        """"event":"Consent Changed","properties":{"marketing_emails":false}"""",
        """"event":"Consent Changed","properties":{"wantsMarketing":false}"""",
        """"event":"Consent Changed","properties":{"do_not_send_marketing":true}"""",
        """"event":"Consent Changed","properties":{"marketing_opt_in_status":"opted_out"}"""",
        """"event":"Consent Changed","properties":{"suppressed":true}"""",
        """"event":"Newsletter Unsubscribed","properties":{"marketing":false}"""",
        """"event":"User Unsubscribed","properties":{"list":"marketing"}"""",
        """"event":"Marketing Consent Withdrawn","properties":{}"""",
        """"event":"Email Preferences Updated","properties":{"marketing":false}"""",
        """"event":"Cookie Consent Declined","properties":{"category":"marketing"}"""",
        // by words that name no topic, decisions, and lists of what is left
        """"event":"Consent Changed","properties":{"gdpr_consent":"no"}"""",
        """"event":"Consent Changed","properties":{"subscription_status":"unsubscribed"}"""",
        """"event":"Consent Changed","properties":{"globallyUnsubscribed":true}"""",
        """"event":"Consent Changed","properties":{"action":"opt-out"}"""",
        """"event":"Consent Changed","properties":{"action":"opt-out","channel":"email"}"""",
        """"event":"Consent Changed","properties":{"operation":"revoke","purpose":"marketing"}"""",
        """"event":"Consent Changed","properties":{"can_email":false}"""",
        """"event":"Consent Changed","properties":{"canContact":"no"}"""",
        """"event":"Consent Changed","properties":{"contactable":false}"""",
        """"event":"Consent Changed","properties":{"send_marketing":false}"""",
        """"event":"Consent Changed","properties":{"emailNotificationsEnabled":false}"""",
        """"event":"Consent Changed","properties":{"dnc":true}"""",
        """"event":"Consent Changed","properties":{"emailBlacklisted":true}"""",
        """"event":"Consent Changed","properties":{"emails":false}"""",
        """"event":"Consent Changed","properties":{"marketing_via_email":false}"""",
        """"event":"Consent Changed","properties":{"consents":"none"}"""",
        """"event":"Consent Changed","properties":{"removed":["marketing"]}"""",
        """"event":"Consent Changed","properties":{"OnetrustActiveGroups":",C0001,C0002,"}"""",
        """"event":"Consent Changed","properties":{"accepted":["necessary"]}"""",
        // what does not hold any more
        """"event":"Consent Changed","properties":{"marketing":{"granted":true,"expired":true}}"""",
        """"event":"Consent Changed","properties":{"granted":true,"expired":"yes"}"""",
        """"event":"Consent Changed","properties":{"marketing":{"granted":true,"active":false}}"""",
        """"event":"Consent Changed","properties":{"marketing":{"granted":true,"isValid":false}}"""",
        // what was, and what is
        """"event":"Consent Changed","properties":{"marketing":{"old":true,"new":false}}"""",
        """"event":"Consent Changed","properties":{"marketing":{"from":"yes","to":"no"}}"""",
        """"event":"Consent Changed","properties":{"marketing":{"previous":{"granted":true},"current":{"granted":false}}}"""",
        """"event":"Consent Changed","properties":{"before":{"marketing":true},"after":{"email":"opted out"}}"""",
        """"event":"Consent Changed","properties":{"field":"marketing","from":true,"to":false}"""",
        // by the event's name
        """"event":"Email Marked as Spam","properties":{"campaign_id":"7"}"""",
        """"event":"Spam Complaint","properties":{}"""",
        """"event":"spamreport","properties":{"status":"delivered"}"""",
        """"event":"Email Complained","properties":{}"""",
        """"event":"Unsubscribed from List","properties":{"list":"marketing"}"""",
        """"event":"Unsubscribed From Emails","properties":{}"""",
        """"event":"User Opted Out of Marketing","properties":{}"""",
        """"event":"Opt-out Marketing","properties":{}"""",
        """"event":"Consent Revoked for Marketing","properties":{}"""",
        """"event":"Withdrew Consent","properties":{}"""",
        """"event":"Revoke Consent","properties":{}"""",
        """"event":"Do Not Email","properties":{}"""",
        """"event":"Do Not Contact","properties":{}"""",
        """"event":"Cookie Banner Rejected","properties":{"marketing":false}"""",
        """"event":"Preferences Updated","properties":{"marketing":false}"""",
        """"event":"Preference Center Updated","properties":{"all":false}"""",
        """"event":"Notification Settings Changed","properties":{"marketing":false}"""",
        """"event":"Email Subscription Updated","properties":{"status":"unsubscribed"}"""",
        """"event":"Privacy Settings Updated","properties":{"marketing":"off"}"""",
        """"event":"consent_changed","properties":{"marketing":false}"""",
        """"event":"ConsentUpdated","properties":{"marketing":false}"""",
        """"event":"Unsubscribed","properties":{}"""",
        """"event":"Email Unsubscribed","properties":{"campaign":"7"}"""",
        """"event":"Unsubscribed","properties":{"list":"marketing"}"""",
        """"event":"Consent Withdrawn","properties":{}"""",
        """"event":"consent_withdrawn","properties":{"all":true}"""",
        """"event":"consent_withdrawn","properties":{"all":false}"""",
        """"event":"consent_preferences","properties":{"eventType":"deny_all","consentVersion":"2"}"""",
        """"event":"consent_preferences","properties":{"eventType":"withdrawn"}"""",
        """"event":"consent_preferences","properties":{"eventType":"allow_selected","consentScopes":["analytics"]}"""",
        // in the context alone
        """"event":"Consent Changed","context":{"consent":false}"""",
        """"event":"Consent Changed","context":{"consent":"denied"}"""",
        """"event":"Consent Changed","context":{"consent":{"all":false}}"""",
        """"event":"Consent Changed","context":{"consent":[{"category":"Advertising","granted":false}]}"""",
        """"event":"Consent Changed","context":{"consentManagement":{"allowedConsentIds":[],"deniedConsentIds":["C0004"]}}"""");

    [Theory]
    [MemberData(nameof(Refusals))]
    public void It_stops_messages_whatever_was_agreed_before_and_to_something_else_after(string refusal)
    {
        Assert.Empty(Sent(refusal));
        Assert.Empty(Sent(Agreed, refusal));
        Assert.Empty(Sent(refusal, AgreedToNews));
        Assert.Empty(Sent(Agreed, refusal, AgreedToNews));
    }

    [Theory]
    [InlineData(""""event":"Consent Changed","properties":{"topic":"marketing","granted":true}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"topics":["news","marketing"],"status":"accepted"}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"consents":[{"topic":"news","granted":false},{"topic":"marketing","granted":true}]}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"marketing_consent":"yes","marketing_consent_date":"2026-05-01"}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"marketing":{"granted":true,"grantedAt":"2026-05-01","revokedAt":null}}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"marketing":"accept all"}"""")]
    [InlineData(""""event":"consent_preferences","properties":{"eventType":"allow_selected","consentScopes":["marketing"]}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"topic":"marketing","action":"opt-in"}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"marketing":{"granted":true,"expired":false,"active":true}}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"marketing":{"old":false,"new":true}}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"before":{"marketing":false},"after":{"marketing":true}}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"marketing":{"granted":true,"from":"2026-01-01","to":"2027-01-01"}}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"marketing":"yes","contact":{"email":"ann@example.com"},"contact_email":"ann@example.com"}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"marketing":true,"gdpr_applies":false,"action":"saved"}"""")]
    public void A_yes_in_the_same_shapes_takes_back_a_no_to_the_same(string yes)
    {
        Assert.Single(Sent(yes));
        Assert.Single(Sent(""""event":"Consent Changed","properties":{"marketing":false}"""", yes));
    }

    [Theory]
    [InlineData(""""event":"Consent Changed","properties":{"topic":"news","granted":false}"""")]
    [InlineData(""""event":"Unsubscribed","properties":{"list":"news"}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"news_consent":"no"}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"marketing":[{"channel":"sms","granted":false}]}"""")]
    [InlineData(""""event":"Consent Changed","properties":{"smsOptOut":true}"""")]
    [InlineData(""""event":"Subscription Started","properties":{"all":false}"""")]
    [InlineData(""""event":"Preferences Updated","properties":{"darkMode":false,"enabled":false}"""")]
    [InlineData(""""event":"Account Settings Updated","properties":{"granted":false}"""")]
    [InlineData(""""event":"Subscription Status Changed","properties":{"status":"cancelled"}"""")]
    [InlineData(""""event":"Subscription Cancelled","properties":{"granted":false}"""")]
    [InlineData(""""event":"Unsubscribe Link Clicked","properties":{}"""")]
    [InlineData(""""event":"Unsubscribe Page Viewed","properties":{}"""")]
    [InlineData(""""event":"Support Complaint","properties":{"granted":false}"""")]
    [InlineData(""""event":"Quote Declined","properties":{}"""")]
    [InlineData(""""event":"Spam Filter Configured","properties":{}"""")]
    public void A_no_to_something_else_stops_nothing(string other) => Assert.Single(Sent(Agreed, other));

    [Fact]
    public void Everything_is_agreed_to_again_by_the_same_word()
    {
        Assert.Single(Sent(""""event":"Consent Changed","properties":{"all":false}"""", """"event":"Consent Changed","properties":{"everything":true}""""));
        Assert.Empty(Sent(""""event":"Consent Changed","properties":{"marketing":false}"""", """"event":"Consent Changed","properties":{"everything":true}""""));
    }

    /// <summary>What goes out to somebody who sent these, hour by hour.</summary>
    private static IReadOnlyList<string> Sent(params string[] changes)
    {
        var lead = new Rehearsal(Parse("""{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"a","type":"send","template":"a","topic":"marketing"}]}""")).Identify(new { email = "ann@example.com" });
        for (var i = 0; i < changes.Length; i++)
        {
            var change = Ingest.Normalised.Of($$"""{"type":"track","userId":"ann","{{changes[i]}}}""").Event;
            lead = lead.Script(change with { Id = $"c{i}", At = Start.AddHours(i + 1) }, Hours(i + 1));
        }

        return lead.Track("Start", Hours(changes.Length + 1)).Run(Days(1)).Sent;
    }
}
