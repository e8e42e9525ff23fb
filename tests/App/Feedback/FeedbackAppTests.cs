using System.Net;
using LeadFunctions.Clock;
using LeadFunctions.Events.Queueing;
using LeadFunctions.Feedback;
using LeadFunctions.Feedback.Api;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Leads;
using LeadFunctions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using static LeadFunctions.Tests.Feedback.FeedbackDoors;

namespace LeadFunctions.Tests.Feedback;

/// <summary>What comes back, through the app's own doors.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class FeedbackAppTests(SharedLeadApp shared)
{
    [Fact]
    public async Task Links_of_a_mail_lead_on_and_are_told_of_who_followed_them()
    {
        await using var app = shared.Borrow();
        var (lead, links) = await SendAsync(app, "clara.click@example.com", hoursAgo: 1);
        var html = links.Rewrite("<p><a href='https://shop.example/offers?a=1&amp;b=2#top'>x</a></p>");
        var (click, trap, picture) = (LinkIn(html, "/e/c/", 1), LinkIn(html, "/e/c/", 2), LinkIn(html, "/e/o/", 1));

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

    /// <summary>By the setting: from there somebody reads mail with their own hand, or nobody does.</summary>
    [Theory]
    [InlineData("198.51.100.7", false, true, false)]
    [InlineData("2001:db8:1:2::3", false, true, false)]
    [InlineData("203.0.113.5, 198.51.100.7", false, true, false)] // what the last proxy saw counts, not what the caller says of itself
    [InlineData("198.51.100.7, 203.0.113.5", false, false, true)]
    [InlineData("198.51.100.7", true, true, true)]
    [InlineData("198.51.101.7", false, false, true)]
    public async Task A_click_from_a_data_centre_counts_as_a_machines_unless_it_was_by_hand(string hops, bool isByHand, bool isInRange, bool isHuman)
    {
        await using var app = shared.Borrow();
        var address = $"dana.{Guid.NewGuid():N}@example.com";
        var (lead, _) = await SendAsync(app, address, hoursAgo: 1);
        var services = app.App.NewServices();
        await services.GetRequiredService<ClockReader>().FreshAsync(CancellationToken.None);
        var (options, time) = (Options.Create(new FeedbackOptions { MachineRanges = "198.51.100.0/24, 2001:db8:1::/48" }), services.GetRequiredService<TimeProvider>());
        var hits = new Hits(services.GetRequiredService<EventWriter>(), new MachineRanges(options), options, time, NullLogger<Hits>.Instance);
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Headers.UserAgent, request.Headers.AcceptLanguage, request.Headers["X-Forwarded-For"], request.Headers["Sec-Fetch-User"]) = ("GET", Browser, "en", hops, isByHand ? "?1" : "");

        var counts = await hits.NoteAsync(new LinkToken(LinkKind.Click, lead, $"test/{address}", time.GetUtcNow().AddHours(-1), "email", "news", 1, 1, "https://shop.example/"), request);
        await app.App.SettleAsync();

        var hit = Assert.Single(await app.TimelineAsync(lead), e => ((string)e["name"]!).StartsWith("Message Clicked", StringComparison.Ordinal)); // each has one
        Assert.Equal((isHuman, isHuman ? "Message Clicked" : "Message Clicked By Machine"), (counts, (string)hit["name"]!)); // likewise
        Assert.Equal(isInRange, hit["properties"]!["signals"]!.AsArray().Any(signal => (string)signal! == "machineRange")); // it says why
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("20.33.0.0/16, 2603:1000::/24", true)]
    [InlineData("20.33.0.0/16,", true)]
    [InlineData("20.33.0.0/40", false)]
    [InlineData("azure", false)]
    public void Ranges_that_are_none_are_told_at_the_start(string ranges, bool areRight) => Assert.Equal(areRight, MachineRanges.AreRight(ranges));

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
            using var led = await AskAsync(app, HttpMethod.Get, LinkIn(html, "/e/c/", which));
            marks.Add(led.Headers.Location!.OriginalString); // it was a redirect
        }

        Assert.StartsWith("https://linked.example/offers?a=1#lf_t=", marks[0], StringComparison.Ordinal);
        Assert.Equal(["https://linked.example/#own", "https://shop.example/"], marks.Skip(2));
        Assert.NotEqual(marks[0], marks[1]); // a click, a mark
        using (var head = await AskAsync(app, HttpMethod.Head, LinkIn(html, "/e/c/", 1)))
        {
            Assert.DoesNotContain("lf_t", head.Headers.Location!.OriginalString, StringComparison.Ordinal); // likewise
        }

        var (token, another) = (marks[0].Split("#lf_t=")[1], marks[1].Split("#lf_t=")[1]);
        foreach (var (path, browser) in new[] { ($"/e/b/{token}", "browser-of-linda"), ($"/e/b/{token}", "browser-of-nobody"), ($"/e/b/{token}", "browser-of-linda"), ($"/e/b/{another}", "browser-of-olga"), ($"/e/b/{token[..^2]}AA", "browser-of-nobody"), (LinkIn(html, "/e/c/", 1).Replace("/e/c/", "/e/b/", StringComparison.Ordinal), "browser-of-nobody") })
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

        // So with what forms show, and what is confirmed: by whichever key it was signed, as long as that counts.
        var (old, young) = (SignedText.Write("confirm", "20260601.s1", keys[0]), await later.SignAsync("confirm", "20260601.s2", CancellationToken.None));
        Assert.Equal(("20260601.s1", "20260601.s2"), (await later.ReadAsync("confirm", old, CancellationToken.None), await new FeedbackKeys(Storage(account), new FakeTimeProvider(LeadEvents.Start)).ReadAsync("confirm", young, CancellationToken.None)));
        Assert.Null(await later.ReadAsync("ticket", old, CancellationToken.None));
        Assert.Null(await new FeedbackKeys(Storage(account), new FakeTimeProvider(LeadEvents.Start + Keyring.Signs + Keyring.Verifies)).ReadAsync("confirm", old, CancellationToken.None));
        Assert.Equal(await later.HashAsync("192.0.2.1", CancellationToken.None), await instances[0].HashAsync("192.0.2.1", CancellationToken.None));
    }

    private static StorageClients Storage(string account) =>
        StorageClients.From(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["AzureWebJobsStorage"] = account }).Build());
}
