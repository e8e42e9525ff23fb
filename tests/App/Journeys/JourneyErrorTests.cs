using System.Text;
using System.Text.Json.Nodes;
using LeadFunctions.Journeys.Documents;

namespace LeadFunctions.Tests.Journeys;

/// <summary>What a document that is wrong is answered with: every mistake, where it is and what was expected.</summary>
public sealed class JourneyErrorTests
{
    private const string Wait = """{"id":"w","type":"wait","for":"1d"}""";

    [Theory]
    [InlineData("""{"trigger":{"api":true},"steps":[{"id":"w","type":"wait","for":"1d"}]}""", "$.name")]
    [InlineData("""{"name":"x","steps":[{"id":"w","type":"wait","for":"1d"}]}""", "$.trigger")]
    [InlineData("""{"name":"x","trigger":{"api":true}}""", "$.steps")]
    [InlineData("""{"name":"x","trigger":{"api":true},"steps":[]}""", "$.steps")]
    [InlineData("""{"name":"x","trigger":{"api":true},"step":[],"steps":[{"id":"w","type":"wait","for":"1d"}]}""", "$.step")]
    [InlineData("[]", "$,$.name,$.trigger,$.steps", true)]
    [InlineData("nonsense", "$")]
    public void The_outline_is_checked(string json, string paths, bool orFewer = false)
    {
        var errors = Errors(json);

        Assert.Subset(paths.Split(',').ToHashSet(), errors.ToHashSet());
        Assert.True(orFewer || errors.Count == paths.Split(',').Length, string.Join(", ", errors));
    }

    [Theory]
    [InlineData("""{}""", "$.trigger")]
    [InlineData("""{"evnt":"a"}""", "$.trigger.evnt")]
    [InlineData("""{"event":"a","form":"b"}""", "$.trigger")]
    [InlineData("""{"event":""}""", "$.trigger.event")]
    [InlineData("""{"event":"a","where":{"x":{"startWith":"y"}}}""", "$.trigger.where.x.startWith")]
    [InlineData("""{"event":"a","within":"3d"}""", "$.trigger,$.trigger.within")]
    [InlineData("""{"segment":"vip","on":"entering"}""", "$.trigger.on")]
    [InlineData("""{"stage":"warm"}""", "$.trigger.stage")]
    [InlineData("""{"stage":["mql","warm"]}""", "$.trigger.stage[1]")]
    [InlineData("""{"engagement":{"crosses":"50"}}""", "$.trigger.engagement.crosses")]
    [InlineData("""{"engagement":50}""", "$.trigger.engagement")]
    [InlineData("""{"date":{"trait":"birthday","yearly":"yes","offset":"3 days","at":"9"}}""", "$.trigger.date.yearly,$.trigger.date.offset,$.trigger.date.at")]
    [InlineData("""{"date":{"yearly":true}}""", "$.trigger.date.trait")]
    [InlineData("""{"api":false}""", "$.trigger.api")]
    public void Triggers_are_checked(string trigger, string paths) => Expect($$"""{"name":"x","trigger":{{trigger}},"steps":[{{Wait}}]}""", paths);

