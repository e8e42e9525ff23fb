using AngleSharp.Html.Parser;
using LeadFunctions.Templates;

namespace LeadFunctions.Tests.Templates;

/// <summary>Where values may stand in HTML, and what becomes of styles.</summary>
public sealed class HtmlPlacesTests
{
    [Theory]
    [InlineData("<p>{{ lead.a }}</p>", "Text")]
    [InlineData("<p title=\"{{ lead.a }}\" class='x {{ lead.b }}'>", "Attribute Attribute")]
    [InlineData("<a href=\"{{ lead.a }}{{ lead.b }}\">", "Address Address")]
    [InlineData("<a href=\"https://x/{{ lead.a }}\">", "Attribute")]
    [InlineData("<a href=\"{% if lead.a %}https://x/{% endif %}{{ lead.b }}\">", "Attribute Attribute Address")]
    [InlineData("<p style=\"color: {{ lead.a }}\">", "Style")]
    [InlineData("<!-- {% if lead.a %}x{% endif %} --><title>{{ lead.b }}</title>{{ lead.c }}", "Words Words Words Text")]
    [InlineData("<!--[if mso]><td>{{ lead.a }}<![endif]-->{{ lead.b }}", "Text Text")]
    [InlineData("a < b {{ lead.a }} & > {{ lead.b }}", "Text Text")]
    [InlineData("<p title=\"{{ lead.a | default: \"x>y\" }}\">{{ lead.b }}</p>", "Attribute Text")]
    [InlineData("{% if lead.a %}<b>x</b>{% else %}y{% endif %}", "Text Text Text")]
    [InlineData("{% comment %}<p title=\"{{ x }}{% endcomment %}{{ lead.a }}", "Text Text")]
    public void Places_are_found(string html, string places)
    {
        var (_, found, errors) = HtmlPlaces.Of(html);

        Assert.Empty(errors);
        Assert.Equal(places, string.Join(' ', found));
    }

    [Theory]
    [InlineData("<p title={{ lead.a }}>", "no quotes")]
    [InlineData("<p title=x{{ lead.a }}>", "no quotes")]
    [InlineData("<p {{ lead.a }}>", "inside of a tag")]
    [InlineData("<{{ lead.a }}>", "inside of a tag")]
    [InlineData("</{{ lead.a }}>x{{ lead.b }}", "inside of a tag")]
    [InlineData("<!{{ lead.a }}>", "inside of a tag")]
    [InlineData("<{% if lead.a %}b{% endif %}>", "inside of a tag")]
    [InlineData("<!--[if {{ lead.a }}]>x<![endif]-->", "inside of a tag")]
    [InlineData("<!-- {{ lead.a }} -->", "sent as well")]
    [InlineData("<!--[if mso]>{{ lead.a }}> x<![endif]-->", "hyphens")]
    [InlineData("<svg><title>{{ lead.a }}</title></svg>", "svg")]
    [InlineData("<p {% if lead.a %}class=\"x\"{% endif %}>", "inside of a tag")]
    [InlineData("<script>var a = \"{{ lead.a }}\"</script>", "within script")]
    [InlineData("<style>p { color: {{ lead.a }} }</style>", "within style")]
    [InlineData("<p onclick=\"{{ lead.a }}\">", "no scripts")]
    [InlineData("<meta http-equiv=\"refresh\" content=\"0;{{ lead.a }}\">", "meta")]
    [InlineData("<p style=\"{% if lead.a %}color:red{% endif %}\">", "in a style")]
    [InlineData("<p title=\"{% if lead.a %}\">{% else %}x{% endif %}", "elsewhere than it began")]
    [InlineData("{% if lead.a %}<p title=\"{% endif %}x\">{{ lead.b }}", "elsewhere than it began")]
    [InlineData("<a href=\"{% if lead.a %}\" title=\"{% endif %}x\">y</a>", "elsewhere than it began")]
    [InlineData("<!-- x", "no end")]
    [InlineData("<![CDATA[ {{ lead.a }} ]]>", "CDATA")]
    [InlineData("{% if lead.a %}<div>{% else %}<div class=\"x\">{% endif %}y</div>", "begins in one branch")]
    [InlineData("<ul>{% for x in data.y %}<li>{{ x }}{% endfor %}</ul>", "begins in one branch")]
    [InlineData("<script src=\"https://x\"></script>", "script")]
    [InlineData("<link rel=\"stylesheet\" href=\"https://x/a.css\">", "link")]
    [InlineData("<style>@import url(https://x/a.css);</style>", "import")]
    [InlineData("<p onclick=\"x()\">y</p>", "script of its own")]
    [InlineData("<iframe src=\"https://x\"></iframe>", "iframe")]
    public void Where_a_value_could_do_harm_or_a_branch_would_break_the_rest_is_refused(string html, string message) =>
        Assert.Contains(InlinedHtml.Of(html, "en").Errors, error => error.Message.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void Styles_come_to_their_elements_and_media_queries_stay()
    {
        var html = Filling.Render(new
        {
            name = "x",
            subject = "s",
            html = """
                <html><head><style>.b { color: #111111; padding: 4px } td.b { font-weight: bold }
                  @media (max-width: 600px) { .b { width: 100% !important } } @media (prefers-color-scheme: dark) { .b { color: #eee !important } }</style></head>
                <body><table role="presentation">{% for item in data.items %}<tr><td class="b">{{ item }}</td></tr>{% endfor %}</table>{{ blocks.more }}</body></html>
                """,
            blocks = new { more = new object[] { new { when = new { trait = "vip", equals = true }, html = "<p class=\"b\">vip</p>" }, new { html = "<p class=\"b\">all</p>" } } },
        }, data: new Dictionary<string, object> { ["data"] = new { items = new[] { "a", "b", "c" } } }).Html;
        using var document = new HtmlParser().ParseDocument(html);

        Assert.Equal(3, document.QuerySelectorAll("tr td.b").Length);
        Assert.All(document.QuerySelectorAll("td.b"), cell => Assert.Contains("bold", cell.GetAttribute("style"), StringComparison.Ordinal));
        Assert.Contains("4px", document.QuerySelector("p.b")!.GetAttribute("style"), StringComparison.Ordinal);
        Assert.Equal("all", document.QuerySelector("p.b")!.TextContent);
        Assert.Contains("prefers-color-scheme: dark", document.QuerySelector("style")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("font-weight", document.QuerySelector("style")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("en", document.DocumentElement.GetAttribute("lang"));
    }

    [Theory]
    [InlineData("<p>One</p><p>Two<br>lines</p>", "One\n\nTwo\nlines\n")]
    [InlineData("<h1>Hello</h1><p>Text</p>", "Hello\n=====\n\nText\n")]
    [InlineData("<p>See <a href=\"https://x.example/\">our site</a>, <a href=\"https://y.example/\">https://y.example/</a>, <a href=\"mailto:a@b.example\">a@b.example</a></p>", "See our site (https://x.example/), https://y.example/, a@b.example\n")]
    [InlineData("<ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol>", "- a\n- b\n\n1. c\n2. d\n")]
    [InlineData("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc\n")]
    [InlineData("<style>p{}</style><div style=\"display: none\">hidden</div><img src=\"x\" alt=\"A shoe\"><p hidden>x</p>", "A shoe\n")]
    [InlineData("<a href=\"https://x.example/\"><img src=\"i\" alt=\"\"></a>", "https://x.example/\n")]
    [InlineData("<p>&lt;b&gt; &amp; ż</p>", "<b> & ż\n")]
    [InlineData("", "")]
    public void Text_is_made_of_HTML(string html, string text) => Assert.Equal(text, PlainText.Of(html));
}
