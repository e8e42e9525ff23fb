using AngleSharp.Html.Parser;
using FsCheck;
using FsCheck.Fluent;

namespace LeadFunctions.Tests.Templates;

/// <summary>No value changes what a message is made of.</summary>
public sealed class StructureLaws
{
    private static readonly object Document = new
    {
        name = "x",
        from = "{{ lead.v }} of the shop <news@shop.example>",
        subject = "For {{ lead.v }}",
        preheader = "{{ lead.v }}!",
        html = """
            <html><head><title>{{ lead.v }}</title><style>.a { color: #333; } @media (max-width:600px) { .a { color: #000; } }</style></head><body>
            <!--[if mso]><table title="{{ lead.v }}"><tr><td>{{ lead.v }}</td></tr></table><![endif]-->
            <p class="a {{ lead.v }}" title='{{ lead.v }}' style="color: {{ lead.v }}; width: 10px">{{ lead.v }} {{ lead.v | upcase }} {{ lead.v | newline_to_br | append: lead.v }}</p>
            <a href="{{ lead.v }}">{{ lead.v | append: '<' | replace: 'x', lead.v }}</a> <a href="https://shop.example/?q={{ lead.v | url_encode }}&amp;r={{ lead.v }}">q</a>
            <table>{% for item in data.items %}<tr><td>{{ item }}</td></tr>{% endfor %}</table>
            {{ blocks.hero }}
            </body></html>
            """,
        text = "Hello {{ lead.v }}.",
        blocks = new { hero = new object[] { new { html = "<h1 title=\"{{ lead.v }}\">{{ lead.v }}</h1>" } } },
    };

    private static readonly LeadFunctions.Templates.CompiledTemplate Template = Filling.Compile(Document);

    private static LeadFunctions.Templates.RenderedMessage.Mail Render(string value) =>
        Filling.Render(Template, new { v = value }, data: new Dictionary<string, object> { ["data"] = new { items = new[] { value, value } } });

    // Line breaks of a value are shown as such where that was asked for.
    private static List<string> ShapeOf(string html) =>
        [.. new HtmlParser().ParseDocument(html).All.Where(element => element.LocalName != "br").Select(element => $"{element.LocalName} {string.Join(' ', element.Attributes.Select(attribute => attribute.Name).Order(StringComparer.Ordinal))}")];

    private static readonly Gen<string> Hostile = Gen.Elements(
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "-->", "--!><b>", "]]>", "</title><b>", "</style>", "<![endif]-->", "javascript:alert(1)", "JaVa\tScript:x", "data:text/html,x", "vbscript:x",
        "{{ 7 | times: 6 }}", "{% for i in (1..9) %}", "\r\nBcc: evil@example.com", "&#60;b&#62;", "&lt;", "\u2028", "\0", "`", "expression(alert(1))", "url(https://evil.example)", "; background: red", "x", "https://ok.example/", "<", "\"");

    private static readonly Arbitrary<string> Values = Arb.From(Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
        Hostile,
        Hostile.ListOf().Select(string.Concat),
        from before in ArbMap.Default.GeneratorFor<string>() from attack in Hostile from after in Hostile select before + attack + after));

    [Fact]
    public void The_elements_and_attributes_are_those_of_a_harmless_value()
    {
        var harmless = ShapeOf(Render("Ann").Html);

        Prop.ForAll(Values, value => ShapeOf(Render(value).Html).SequenceEqual(harmless)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void The_text_has_the_value_as_it_is() =>
        Prop.ForAll(Values, value => Render(value).Text == $"Hello {value}.").Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void The_HTML_shows_the_value_as_it_is() => Prop.ForAll(Values, value =>
    {
        // What no document can hold, and what every parser makes of line breaks, aside.
        var plain = string.Concat(value.ReplaceLineEndings("\n").Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\uFFFE' or '\uFFFF')));
        return new HtmlParser().ParseDocument(Render(plain).Html).QuerySelector("h1")!.TextContent == plain;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Subject_and_sender_stay_one_line_and_one_address() => Prop.ForAll(Values, value =>
    {
        var message = Render(value);
        return !message.Subject.Any(char.IsControl) && !message.From!.Any(char.IsControl)
            && MimeKit.InternetAddressList.TryParse(message.From, out var from) && from.Mailboxes.Count() == 1 && from.Mailboxes.Single().Address == "news@shop.example";
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void An_address_from_a_value_leads_to_a_page_a_mailbox_or_a_telephone() => Prop.ForAll(Values, value =>
    {
        var href = new HtmlParser().ParseDocument(Render(value).Html).QuerySelector("a")!.GetAttribute("href")!;
        return !Uri.TryCreate(href, UriKind.Absolute, out var uri) || uri.Scheme is "http" or "https" or "mailto" or "tel" or "file"; // a path is a file's where there is no page
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData("https://ok.example/?a=1", "https://ok.example/?a=1")]
    [InlineData("mailto:ann@example.com", "mailto:ann@example.com")]
    [InlineData("tel:+48123", "tel:+48123")]
    [InlineData("/path:with", "/path:with")]
    [InlineData("javascript:alert(1)", "")]
    [InlineData(" java\nscript:alert(1)", "")]
    [InlineData("data:text/html,<script>", "")]
    [InlineData("ftp://x", "")]
    public void Addresses_are_let_through_by_their_scheme(string value, string href) =>
        Assert.Equal(href, new HtmlParser().ParseDocument(Render(value).Html).QuerySelector("a")!.GetAttribute("href"));
}
