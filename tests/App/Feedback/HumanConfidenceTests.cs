using System.Text.RegularExpressions;
using LeadFunctions.Feedback;

namespace LeadFunctions.Tests.Feedback;

/// <summary>Shapes of hits as they were seen of people's programs and of machines: people above the threshold, machines below.</summary>
public sealed partial class HumanConfidenceTests
{
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
    private const string AppleMail = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
    private const string Outlook = "Mozilla/4.0 (compatible; ms-office; MSOffice 16)";
    private const string Gmail = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
    private const string Yahoo = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html";
    private const string Edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0";

    public static TheoryData<string, bool, object> Shapes() => new()
    {
        { "a click an hour later, in Chrome", true, Click(3_600, Chrome) },
        { "a click on a phone, days later", true, Click(400_000, Phone) },
        { "somebody who sits before the mailbox: a click after half a minute", true, Click(30, Chrome) },
        { "a click after eight seconds of which the browser says that a person did it", true, Click(8, Chrome) with { IsByHand = true } },
        { "the second of two links, a while after the first", true, Click(900, Phone) with { Link = 2, Links = 2, Seen = Seen(900, (1, 880)) } },
        { "three links within a minute: somebody who reads", true, Click(960, Chrome) with { Link = 3, Links = 9, Seen = Seen(960, (1, 900), (2, 930)) } },
        { "a click from a company's network that lies in a data centre, by hand", true, Click(7_200, Edge) with { IsFromMachines = true, IsByHand = true } },
        { "an open in Apple Mail", true, Open(1_800, AppleMail) },
        { "an open in Outlook", true, Open(300, Outlook) },
        { "an open in Gmail, by its proxy", true, Open(600, Gmail) },
        { "an open in Yahoo, by its proxy", true, Open(5_000, Yahoo) },
        { "an open in a phone's mail program, twenty seconds after", true, Open(20, Phone) },

        { "a gateway that asks for the head first", false, Click(4, Chrome) with { IsHead = true } },
        { "a gateway that asks for the head an hour later", false, Click(3_600, Chrome) with { IsHead = true } },
        { "Barracuda", false, Click(6, "BarracudaCentral/2.0") },
        { "Proofpoint, an hour later", false, Click(3_600, "Mozilla/5.0 (compatible; Proofpoint URL Defense)") },
        { "Mimecast", false, Click(40, "Mimecast-URL-Protect/1.0") },
        { "Microsoft's detonation, by its preview", false, Click(25, "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/534+ (KHTML, like Gecko) BingPreview/1.0b") },
        { "Microsoft's SafeLinks as a browser, two seconds after, from the ranges of the setting", false, Click(2, Edge) with { HasLanguage = false, IsFromMachines = true } },
        { "a scanner that looks like a browser, five seconds after", false, Click(5, Chrome) },
        { "a scanner without a language, a minute and a half after", false, Click(90, Chrome) with { HasLanguage = false } },
        { "a scanner that goes through all links", false, Click(1_200, Chrome) with { Link = 3, Links = 9, Seen = Seen(1_200, (1, 1_199), (2, 1_199)) } },
        { "a scanner of a mail with two links", false, Click(1_200, Chrome) with { Link = 2, Links = 2, Seen = Seen(1_200, (1, 1_199)) } },
        { "whoever followed the link that nobody can see", false, Click(3_600, Chrome) with { Kind = LinkKind.Trap } },
        { "and who comes after that", false, Click(3_610, Chrome) with { Seen = SendSeen.Nothing.At(At(3_600)).With(Token(LinkKind.Trap, 0)).At(At(3_610)) } },
        { "a browser that loads ahead", false, Click(3_600, Chrome) with { IsPrefetch = true } },
        { "a chat that shows a preview of a link that was passed on", false, Click(86_400, "Mozilla/5.0 (compatible; Slackbot-LinkExpanding 1.0; +https://api.slack.com/robots)") },
        { "a script", false, Click(3_600, "python-requests/2.32.3") },
        { "a browser without a window", false, Click(3_600, Chrome.Replace("Chrome/", "HeadlessChrome/", StringComparison.Ordinal)) },
        { "nobody who says who it is", false, Click(3_600, "") },
        { "Apple's Mail Privacy Protection, hours later", false, Open(20_000, "Mozilla/5.0") },
        { "a picture that is loaded as the mail arrives", false, Open(2, Outlook) },
        { "Gmail's proxy at delivery", false, Open(4, Gmail) },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Machines_are_under_the_threshold_and_people_are_not(string shape, bool isHuman, object hit)
    {
        var judged = HumanConfidence.Of((Hit)hit);

        Assert.True(judged.Confidence >= 0.5 == isHuman, $"{shape}: {judged.Confidence} by {string.Join(", ", judged.Signals)}");
        Assert.InRange(judged.Confidence, 0, 1);
    }

    /// <summary>The table is what people reason with.</summary>
    [Fact]
    public void The_weights_are_those_of_the_decision()
    {
        var told = Row().Matches(Repository.Read("docs/adr/0028-who-clicked-is-a-sum-of-signals.md"))
            .ToDictionary(row => row.Groups[1].Value, row => double.Parse(row.Groups[2].Value.Replace('−', '-'), System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(HumanConfidence.Weights.ToDictionary(weight => char.ToLowerInvariant($"{weight.Key}"[0]) + $"{weight.Key}"[1..], weight => weight.Value), told);
        Assert.Equal(Enum.GetValues<HitSignal>().Length, told.Count);
    }

    [GeneratedRegex(@"^\| `(\w+)` \| ([+−-]?[\d.]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    private static Hit Click(double seconds, string agent) => new(LinkKind.Click, TimeSpan.FromSeconds(seconds), agent, Link: 1, Links: 9);

    private static Hit Open(double seconds, string agent) => new(LinkKind.Open, TimeSpan.FromSeconds(seconds), agent, HasLanguage: false);

    private static SendSeen Seen(double now, params (int Link, double At)[] clicks) =>
        clicks.Aggregate(SendSeen.Nothing, (seen, click) => seen.At(At(click.At)).With(Token(LinkKind.Click, click.Link))).At(At(now));

    private static DateTimeOffset At(double seconds) => TokenLaws.Now.AddSeconds(seconds);

    private static LinkToken Token(LinkKind kind, int link) => new(kind, "lead", "send", TokenLaws.Now, "email", Link: link);
}