    [Theory]
    [InlineData("1000 { act }", null)]
    [InlineData("100 { 90 { act } }", null)]
    [InlineData("1000 { 1000 { act } }", "$.steps[0]")]
    [InlineData("10 { 10 { 10 { 10 { 10 { act } } } } }", "$.steps[0].steps[0]")] // the repeats count too
    [InlineData("1000 { 1000 { act 1d } }", null)] // each round waits
    [InlineData("1000 { 1000 { act } 1d }", null)] // 1,000 a day
    [InlineData("1000 { 1000 { 1000 { act } } 1d }", "$.steps[0].steps[0]")]
    [InlineData("1000 { 1000 { act window } }", "$.steps[0]")] // which may be open
    [InlineData("1000 { 1000 { act date } }", "$.steps[0]")] // which may have passed
    [InlineData("1000 { 1000 { act heard } }", "$.steps[0]")] // by what another journey does
    [InlineData("1000 { 1000 { act 09:00 } }", null)]
    [InlineData("1000 { act act act act act act act act act act act }", "$.steps[0]")]
    [InlineData("900 { 9 { act } } 900 { 9 { act } }", "$.steps")]
    public void So_many_steps_may_follow_each_other_without_waiting_and_no_more(string outline, string? path)
    {
        var number = 0;
        var steps = System.Text.RegularExpressions.Regex.Replace(outline, "(\\d+) \\{|\\S+", match => match.Value switch
        {
            "}" => "]}",
            "act" => Step("addPoints\",\"points\":1"),
            "1d" => Step("wait\",\"for\":\"1d\""),
            "window" => Step("wait\",\"window\":{\"from\":\"09:00\",\"to\":\"17:00\"}"),
            "date" => Step("wait\",\"until\":{\"trait\":\"birthday\"}"),
            "09:00" => Step("wait\",\"until\":{\"time\":\"09:00\"}"),
            "heard" => Step("waitFor\",\"when\":{\"event\":\"X\"},\"timeout\":\"1d\""),
            _ => $"{{\"id\":\"s{number++}\",\"type\":\"repeat\",\"max\":{match.Groups[1].Value},\"steps\":[",
        });
        steps = System.Text.RegularExpressions.Regex.Replace(steps, "(?<=\\}) +(?=\\{)", ",");

        var parsed = ParsedJourney.Of(Encoding.UTF8.GetBytes($$"""{"name":"x","trigger":{"api":true},"steps":[{{steps}}]}"""));

        Assert.Equal(path is null ? [] : [path], parsed.Errors.Select(error => error.Path));
        Assert.NotNull(parsed.Document); // one that is stored is read as before
        Assert.Equal(path is not null, parsed.Warnings.Any(warning => warning.Message.StartsWith("More than 10", StringComparison.Ordinal)));

        string Step(string rest) => $"{{\"id\":\"s{number++}\",\"type\":\"{rest}}}";
    }

    [Theory]
    [InlineData("""{"id":"s","type":"send"}""", ".template")]
    [InlineData("""{"id":"s","type":"send","template":"t","chanel":"sms"}""", ".chanel")]
    [InlineData("""{"id":"s","type":"send","template":"t","urgent":1,"data":[]}""", ".urgent,.data")]
    [InlineData("""{"id":"s","type":"send","template":"t","late":{"after":"2 days","do":"drop"}}""", ".late.after,.late.do")]
    [InlineData("""{"id":"s","type":"send","template":"t","topic":"news","service":true}""", ".service")]
    [InlineData("""{"id":"s","type":"sent"}""", ".type")]
    [InlineData("""{"id":"s"}""", ".type")]
    [InlineData("""{"type":"exit"}""", ".id")]
    [InlineData("""{"id":"no spaces","type":"exit"}""", ".id")]
    [InlineData("""7""", "")]
    [InlineData("""{"id":"s","type":"wait"}""", "")]
    [InlineData("""{"id":"s","type":"wait","for":"1d","window":{"from":"09:00","to":"10:00"}}""", "")]
    [InlineData("""{"id":"s","type":"wait","for":"soon"}""", ".for")]
    [InlineData("""{"id":"s","type":"wait","window":{"from":"25:00","days":["monday"]}}""", ".window.from,.window.to,.window.days[0]")]
    [InlineData("""{"id":"s","type":"wait","until":{"time":"noon"}}""", ".until.time")]
    [InlineData("""{"id":"s","type":"wait","until":{"offset":"1d"}}""", ".until.trait")]
    [InlineData("""{"id":"s","type":"waitFor"}""", ".when")]
    [InlineData("""{"id":"s","type":"waitFor","when":{"event":"a"},"timeout":"0d","since":"start"}""", ".timeout,.since")]
    [InlineData("""{"id":"s","type":"branch"}""", ".paths")]
    [InlineData("""{"id":"s","type":"branch","paths":[]}""", ".paths")]
    [InlineData("""{"id":"s","type":"branch","paths":[{"name":"a","when":{"event":"x"},"steps":[]},{"name":"a","when":{"trait":"x","exists":true},"steps":[]}]}""", ".paths[0].when.event,.paths[1].name")]
    [InlineData("""{"id":"s","type":"split","paths":[{"name":"a","steps":[]},{"name":"b","weight":-1,"steps":[]}]}""", ".paths[0].weight,.paths[1].weight,.paths", true)]
    [InlineData("""{"id":"s","type":"split","paths":[{"name":"a","weight":0,"steps":[]}]}""", ".paths")]
    [InlineData("""{"id":"s","type":"setTraits","traits":{}}""", ".traits")]
    [InlineData("""{"id":"s","type":"addPoints","points":0}""", ".points")]
    [InlineData("""{"id":"s","type":"addToList"}""", ".list")]
    [InlineData("""{"id":"s","type":"setStage","stage":"warm"}""", ".stage")]
    [InlineData("""{"id":"s","type":"webhook","url":"ftp://x","method":"LOOK","headers":{"X Y":"z"},"saveAs":"a.b"}""", ".url,.method,.headers['X Y'],.saveAs")]
    [InlineData("""{"id":"s","type":"startJourney"}""", ".journey")]
    [InlineData("""{"id":"s","type":"repeat","max":0,"steps":[]}""", ".max,.steps")]
    [InlineData("""{"id":"s","type":"track"}""", ".event")]
    [InlineData("""{"id":"s","type":"exit","reason":5}""", ".reason")]
    [InlineData("""{"id":"s","type":"repeat","max":2,"steps":[{"id":"S","type":"exit"}]}""", ".steps[0].id")]
    public void Steps_are_checked(string step, string paths, bool orFewer = false)
    {
        var errors = Errors($$"""{"name":"x","trigger":{"api":true},"steps":[{{step}}]}""");
        var expected = paths.Split(',').Select(path => "$.steps[0]" + path).ToHashSet();

        Assert.Subset(expected, errors.ToHashSet());
        Assert.True(orFewer ? errors.Count > 0 : errors.Count == expected.Count, string.Join(", ", errors));
    }

