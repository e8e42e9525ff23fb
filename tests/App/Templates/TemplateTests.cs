using LeadFunctions.Templates;
using LeadFunctions.Tests.Conditions;

namespace LeadFunctions.Tests.Templates;

/// <summary>What a template's document may say, and what readers get of it.</summary>
public sealed class TemplateTests
{
    private static readonly object Many = new
    {
        name = "x",
        subject = "Hello {{ lead.firstName }}",
        preheader = "For you",
        html = "<p>Hello {{ lead.firstName }}, {{ 'now' | date: 'long' }}</p>{{ blocks.offer }}",
        defaults = new Dictionary<string, object> { ["lead.firstName"] = "there" },
        locales = new Dictionary<string, object>
        {
            ["pl"] = new { subject = "Cześć {{ lead.firstName }}", html = "<p>Cześć, {{ 'now' | date: 'long' }}</p>{{ blocks.offer }}", defaults = new Dictionary<string, object> { ["lead.firstName"] = "kliencie" } },
            ["pl-AT"] = new { subject = "Servus {{ lead.firstName }}" },
            ["de"] = new { subject = "Hallo" },
        },
        blocks = new
        {
            offer = new object[]
            {
                new { when = new { stage = "customer" }, html = "<b>again</b>" },
                new { when = new { trait = "plan", equals = "gold" }, html = "<b>gold</b>", locales = new Dictionary<string, object> { ["pl"] = new { html = "<b>złoto</b>" } } },
                new { html = "<b>first</b>" },
            },
        },
    };

    [Theory]
    [InlineData(null, "en", "Hello there", "Hello there, June 2, 2026")]
    [InlineData("fr", "en", "Hello there", "Hello there, June 2, 2026")]
    [InlineData("pl", "pl", "Cześć kliencie", "Cześć, 2 czerwca 2026")]
    [InlineData("pl-PL", "pl", "Cześć kliencie", "Cześć, 2 czerwca 2026")]
    [InlineData("PL_at", "pl-at", "Servus kliencie", "Cześć, 2 czerwca 2026")]
    [InlineData("de-AT", "de", "Hallo", "Hello there, 2. Juni 2026")]
    public void A_reader_gets_their_language_or_the_nearest_that_there_is(string? locale, string tag, string subject, string text)
    {
        var message = Filling.Render(Many, new { locale });

        Assert.Equal((tag, subject), (message.Locale, message.Subject));
        Assert.StartsWith(text, message.Text, StringComparison.Ordinal);
        Assert.Empty(message.Missing);
    }

    [Theory]
    [InlineData("gold", null, "<b>gold</b>")]
    [InlineData("gold", "pl", "<b>złoto</b>")]
    [InlineData("silver", "pl", "<b>first</b>")]
    [InlineData(null, null, "<b>first</b>")]
    public void A_block_is_the_first_variant_whose_condition_holds(string? plan, string? locale, string html) =>
        Assert.Contains(html, Filling.Render(Many, new { plan, locale }).Html, StringComparison.Ordinal);

    /// <summary>Each field falls back by itself, but a mail whose two parts speak two languages is none.</summary>
    [Theory]
    [InlineData("en", "Words <a>")]
    [InlineData("de", "Words <a>")] // nothing of it is in German but the subject
    [InlineData("pl", "Po polsku B")]
    [InlineData("pl-AT", "Po polsku B")]
    [InlineData("sl", "Besede <a>")]
    [InlineData("sl-AT", "Na avstrijskem B")]
    [InlineData("ru", "In words По-русски")] // its block is, and has no text
    public void The_text_part_is_in_the_language_of_the_html(string locale, string text)
    {
        object document = new
        {
            name = "x",
            subject = "s",
            html = "<p>In words {{ blocks.b }}</p>",
            text = "Words <{{ blocks.b }}>",
            locales = new Dictionary<string, object>
            {
                ["de"] = new { subject = "d" },
                ["pl"] = new { html = "<p>Po polsku {{ blocks.b }}</p>" },
                ["sl"] = new { html = "<p>Po slovensko</p>", text = "Besede <{{ blocks.b }}>" },
                ["sl-AT"] = new { html = "<p>Na avstrijskem {{ blocks.b }}</p>" },
            },
            blocks = new { b = new object[] { new { html = "B", text = "a", locales = new Dictionary<string, object> { ["ru"] = new { html = "По-русски" } } } } },
        };

        Assert.Equal(text, Filling.Render(document, locale: locale).Text.Trim());
    }

