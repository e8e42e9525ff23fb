using System.Text;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Messaging;
using LeadFunctions.Tests.Journeys;
using static LeadFunctions.Tests.Journeys.Rehearsal;

namespace LeadFunctions.Tests.Messaging;

/// <summary>One arbiter decides about every message, whichever journey wants to send it.</summary>
public sealed class ArbiterTests
{
    private const string Cap = """{"consent":"notRefused","gather":"0s","caps":[{"channel":"email","max":1,"per":"1d","over":"OVER"}]}""";

    [Fact]
    public void A_topic_goes_only_to_who_has_agreed_to_it()
    {
        Assert.Empty(Sent("{}", Lead(Sends("a", topic: "news"))));
        Assert.Equal("not sent: The lead has not agreed to \"news\".", Outcome("{}", Lead(Sends("a", topic: "news"))));
        Assert.Equal(["06-01 10:00 a"], Sent("{}", Lead(Sends("a"))));
        Assert.Equal(["06-01 10:00 a"], Sent("""{"consent":"notRefused"}""", Lead(Sends("a", topic: "news"))));
    }

    [Theory]
    [InlineData("""{"news":true}""", true)]
    [InlineData("""{"news":{"weekly":true}}""", false)]
    [InlineData("""{"email":{"news":true}}""", true)]
    [InlineData("""{"email":true}""", true)]
    [InlineData("""{"sms":true}""", false)]
    [InlineData("""{"marketing":true}""", true)]
    [InlineData("""{"granted":true}""", true)]
    [InlineData("""{"*":true}""", true)]
    [InlineData("""{"other":true}""", false)]
    [InlineData("""{"marketing":true,"news":false}""", false)]
    [InlineData("""{"news":"perhaps"}""", false)]
    public void A_yes_is_one_to_the_topic_the_channel_marketing_or_everything(string answers, bool agrees) =>
        Assert.Equal(agrees, Sent("{}", Lead(Sends("a", topic: "news"), answers)).Count == 1);

    [Fact]
    public void A_yes_to_what_is_above_a_topic_is_one_to_it() =>
        Assert.Single(Sent("{}", Lead(Sends("a", topic: "news.weekly"), """{"news":true}""")));

    [Fact]
    public void Customers_who_have_not_said_no_may_count_as_having_agreed()
    {
        const string soft = """{"softOptIn":true}""";

        Assert.Empty(Sent(soft, Lead(Sends("a", topic: "news"))));
        Assert.Single(Sent(soft, rules => Lead(Sends("a", topic: "news"))(rules).Stage("customer", -Hours(1))));
        Assert.Empty(Sent(soft, rules => Lead(Sends("a", topic: "news"), """{"news":false}""")(rules).Stage("customer", -Hours(1))));
    }

    [Fact]
    public void A_cap_holds_for_two_journeys_together()
    {
        Assert.Equal(["06-01 10:00 a"], Sent(Cap.Replace("OVER", "skip"), Lead([Sends("a"), Sends("b")])));
        Assert.Equal(["06-01 10:00 a", "06-02 10:00 b"], Sent(Cap.Replace("OVER", "wait"), Lead([Sends("a"), Sends("b")])));
    }

    [Fact]
    public void A_cap_of_one_channel_lets_another_through() =>
        Assert.Equal(2, Sent(Cap.Replace("OVER", "skip"), Lead([Sends("a"), Sends("b", channel: "chat")])).Count);

    [Fact]
    public void What_is_urgent_goes_over_caps_and_in_quiet_hours_and_counts()
    {
        Assert.Equal(["06-01 10:00 a", "06-01 10:00 b"], Sent(Cap.Replace("OVER", "skip"), Lead([Sends("a"), Sends("b", urgent: true)])));
        Assert.Equal(["06-01 10:00 a"], Sent(Cap.Replace("OVER", "skip"), Lead([Sends("a", urgent: true), Sends("b")])));
        Assert.Equal(["06-01 10:00 a"], Sent("""{"consent":"notRefused","quietHours":{"from":"08:00","to":"12:00"}}""", Lead(Sends("a", urgent: true))));
    }

