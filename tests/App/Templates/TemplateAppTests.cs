using System.Net;
using System.Text.Json;

namespace LeadFunctions.Tests.Templates;

/// <summary>Templates through the management API.</summary>
[Collection(nameof(OneManagedApp))]
public sealed class TemplateAppTests(SharedApp shared)
{
    private const string First = """{"name":"Hello","topic":"news","from":"The shop <news@shop.example>","subject":"Hello {{ lead.firstName }}","html":"<p>Hi {{ lead.firstName | default: 'there' }}</p>","locales":{"pl":{"subject":"Cześć"}}}""";

    [Fact]
    public async Task A_template_is_saved_published_shown_and_filled_in_as_it_would_be_sent()
    {
        await using var app = shared.Borrow();

        var saved = await app.PutAsync("/api/templates/hello", First);
        var changed = await app.PutAsync("/api/templates/hello", First.Replace("Hi ", "Dear ", StringComparison.Ordinal), ifMatch: saved.ETag);
        var rehearsed = await app.PostAsync("/api/templates/hello/publish?version=1&dryRun=true");
        Assert.Equal((HttpStatusCode.OK, 0), (rehearsed.Status, rehearsed.Json.GetProperty("segments").GetArrayLength()));
        Assert.False((await app.GetAsync("/api/templates/hello")).Json.TryGetProperty("live", out _));
        var published = await app.PostAsync("/api/templates/hello/publish?version=1");
        var shown = await app.GetAsync("/api/templates/hello");
        var listed = await app.GetAsync("/api/templates");
        var preview = await app.PostAsync("/api/templates/hello/preview", """{"data":{"lead":{"lastName":"Smith"}},"version":1}""");
        var latest = await app.PostAsync("/api/templates/hello/preview", """{"data":{"lead":{"firstName":"<b>Ann</b>","locale":"pl-PL"}}}""");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK), (saved.Status, changed.Status, published.Status));
        Assert.Equal((1, 2), (shown.Json.GetProperty("live").GetInt32(), shown.Json.GetProperty("latest").GetInt32()));
        Assert.Contains(listed.Json.GetProperty("items").EnumerateArray(), one => one.GetProperty("id").GetString() == "hello" && one.GetProperty("locales").GetArrayLength() == 2);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/templates/hello", First, ifMatch: saved.ETag)).Status);
        Assert.Equal(("Hello", """["lead.firstName"]""", "en"), (preview.Json.GetProperty("subject").GetString(), preview.Json.GetProperty("missing").GetRawText(), preview.Json.GetProperty("locale").GetString()));
        Assert.Contains("noUnsubscribe", preview.Text, StringComparison.Ordinal);
        Assert.Equal(("Cześć", "Dear <b>Ann</b>\n"), (latest.Json.GetProperty("subject").GetString(), latest.Json.GetProperty("text").GetString()));
        Assert.Contains("Dear &lt;b&gt;Ann&lt;/b&gt;", latest.Json.GetProperty("html").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("preview", """{"leadId":"nobody"}""", HttpStatusCode.NotFound)]
    [InlineData("preview", """{"version":9}""", HttpStatusCode.NotFound)]
    [InlineData("preview", """{"data":{"cart":{}}}""", HttpStatusCode.BadRequest)]
    [InlineData("preview", """{"leadId":"a","data":{"lead":{}}}""", HttpStatusCode.BadRequest)]
    [InlineData("preview", """{"locale":"polish!"}""", HttpStatusCode.BadRequest)]
    [InlineData("test", """{"to":"nobody"}""", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_filled_in_says_why(string what, string body, HttpStatusCode status)
    {
        await using var app = shared.Borrow();
        await app.PutAsync("/api/templates/refused", First);

        Assert.Equal(status, (await app.PostAsync($"/api/templates/refused/{what}", body)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync($"/api/templates/none/{what}", what == "test" ? """{"to":"a@b.example"}""" : "{}")).Status);
    }

    [Fact]
    public async Task What_is_being_written_is_filled_in_and_held_to_the_same_rules_and_nothing_is_saved()
    {
        await using var app = shared.Borrow();

        var preview = await app.PostAsync("/api/templates/unsaved/preview", $$"""{"data":{"lead":{"firstName":"Ann"} },"document":{{First}} }""");
        Assert.Equal((0, "Hello Ann"), (preview.Json.GetProperty("version").GetInt32(), preview.Json.GetProperty("subject").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/templates/unsaved")).Status);
        Assert.Equal(["$.document.html"], (await app.PostAsync("/api/templates/unsaved/preview", """{"document":{"name":"x","subject":"y","html":"<p>{{ lead.name </p>"}}""")).ErrorPaths);
        Assert.Equal(["$.version"], (await app.PostAsync("/api/templates/unsaved/preview", $$"""{"version":1,"document":{{First}} }""")).ErrorPaths);
    }

    [Fact]
    public async Task A_template_that_something_live_names_stays_and_any_other_goes_with_all_its_versions()
    {
        await using var app = shared.Borrow();
        const string named = """{"name":"Names it","trigger":{"event":"Template Named"},"steps":[{"id":"s","type":"send","template":"going"}]}""";
        var saved = await app.PutAsync("/api/templates/going", First);
        await app.PostAsync("/api/templates/going/publish");
        await app.PutAsync("/api/journeys/names-it", named);
        await app.PostAsync("/api/journeys/names-it/publish");

        var refused = await app.DeleteAsync("/api/templates/going");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("journeys/names-it", refused.Text, StringComparison.Ordinal);

        await app.PutAsync("/api/journeys/names-it", named.Replace("\"type\":\"send\",\"template\":\"going\"", "\"type\":\"wait\",\"for\":\"1d\"", StringComparison.Ordinal));
        await app.PostAsync("/api/journeys/names-it/publish");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.DeleteAsync("/api/templates/going", ifMatch: saved.ETag)).Status); // published since
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/templates/going", ifMatch: (await app.GetAsync("/api/templates/going")).ETag)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/templates/going/versions/1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.DeleteAsync("/api/templates/going")).Status);
    }

    [Fact]
    public async Task A_template_is_tried_by_sending_one()
    {
        await using var app = shared.Borrow();
        await app.PutAsync("/api/templates/tried", First);
        await app.PutAsync("/api/templates/nobody", First.Replace("\"from\":\"The shop <news@shop.example>\",", "", StringComparison.Ordinal));

        var tried = await app.PostAsync("/api/templates/tried/test", """{"to":" Ann@Example.com ","data":{"lead":{"firstName":"Ann"}}}""");
        var sent = (await app.GetAsync("/api/outbox")).Json.GetProperty("items").EnumerateArray().Single(mail => mail.GetProperty("to").GetString() == "Ann@example.com");

        Assert.Equal((HttpStatusCode.OK, "accepted", "outbox"), (tried.Status, tried.Json.GetProperty("outcome").GetString(), tried.Json.GetProperty("provider").GetString()));
        Assert.Equal(("Hello Ann", "Hi Ann\n"), (sent.GetProperty("subject").GetString(), sent.GetProperty("text").GetString()));
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync("/api/templates/nobody/test", """{"to":"ann@example.com"}""")).Status);

        // A test is no way around what somebody said to all mail.
        await app.PutAsync("/api/suppressions/complained%40example.com", """{"reason":"complaint"}""");
        var refused = await app.PostAsync("/api/templates/tried/test", """{"to":"Complained@example.com"}""");
        Assert.Equal((HttpStatusCode.Conflict, true), (refused.Status, refused.Text.Contains("reported a message as spam", StringComparison.Ordinal)));
    }

    /// <summary>Each link grows by a token before it goes out.</summary>
    [Fact]
    public async Task What_is_too_large_with_its_links_counted_is_warned_of()
    {
        await using var app = shared.Borrow();
        foreach (var (links, isTooLarge) in new[] { (0, false), (110, true) })
        {
            var html = new string('x', 90_000) + string.Concat(Enumerable.Repeat("<a href='https://shop.example/'>x</a>", links));
            await app.PutAsync("/api/templates/large", JsonSerializer.Serialize(new { name = "x", subject = "s", html }));
            var preview = await app.PostAsync("/api/templates/large/preview", "{}");
            Assert.Equal(isTooLarge, preview.Json.GetProperty("warnings").EnumerateArray().Any(warning => warning.GetProperty("code").GetString() == "tooLarge"));
        }
    }

    [Fact]
    public async Task A_push_message_is_filled_in_and_sent_as_it_is_shown_and_is_no_mail()
    {
        await using var app = shared.Borrow();
        Assert.Equal(HttpStatusCode.Created, (await app.PutAsync("/api/templates/pushed", """{"name":"Back","kind":"push","title":"Back, {{ lead.firstName }}","body":"{{ data.left }} left","url":"https://shop.example/p","locales":{"pl":{"title":"Znów jest"}}}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/templates/pushed/publish")).Status);
        var browser = JsonSerializer.Serialize(new { endpoint = "https://fcm.googleapis.com/fcm/send/pushed", p256dh = System.Buffers.Text.Base64Url.EncodeToString([4, .. new byte[64]]), auth = System.Buffers.Text.Base64Url.EncodeToString(new byte[16]) });
        await app.PostAsync("/v1/batch", $$"""{"batch":[{"type":"identify","anonymousId":"pushed","messageId":"pushed-1","traits":{"firstName":"Ann"} },{"type":"track","event":"Push Subscribed","anonymousId":"pushed","messageId":"pushed-2","properties":{{browser}} }]}""", Api.WriteKey);
        await app.SettleAsync();
        var lead = (await app.GetAsync("/api/leads?anonymousId=pushed")).Json.GetProperty("items")[0].GetProperty("id").GetString();

        var preview = (await app.PostAsync("/api/templates/pushed/preview", $$$"""{"leadId":"{{{lead}}}","data":{"data":{"left":3} } }""")).Json;
        Assert.Equal(("push", "Back, Ann", "3 left", "https://shop.example/p", "[]"), (
            preview.GetProperty("kind").GetString(), preview.GetProperty("title").GetString(), preview.GetProperty("body").GetString(), preview.GetProperty("url").GetString(), preview.GetProperty("warnings").GetRawText()));
        Assert.False(preview.TryGetProperty("html", out _));
        Assert.Contains((await app.GetAsync("/api/templates")).Json.GetProperty("items").EnumerateArray(), one => one.GetProperty("id").GetString() == "pushed" && one.GetProperty("kind").GetString() == "push");
        Assert.Equal(["$.to"], (await app.PostAsync("/api/templates/pushed/test", """{"to":"ann@example.com"}""")).ErrorPaths);
        Assert.Equal(["$.leadId"], (await app.PostAsync("/api/templates/pushed/test", "{}")).ErrorPaths);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.PostAsync("/api/templates/pushed/test", $$"""{"leadId":"{{lead}}"}""")).Status); // this app has no keys

        Assert.Equal(["$.template"], (await app.PostAsync("/api/campaigns", $$"""{"name":"x","leadIds":["{{lead}}"],"template":"pushed","service":true}""")).ErrorPaths);
        Assert.Equal(HttpStatusCode.Created, (await app.PostAsync("/api/campaigns", $$$"""{"name":"x","leadIds":["{{{lead}}}"],"channel":"webpush","template":"pushed","service":true,"data":{"left":2}}""")).Status);
        await app.SettleAsync();
        var shown = (await app.GetAsync("/api/outbox?template=pushed")).Json.GetProperty("items")[0];
        Assert.Equal(("webpush", "browsers: 1", "Back, Ann", "2 left", """{"left":2,"url":"https://shop.example/p"}"""), (
            shown.GetProperty("channel").GetString(), shown.GetProperty("to").GetString(), shown.GetProperty("subject").GetString(), shown.GetProperty("text").GetString(), shown.GetProperty("data").GetRawText()));
    }

    [Fact]
    public async Task The_sample_templates_are_published_and_filled_in()
    {
        await using var app = shared.Borrow();

        foreach (var name in SampleTemplates.Names)
        {
            var saved = await app.PutAsync($"/api/templates/{name}", SampleTemplates.Document(name));
            Assert.True(saved.Status == HttpStatusCode.Created, saved.Text);
            Assert.Equal(HttpStatusCode.OK, (await app.PostAsync($"/api/templates/{name}/publish")).Status);
            Assert.Equal(HttpStatusCode.OK, (await app.PostAsync($"/api/templates/{name}/preview", """{"locale":"pl"}""")).Status);
        }
    }
}