    [Fact]
    public void A_block_without_a_variant_for_everybody_may_show_nothing_and_can_be_asked_for()
    {
        object document = new { name = "x", subject = "s", html = "<p>{% if blocks.b %}some{% else %}none{% endif %}</p>{{ blocks.b }}", blocks = new { b = new object[] { new { when = new { trait = "a", equals = 1 }, html = "<i>{{ lead.a }}</i>" } } } };

        Assert.Contains("<p>some</p><i>1</i>", Filling.Render(document, new { a = 1 }).Html, StringComparison.Ordinal);
        Assert.Contains("<p>none</p></body>", Filling.Render(document).Html, StringComparison.Ordinal);
        Assert.Empty(Filling.Render(document).Missing);
    }

    [Fact]
    public void The_preheader_is_hidden_at_the_top_and_not_in_the_text()
    {
        var message = Filling.Render(new { name = "x", subject = "s", preheader = "<{{ lead.a }}>", html = "<body><p>Body</p></body>" }, new { a = "x" });

        Assert.Matches("<body><div style=\"display:none[^>]*>&lt;x&gt;", message.Html);
        Assert.Equal("Body\n", message.Text);
        Assert.DoesNotContain("<!--", Filling.Render(new { name = "x", subject = "s", html = "<p>Body</p>" }).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_a_run_knows_can_be_filled_in_and_what_is_known_beside_traits_needs_no_sign()
    {
        var message = Filling.Render(
            new { name = "x", subject = "{{ lead.stage }} {{ company.name }} {{ run.journey }} {{ saved.crm.plan }} {{ trigger.cart.id }} {{ data.n }} {{ data.nothing }}", html = "<a href=\"{{ links.unsubscribe }}\">x</a>{{ links.web }}" },
            new { company = new { name = "Acme" } },
            data: new Dictionary<string, object> { ["run"] = new { journey = "welcome" }, ["saved"] = new { crm = new { plan = "gold" } }, ["trigger"] = new { cart = new { id = "c1" } }, ["data"] = new { n = 3 } });

        Assert.Equal("lead Acme welcome gold c1 3", message.Subject);
        Assert.Equal(["data.nothing"], message.Missing);
        Assert.Contains("href=\"https://shop.example/e/u/1\"", message.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"x","html":"<p>x</p>"}""", "$.subject", "missing")]
    [InlineData("""{"name":"x","subject":"s"}""", "$.html", "missing")]
    [InlineData("""{"name":"x","subject":"{{ lead.a","html":"<p>x</p>"}""", "$.subject", "Line 1, column")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>\n{{ lead.a | shout }}</p>"}""", "$.html", "Line 2, column 13: There is no filter \"shout\"")]
    [InlineData("""{"name":"x","subject":"{{ firstName }}","html":"<p>x</p>"}""", "$.subject", "There is no variable \"firstName\"")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>x</p>","locales":{"pl":{"html":"<p title={{ lead.a }}>x</p>"}}}""", "$.locales.pl.html", "Line 1, column 10: This attribute has no quotes")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>x</p>","locales":{"polish!":{}}}""", "$.locales['polish!']", "no language")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>x</p>","locales":{"pl":{"blocks":{}}}}""", "$.locales.pl.blocks", "no field")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>{{ blocks.a }}</p>"}""", "$.html", "no block \"blocks.a\"")]
    [InlineData("""{"name":"x","subject":"{{ blocks.a }}","html":"<p>x</p>","blocks":{"a":[{"html":"x"}]}}""", "$.subject", "no block")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>{{ blocks.a | upcase }}</p>","blocks":{"a":[{"html":"x"}]}}""", "$.html", "A block stands alone")]
    [InlineData("""{"name":"x","subject":"s","html":"<p title=\"{{ blocks.a }}\">x</p>","blocks":{"a":[{"html":"<b>\"x\"</b>"}]}}""", "$.html", "elsewhere than it began")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>x</p>","blocks":{"a":[{"html":"x"},{"html":"y"}]}}""", "$.blocks.a[0].when", "for everybody")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>x</p>","blocks":{"a":[{"html":"{{ blocks.b }}"}],"b":[{"html":"y"}]}}""", "$.blocks.a[0].html", "no block")]
    [InlineData("""{"name":"x","subject":"s","html":"{{ blocks.a }}","text":"{{ blocks.a }}","blocks":{"a":[{"html":"x"}]}}""", "$.blocks.a[0].text", "has none")]
    [InlineData("""{"name":"x","subject":"s","html":"{{ blocks.a }}","blocks":{"a":[{"when":{"stagee":"lead"},"html":"x"}]}}""", "$.blocks.a[0].when.stagee", "no condition")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>x</p>","from":"{{ lead.email }}"}""", "$.from", "no sender")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>x</p>","replyTo":"nobody"}""", "$.replyTo", "no sender")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>x</p>","defaults":{"firstName":"x"}}""", "$.defaults.firstName", "no default")]
    [InlineData("""{"name":"x","subject":"s","html":"<p>x</p>","sbject":"x"}""", "$.sbject", "no field")]
    public void A_document_is_refused_with_the_place_of_the_mistake(string json, string path, string message)
    {
        var errors = Filling.ErrorsOf(json);

        Assert.True(errors.Any(error => error.Path == path && error.Message.Contains(message, StringComparison.Ordinal)), string.Join("; ", errors));
    }

    [Fact]
    public void Warnings_say_what_readers_would_miss()
    {
        var template = Filling.Compile(new { name = "x", topic = "news", subject = "{{ lead.none }}", html = "<p><img src=\"https://x/a.png\"><a href=\"http://x.example/\">x</a><a href=\"{{ lead.bad }}\">y</a>{{ data.long }}</p>" });
        var message = Filling.Render(template, new { bad = "javascript:x" }, data: new Dictionary<string, object> { ["data"] = new { @long = new string('x', 110_000) } });

        Assert.Equal(["emptySubject", "noPreheader", "noText", "noUnsubscribe", "noAlt", "insecureLink", "emptyLink", "tooLarge"], TemplateWarnings.Of(template, message).Select(warning => warning.Code));

        var topicless = Filling.Compile(new { name = "x", subject = "s", preheader = "p", text = "t", html = "<p>x</p>" });
        Assert.Equal(("noUnsubscribe", true), (Assert.Single(TemplateWarnings.Of(topicless, Filling.Render(topicless))).Code, TemplateWarnings.Of(topicless, Filling.Render(topicless))[0].Message.Contains("once a step or a campaign sends it", StringComparison.Ordinal)));
        Assert.Equal(["en"], TemplateWarnings.WithoutWayOut(topicless));

        var good = Filling.Compile(new { name = "x", topic = "news", subject = "s", preheader = "p", text = "t", html = "<p><img src=\"https://x/a.png\" alt=\"\"><a href=\"{{ links.unsubscribe }}\">x</a></p>" });
        Assert.Empty(TemplateWarnings.Of(good, Filling.Render(good)));
        Assert.Empty(TemplateWarnings.WithoutWayOut(good));
        var half = Filling.Compile(new { name = "x", topic = "news", subject = "s", preheader = "p", text = "t", html = "<a href=\"{{ links.unsubscribe }}\">x</a>", locales = new { pl = new { html = "<a href=\"{{ links.unsubscribe }}\">y</a>", text = "y" } } });
        Assert.Equal(["otherLanguage", "otherLanguage"], TemplateWarnings.Of(half, Filling.Render(half, locale: "pl-PL")).Select(warning => warning.Code)); // subject and preheader
        Assert.Empty(TemplateWarnings.Of(half, Filling.Render(half)));
        Assert.Equal(["pl"], TemplateWarnings.WithoutWayOut(Filling.Compile(new { name = "x", subject = "s", html = "<a href=\"{{ links.preferences }}\">x</a>", locales = new { pl = new { html = "<p>x</p>" } } })));
    }

    private const string Rest = """
        {"$schema":"/api/schemas/template.json","name":"x","description":"d","locale":"en-GB","topic":"news","subject":"s","preheader":"p","html":"<p>{{ blocks.a }}</p>","text":"{{ blocks.a }}",
         "from":"The shop <a@b.example>","replyTo":"a@b.example","defaults":{"lead.a":"x","data.n":3},
         "locales":{"pl":{"subject":"s","preheader":"p","html":"<p>x</p>","text":"t","from":"a@b.example","replyTo":"a@b.example","defaults":{"lead.a":"y"}}},
         "blocks":{"a":[{"when":{"all":[{"trait":"a","equals":1},{"stage":["lead","mql"]},{"segment":"vip"},{"event":"a","within":"3d"}]},"html":"<b>x</b>","text":"x","locales":{"pl":{"html":"<b>y</b>","text":"y"}}},{"html":"<b>z</b>","text":"z"}]}}
        """;

    [Fact]
    public void Schema_and_parser_agree_on_a_document_and_on_damaged_copies_of_it() => SchemaAgreement.Check(
        "template", [Rest], json => TemplateParser.Parse(System.Text.Encoding.UTF8.GetBytes(json.GetRawText())).Errors,
        ["Line ", "no variable", "no block", "no sender", "no default", "no language", "places this block", "for everybody", "A block cannot be called", "nothing can"], atLeast: 200);
}
