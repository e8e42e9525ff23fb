using System.Text;
using System.Text.Json;
using LeadFunctions.Channels;
using LeadFunctions.Push;
using LeadFunctions.Templates;
using LeadFunctions.Tests.Conditions;

namespace LeadFunctions.Tests.Templates;

/// <summary>What browsers and telephones show, from a document to what a gateway is told.</summary>
public sealed class PushTemplateTests
{
    private static readonly object Back = new
    {
        name = "Back in stock",
        kind = "push",
        topic = "offers",
        title = "{{ lead.firstName }}, it is back",
        body = "{{ data.product }} for {{ data.price | money: 'EUR' }}",
        url = "https://shop.example/p/{{ data.id }}",
        icon = "{{ data.picture }}",
        defaults = new Dictionary<string, object> { ["lead.firstName"] = "Hello" },
        locales = new Dictionary<string, object> { ["pl"] = new { title = "{{ lead.firstName }}, znów jest", defaults = new Dictionary<string, object> { ["lead.firstName"] = "Cześć" } } },
    };

    private static Dictionary<string, object> Data(object data) => new() { ["data"] = data };

    [Theory]
    [InlineData(null, "en", "Hello, it is back", "Chair for €12.50")]
    [InlineData("pl-PL", "pl", "Cześć, znów jest", "Chair for 12,50 €")]
    public void It_is_filled_in_in_the_readers_language(string? locale, string tag, string title, string body)
    {
        var push = Filling.RenderPush(Filling.Compile(Back), new { locale }, data: Data(new { id = "c1", product = "Chair", price = 12.5, picture = "https://shop.example/c1.png" }));

        Assert.Equal((tag, title, body), (push.Locale, push.Title, push.Body.Replace('\u00A0', ' ')));
        Assert.Equal(("https://shop.example/p/c1", "https://shop.example/c1.png"), (push.Url, push.Icon));
        Assert.Empty(push.Missing);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:image/png;base64,x")]
    [InlineData("/c1.png")]
    [InlineData("")]
    public void A_value_makes_nothing_but_an_address_of_the_web_of_an_address(string picture)
    {
        var push = Filling.RenderPush(Filling.Compile(Back), new { firstName = "Ann\r\nEve" }, data: Data(new { product = "<b>Chair</b>", price = 1, picture }));

        Assert.Null(push.Icon);
        Assert.StartsWith("Ann Eve, it", push.Title, StringComparison.Ordinal);
        Assert.StartsWith("<b>Chair</b>", push.Body, StringComparison.Ordinal); // shown as text: nothing in it is HTML
    }

    [Theory]
    [InlineData("""{"name":"x","kind":"push","body":"b"}""", "$.title", "missing")]
    [InlineData("""{"name":"x","kind":"push","title":"t"}""", "$.body", "missing")]
    [InlineData("""{"name":"x","kind":"sms","title":"t","body":"b"}""", "$.kind", "no kind \"sms\"")]
    [InlineData("""{"name":"x","kind":"push","title":"t","body":"b","subject":"s"}""", "$.subject", "no field")]
    [InlineData("""{"name":"x","kind":"push","title":"t","body":"b","blocks":{}}""", "$.blocks", "no field")]
    [InlineData("""{"name":"x","kind":"push","title":"{{ firstName }}","body":"b"}""", "$.title", "no variable")]
    [InlineData("""{"name":"x","kind":"push","title":"t","body":"b","url":"shop"}""", "$.url", "no address of the web")]
    [InlineData("""{"name":"x","kind":"push","title":"t","body":"b","locales":{"pl":{"icon":"ftp://x"}}}""", "$.locales.pl.icon", "no address of the web")]
    [InlineData("""{"name":"x","kind":"push","title":"t","body":"b","locales":{"pl":{"html":"<p>x</p>"}}}""", "$.locales.pl.html", "no field")]
    [InlineData("""{"name":"x","title":"t","subject":"s","html":"<p>x</p>"}""", "$.title", "no field")]
    public void A_document_is_refused_with_the_place_of_the_mistake(string json, string path, string message)
    {
        var errors = Filling.ErrorsOf(json);

        Assert.True(errors.Any(error => error.Path == path && error.Message.Contains(message, StringComparison.Ordinal)), string.Join("; ", errors));
    }

    [Fact]
    public void Warnings_say_what_readers_would_miss()
    {
        Assert.Equal(["longTitle", "longBody", "emptyLink", "insecureLink"], Of(new { name = "x", kind = "push", title = new string('t', 51), body = new string('b', 121), url = "{{ data.url }}", icon = "http://shop.example/x.png" }));
        Assert.Equal(["emptyTitle", "emptyBody", "noUrl"], Of(new { name = "x", kind = "push", title = "{{ lead.none }}", body = "{{ lead.none }}" }));
        Assert.Empty(Of(new { name = "x", kind = "push", title = "t", body = "b", url = "https://shop.example/" }));

        static IEnumerable<string> Of(object document)
        {
            var template = Filling.Compile(document);
            return TemplateWarnings.Of(template, Filling.RenderPush(template)).Select(warning => warning.Code);
        }
    }

    [Fact]
    public void A_gateway_is_told_its_words_and_its_page_wins_over_the_steps()
    {
        var step = JsonElement.Parse("""{"url":"https://shop.example/other","sound":"bell"}""");

        var told = ChannelMessage.Of("s1", "push", "lead", "token", new RenderedMessage.Push("Back", "It is", "https://shop.example/p", null, "en", []), Filling.Now, step, null);
        var plain = ChannelMessage.Of("s1", "push", "lead", "token", new RenderedMessage.Push("Back", "It is", null, null, "en", []), Filling.Now, step, null);

        Assert.Equal(("Back", "It is", """{"url":"https://shop.example/p","sound":"bell"}"""), (told.Subject, told.Text, told.Data?.GetRawText()));
        Assert.Equal(step.GetRawText(), plain.Data?.GetRawText());
    }

    /// <summary>A push service takes 4,096 bytes, encrypted; letters that are spelt as escapes would take six each.</summary>
    [Theory]
    [InlineData('x', 0, 500, true)]
    [InlineData('ж', 0, 500, true)]
    [InlineData('語', 0, 500, true)]
    [InlineData('語', 1_000, 250, false)]
    [InlineData('\u0001', 1_000, 125, false)]
    public void What_is_sent_fits_in_any_alphabet(char letter, int address, int body, bool hasIcon)
    {
        var data = JsonSerializer.SerializeToElement(new { url = "https://shop.example/" + new string('u', address == 0 ? 0 : address - 50), icon = "https://shop.example/" + new string('i', address == 0 ? 0 : 900) });
        var message = new ChannelMessage("s1", "webpush", "lead", "browsers: 1", new string(letter, 300), new string(letter, 900), Filling.Now, data);

        var text = PushText.Of(message, "tag", url => url + new string('t', address == 0 ? 0 : 1_000));

        using var json = JsonDocument.Parse(text);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 3_990);
        Assert.Equal((200, body, hasIcon), (json.RootElement.GetProperty("title").GetString()!.Length, json.RootElement.GetProperty("body").GetString()!.Length, json.RootElement.TryGetProperty("icon", out _)));
    }

    private const string Whole = """
        {"$schema":"/api/schemas/template.json","name":"x","kind":"push","description":"d","locale":"en-GB","topic":"news","title":"t","body":"b {{ lead.a }}","url":"https://a.example/","icon":"https://a.example/i.png",
         "defaults":{"lead.a":"x"},"locales":{"pl":{"title":"t","body":"b","url":"https://a.example/pl","icon":"https://a.example/i.png","defaults":{"lead.a":"y"}}}}
        """;

    [Fact]
    public void Schema_and_parser_agree_on_a_document_and_on_damaged_copies_of_it() => SchemaAgreement.Check(
        "template", [Whole], json => TemplateParser.Parse(Encoding.UTF8.GetBytes(json.GetRawText())).Errors, ["Line ", "no variable", "no default", "no language", "no address of the web"], atLeast: 80);
}