    [Theory]
    [InlineData("\"entry\":{\"reentry\":\"always\"}", "$.entry.reentry")]
    [InlineData("\"entry\":{\"reentry\":\"concurrent\"}", "$.entry.reentry")]
    [InlineData("\"entry\":{\"reentry\":{\"after\":\"x\"}}", "$.entry.reentry.after")]
    [InlineData("\"entry\":{\"when\":{\"event\":\"a\"}}", "$.entry.when.event")]
    [InlineData("\"goal\":{\"evnt\":\"a\"}", "$.goal.evnt")]
    [InlineData("\"exit\":{\"all\":[{\"event\":\"a\"},{\"event\":\"b\"}]}", "$.exit")]
    [InlineData("\"quietHours\":{\"from\":\"21:00\"}", "$.quietHours.to")]
    [InlineData("\"quietHours\":{\"from\":\"21:00\",\"to\":\"21:00\"}", "$.quietHours.to")]
    [InlineData("\"frequency\":{\"max\":0,\"per\":\"7\"}", "$.frequency.max,$.frequency.per")]
    [InlineData("\"timeZone\":\"Berlin\"", "$.timeZone")]
    public void Control_is_checked(string part, string paths) => Expect($$"""{"name":"x","trigger":{"api":true},{{part}},"steps":[{{Wait}}]}""", paths);

    [Fact]
    public void All_mistakes_are_answered_at_once()
    {
        var json = JsonNode.Parse(Repository.Read("samples/journeys/welcome.json"))!;
        json["trigger"]!["where"] = 5;
        json["quietHours"]!["from"] = "late";
        json["steps"]![1]!["for"] = "two days";
        json["steps"]![2]!["then"]![0]!["points"] = "ten";
        json["steps"]![3]!["paths"]![0]!["when"]!["engagement"] = 50;
        json["steps"]![4]!["paths"]![1]!["steps"]![0]!["id"] = "hello";

        Assert.Equal(
            ["$.quietHours.from", "$.steps[1].for", "$.steps[2].then[0].points", "$.steps[3].paths[0].when.engagement", "$.steps[4].paths[1].steps[0].id", "$.trigger.where"],
            Errors(json.ToJsonString()).Order());
    }

