using System.Text;
using System.Text.Json;
using AngleSharp.Html.Parser;
using LeadFunctions.Journeys.Model;
using LeadFunctions.Templates;
using LeadFunctions.Tests.Journeys;

namespace LeadFunctions.Tests.Templates;

/// <summary>The templates that people begin with.</summary>
public sealed class SampleTemplateTests
{
    public static IEnumerable<object[]> All => SampleTemplates.Names.SelectMany(name => new object[][] { [name, "en"], [name, "pl-PL"] });

    [Theory]
    [MemberData(nameof(All))]
    public void Each_is_filled_in_for_a_lead_in_each_of_its_languages(string name, string locale)
    {
        var (document, errors) = TemplateParser.Parse(Encoding.UTF8.GetBytes(SampleTemplates.Document(name)));
        Assert.True(document is not null, string.Join("; ", errors));
        var template = new CompiledTemplate(new Template(name, 1, document));

        foreach (var traits in new object[] { new { }, new { firstName = "Ann", renewsAt = "2026-07-01", lastSeen = "2026-01-05T08:00:00Z", company = new { name = "Acme & Sons" } } })
        {
            var message = Filling.Render(template, traits, locale, new Dictionary<string, object>
            {
                ["data"] = new { cart = "c1", total = 140, items = new[] { new { name = "Chair", price = 120.5 }, new { name = "Lamp", price = 19.5 } } },
            });

            Assert.Empty(message.Missing);
            Assert.Equal(["noText"], TemplateWarnings.Of(template, message).Select(warning => warning.Code));
            Assert.NotEmpty(message.Text);
            using var html = new HtmlParser().ParseDocument(message.Html);
            Assert.Equal(locale.Split('-')[0], html.DocumentElement.GetAttribute("lang"));
            Assert.Contains("prefers-color-scheme: dark", html.QuerySelector("style")!.TextContent, StringComparison.Ordinal);
            Assert.All(html.QuerySelectorAll(".title"), title => Assert.Contains("27px", title.GetAttribute("style"), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void There_is_one_for_each_that_the_sample_journeys_send()
    {
        var sent = Repository.Files("samples/journeys", "*.json").SelectMany(file => Sends(Rehearsal.Sample(Path.GetFileNameWithoutExtension(file)).Document.Steps)).Select(send => send.Template).Distinct();

        Assert.Equal(sent.Order(StringComparer.Ordinal), SampleTemplates.Names);
    }

    private static IEnumerable<Step.Send> Sends(IEnumerable<Step> steps) => steps.SelectMany(step => step is Step.Send send ? [send] : Sends(step.Blocks.SelectMany(block => block.Steps)));

    [Fact]
    public void What_counts_is_counted_as_the_language_does()
    {
        var template = new CompiledTemplate(new Template("cart-reminder", 1, TemplateParser.Parse(Encoding.UTF8.GetBytes(SampleTemplates.Document("cart-reminder"))).Document!));

        Assert.Equal(["1 rzecz czeka na Ciebie", "2 rzeczy czekają na Ciebie", "5 rzeczy czeka na Ciebie"], new[] { 1, 2, 5 }.Select(count =>
            Filling.Render(template, null, "pl", new Dictionary<string, object> { ["data"] = new { total = 1, items = Enumerable.Range(0, count).Select(_ => new { name = "x", price = 1 }) } }).Subject));
        Assert.Equal("5 things are waiting for you", Filling.Render(template, null, "de", new Dictionary<string, object> { ["data"] = new { total = 1, items = JsonSerializer.SerializeToElement(new[] { 1, 2, 3, 4, 5 }) } }).Subject);
    }
}
