using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Tests.Support;
using static LeadFunctions.Tests.Forms.FormDoors;

namespace LeadFunctions.Tests.Forms;

/// <summary>Forms through the whole app: real requests, in all three ways, and what becomes of them.</summary>
[Collection(nameof(OneManagedApp))]
public sealed class FormAppTests(SharedApp shared)
{
    private const string Fields = """
        {"type":"email","name":"email","label":"E-mail","required":true},{"type":"text","name":"name","label":"Name","trait":"name"},{"type":"text","name":"message","label":"Message","multiline":true},
        {"type":"consent","name":"ok","text":"I agree.","topics":["offers"]}
        """;

    [Fact]
    public async Task A_form_is_saved_published_shown_counted_and_deleted()
    {
        await using var app = shared.Borrow();
        var refused = await app.PutAsync("/api/forms/life", """{"name":"x","fields":[{"type":"txt","name":"a","label":"A"}]}""");
        Assert.Equal((HttpStatusCode.BadRequest, "/problems/invalid-document"), (refused.Status, refused.Problem));
        Assert.Equal(["$.fields[0].type"], refused.ErrorPaths);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.PutAsync("/api/forms/confirm", $$"""{"name":"x","fields":[{{Fields}}]}""")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.PutAsync("/api/forms/life", "{}", (await app.CreateKeyAsync("read")).Key)).Status);
        var put = await app.PutAsync("/api/forms/life", $$"""{"name":"Life","fields":[{{Fields}}],"theme":{"accent":"#123456"},"locales":{"pl":{"title":"Życie"} } }""");
        Assert.Equal(HttpStatusCode.Created, put.Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/forms/life", $$"""{"name":"Other","fields":[{{Fields}}]}""", ifMatch: "\"9.9.9\"")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/f/life", key: null)).Status); // a draft

        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/forms/life/publish")).Status);

        var page = await Eventually.ThatAsync(() => app.GetAsync("/f/life", key: null), answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal("text/html", page.ContentType);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("--accent: #123456", page.Text, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"pl\">", (await app.GetAsync("/f/life?lang=pl-PL", key: null)).Text, StringComparison.Ordinal);
        Assert.Equal("text/javascript", (await app.GetAsync("/f/life.js", key: null)).ContentType);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/f/none.js", key: null)).Status);
        Assert.Contains("\"html\":", (await app.GetAsync("/f/life?embed=1", key: null)).Text, StringComparison.Ordinal);
        var shown = (await app.GetAsync("/api/forms/life")).Json;
        Assert.Equal((1, "live", 3), (shown.GetProperty("live").GetInt32(), shown.GetProperty("state").GetString(), shown.GetProperty("stats").GetProperty("shown").GetInt32()));
        Assert.Contains((await app.GetAsync("/api/forms")).Json.GetProperty("items").EnumerateArray(), form => form.GetProperty("name").GetString() == "Life");
        Assert.Equal("Life", (await app.GetAsync("/api/forms/life/versions/1")).Json.GetProperty("document").GetProperty("name").GetString());
        Assert.Equal(1, (await app.GetAsync("/api/forms/life/versions")).Json.GetProperty("items").GetArrayLength());
        Assert.Equal("LeadFunctions form", (await app.GetAsync("/api/schemas/form.json")).Json.GetProperty("title").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/forms/life")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/f/life", key: null)).Status);
    }

    [Fact]
    public async Task A_form_is_sent_in_three_ways_and_answered_in_kind()
    {
        await using var app = shared.Borrow();
        await PublishAsync(app, "three", $$"""{"name":"Three","fields":[{{Fields}}],"message":"Received."}""");
        await PublishAsync(app, "away", $$"""{"name":"Away","fields":[{{Fields}}],"redirect":"https://shop.example/thanks"}""");

        var asPage = await SendAsync(app, "three", new FormUrlEncodedContent([new("email", "url@three.example"), new("name", "Ann"), new("ok", "yes"), new("anonymousId", "three-browser")]));
        Assert.Equal((HttpStatusCode.OK, "text/html"), (asPage.Status, asPage.ContentType));
        Assert.Contains("Received.", asPage.Text, StringComparison.Ordinal);
        var away = await SendAsync(app, "away", new FormUrlEncodedContent([new("email", "away@three.example")]));
        Assert.Equal((HttpStatusCode.SeeOther, "https://shop.example/thanks"), (away.Status, away.Headers.Location?.OriginalString));
        using var noFile = new ByteArrayContent([]);
        noFile.Headers.TryAddWithoutValidation("Content-Disposition", "form-data; name=\"cv\"; filename=\"\""); // as a browser sends a field for a file that nobody chose
        using var parts = new MultipartFormDataContent { { new StringContent("multi@three.example"), "email" }, { new StringContent("Žan\r\n2"), "message" }, noFile };
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(app, "three", parts)).Status);
        var json = await SendAsync(app, "three", JsonBody("""{"email":"json@three.example","message":12,"ok":true,"name":null}"""));
        Assert.Equal("""{"success":true,"message":"Received."}""", json.Text);
        Assert.Contains("\"redirect\":", (await SendAsync(app, "away", new FormUrlEncodedContent([new("email", "away@three.example")]), accept: "application/json")).Text, StringComparison.Ordinal);

        await app.SettleAsync();
        var lead = (await app.GetAsync("/api/leads?email=url@three.example")).Json.GetProperty("items")[0];
        Assert.Equal(("Ann", true), (lead.GetProperty("traits").GetProperty("name").GetString(), lead.GetProperty("consent").GetProperty("offers").GetBoolean()));
        Assert.Equal(lead.GetProperty("id").GetString(), (await app.GetAsync("/api/leads?anonymousId=three-browser")).Json.GetProperty("items")[0].GetProperty("id").GetString());
        var sent = await EventAsync(app, "multi@three.example", "Form Submitted");
        Assert.Equal("Žan\n2", sent.GetProperty("properties").GetProperty("fields").GetProperty("message").GetString());
        Assert.Equal("12", (await EventAsync(app, "json@three.example", "Form Submitted")).GetProperty("properties").GetProperty("fields").GetProperty("message").GetString());
    }

    [Fact]
    public async Task What_is_wrong_is_answered_in_kind_and_nothing_of_it_is_stored()
    {
        await using var app = shared.Borrow();
        await PublishAsync(app, "wrong", $$"""{"name":"Wrong","fields":[{{Fields}}]}""");

        var page = await SendAsync(app, "wrong", new FormUrlEncodedContent([new("email", "wrong\">"), new("name", "Ann & <b>")]), accept: "text/html");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "text/html"), (page.Status, page.ContentType));
        Assert.Contains("value=\"Ann &amp; &lt;b&gt;\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("lf-email-error", page.Text, StringComparison.Ordinal);
        var json = await SendAsync(app, "wrong", JsonBody("""{"email":"wrong"}"""));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "application/problem+json", "/problems/invalid-form"), (json.Status, json.ContentType, json.Problem));
        Assert.Equal(["email"], json.ErrorPaths);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(app, "wrong", JsonBody("""{"email":{"a":1}}"""))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(app, "wrong", JsonBody("[]"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(app, "wrong", JsonBody("{"))).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await SendAsync(app, "wrong", new StringContent("email=a@b.example", Encoding.UTF8, "text/plain"))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(app, "wrong", JsonBody("{\"email\":\"" + new string('x', 300_000) + "\"}"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(app, "wrong", new FormUrlEncodedContent(Enumerable.Range(0, 600).Select(i => KeyValuePair.Create($"f{i}", "x"))))).Status);
        using var withFile = new MultipartFormDataContent { { new StringContent("file@wrong.example"), "email" }, { new ByteArrayContent([1, 2]), "file", "cv.pdf" } };
        Assert.Equal("/problems/files-not-taken", (await SendAsync(app, "wrong", withFile)).Problem);
        Assert.Equal("text/html", (await SendAsync(app, "nowhere", new FormUrlEncodedContent([]), accept: "text/html")).ContentType);

        await app.SettleAsync();
        Assert.Empty((await app.GetAsync("/api/leads?email=file@wrong.example")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal((0, 2), Counted((await app.GetAsync("/api/forms/wrong")).Json, "submitted", "invalid"));
    }

    [Fact]
    public async Task Spam_is_thanked_kept_apart_and_no_lead_until_somebody_lets_it_through()
    {
        await using var app = shared.Borrow();
        await PublishAsync(app, "trap", $$"""{"name":"Trap","fields":[{{Fields}}],"message":"Thanks.","honeypot":"website","maxLinks":0,"rate":{"max":3,"per":"1h"} }""");

        var caught = await SendAsync(app, "trap", JsonBody("""{"email":"bot@trap.example","website":"x"}"""));
        var links = await SendAsync(app, "trap", JsonBody("""{"email":"ann@trap.example","message":"see https://a.example","ok":true}"""));
        var usual = await SendAsync(app, "trap", JsonBody("""{"email":"usual@trap.example"}"""));
        var quick = await SendAsync(app, "trap", JsonBody("""{"email":"quick@trap.example"}"""));
        Assert.Single(new[] { caught, links, usual, quick }.Select(answer => answer.ToString()).Distinct());

        var spam = (await app.GetAsync("/api/forms/trap/spam?limit=2")).Json;
        var rest = (await app.GetAsync($"/api/forms/trap/spam?limit=2&cursor={spam.GetProperty("nextCursor").GetString()}")).Json;
        var kept = spam.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).ToDictionary(item => item.GetProperty("reason").GetString()!);
        Assert.Equal(["honeypot", "links", "rate"], kept.Keys.Order(StringComparer.Ordinal));
        Assert.False(rest.TryGetProperty("nextCursor", out _));
        Assert.Equal("ann@trap.example", kept["links"].GetProperty("answers").GetProperty("email")[0].GetString());
        await app.SettleAsync();
        Assert.Empty((await app.GetAsync("/api/leads?email=ann@trap.example")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync("/api/forms/trap/spam", (await app.CreateKeyAsync("read")).Key)).Status);

        var release = $"/api/forms/trap/spam/{kept["links"].GetProperty("id").GetString()}/release";
        Assert.Equal(HttpStatusCode.Accepted, (await app.PostAsync(release)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsync(release)).Status);
        await app.SettleAsync();
        Assert.Equal(kept["links"].GetProperty("at").GetDateTimeOffset(), (await EventAsync(app, "ann@trap.example", "Form Submitted")).GetProperty("at").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        Assert.NotEqual(default, (await EventAsync(app, "ann@trap.example", "Consent Changed")).GetProperty("at").GetDateTimeOffset());
        var counted = (await app.GetAsync("/api/forms/trap")).Json;
        Assert.Equal((2, 0), Counted(counted, "submitted", "invalid"));
        Assert.Equal("""{"honeypot":1,"links":1,"rate":1}""", JsonSerializer.Serialize(counted.GetProperty("stats").GetProperty("spam").EnumerateObject().OrderBy(reason => reason.Name, StringComparer.Ordinal).ToDictionary(reason => reason.Name, reason => reason.Value.GetInt32())));
    }

    [Fact]
    public async Task The_same_page_sent_twice_is_one_submission_and_consent_counts_once_it_is_confirmed()
    {
        await using var app = shared.Borrow();
        await PublishAsync(app, "optin", $$"""{"name":"Opt-in","fields":[{{Fields}}],"doubleOptIn":{"from":"a@b.example","message":"Confirmed!"} }""");
        var html = (await app.GetAsync("/f/optin", key: null)).Text;
        var ticket = html[(html.IndexOf("_ticket\" value=\"", StringComparison.Ordinal) + "_ticket\" value=\"".Length)..];
        ticket = ticket[..ticket.IndexOf('"', StringComparison.Ordinal)];
        var body = $$"""{"email":"ann@optin.example","ok":true,"_ticket":"{{ticket}}"}""";

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(app, "optin", JsonBody(body))).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(app, "optin", JsonBody(body))).Status);

        var pending = await PendingAsync(app, "optin");
        var link = new Uri(pending.Mail!.Url).AbsolutePath; // it waits
        await app.SettleAsync();
        var mail = Assert.Single((await app.GetAsync("/api/outbox?limit=500")).Json.GetProperty("items").EnumerateArray(), message => message.GetProperty("to").GetString() == "ann@optin.example");
        Assert.Equal(($"form/{pending.Id}", true), (mail.GetProperty("id").GetString(), mail.GetProperty("text").GetString()!.Contains(pending.Mail.Url, StringComparison.Ordinal))); // it has one
        Assert.Equal((HttpStatusCode.OK, true), await ShowsAsync(app.GetAsync(link, key: null), "<button>Confirm</button>"));
        Assert.Equal(HttpStatusCode.Gone, (await app.GetAsync(link[..^1] + (link[^1] == 'x' ? 'y' : 'x'), key: null)).Status);
        await Eventually.ThatAsync(async () => (await app.GetAsync("/api/leads?email=ann@optin.example")).Json.GetProperty("items"), items => items.GetArrayLength() == 1);
        Assert.Equal(["Form Submitted", "identify"], await NamesAsync(app, "ann@optin.example"));
        Assert.Equal((HttpStatusCode.OK, true), await ShowsAsync(app.PostAsync(link, key: null), "Confirmed!"));
        Assert.Equal((HttpStatusCode.OK, true), await ShowsAsync(app.PostAsync(link, key: null), "Confirmed!"));

        await Eventually.ThatAsync(() => NamesAsync(app, "ann@optin.example"), names => names.Count == 4);
        Assert.Equal(["Consent Changed", "Form Confirmed", "Form Submitted", "identify"], await NamesAsync(app, "ann@optin.example"));
        Assert.Equal("""{"offers":true}""", (await EventAsync(app, "ann@optin.example", "Consent Changed")).GetProperty("properties").GetRawText());
        var done = await PendingAsync(app, "optin");
        Assert.True(done is { Consent: null, Mail: null, ConfirmedAt: not null });
        Assert.Equal(1, (await app.GetAsync("/api/forms/optin")).Json.GetProperty("stats").GetProperty("confirmed").GetInt32());
    }

    /// <summary>Anybody can write any address into a form: to who reported spam, or was erased, it brings no mail; who only left may come back.</summary>
    [Fact]
    public async Task Nobody_is_asked_to_confirm_at_an_address_that_nothing_is_sent_to()
    {
        await using var app = shared.Borrow();
        await PublishAsync(app, "bombs", $$"""{"name":"Opt-in","fields":[{{Fields}}],"doubleOptIn":{"from":"a@b.example","message":"Confirmed!"} }""");
        Assert.Equal(HttpStatusCode.Accepted, (await app.PostAsync("/api/leads", """{"traits":{"email":"unsubscribed@bombs.example"},"consent":{"all":false},"how":"by telephone"}""")).Status);
        await app.SettleAsync();
        foreach (var reason in new[] { "complaint", "unsubscribed" })
        {
            await app.PutAsync($"/api/suppressions/{reason}@bombs.example", $$"""{"reason":"{{reason}}"}""");
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(app, "bombs", JsonBody($$"""{"email":"{{reason}}@bombs.example","ok":true}"""))).Status);
        }

        await app.SettleAsync();

        var mail = Assert.Single((await app.GetAsync("/api/outbox?limit=500")).Json.GetProperty("items").EnumerateArray(), message => message.GetProperty("to").GetString()!.EndsWith("@bombs.example", StringComparison.Ordinal));
        Assert.Equal("unsubscribed@bombs.example", mail.GetProperty("to").GetString());

        // Whoever has the mailbox, and confirms, wants this; what they left stays left.
        var text = mail.GetProperty("text").GetString()!;
        var link = text[text.IndexOf("/f/confirm/", StringComparison.Ordinal)..].Split([' ', '\n', '\r'])[0];
        Assert.Equal((HttpStatusCode.OK, true), await ShowsAsync(app.PostAsync(link, key: null), "Confirmed!"));
        await app.SettleAsync();
        var answers = (await TimelineAsync(app, "unsubscribed@bombs.example")).Where(e => e.GetProperty("name").GetString() == "Consent Changed").Select(e => e.GetProperty("properties").GetRawText());
        Assert.Contains("""{"*":"unlessAgreed","offers":true}""", answers);
    }

    [Fact]
    public async Task A_form_is_for_its_sites_and_for_whoever_has_none()
    {
        await using var app = shared.Borrow();
        await PublishAsync(app, "sites", $$"""{"name":"Sites","fields":[{{Fields}}],"origins":["https://shop.example","https://*.shop.example"]}""");

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("https://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("https://evilshop.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("null"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("https://shop.example"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("https://www.shop.example"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(null));
        using var asked = new HttpRequestMessage(HttpMethod.Options, "/f/sites") { Headers = { { "Origin", "https://shop.example" }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "content-type,traceparent" } } };
        using var preflight = await app.Client.SendAsync(asked);
        Assert.Equal("https://shop.example", preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        var allowed = preflight.Headers.GetValues("Access-Control-Allow-Headers").Single().Split(',');
        Assert.All(["content-type", "traceparent"], header => Assert.Contains(header, allowed)); // as asked for
        Assert.Equal(("true", "Origin"), (preflight.Headers.GetValues("Access-Control-Allow-Credentials").Single(), preflight.Headers.Vary.Single())); // a beacon asks with them
        using var foreign = new HttpRequestMessage(HttpMethod.Options, "/f/sites") { Headers = { { "Origin", "https://evil.example" }, { "Access-Control-Request-Method", "POST" } } };
        using var refused = await app.Client.SendAsync(foreign);
        Assert.DoesNotContain(refused.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal));

        async Task<HttpStatusCode> StatusAsync(string? origin) => (await SendAsync(app, "sites", JsonBody("""{"email":"ann@sites.example"}"""), origin: origin)).Status;
    }

    private static (int, int) Counted(JsonElement form, string one, string other) => (form.GetProperty("stats").GetProperty(one).GetInt32(), form.GetProperty("stats").GetProperty(other).GetInt32());

    private static async Task<(HttpStatusCode, bool)> ShowsAsync(Task<Answer> answer, string text) => ((await answer).Status, (await answer).Text.Contains(text, StringComparison.Ordinal));

    private static async Task<IReadOnlyList<string>> NamesAsync(TestApp app, string email) =>
        [.. (await TimelineAsync(app, email)).Select(e => e.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)];

    private static async Task<Pending> PendingAsync(TestApp app, string form)
    {
        var found = new List<Pending>();
        await foreach (var row in new TableClient(app.ConnectionString, FormsTable.Name).QueryAsync<TableEntity>(row => row.PartitionKey.CompareTo("confirm|") > 0 && row.PartitionKey.CompareTo("confirm~") < 0))
        {
            found.Add(JsonSerializer.Deserialize<Pending>(row.GetString("Pending"), JsonSerializerOptions.Web)!); // each is one
        }

        return Assert.Single(found, pending => pending.Form == form);
    }
}