    [Theory]
    [InlineData("""[{"id":"a","type":"exit"},{"id":"b","type":"wait","for":"1d"}]""", "$.steps[1]")]
    [InlineData("""[{"id":"a","type":"waitFor","when":{"event":"x"}}]""", "$.steps[0]")]
    [InlineData("""[{"id":"a","type":"waitFor","when":{"event":"x"},"else":[{"id":"b","type":"exit"}]}]""", "$.steps[0],$.steps[0].else[0]")]
    [InlineData("""[{"id":"a","type":"repeat","max":3,"steps":[{"id":"b","type":"send","template":"t"}]}]""", "$.steps[0]")]
    [InlineData("""[{"id":"a","type":"split","paths":[{"name":"x","weight":1,"steps":[]},{"name":"y","weight":0,"steps":[{"id":"b","type":"exit"}]}]}]""", "$.steps[0].paths[1].steps[0]")]
    [InlineData("""[{"id":"a","type":"branch","paths":[{"name":"x","when":{"all":[{"engagement":{"gte":50}},{"engagement":{"lt":20}}]},"steps":[]}]}]""", "$.steps[0].paths[0].when")]
    [InlineData("""[{"id":"a","type":"branch","paths":[{"name":"x","when":{"trait":"age","gt":5,"lt":5},"steps":[]}]}]""", "$.steps[0].paths[0].when")]
    [InlineData("""[{"id":"a","type":"branch","paths":[{"name":"x","when":{"trait":"age","exists":true},"steps":[{"id":"b","type":"exit"}]}],"else":[{"id":"c","type":"exit"}]},{"id":"d","type":"exit"}]""", "$.steps[1]")]
    public void Warnings_say_what_is_probably_not_meant(string steps, string paths)
    {
        var parsed = ParsedJourney.Of(Encoding.UTF8.GetBytes($$"""{"name":"x","trigger":{"api":true},"steps":{{steps}}}"""));

        Assert.Empty(parsed.Errors);
        Assert.Equal(paths.Split(','), parsed.Warnings.Select(warning => warning.Path));
    }

    [Theory]
    [InlineData("""{"id":"a","type":"send","template":"receipt"}""", "$.steps[0].then[0]")]
    [InlineData("""{"id":"a","type":"send","template":"receipt","service":true}""", "")]
    [InlineData("""{"id":"a","type":"send","template":"receipt","topic":"news"}""", "")]
    [InlineData("""{"id":"a","type":"send","template":"letter"}""", "")]
    [InlineData("""{"id":"a","type":"send","template":"letter","service":true}""", "$.steps[0].then[0].service")]
    public void A_step_that_asks_nobody_for_consent_has_to_say_that_it_means_it(string step, string paths)
    {
        var document = ParsedJourney.Of(Encoding.UTF8.GetBytes($$"""{"name":"x","trigger":{"api":true},"steps":[{"id":"w","type":"waitFor","when":{"event":"x"},"timeout":"1d","then":[{{step}}]}]}""")).Document!;

        Assert.Equal(paths, string.Join(',', UnaskedMessages.Warnings(document, (template, topic) => topic ?? (template == "letter" ? "news" : null)).Select(warning => warning.Path)));
    }

    [Theory]
    [InlineData("""{"id":"a","type":"send","template":"bare","topic":"news"}""", "$.steps[0].then[0]")]
    [InlineData("""{"id":"a","type":"send","template":"bare","topic":"news","channel":"sms"}""", "")]
    [InlineData("""{"id":"a","type":"send","template":"bare","service":true}""", "")]
    [InlineData("""{"id":"a","type":"send","template":"letter"}""", "")]
    public void Mail_about_a_topic_without_a_way_to_unsubscribe_is_warned_of(string step, string paths)
    {
        var document = ParsedJourney.Of(Encoding.UTF8.GetBytes($$"""{"name":"x","trigger":{"api":true},"steps":[{"id":"w","type":"waitFor","when":{"event":"x"},"timeout":"1d","then":[{{step}}]}]}""")).Document!;

        var warnings = MessagesWithoutWayOut.Warnings(document, (template, topic) => topic ?? (template == "letter" ? "news" : null), send => send is { Channel: "email", Template: "bare" } ? ["en"] : []);

        Assert.Equal(paths, string.Join(',', warnings.Select(warning => warning.Path)));
    }

