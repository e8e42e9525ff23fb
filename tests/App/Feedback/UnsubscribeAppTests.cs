using System.Net;
using System.Text;
using System.Text.Json;
using LeadFunctions.Feedback;
using LeadFunctions.Tests.Forms;
using LeadFunctions.Tests.Leads;
using static LeadFunctions.Tests.Feedback.FeedbackDoors;

namespace LeadFunctions.Tests.Feedback;

/// <summary>How readers say what they want, and what is known of that afterwards.</summary>
[Collection(nameof(OneLeadApp))]
public sealed class UnsubscribeAppTests(SharedLeadApp shared)
{
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

    /// <summary>What somebody agreed to at any moment, and who says so.</summary>
    [Fact]
    public async Task Any_moment_of_somebodys_consent_is_shown_with_where_each_answer_was_given()
    {
        await using var app = shared.Borrow();
        var before = await NowAsync();
        await FormDoors.PublishAsync(app.App, "consents", """{"name":"Consents","fields":[{"type":"email","name":"email","label":"E-mail","required":true},{"type":"consent","name":"ok","text":"I agree.","topics":["news"]}]}""");
        await app.App.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await FormDoors.SendAsync(app.App, "consents", FormDoors.JsonBody("""{"email":"cora.consents@example.com","ok":true}"""))).Status);
        await app.App.SettleAsync();
        var lead = (string)(await app.FindAsync("email=cora.consents@example.com"))!["id"]!; // just made
        var links = await LinksAsync(app, lead, "cora.consents@example.com", hoursAgo: 0);
        var page = new Uri(links.PreferencesUrl).AbsolutePath;
        var agreed = await NextAsync();

        await PostAsync(page, new FormUrlEncodedContent([new("wish", "save")]));
        var refused = await NextAsync();
        await PostAsync(page, new FormUrlEncodedContent([new("wish", "save"), new("topic", "news")]));
        var again = await NextAsync();
        await PostAsync(new Uri(links.UnsubscribeUrl).AbsolutePath, OneClick());
        var oneClick = await NextAsync();
        var left = $$"""{"RecordType":"SubscriptionChange","SuppressSending":true,"SuppressionReason":"ManualSuppression","ID":44,"MessageID":"unheard-of","Recipient":"cora.consents@example.com","ChangedAt":"{{oneClick.AddSeconds(20):O}}"}""";
        Assert.Equal(200, await CarrierAppTests.PostAsync(CarrierAppTests.Doors(app.App.NewServices(), "postmark=us:secret"), "postmark", left, "us:secret"));
        await app.App.SettleAsync();
        var byCarrier = await NextAsync();

        Assert.Equal("", await StandsAsync(before, "news"));
        Assert.Equal("granted form/consents", await StandsAsync(agreed, "news"));
        Assert.Equal("denied preference page", await StandsAsync(refused, "news"));
        Assert.Equal("granted preference page", await StandsAsync(again, "news"));
        Assert.Equal("denied one-click unsubscribe", await StandsAsync(oneClick, "news"));
        Assert.Equal(("denied one-click unsubscribe", "denied carrier/postmark"), (await StandsAsync(byCarrier, "news"), await StandsAsync(byCarrier, "email")));
        Assert.Equal("", await StandsAsync(oneClick, "email"));
        var history = (await app.GetAsync($"api/leads/{lead}/consent?at={refused:yyyy-MM-dd'T'HH:mm:ss'Z'}"))["history"]!.AsArray();
        Assert.Equal(["preference page", "form/consents"], history.Select(change => (string)change!["by"]!["source"]!)); // each has one
        Assert.Equal(1, (int)history[1]!["by"]!["form"]!["version"]!);
        Assert.Equal(["preference page", "one-click unsubscribe", "carrier/postmark"], (await app.TimelineAsync(lead)).Where(e => (string)e["name"]! == "Message Unsubscribed").Select(e => (string)e["source"]!).Reverse()); // each has one
        Assert.Equal(["at"], (await app.App.GetAsync($"/api/leads/{lead}/consent?at=soon")).ErrorPaths);

        async Task PostAsync(string path, HttpContent body)
        {
            using var done = await AskAsync(app, HttpMethod.Post, path, body);
            Assert.Equal(HttpStatusCode.OK, done.StatusCode);
            await app.App.SettleAsync();
        }

        async Task<DateTimeOffset> NowAsync() => (await app.App.GetAsync("/api/clock")).Json.GetProperty("now").GetDateTimeOffset();

        // A moment after all that was said, and before what comes.
        async Task<DateTimeOffset> NextAsync()
        {
            await app.App.AdvanceAsync(TimeSpan.FromSeconds(30));
            var now = await NowAsync();
            await app.App.AdvanceAsync(TimeSpan.FromSeconds(30));
            return now;
        }

        async Task<string> StandsAsync(DateTimeOffset at, string topic) =>
            (await app.GetAsync($"api/leads/{lead}/consent?at={at:yyyy-MM-dd'T'HH:mm:ss'Z'}"))["topics"]!.AsArray().Where(one => (string)one!["topic"]! == topic).Select(one => $"{one!["state"]} {one["by"]!["source"]}").SingleOrDefault(""); // each has them
    }
}
