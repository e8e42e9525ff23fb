using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadFunctions.Tests.Journeys;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Messaging;

/// <summary>Where the link "in the browser" of a mail leads, as its reader follows it from the outbox.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed partial class ViewTests(SharedJourneyApp shared)
{
    private const string Template = """
        {"name":"Seen","subject":"s","html":"<html><head><style>p { color: #123456 }</style></head><body><p>Hello {{ lead.firstName }}, {{ trigger.cart }}{{ data.offer }} FIRST.</p><a href=\"https://shop.example/\">look</a><a href=\"{{ links.web }}\">In the browser</a><a href=\"{{ links.unsubscribe }}\">No more</a></body></html>"}
        """;

    [Fact]
    public async Task A_mail_is_seen_in_the_browser_as_it_was_sent_and_nothing_else_is()
    {
        await using var app = await shared.BeginAsync();
        await app.App.WriteToWhoDidNotRefuseAsync();
        var template = app.Named("seen");
        await PublishTemplateAsync(app, template, Template);
        await app.PublishAsync("seen", $$$"""{"name":"x","trigger":{"event":"Seen"},"steps":[{"id":"m","type":"send","template":"{{{template}}}","topic":"news","data":{"offer":" and {{trigger.cart}} again,"} }]}""");
        await app.SendAsync(Identify("ann", new { email = "ann@example.com", firstName = "Ann <b>" }), Track("ann", "Seen", new { cart = "cart-17" }));
        await app.SettleAsync();
        var lead = (await app.GetAsync($"/api/leads?userId={app.Named("ann")}")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var campaign = await app.PostAsync("/api/campaigns", JsonSerializer.Serialize(new { name = "Seen", leadIds = new[] { lead }, template, topic = "news", data = new { offer = " ten off," } }));
        Assert.True(campaign.Status == HttpStatusCode.Created, campaign.Text);
        await app.SettleAsync();
        await PublishTemplateAsync(app, template, Template.Replace("FIRST", "SECOND", StringComparison.Ordinal)); // what was sent stays

        var mails = (await app.GetAsync($"/api/outbox?limit=500&lead={lead}")).Json.GetProperty("items").EnumerateArray().ToDictionary(mail => mail.TryGetProperty("campaign", out _));
        foreach (var (isCampaign, words) in new[] { (false, "cart-17 and cart-17 again, FIRST."), (true, " ten off, FIRST.") })
        {
            var html = mails[isCampaign].GetProperty("html").GetString()!; // a mail has it
            Assert.Contains(words, html, StringComparison.Ordinal);
            var web = new Uri(Web().Match(html).Groups[1].Value).AbsolutePath;
            Assert.DoesNotContain("ann", web, StringComparison.OrdinalIgnoreCase);

            var page = await app.App.GetAsync(web, key: null);

            Assert.Equal((HttpStatusCode.OK, "text/html"), (page.Status, page.ContentType));
            Assert.Contains("Hello Ann &lt;b&gt;, ", page.Text, StringComparison.Ordinal);
            Assert.Contains(words, page.Text, StringComparison.Ordinal);
            Assert.Contains("#123456", page.Text, StringComparison.Ordinal); // its looks
            Assert.Contains("/e/u/", page.Text, StringComparison.Ordinal); // its way out
            Assert.DoesNotContain("/e/o/", page.Text, StringComparison.Ordinal); // and no picture that counts an open
            Assert.DoesNotContain("ann@", page.Text, StringComparison.OrdinalIgnoreCase);
            Assert.True(page.Headers.CacheControl!.NoStore); // it says so
            Assert.StartsWith("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.DoesNotContain("script-src", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

            Assert.Equal(HttpStatusCode.NotFound, (await app.App.GetAsync(web[..^2] + "AA", key: null)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await app.App.GetAsync(web.Replace("/e/v/", "/e/c/", StringComparison.Ordinal), key: null)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await app.App.GetAsync(new Uri(Unsubscribe().Match(html).Groups[1].Value).AbsolutePath.Replace("/e/u/", "/e/v/", StringComparison.Ordinal), key: null)).Status);
        }

        var timeline = (await app.GetAsync($"/api/leads/{lead}/timeline")).Text;
        Assert.DoesNotContain("Message Opened", timeline, StringComparison.Ordinal);
        Assert.DoesNotContain("Message Clicked", timeline, StringComparison.Ordinal);
    }

    private static async Task PublishTemplateAsync(JourneyScope app, string id, string document)
    {
        await app.PutAsync($"/api/templates/{id}", document);
        var published = await app.PostAsync($"/api/templates/{id}/publish");
        Assert.True(published.Status == HttpStatusCode.OK, published.Text);
    }

    [GeneratedRegex("href=\"([^\"]*/e/v/[^\"]*)\"")]
    private static partial Regex Web();

    [GeneratedRegex("href=\"([^\"]*/e/u/[^\"]*)\"")]
    private static partial Regex Unsubscribe();
}