    [Theory]
    [InlineData("""{"form":"optin"}""", """{"id":"a","type":"send","template":"letter"}""", "$.steps[0]")]
    [InlineData("""{"event":["Form Submitted","x"],"where":{"form":{"in":["direct","optin"]}}}""", """{"id":"a","type":"send","template":"receipt","topic":"news"}""", "$.steps[0]")]
    [InlineData("""{"form":"optin"}""", """{"id":"a","type":"split","paths":[{"name":"x","weight":1,"steps":[]},{"name":"y","weight":1,"steps":[{"id":"b","type":"wait","for":"1d"}]}]},{"id":"c","type":"send","template":"letter"}""", "$.steps[1]")]
    [InlineData("""{"form":"optin"}""", """{"id":"a","type":"split","paths":[{"name":"x","weight":1,"steps":[{"id":"s","type":"send","template":"letter"}]},{"name":"y","weight":1,"steps":[]}]}""", "$.steps[0].paths[0].steps[0]")]
    [InlineData("""{"form":"optin"}""", """{"id":"a","type":"waitFor","when":{"event":"Form Confirmed"},"timeout":"7d","then":[{"id":"b","type":"send","template":"letter"}]}""", "")]
    [InlineData("""{"form":"optin"}""", """{"id":"w","type":"wait","for":"2d"},{"id":"a","type":"send","template":"letter"}""", "")]
    [InlineData("""{"form":"optin"}""", """{"id":"a","type":"send","template":"receipt","service":true}""", "")]
    [InlineData("""{"form":"direct"}""", """{"id":"a","type":"send","template":"letter"}""", "")]
    [InlineData("""{"event":"Form Confirmed","where":{"form":"optin"}}""", """{"id":"a","type":"send","template":"letter"}""", "")]
    public void A_message_that_comes_before_anybody_can_have_confirmed_is_warned_of(string trigger, string steps, string paths)
    {
        var document = ParsedJourney.Of(Encoding.UTF8.GetBytes($$"""{"name":"x","trigger":{{trigger}},"steps":[{{steps}}]}""")).Document!;

        Assert.Equal(paths, string.Join(',', UnconfirmedMessages.Warnings(document, form => form == "optin", (template, topic) => topic ?? (template == "letter" ? "news" : null)).Select(warning => warning.Path)));
    }

    [Theory]
    [InlineData("""{"event":"Message Sent"}""", "{}", "$.trigger")]
    [InlineData("""{"event":["Order Completed","Message Sent"]}""", """{"reentry":"afterExit"}""", "$.trigger")]
    [InlineData("""{"event":"Message Sent"}""", """{"reentry":"never"}""", "")]
    [InlineData("""{"event":"Sales Notified"}""", "{}", "")]
    public void A_journey_that_its_own_steps_may_start_again_is_warned_of(string trigger, string entry, string paths)
    {
        var steps = """[{"id":"w","type":"waitFor","when":{"event":"x"},"timeout":"1d","then":[{"id":"a","type":"send","template":"t"}]}]""";
        var parsed = ParsedJourney.Of(Encoding.UTF8.GetBytes($$"""{"name":"x","trigger":{{trigger}},"entry":{{entry}},"steps":{{steps}}}"""));

        Assert.Empty(parsed.Errors);
        Assert.Equal(paths, string.Join(',', parsed.Warnings.Select(warning => warning.Path)));
    }

    private static void Expect(string json, string paths) => Assert.Equal(paths.Split(',').Order(), Errors(json).Order());

    private static IReadOnlyList<string> Errors(string json) => [.. ParsedJourney.Of(Encoding.UTF8.GetBytes(json)).Errors.Select(error => error.Path)];
}