    [Fact]
    public void What_is_urgent_does_not_go_to_who_refused() => Assert.Empty(Sent("{}", Lead(Sends("a", topic: "news", urgent: true), """{"news":false}""")));

    [Theory]
    [InlineData("Etc/UTC", "06-01 12:00")]
    [InlineData("America/New_York", "06-01 10:00")] // six in the morning there
    [InlineData("Asia/Tokyo", "06-01 10:00")] // seven in the evening
    [InlineData("Europe/London", "06-01 11:00")] // eleven, and quiet until noon
    public void Quiet_hours_are_those_where_the_lead_lives(string zone, string expected) =>
        Assert.Equal([$"{expected} a"], Sent("""{"consent":"notRefused","quietHours":{"from":"08:00","to":"12:00"}}""", rules => Lead(Sends("a"))(rules).Identify(new { timezone = zone }, -Hours(1))));

    [Fact]
    public void Messages_go_out_in_the_window() =>
        Assert.Equal(["06-03 09:00 a"], Sent("""{"consent":"notRefused","window":{"from":"09:00","to":"17:00","days":["wed"]}}""", Lead(Sends("a"))));

    /// <summary>Of a setting that was saved before such a one was refused.</summary>
    [Fact]
    public void Nothing_waits_for_a_window_that_is_always_quiet() =>
        Assert.Empty(Lead(Sends("a"))(MessagingDocument.Parse("""{"consent":"notRefused","quietHours":{"from":"20:00","to":"09:00"},"window":{"from":"07:00","to":"08:00","days":["sat","sun"]}}"""u8.ToArray()).Rules!).Run(Days(10)).Sent);

    [Fact]
    public void A_window_that_begins_while_it_is_quiet_opens_after_that() =>
        Assert.Equal(["06-03 09:30 a"], Sent("""{"consent":"notRefused","quietHours":{"from":"20:00","to":"09:30"},"window":{"from":"08:00","to":"17:00","days":["wed"]}}""", Lead(Sends("a"))));

    [Fact]
    public void A_refusal_stops_what_is_held_already()
    {
        var held = """{"quietHours":{"from":"08:00","to":"12:00"}}""";

        Assert.Equal(["06-01 12:00 a"], Sent(held, Lead(Sends("a", topic: "news"), """{"news":true}""")));
        Assert.Empty(Sent(held, rules => Lead(Sends("a", topic: "news"), """{"news":true}""")(rules).Track("Consent Changed", Hours(1), new { news = false })));
    }

    [Fact]
    public void Who_wants_a_pause_gets_nothing_until_it_is_over()
    {
        Assert.Equal(["06-04 10:00 a"], Sent("""{"consent":"notRefused"}""", rules => Lead(Sends("a", topic: "news"))(rules).Identify(new { messagesPausedUntil = "2026-06-04T10:00:00Z" }, -Hours(1))));
        Assert.Equal(["06-01 10:00 a"], Sent("""{"consent":"notRefused"}""", rules => Lead(Sends("a"))(rules).Identify(new { messagesPausedUntil = "2026-06-04T10:00:00Z" }, -Hours(1))));
    }

    /// <summary>Urgent is what the sender says; a break, and how often, the reader.</summary>
    [Fact]
    public void What_is_urgent_to_the_sender_does_not_go_over_what_the_reader_wished()
    {
        const string open = """{"consent":"notRefused"}""";

        Assert.Equal(["06-04 10:00 a"], Sent(open, rules => Lead(Sends("a", topic: "news", urgent: true))(rules).Identify(new { messagesPausedUntil = "2026-06-04T10:00:00Z" }, -Hours(1))));
        Assert.Equal(["06-01 10:00 a"], Sent(open, rules => Lead([Sends("a", topic: "news"), Sends("b", topic: "news", urgent: true)])(rules).Identify(new { messagesFrequency = "weekly" }, -Hours(1))));
    }

