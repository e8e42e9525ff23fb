using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using LeadFunctions.Events;
using LeadFunctions.Feedback;

namespace LeadFunctions.Tests.Feedback;

public sealed class LinkRewritingTests
{
    private static readonly SendContext Send = new("welcome/1", Identity.User("ann").Hash(), TokenLaws.Now, Topic: "news");

    private static readonly SendLinks Links = Of(Send);

    private const string Mail = """
        <!DOCTYPE html><html lang="en"><head><title>Hi</title><style>a{color:red}</style></head><body style="margin:0"><!--[if mso]><a href="https://office.example/">x</a><![endif]-->
        <p>Dear&nbsp;Ann, <a class="b" href="https://shop.example/spring?a=1&amp;b=2#top">spring <b>offers</b></a> and <a href=" http://shop.example/x ">more</a>.</p>
        <map name="m"><area href="https://shop.example/area" alt="area"></map>
        <a href="mailto:us@shop.example">write</a> <a href="tel:+3861">call</a> <a href="#top">up</a> <a>none</a> <a href="/relative">no</a>
        <a href="https://shop.example/legal" data-lf-track="false">legal</a> <div data-lf-track="FALSE"><a href="https://shop.example/private">private</a></div></body></html>
        """;

    [Fact]
    public void Every_link_of_the_web_leads_past_us_to_exactly_where_it_led()
    {
        var after = Parse(Links.Rewrite(Mail));

        Assert.Equal(
            ["https://shop.example/spring?a=1&b=2#top", "http://shop.example/x", "https://shop.example/area"],
            Tokens(after).Where(token => token.Kind == LinkKind.Click).OrderBy(token => token.Link).Select(token => token.Url));
        Assert.All(Tokens(after), token => Assert.Equal((Send.SendId, Send.LeadId, Send.Topic, "email", Send.At), (token.SendId, token.LeadId, token.Topic, token.Channel, token.SentAt)));
        Assert.All(Tokens(after).Where(token => token.Kind == LinkKind.Click), token => Assert.Equal(3, token.Links));
    }

    [Fact]
    public void Nothing_else_of_the_mail_changes()
    {
        var (before, after) = (Parse(Mail), Parse(Links.Rewrite(Mail)));

        foreach (var link in after.QuerySelectorAll("a[href*='/e/c/'],area[href*='/e/c/']"))
        {
            if (TokenOf(link.GetAttribute("href")!) is { Kind: LinkKind.Click } token)
            {
                link.SetAttribute("href", token.Url);
            }
            else
            {
                link.Remove();
            }
        }

        after.QuerySelector("img[src*='/e/o/']")!.Remove();
        foreach (var link in before.QuerySelectorAll("a[href],area[href]"))
        {
            link.SetAttribute("href", link.GetAttribute("href")!.Trim());
        }

        Assert.Equal(before.DocumentElement.OuterHtml, after.DocumentElement.OuterHtml);
        Assert.NotNull(after.Doctype);
    }

    [Fact]
    public void The_picture_and_the_trap_stand_at_the_end_where_no_person_meets_them()
    {
        var after = Parse(Links.Rewrite(Mail));

        var (trap, picture) = (after.Body!.Children[^2], after.Body.Children[^1]);
        Assert.Equal(LinkKind.Trap, TokenOf(trap.GetAttribute("href")!)!.Kind);
        Assert.Equal(("true", "-1", ""), (trap.GetAttribute("aria-hidden"), trap.GetAttribute("tabindex"), trap.TextContent));
        Assert.Contains("display:none", trap.GetAttribute("style"), StringComparison.Ordinal);
        Assert.Equal(LinkKind.Open, TokenOf(picture.GetAttribute("src")!)!.Kind);
        Assert.Equal("", picture.GetAttribute("alt"));
    }

    [Fact]
    public void Who_wants_no_tracking_gets_neither()
    {
        var plain = Of(Send with { TracksClicks = false, TracksOpens = false });

        Assert.Equal(Parse(Mail).DocumentElement.OuterHtml, Parse(plain.Rewrite(Mail)).DocumentElement.OuterHtml);
        Assert.Equal("see https://shop.example/", plain.RewriteText("see https://shop.example/"));
    }

    [Fact]
    public void The_ways_out_are_left_as_they_are()
    {
        var html = Links.Rewrite($"""<p><a href="{Links.UnsubscribeUrl}">out</a> <a href="{Links.PreferencesUrl}">choose</a> <a href="https://shop.example/">shop</a></p>""");

        Assert.Contains($"href=\"{Links.UnsubscribeUrl}\"", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"{Links.PreferencesUrl}\"", html, StringComparison.Ordinal);
        Assert.Equal([LinkKind.Unsubscribe, LinkKind.Preferences], new[] { Links.UnsubscribeUrl, Links.PreferencesUrl }.Select(url => TokenOf(url)!.Kind));
        Assert.Equal(html.Split("/e/c/").Length, Links.Rewrite(html).Split("/e/c/").Length); // what is rewritten already is not again
    }

    [Theory]
    [InlineData("See https://shop.example/a?b=c.", "See ", "https://shop.example/a?b=c", ".")]
    [InlineData("(http://shop.example/x)", "(", "http://shop.example/x", ")")]
    [InlineData("<https://shop.example/>", "<", "https://shop.example/", ">")]
    public void In_a_text_the_marks_around_a_link_stay(string text, string before, string url, string after)
    {
        var rewritten = Links.RewriteText(text);

        Assert.StartsWith($"{before}https://mail.example.com/e/c/", rewritten, StringComparison.Ordinal);
        Assert.EndsWith(after, rewritten, StringComparison.Ordinal);
        Assert.Equal(url, TokenOf(rewritten[before.Length..^after.Length])!.Url);
    }

    [Theory]
    [InlineData("https://shop.example/a b", "https://shop.example/a%20b")]
    [InlineData("https://bücher.example/ü?q=ž", "https://xn--bcher-kva.example/%C3%BC?q=%C5%BE")]
    [InlineData("HTTPS://Shop.Example/A", "HTTPS://Shop.Example/A")]
    [InlineData("https://shop.example/a\r\nSet-Cookie: x=1", null)]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("data:text/html,x", null)]
    [InlineData("//shop.example/", null)]
    [InlineData("https://", null)]
    [InlineData("", null)]
    public void A_target_is_a_web_address_that_a_header_can_hold(string href, string? target)
    {
        var found = LinkRewriting.TargetOf(href);

        Assert.True(found == target || (target is null && found is not null && found.All(c => c is > ' ' and <= '~')), found);
    }

    [Fact]
    public void A_link_that_would_grow_too_long_stays_as_it_is()
    {
        var random = new Random(1);
        var url = "https://shop.example/?" + string.Concat(Enumerable.Range(0, 4_000).Select(_ => (char)('a' + random.Next(26))));

        Assert.Contains(url, Links.Rewrite($"<a href='{url}'>x</a>"), StringComparison.Ordinal);
    }

    private static SendLinks Of(SendContext send) => new(send, new("https://mail.example.com/"), TokenLaws.Key);

    private static IHtmlDocument Parse(string html) => new HtmlParser().ParseDocument(html);

    private static IEnumerable<LinkToken> Tokens(IHtmlDocument document) =>
        document.QuerySelectorAll("[href*='/e/c/']").Select(link => TokenOf(link.GetAttribute("href")!)).OfType<LinkToken>();

    private static LinkToken? TokenOf(string url) => TokenCodec.Read(url.Split('/')[^1], new([TokenLaws.Key]), TokenLaws.Now).Token;
}
