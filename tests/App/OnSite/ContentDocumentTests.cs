using System.Text;
using System.Text.Json;
using LeadFunctions.OnSite;
using LeadFunctions.Tests.Conditions;

namespace LeadFunctions.Tests.OnSite;

public sealed class ContentDocumentTests
{
    /// <summary>Every field that there is.</summary>
    private const string Full = """
        {"$schema":"/api/schemas/content.json","name":"Full","slot":"hero-1","kind":"popup","locale":"en-GB","title":"Spring","html":"<p>Hello</p>","close":"No, thanks",
         "locales":{"pl":{"title":"Wiosna","html":"<p>Cześć</p>","close":"Nie"}},
         "when":{"all":[{"segment":"vip"},{"not":{"stage":"customer"}},{"trait":"country","equals":"SI"},{"engagement":{"gte":10}}]},
         "pages":["/pricing*","https://shop.example/cart/*"],"exceptPages":["/checkout"],"from":"2027-03-01T00:00:00+01:00","until":"2027-04-01T00:00:00Z",
         "onlyOffered":true,"afterSeconds":5,"priority":10,"frequency":[{"max":3,"per":"7d"},{"max":1,"per":"1h"}],"dismissedFor":"14d"}
        """;

    [Fact]
    public void The_schema_for_editors_and_the_parser_agree() => SchemaAgreement.Check(
        "content", [Full, """{"name":"x","slot":"s","html":"<p>x"}"""], json => ContentDocument.Parse(json).Errors,
        ["It would end before", "is no time", "is not a duration", "for so long", "is given twice"], atLeast: 300);

    [Theory]
    [InlineData("""{"name":"x","slot":"Hero","html":"x"}""", "$.slot", "a-z")]
    [InlineData("""{"name":"x","slot":"s","html":"x","kind":"popup"}""", "$.title", "text of 1 to 200")]
    [InlineData("""{"name":"x","slot":"s","html":"x","pages":["pricing"]}""", "$.pages[0]", "/pricing")]
    [InlineData("""{"name":"x","slot":"s","html":"x","pages":["/a?b"]}""", "$.pages[0]", "/pricing")]
    [InlineData("""{"name":"x","slot":"s","html":"x","when":{"event":"page","within":"7d"}}""", "$.when.event", "trait")]
    [InlineData("""{"name":"x","slot":"s","html":"x","from":"2027-03-01T00:00:00"}""", "$.from", "offset")]
    [InlineData("""{"name":"x","slot":"s","html":"x","from":"2027-03-02T00:00:00Z","until":"2027-03-01T00:00:00Z"}""", "$.until", "after")]
    [InlineData("""{"name":"x","slot":"s","html":"x","frequency":[{"max":51,"per":"7d"}]}""", "$.frequency[0].max", "1 to 50")]
    [InlineData("""{"name":"x","slot":"s","html":"x","dismissedFor":"400d"}""", "$.dismissedFor", "366d")]
    public void A_mistake_is_named_with_its_place_and_what_was_expected(string json, string path, string expected)
    {
        var (document, errors) = ContentDocument.Parse(Encoding.UTF8.GetBytes(json));

        Assert.Null(document);
        var error = Assert.Single(errors);
        Assert.Equal(path, error.Path);
        Assert.Contains(expected, error.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<p onclick=\"x()\">a</p>", "<p>a</p>", "onclick of <p>")]
    [InlineData("<script>x()</script><b>a</b>", "<b>a</b>", "<script>")]
    [InlineData("<a href=\"javascript:x()\">a</a>", "<a>a</a>", "href of <a>")]
    [InlineData("<iframe src=\"https://x.example\"></iframe>a", "a", "<iframe>")]
    [InlineData("<form action=\"https://x.example\"><input name=\"card\"></form>a", "a", "<form>")]
    [InlineData("<svg><animate onbegin=\"x()\"/></svg>a", "a", "<svg>")]
    [InlineData("<img src=\"data:text/html,x\">", "<img>", "src of <img>")]
    [InlineData("<math><mtext><table><mglyph><style><img src=x onerror=x()>", "", "<math>")]
    [InlineData("<p style=\"behavior: url(x.htc)\">a</p>", "<p>a</p>", "the style behavior")]
    public void What_could_run_or_ask_is_taken_out_and_named(string html, string shown, string removed)
    {
        var (safe, taken) = SafeHtml.Of(html);

        Assert.Equal(shown, safe.Replace(" style=\"\"", "", StringComparison.Ordinal));
        Assert.Contains(removed, taken);
    }

    [Fact]
    public void What_it_looks_like_stays_and_another_window_cannot_reach_back()
    {
        const string html = "<style>.a { color: red } @media (max-width: 600px) { .a { color: blue } }</style><h2 class=\"a\" style=\"font-size: 20px\">Hi</h2><button data-lf-close=\"\">No</button><a href=\"https://x.example/\" target=\"_blank\">Go</a>";

        var (safe, taken) = SafeHtml.Of(html);

        Assert.Empty(taken);
        Assert.Contains("@media", safe, StringComparison.Ordinal);
        Assert.Contains("data-lf-close", safe, StringComparison.Ordinal);
        Assert.Contains("rel=\"noopener\"", safe, StringComparison.Ordinal);
        Assert.Equal(safe, SafeHtml.Of(safe).Html);
    }

    [Theory]
    [InlineData("/pricing*", "https://shop.example/pricing/teams?x=1", true)]
    [InlineData("/pricing", "https://shop.example/pricing/teams", false)]
    [InlineData("/", "https://shop.example", true)]
    [InlineData("https://shop.example/a*", "https://other.example/abc", false)]
    [InlineData("https://shop.example/*", "https://shop.example/x#y", true)]
    [InlineData("/*/*/*/*/*/*/*/*/*/*/x", "https://shop.example/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", false)]
    public void A_page_is_told_by_its_path_or_with_its_site(string pattern, string page, bool matches) => Assert.Equal(matches, new PagePattern(pattern).Matches(new(page)));

    [Fact]
    public void It_speaks_the_first_of_the_readers_languages_that_it_knows()
    {
        var document = ContentDocument.Parse(Encoding.UTF8.GetBytes(Full)).Document!; // it has no mistake
        Assert.Equal("Wiosna", document.In(["pl-PL"]).Words.Title);
        Assert.Equal("Spring", document.In(["fr", "en-GB", "pl"]).Words.Title);
        Assert.Equal("Spring", document.In([]).Words.Title);
    }

    [Fact]
    public void A_warning_says_in_which_language_something_is_not_shown()
    {
        using var json = JsonDocument.Parse("""{"name":"x","slot":"s","html":"<p>x</p>","locales":{"pl":{"html":"<script>1</script>"} } }""");
        Assert.Equal("$.locales.pl.html", Assert.Single(ContentWarnings.Of(json.RootElement)).Path);
        using var picture = JsonDocument.Parse("""{"name":"x","slot":"s","html":"<img src='https://x.example/a.png'><img src='https://x.example/b.png' alt=''>"}""");
        Assert.Contains("picture", Assert.Single(ContentWarnings.Of(picture.RootElement)).Message, StringComparison.Ordinal);
    }
}
