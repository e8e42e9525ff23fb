using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadFunctions.Tests.Forms;
using LeadFunctions.Tests.Templates;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Whoever signs up, as the samples ship: from the form to the first letter, as they see it.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class NewcomerTests(SharedJourneyApp shared)
{
    private const string MessagesThatAskForConsent = "{}";

    [Fact]
    public async Task Who_confirms_gets_the_welcome_mail_once_and_who_does_not_gets_none()
    {
        await using var app = await BeginAsync();
        var (form, ann) = (app.Named("optin"), app.Named("ann@newcomers.example"));
        await FormDoors.PublishAsync(app.App, form, Repository.Read("samples/forms/newsletter.json"));

        await SubscribeAsync(app, form, "ann@newcomers.example");
        await SubscribeAsync(app, form, "bob@newcomers.example");
        await app.SettleAsync();
        var asked = Assert.Single(await MailsAsync(app, ann)).GetProperty("text").GetString()!; // a mail has one
        var link = new Uri(asked[asked.IndexOf("http", StringComparison.Ordinal)..].Split([' ', '\n', '\r'])[0]).PathAndQuery;
        Assert.Equal(HttpStatusCode.OK, (await app.App.GetAsync(link, key: null)).Status); // as a scanner opens it
        await app.SettleAsync();
        Assert.Empty(await app.SentAsync("welcome"));

        for (var click = 0; click < 2; click++)
        {
            Assert.Equal(HttpStatusCode.OK, (await app.App.PostAsync(link, key: null)).Status);
            await app.SettleAsync();
        }

        Assert.Equal(["welcome-1"], (await MailsAsync(app, ann)).Select(TemplateOf).OfType<string>());
        await app.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(["2026-06-01 10:00 welcome-1"], await app.SentAsync("welcome")); // to Ann alone, as the next comes after days
    }

    [Fact]
    public async Task Without_a_confirmation_the_welcome_mail_follows_the_form_once()
    {
        await using var app = await BeginAsync();
        var (form, cat) = (app.Named("direct"), app.Named("cat@newcomers.example"));
        var document = JsonNode.Parse(Repository.Read("samples/forms/newsletter.json"))!.AsObject(); // it is an object
        document.Remove("doubleOptIn");
        document["locales"]!.AsObject().ToList().ForEach(language => language.Value!.AsObject().Remove("confirmed")); // it has some
        await FormDoors.PublishAsync(app.App, form, document.ToJsonString());

        await SubscribeAsync(app, form, "cat@newcomers.example");
        await app.SettleAsync();
        await SubscribeAsync(app, form, "cat@newcomers.example");
        await app.SettleAsync();

        Assert.Equal(["2026-06-01 10:00 welcome-1"], await app.SentAsync("welcome"));
        Assert.Equal("welcome-1", TemplateOf(Assert.Single(await MailsAsync(app, cat))));
    }

    [Fact]
    public async Task A_journey_that_mails_before_anybody_can_have_confirmed_is_warned_of()
    {
        await using var app = await BeginAsync();
        var form = app.Named("early");
        await FormDoors.PublishAsync(app.App, form, Repository.Read("samples/forms/newsletter.json"));
        var journey = $$"""{"name":"Early","trigger":{"form":"{{form}}"},"steps":[{"id":"hello","type":"send","template":"welcome-1"},{"id":"w","type":"wait","for":"2d"},{"id":"later","type":"send","template":"welcome-1"}]}""";
        await app.PublishAsync("early", journey);

        var published = (await app.PostAsync("/api/journeys/early/publish")).Json.GetProperty("warnings").EnumerateArray().ToList();
        var read = (await app.GetAsync("/api/journeys/early")).Json.GetProperty("warnings").EnumerateArray().ToList();

        Assert.Equal(["$.steps[0]"], published.Select(warning => warning.GetProperty("path").GetString()));
        Assert.Contains("has agreed to nothing before they confirm", published[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["$.steps[0]"], read.Select(warning => warning.GetProperty("path").GetString()));
    }

    private async Task<JourneyScope> BeginAsync()
    {
        var app = await shared.BeginAsync();
        await app.PutAsync("/api/settings/messaging", MessagesThatAskForConsent);
        await app.PutAsync("/api/templates/welcome-1", SampleTemplates.Document("welcome-1"));
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/templates/welcome-1/publish")).Status);
        await app.PublishAsync("welcome", Repository.Read("samples/journeys/welcome.json"));
        return app;
    }

    private static async Task SubscribeAsync(JourneyScope app, string form, string email) =>
        Assert.Equal(HttpStatusCode.OK, (await FormDoors.SendAsync(app.App, form, FormDoors.JsonBody(JsonSerializer.Serialize(new { email = app.Named(email), letters = true })))).Status);

    private static async Task<IReadOnlyList<JsonElement>> MailsAsync(JourneyScope app, string to) =>
        [.. (await app.GetAsync("/api/outbox?limit=500")).Json.GetProperty("items").EnumerateArray().Where(mail => mail.GetProperty("to").GetString() == to)];

    private static string? TemplateOf(JsonElement mail) => mail.TryGetProperty("template", out var template) ? template.GetString() : null;
}
