using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadFunctions.Clock;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Leads;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Feedback;

/// <summary>What comes back, through the app's own doors.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class FeedbackAppTests(SharedLeadApp shared)
{
    private const string Browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    [Fact]
    public async Task Links_of_a_mail_lead_on_and_are_told_of_who_followed_them()
    {
        await using var app = shared.Borrow();
        var (lead, links) = await SendAsync(app, "clara.click@example.com", hoursAgo: 1);
        var html = links.Rewrite("<p><a href='https://shop.example/offers?a=1&amp;b=2#top'>x</a></p>");
        var (click, trap, picture) = (Path(html, "/e/c/", 1), Path(html, "/e/c/", 2), Path(html, "/e/o/", 1));

        using (var head = await AskAsync(app, HttpMethod.Head, click))
        using (var shown = await AskAsync(app, HttpMethod.Get, picture))
        using (var led = await AskAsync(app, HttpMethod.Get, click))
        using (var none = await AskAsync(app, HttpMethod.Get, trap))
        {
            Assert.Equal((HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.OK, HttpStatusCode.NoContent), (head.StatusCode, led.StatusCode, shown.StatusCode, none.StatusCode));
            Assert.Equal("https://shop.example/offers?a=1&b=2#top", led.Headers.Location!.OriginalString);
            Assert.Equal("no-referrer", led.Headers.GetValues("Referrer-Policy").Single());
            Assert.Equal(("image/gif", true), (shown.Content.Headers.ContentType!.MediaType, shown.Headers.CacheControl!.NoStore));
        }

        await app.App.SettleAsync();
        var told = (await app.TimelineAsync(lead)).Where(e => ((string)e["name"]!).StartsWith("Message ", StringComparison.Ordinal)).ToDictionary(e => $"{e["name"]} {e["properties"]!["link"]}");
        Assert.Equal(["Message Clicked 1", "Message Clicked By Machine 0", "Message Clicked By Machine 1", "Message Opened "], told.Keys.Order());
        var clicked = told["Message Clicked 1"]["properties"]!;
        Assert.Equal(("test/clara.click@example.com", "https://shop.example/offers?a=1&b=2#top", "news"), ((string)clicked["messageId"]!, (string)clicked["url"]!, (string)clicked["topic"]!));
        Assert.InRange((long)clicked["seconds"]!, 3_600, 3_700);
        Assert.InRange((double)clicked["confidence"]!, 0.5, 1);
        Assert.Contains("head", told["Message Clicked By Machine 1"]["properties"]!["signals"]!.AsArray().Select(signal => (string)signal!));
        Assert.InRange((double)told["Message Clicked By Machine 1"]["properties"]!["confidence"]!, 0, 0.5);
    }

    [Fact]
    public async Task A_click_on_a_site_of_ours_tells_whose_browser_it_is_and_takes_nobodys_away()
    {
        await using var app = shared.Borrow();
        var (lead, links) = await SendAsync(app, "linda.link@example.com", hoursAgo: 1);
        var (other, _) = await SendAsync(app, "olga.other@example.com", hoursAgo: 1);
        await app.ApplyAsync(LeadEvents.Identify("link-other", 1, null, "browser-of-olga", traits: new { email = "olga.other@example.com" }), LeadEvents.Page("link-before", "/", 2, null, "browser-of-linda"));
        var html = links.Rewrite("<p><a href='https://linked.example/offers?a=1'>x</a><a href='https://linked.example/#own'>x</a><a href='https://shop.example/'>x</a></p>");
        var marks = new List<string>();
        foreach (var which in new[] { 1, 1, 2, 3 })
        {
            using var led = await AskAsync(app, HttpMethod.Get, Path(html, "/e/c/", which));
            marks.Add(led.Headers.Location!.OriginalString); // it was a redirect
        }

        Assert.StartsWith("https://linked.example/offers?a=1#lf_t=", marks[0], StringComparison.Ordinal);
        Assert.Equal(["https://linked.example/#own", "https://shop.example/"], marks.Skip(2));
        Assert.NotEqual(marks[0], marks[1]); // a click, a mark
        using (var head = await AskAsync(app, HttpMethod.Head, Path(html, "/e/c/", 1)))
        {
            Assert.DoesNotContain("lf_t", head.Headers.Location!.OriginalString, StringComparison.Ordinal); // likewise
        }

        var (token, another) = (marks[0].Split("#lf_t=")[1], marks[1].Split("#lf_t=")[1]);
        foreach (var (path, browser) in new[] { ($"/e/b/{token}", "browser-of-linda"), ($"/e/b/{token}", "browser-of-nobody"), ($"/e/b/{token}", "browser-of-linda"), ($"/e/b/{another}", "browser-of-olga"), ($"/e/b/{token[..^2]}AA", "browser-of-nobody"), (Path(html, "/e/c/", 1).Replace("/e/c/", "/e/b/", StringComparison.Ordinal), "browser-of-nobody") })
        {
            using var answer = await AskAsync(app, HttpMethod.Post, $"{path}?a={browser}");
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        await app.App.SettleAsync();
        Assert.Equal(lead, await LeadOfAsync("browser-of-linda"));
        Assert.Equal(other, await LeadOfAsync("browser-of-olga"));
        Assert.Null(await LeadOfAsync("browser-of-nobody"));
        Assert.Contains(await app.TimelineAsync(lead), e => (string)e["name"]! == "Browser Linked");

        async Task<string?> LeadOfAsync(string browser) => (await app.App.GetAsync($"/api/leads?anonymousId={browser}")).Json.GetProperty("items").EnumerateArray().Select(found => found.GetProperty("id").GetString()).SingleOrDefault();
    }

    [Fact]
    public async Task What_nobody_signed_leads_nowhere_and_changes_nothing()
    {
        await using var app = shared.Borrow();
        var (lead, links) = await SendAsync(app, "frank.forger@example.com", hoursAgo: 1);
        var right = new Uri(links.UnsubscribeUrl).AbsolutePath;
        var forged = right[..^1] + (right[^1] == 'A' ? 'B' : 'A');

        foreach (var (method, path) in new[] { ("GET", forged), ("POST", forged), ("GET", forged.Replace("/e/u/", "/e/c/", StringComparison.Ordinal)), ("GET", right.Replace("/e/u/", "/e/c/", StringComparison.Ordinal)), ("GET", "/e/u/nothing") })
        {
            using var answer = await AskAsync(app, new(method), path, method == "POST" ? OneClick() : null);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains("<h1>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await app.App.SettleAsync();
        Assert.DoesNotContain(await app.TimelineAsync(lead), e => (string)e["name"]! is "Message Unsubscribed" or "Message Clicked");
    }

    [Fact]
    public async Task Looking_changes_nothing_one_click_unsubscribes_and_the_form_brings_back()
    {
        await using var app = shared.Borrow();
        var (lead, links) = await SendAsync(app, "uma.unsubscribe@example.com", hoursAgo: 1);
        var path = new Uri(links.UnsubscribeUrl).AbsolutePath;

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
        {
            using var page = await AskAsync(app, method, path, language: "pl");
            Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
            Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.True(method == HttpMethod.Head || (await page.Content.ReadAsStringAsync()).Contains("Zrezygnować z „News”?", StringComparison.Ordinal));
        }

        Assert.Equal("true", await ConsentAsync("news"));
        var multipart = new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } };
        foreach (var body in new HttpContent[] { OneClick(), multipart, new StringContent("List-Unsubscribe=One-Click", Encoding.UTF8, "text/plain") })
        {
            using (var done = await AskAsync(app, HttpMethod.Post, path, body))
            {
                Assert.Equal(HttpStatusCode.OK, done.StatusCode);
            }

            Assert.Equal("false", await ConsentAsync("news"));
            await app.App.AdvanceAsync(TimeSpan.FromSeconds(1));
            using var back = await AskAsync(app, HttpMethod.Post, path, new FormUrlEncodedContent([new("wish", "save"), new("topic", "news"), new("frequency", "weekly"), new("pause", "30")]));
            Assert.Equal("true", await ConsentAsync("news"));
            await app.App.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        var traits = (await app.GetAsync($"api/leads/{lead}"))["traits"]!;
        Assert.Equal("weekly", (string?)traits["messagesFrequency"]);
        Assert.NotNull((string?)traits["messagesPausedUntil"]);
        Assert.Equal(3, (await app.TimelineAsync(lead)).Count(e => (string)e["name"]! == "Message Unsubscribed"));

        using var unread = await AskAsync(app, HttpMethod.Post, path, new FormUrlEncodedContent([new("topic", "news")]));
        Assert.Equal(HttpStatusCode.BadRequest, unread.StatusCode);
        Assert.Equal("true", await ConsentAsync("news"));

        async Task<string> ConsentAsync(string topic)
        {
            await app.App.SettleAsync();
            return (await app.GetAsync($"api/leads/{lead}"))["consent"]![topic]!.ToJsonString();
        }
    }

    [Fact]
    public async Task Who_wants_nothing_is_suppressed_until_they_want_something_again()
    {
        await using var app = shared.Borrow();
        var (_, links) = await SendAsync(app, "olga.off@example.com", hoursAgo: 1);
        var path = new Uri(links.PreferencesUrl).AbsolutePath;

        using (await AskAsync(app, HttpMethod.Post, path, new FormUrlEncodedContent([new("wish", "off")])))
        {
        }

        await app.App.SettleAsync();
        var suppressed = await app.App.GetAsync("/api/suppressions/Olga.OFF%40example.com");
        Assert.Equal("unsubscribed", suppressed.Json.GetProperty("reason").GetString());
        Assert.DoesNotContain("olga", (await app.App.GetAsync("/api/suppressions?limit=200")).Text, StringComparison.OrdinalIgnoreCase);

        await app.App.AdvanceAsync(TimeSpan.FromSeconds(1));
        using (await AskAsync(app, HttpMethod.Post, path, new FormUrlEncodedContent([new("wish", "save"), new("topic", "news")])))
        {
        }

        Assert.Equal(HttpStatusCode.NotFound, (await app.App.GetAsync("/api/suppressions/olga.off%40example.com")).Status);
    }

    /// <summary>A message names a lead, and went to whichever address that had: once the merge is taken back, that may be the other's, who must not be overheard.</summary>
    [Fact]
    public async Task What_is_refused_by_a_message_from_while_two_were_one_both_have_refused()
    {
        await using var app = shared.Borrow();
        var (ada, _) = await SendAsync(app, "ada.apart@example.com", hoursAgo: 0);
        var (bea, _) = await SendAsync(app, "bea.beside@example.com", hoursAgo: 0);
        await ChangeAsync("merge");
        var (_, during) = await SendAsync(app, "ada.apart@example.com", hoursAgo: 0);
        await ChangeAsync("unmerge");
        var (_, after) = await SendAsync(app, "ada.apart@example.com", hoursAgo: 0);

        Assert.Equal(("false", "true"), await RefuseAsync(after)); // she alone
        Assert.Equal(("false", "false"), await RefuseAsync(during));

        async Task ChangeAsync(string how)
        {
            await app.App.AdvanceAsync(TimeSpan.FromSeconds(5));
            Assert.Equal(HttpStatusCode.Accepted, (await app.App.PostAsync($"/api/leads/{ada}/{how}", JsonSerializer.Serialize(new { lead = bea }))).Status);
            await app.App.SettleAsync();
            await app.App.AdvanceAsync(TimeSpan.FromSeconds(5));
        }

        async Task<(string Ada, string Bea)> RefuseAsync(SendLinks links)
        {
            using (var done = await AskAsync(app, HttpMethod.Post, new Uri(links.UnsubscribeUrl).AbsolutePath, OneClick()))
            {
                Assert.Equal(HttpStatusCode.OK, done.StatusCode);
            }

            await app.App.SettleAsync();
            return (await NewsAsync(ada), await NewsAsync(bea));
        }

        async Task<string> NewsAsync(string lead) => (await app.GetAsync($"api/leads/{lead}"))["consent"]!["news"]!.ToJsonString();
    }

    [Fact]
    public async Task Suppressions_are_put_listed_and_lifted_and_topics_set_with_what_was_seen_in_hand()
    {
        await using var borrowed = shared.Borrow();
        var app = borrowed.App;

        var made = await app.PutAsync("/api/suppressions/manual.one%40example.com", "{}");
        Assert.Equal((HttpStatusCode.Created, "manual"), (made.Status, made.Json.GetProperty("reason").GetString()));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/suppressions/manual.one%40example.com", "{}", ifNoneMatch: "*")).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.DeleteAsync("/api/suppressions/manual.one%40example.com", ifMatch: "\"0\"")).Status);
        Assert.Equal(["$.reason"], (await app.PutAsync("/api/suppressions/x%40example.com", """{"reason":"erased"}""")).ErrorPaths);
        Assert.Equal(["address"], (await app.PutAsync("/api/suppressions/nobody", "{}")).ErrorPaths);
        Assert.Equal(HttpStatusCode.Created, (await app.PutAsync("/api/suppressions/manual.two%40example.com", """{"reason":"complaint"}""")).Status);
        Assert.Equal(HttpStatusCode.Created, (await app.PutAsync("/api/suppressions/manual.three%40example.com", "{}")).Status);

        var (ids, cursor) = (new List<string>(), "");
        do
        {
            var page = (await app.GetAsync($"/api/suppressions?limit=1{cursor}")).Json;
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? $"&cursor={next.GetString()}" : "";
        }
        while (cursor.Length > 0);
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.Contains(made.Json.GetProperty("id").GetString(), ids);
        Assert.DoesNotContain("manual\"", (await app.GetAsync("/api/suppressions?reason=complaint&limit=200")).Text, StringComparison.Ordinal);
        var many = await app.NewServices().GetRequiredService<Suppressions>().FindAsync(["MANUAL.one@Example.com", "free@example.com", "manual.two@example.com"], CancellationToken.None);
        Assert.Equal([("MANUAL.one@Example.com", SuppressionReason.Manual), ("manual.two@example.com", SuppressionReason.Complaint)], many.Select(one => (one.Key, one.Value.Reason)).Order());
        Assert.Equal(HttpStatusCode.NoContent, (await app.DeleteAsync("/api/suppressions/manual.one%40example.com", ifMatch: made.ETag)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.DeleteAsync("/api/suppressions/manual.one%40example.com")).Status);

        var topics = """{"topics":[{"id":"news","names":{"en":"News"}}]}""";
        var put = await app.PutAsync("/api/settings/topics", topics);
        Assert.Equal((HttpStatusCode.OK, topics), (put.Status, put.Text));
        Assert.Equal((topics, put.ETag), ((await app.GetAsync("/api/settings/topics")).Text, (await app.GetAsync("/api/settings/topics")).ETag));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await app.PutAsync("/api/settings/topics", topics, ifMatch: "\"9.9.9\"")).Status);
        Assert.Equal(["$.topics[0].id"], (await app.PutAsync("/api/settings/topics", """{"topics":[{"id":"N","names":{"en":"N"}}]}""")).ErrorPaths);
        Assert.Equal(HttpStatusCode.OK, (await app.PutAsync("/api/settings/topics", """{"topics":[]}""")).Status);
    }

    /// <summary>The keys of several instances that begin at once are one and the same.</summary>
    [Fact]
    public async Task Instances_that_start_together_make_one_key()
    {
        await using var app = shared.Borrow();
        var account = await Emulator.NewSharedAccountAsync();
        var instances = Enumerable.Range(0, 6).Select(_ => new FeedbackKeys(Storage(account), new FakeTimeProvider(LeadEvents.Start))).ToList();
        await Storage(account).Table(FeedbackKeys.Name).CreateIfNotExistsAsync();

        var keys = await Task.WhenAll(instances.Select(async instance => await instance.SigningAsync(CancellationToken.None)));
        var secrets = await Task.WhenAll(instances.Select(async instance => await instance.AddressKeyAsync(CancellationToken.None)));

        Assert.Single(keys.Select(key => (key.Number, Convert.ToHexString(key.Secret.Span))).Distinct());
        Assert.Single(secrets.Select(Convert.ToHexString).Distinct());

        // Ninety days later the next one signs, and what the first has signed still counts on an instance that knows only that.
        var later = new FeedbackKeys(Storage(account), new FakeTimeProvider(LeadEvents.Start.AddDays(90)));
        var next = await later.SigningAsync(CancellationToken.None);
        Assert.Equal(2, next.Number);
        var token = new LinkToken(LinkKind.Open, "lead", "send", LeadEvents.Start, "email");
        Assert.Equal(token, (await later.ReadAsync(TokenCodec.Write(token, keys[0]), CancellationToken.None)).Token);
        Assert.Equal(TokenFault.None, (await new FeedbackKeys(Storage(account), TimeProvider.System).ReadAsync(TokenCodec.Write(token, next), CancellationToken.None)).Fault);
    }

    private static StorageClients Storage(string account) =>
        StorageClients.From(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["AzureWebJobsStorage"] = account }).Build());

    /// <summary>A lead with an address who wants news, and the links of a mail that went out to it.</summary>
    internal static async Task<(string Lead, SendLinks Links)> SendAsync(LeadApp app, string address, int hoursAgo)
    {
        var entered = await app.App.PostAsync("/api/leads", JsonSerializer.Serialize(new { traits = new { email = address }, consent = new { news = true }, how = "form" }));
        await app.App.SettleAsync();
        var lead = entered.Json.GetProperty("leadId").GetString()!;
        var services = app.App.NewServices();
        await services.GetRequiredService<ClockReader>().FreshAsync(CancellationToken.None);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var links = await services.GetRequiredService<MessageLinks>().ForAsync(new($"test/{address}", lead, now.AddHours(-hoursAgo), Topic: "news"), CancellationToken.None);
        return (lead, links);
    }

    private static FormUrlEncodedContent OneClick() => new([new("List-Unsubscribe", "One-Click")]);

    private static async Task<HttpResponseMessage> AskAsync(LeadApp app, HttpMethod method, string path, HttpContent? content = null, string language = "en")
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.UserAgent.ParseAdd(Browser);
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        using var client = app.App.NewClient();
        return await client.SendAsync(request);
    }

    private static string Path(string html, string door, int which) => new Uri(html.Split('"').Where(part => part.Contains(door, StringComparison.Ordinal)).ElementAt(which - 1)).AbsolutePath;
}