    [Fact]
    public void Who_wants_one_message_a_week_gets_one()
    {
        Func<MessagingRules, Rehearsal> lead = rules => Lead([Sends("a", topic: "news"), Sends("b", topic: "offers"), Sends("receipt")])(rules).Identify(new { messagesFrequency = "weekly" }, -Hours(1)).Track("Start", Days(6.9)).Track("Start", Days(7));

        Assert.Equal(["06-01 10:00 a", "06-01 10:00 receipt", "06-08 07:36 receipt", "06-08 10:00 a", "06-08 10:00 receipt"], Sent("""{"consent":"notRefused"}""", lead).Order());
    }

    [Fact]
    public void What_is_held_for_too_long_is_too_late() =>
        Assert.Equal("not sent: It is 24 h late; more than 12h is too late.", Outcome(Cap.Replace("OVER", "wait").Replace("\"gather\"", "\"late\":\"12h\",\"gather\""), Lead([Sends("a"), Sends("b")]), run: 1));

    [Fact]
    public void When_a_cap_leaves_room_for_one_the_more_important_goes_first()
    {
        var cap = Cap.Replace("OVER", "wait").Replace("0s", "1m");

        // Whichever asks first: there is a minute for the other to come.
        Assert.Equal(["06-01 10:00 high", "06-02 10:00 low"], Sent(cap, Lead([Sends("low", priority: "low"), Sends("high", priority: "high")])));
        Assert.Equal(["06-01 10:00 high", "06-02 10:00 low"], Sent(cap, Lead([Sends("high", priority: "high"), Sends("low", priority: "low")])));
        Assert.Equal("normal", Sent(cap, Lead([Sends("low", priority: "low"), Sends("normal")]))[0].Split(' ')[^1]);
        Assert.Equal("normal", Sent(cap, Lead([Sends("normal"), Sends("low", priority: "low")]))[0].Split(' ')[^1]);
    }

    [Fact]
    public void Nothing_is_lost_by_waiting_for_something_more_important_that_never_comes() =>
        Assert.Equal(["06-01 10:01 a"], Sent(Cap.Replace("0s", "1m").Replace("OVER", "skip"), Lead(Sends("a"))));

    [Fact]
    public void Of_many_that_wait_each_goes_out_as_there_is_room()
    {
        var sent = Sent(Cap.Replace("OVER", "wait"), Lead([.. "abcdefgh".Select(name => Sends(name.ToString()))]), days: 20);

        Assert.Equal(8, sent.Count);
        Assert.Equal(8, sent.Select(line => line[..5]).Distinct().Count());
    }

    [Fact]
    public void A_journey_can_go_by_what_became_of_a_message()
    {
        const string journey = """
            {"name":"x","trigger":{"event":"Start"},"steps":[
              {"id":"m","type":"send","template":"a","topic":"news"},
              {"id":"b","type":"branch","paths":[{"name":"no","when":{"trait":"steps.m.outcome","equals":"skipped"},"steps":[{"id":"call","type":"track","event":"Call"}]}],"else":[{"id":"fine","type":"track","event":"Fine"}]}]}
            """;

        Assert.Contains("Call", Lead(Parse(journey))(Rules("{}")).Run(Days(1)).Lead.State.Whole.Activity.Keys);
        Assert.Contains("Fine", Lead(Parse(journey), """{"news":true}""")(Rules("{}")).Run(Days(1)).Lead.State.Whole.Activity.Keys);
    }

    /// <summary>Most carriers take a message, and tell hours later that nobody is there.</summary>
    [Theory]
    [InlineData("hard", 5, "bounced")]
    [InlineData("soft", 5, "sent")]
    [InlineData("hard", 30, "sent")] // told too late for that branch
    public void A_message_that_comes_back_later_has_bounced_from_then_on(string kind, int hours, string outcome)
    {
        const string journey = """
            {"name":"x","trigger":{"event":"Start"},"steps":[
              {"id":"m","type":"send","template":"a"},{"id":"w","type":"wait","for":"1d"},
              {"id":"b","type":"branch","paths":[{"name":"bounced","when":{"trait":"steps.m.outcome","equals":"bounced"},"steps":[{"id":"call","type":"track","event":"Call"}]}],"else":[{"id":"fine","type":"track","event":"Fine"}]}]}
            """;
        var lead = Lead(Parse(journey))(Rules("{}")).Run(Hours(1));
        var sent = Assert.Single(lead.Lead.State.Messages!.Kept);

        lead.Script(
            new() { Id = "report", Type = LeadFunctions.Events.EventType.Track, Name = MessageEvents.Bounced, At = Start + Hours(hours), LeadId = lead.Lead.State.Id, Properties = System.Text.Json.JsonSerializer.SerializeToElement(new { messageId = sent.Id, kind }) },
            Hours(hours)).Run(Days(3));

        var path = lead.Runs[0].Log.Single(line => line is { Step: "b", What: "path" }).Detail;
        Assert.Equal((outcome, outcome == "bounced" ? "bounced" : "else"), (lead.Runs[0].Outcomes!["m"], path));
    }

    [Fact]
    public void What_was_decided_is_kept_with_its_reason()
    {
        var lead = Lead([Sends("a"), Sends("b")])(Rules(Cap.Replace("OVER", "skip"))).Run(Days(1)).Lead.State;

        Assert.Equal([("a", MessageState.Sent, null), ("b", MessageState.Skipped, "1 messages by email within 1d; 1 are the most.")], lead.Messages!.Kept.Select(message => (message.Template, message.State, message.Reason)));
        Assert.Equal(lead.Messages.Kept, System.Text.Json.JsonSerializer.Deserialize<LeadMessages>(System.Text.Json.JsonSerializer.Serialize(lead.Messages))!.Kept);
    }

    [Fact]
    public void Of_a_thousand_messages_the_last_are_kept_and_caps_still_hold()
    {
        var messages = LeadMessages.None;
        for (var i = 0; i < 1_000; i++)
        {
            messages = messages.With(new LeadMessage($"m{i}", "email", MessageState.Sent, i, i));
        }

        Assert.Equal(LeadMessages.OverKept, messages.Kept.Count);
        Assert.Equal("m999", messages.Kept[^1].Id);
        Assert.Equal(LeadMessages.TimesKept, messages.Times["email"].Count);
    }

    private static MessagingRules Rules(string setting)
    {
        var (rules, errors) = MessagingDocument.Parse(Encoding.UTF8.GetBytes(setting));
        Assert.Empty(errors);
        return rules!;
    }

    private static IReadOnlyList<string> Sent(string setting, Func<MessagingRules, Rehearsal> lead, int days = 10) => [.. lead(Rules(setting)).Run(Days(days)).Sent.Select(line => line[5..])];

    private static string Outcome(string setting, Func<MessagingRules, Rehearsal> lead, int run = 0)
    {
        var line = lead(Rules(setting)).Run(Days(10)).Runs[run].Log.Last(line => line.Step == "m");
        return $"{line.What}: {line.Reason}";
    }

    private static Func<MessagingRules, Rehearsal> Lead(Journey journey, string? answers = null) => Lead([journey], answers);

    private static Func<MessagingRules, Rehearsal> Lead(Journey[] journeys, string? answers = null) => rules =>
    {
        var lead = new Rehearsal(rules, journeys).Identify(new { email = "ann@example.com" }, -Hours(2));
        lead = answers is null ? lead : lead.Track("Consent Changed", -Hours(2), System.Text.Json.JsonDocument.Parse(answers).RootElement);
        return lead.Track("Start", default);
    };

    private static Journey Sends(string template, string channel = "email", string? topic = null, bool urgent = false, string? priority = null) => Parse($$"""
        {"name":"{{template}}","trigger":{"event":"Start"},"steps":[{"id":"m","type":"send","template":"{{template}}","channel":"{{channel}}"
          {{(topic is null ? "" : $",\"topic\":\"{topic}\"")}}{{(urgent ? ",\"urgent\":true" : "")}}{{(priority is null ? "" : $",\"priority\":\"{priority}\"")}}}]}
        """, template);
}
