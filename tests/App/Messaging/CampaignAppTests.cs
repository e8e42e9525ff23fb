using System.Net;
using LeadFunctions.Tests.Feedback;
using LeadFunctions.Tests.Journeys;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Messaging;

/// <summary>One message to many, through the whole app.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class CampaignAppTests(SharedJourneyApp shared)
{
    private const int People = 150;

    [Fact]
    public async Task Everybody_who_agreed_gets_it_once_when_they_may()
    {
        await using var app = await shared.BeginAsync(TimeSpan.FromHours(-1));
        var list = app.Named("campaign");
        await app.PublishAsync("in", $$"""{"name":"x","trigger":{"event":"In"},"steps":[{"id":"in","type":"addToList","list":"{{list}}"}]}""");
        await app.SendAsync([.. Enumerable.Range(0, People).SelectMany(i => new[]
        {
            Identify($"u{i}", new { email = $"u{i}@example.com", timezone = i % 5 == 0 ? "Asia/Tokyo" : "Etc/UTC" }),
            Track($"u{i}", "Consent Changed", new { news = i % 10 != 1 }), // 15 say no
            Track($"u{i}", "In"),
        })]);
        await app.SettleAsync();
        await PublishTemplateAsync(app, "spring");
        await app.PutAsync("/api/settings/messaging", """{"quietHours":{"from":"08:00","to":"11:00"}}""");
        try
        {
            var document = $$"""{"name":"Spring","list":"{{list}}","template":"spring","topic":"news"}""";
            var counted = await app.PostAsync("/api/campaigns?dryRun=true", document);
            Assert.True(counted.Status == HttpStatusCode.OK, counted.Text);
            Assert.Equal((People, 30, 105, 15), (Number(counted, "recipients"), Number(counted, "send"), Number(counted, "hold"), Number(counted, "skip")));

            var made = await app.PostAsync("/api/campaigns", document);
            Assert.True(made.Status == HttpStatusCode.Created, made.Text);
            Assert.All([counted, made], answer => Assert.Equal(["$.template"], answer.Json.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("path").GetString()))); // no way to unsubscribe, and a topic of the campaign's
            var path = $"/api/campaigns/{made.Json.GetProperty("id").GetString()}";
            await app.SettleAsync();
            var waiting = await app.GetAsync(path);
            Assert.Equal(("waiting", People, 30, 15, 105), (waiting.Json.GetProperty("status").GetString(), Number(waiting, "recipients"), Number(waiting, "sent"), Number(waiting, "skipped"), Number(waiting, "open")));
            await AgreeAsync(waiting);
            await app.AdvanceAsync(TimeSpan.FromHours(3));

            var done = await app.GetAsync(path);
            await AgreeAsync(done);
            Assert.Equal(HttpStatusCode.BadRequest, (await app.GetAsync($"{path}/people?of=everybody")).Status);
            Assert.Equal(HttpStatusCode.BadRequest, (await app.GetAsync($"{path}/people?of=notSent")).Status);
            Assert.Equal(("done", 135, 15, 0), (done.Json.GetProperty("status").GetString(), Number(done, "sent"), Number(done, "skipped"), Number(done, "open")));
            Assert.Equal(15, done.Json.GetProperty("notSent").GetProperty("The lead does not want \"news\".").GetInt32());
            var sent = await app.App.GetAsync("/api/outbox?limit=500&template=spring");
            Assert.Equal(135, sent.Json.GetProperty("items").EnumerateArray().Select(message => message.GetProperty("to").GetString()).Distinct().Count());
            Assert.Equal(135, sent.Json.GetProperty("items").GetArrayLength());
            Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync($"{path}/pause")).Status);

            // Each number opens exactly those whom it counts.
            async Task AgreeAsync(Answer campaign)
            {
                foreach (var (of, count) in ((string[])["recipients", "open", "sent", "unconfirmed", "skipped", "bounced", "failed", "returned"]).Select(of => (of, Number(campaign, of)))
                    .Concat(campaign.Json.GetProperty("notSent").EnumerateObject().Select(why => ($"notSent&why={Uri.EscapeDataString(why.Name)}", why.Value.GetInt32()))))
                {
                    var (people, notKept) = (new HashSet<string>(), 0);
                    for (string? cursor = ""; cursor is not null;)
                    {
                        var page = await app.GetAsync($"{path}/people?of={of}&limit=40{cursor}");
                        Assert.True(page.Status == HttpStatusCode.OK, page.Text);
                        Assert.Equal(count, Number(page, "count"));
                        Assert.All(page.Json.GetProperty("items").EnumerateArray(), one => Assert.True(people.Add(one.GetProperty("leadId").GetString()!)));
                        cursor = page.Json.TryGetProperty("nextCursor", out var next) ? $"&cursor={next}" : null;
                        notKept = cursor is null ? Number(page, "notKept") : 0;
                    }

                    Assert.Equal((of, count, 0), (of, people.Count, notKept));
                }
            }
        }
        finally
        {
            await app.PutAsync("/api/settings/messaging", NotRefused);
        }
    }

    [Fact]
    public async Task One_that_is_scheduled_can_be_held_gone_on_with_and_called_off()
    {
        await using var app = await shared.BeginAsync();
        await app.SendAsync(Identify("ann", new { email = "ann@example.com" }));
        await app.SettleAsync();
        var lead = (await app.GetAsync($"/api/leads?userId={app.Named("ann")}")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        await PublishTemplateAsync(app, "kept");
        await PublishTemplateAsync(app, "dropped");
        string Document(string template) => $$"""{"name":"x","leadIds":["{{lead}}"],"template":"{{template}}","service":true,"at":"{{app.Start.AddHours(2):O}}"}""";
        var (kept, dropped) = ((await app.PostAsync("/api/campaigns", Document("kept"))).Json.GetProperty("id").GetString(), (await app.PostAsync("/api/campaigns", Document("dropped"))).Json.GetProperty("id").GetString());

        Assert.Equal("paused", (await app.PostAsync($"/api/campaigns/{kept}/pause")).Json.GetProperty("status").GetString());
        Assert.Equal("cancelled", (await app.PostAsync($"/api/campaigns/{dropped}/cancel")).Json.GetProperty("status").GetString());
        Assert.Equal((1, 0), await ForeseenAsync());
        await app.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Equal((1, 0), await ForeseenAsync());
        Assert.Equal("paused", (await app.GetAsync($"/api/campaigns/{kept}")).Json.GetProperty("status").GetString());
        await app.PostAsync($"/api/campaigns/{kept}/resume");
        await app.SettleAsync();

        Assert.Equal("done", (await app.GetAsync($"/api/campaigns/{kept}")).Json.GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync($"/api/campaigns/{kept}/resume?dryRun=true")).Status);
        Assert.Equal(1, (await app.App.GetAsync("/api/outbox?template=kept")).Json.GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await app.App.GetAsync("/api/outbox?template=dropped")).Json.GetProperty("items").GetArrayLength());

        async Task<(int Send, int Skip)> ForeseenAsync() =>
            (await app.PostAsync($"/api/campaigns/{kept}/resume?dryRun=true")).Json is var foreseen ? (foreseen.GetProperty("send").GetInt32(), foreseen.GetProperty("skip").GetInt32()) : default;
    }

    [Fact]
    public async Task One_that_is_asked_for_again_with_its_key_is_made_once()
    {
        await using var app = await shared.BeginAsync();
        await app.SendAsync(Identify("ann", new { email = "ann@example.com" }));
        await app.SettleAsync();
        var lead = (await app.GetAsync($"/api/leads?userId={app.Named("ann")}")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        await PublishTemplateAsync(app, "once");
        string Document(string name) => $$"""{"name":"{{name}}","leadIds":["{{lead}}"],"template":"once","service":true}""";
        Task<Answer> AskAsync(string name, string once, string key = Api.AdminKey) => app.App.SendAsync(HttpMethod.Post, "/api/campaigns", Document(name), key, once: once);
        var key = app.Named("key");

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskAsync("x", key)));
        await app.SettleAsync();
        var later = await AskAsync("x", key);
        await app.SettleAsync();

        var id = Assert.Single(all.Append(later).Select(answer => answer.Json.GetProperty("id").GetString()).Distinct());
        Assert.All(all.Append(later), answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.Equal("done", later.Json.GetProperty("status").GetString());
        Assert.Single((await app.GetAsync("/api/campaigns")).Json.GetProperty("items").EnumerateArray(), one => one.GetProperty("id").GetString() == id);
        Assert.Equal(1, (await app.App.GetAsync("/api/outbox?template=once")).Json.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.Conflict, (await AskAsync("another", key)).Status);
        Assert.Equal(["Idempotency-Key"], (await AskAsync("x", "not one/key")).ErrorPaths);
        var (_, others) = await app.App.CreateKeyAsync("marketer");
        Assert.NotEqual(id, (await AskAsync("x", key, others)).Json.GetProperty("id").GetString());
    }

    /// <summary>One template, two subjects: half of the people are asked, and the others get what more people clicked in, whatever machines did.</summary>
    [Fact]
    public async Task The_subject_that_more_people_clicked_in_goes_to_everybody_else()
    {
        await using var app = await shared.BeginAsync();
        var (template, list) = (app.Named("tested"), app.Named("tested"));
        await app.PutAsync($"/api/templates/{template}", """{"name":"x","topic":"news","subject":"As the template says","html":"<p><a href=\"https://shop.example/\">Look</a> <a href=\"{{ links.unsubscribe }}\">No more</a></p>"}""");
        await app.PostAsync($"/api/templates/{template}/publish");
        await app.PublishAsync("tested", $$"""{"name":"x","trigger":{"event":"Tested"},"steps":[{"id":"in","type":"addToList","list":"{{list}}"}]}""");
        await app.SendAsync([.. Enumerable.Range(0, 40).SelectMany(i => new[]
        {
            Identify($"t{i}", new { email = $"t{i}@tested.example", firstName = $"N{i}" }), Track($"t{i}", "Consent Changed", new { news = true }), Track($"t{i}", "Tested"),
        })]);
        await app.SettleAsync();

        var test = """{"variants":[{"name":"a","template":"T","subject":"First for {{ lead.firstName }}"},{"name":"b","template":"T","subject":"Second for {{ lead.firstName }}"}],"share":50,"for":"4h","winner":"clicks"}""".Replace("\"T\"", $"\"{template}\"", StringComparison.Ordinal);
        var made = await app.PostAsync("/api/campaigns", $$"""{"name":"x","list":"{{list}}","test":{{test}}}""");
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);
        var path = $"/api/campaigns/{made.Json.GetProperty("id").GetString()}";
        await app.SettleAsync();
        var asked = await SentAsync();
        Assert.Equal(("waiting", 40, asked.Count), ((await app.GetAsync(path)) is var waiting ? (waiting.Json.GetProperty("status").GetString(), Number(waiting, "recipients"), Number(waiting, "sent")) : default));
        Assert.All(asked, mail => Assert.Matches("^(First|Second) for N[0-9]+$", mail.Subject));

        await app.AdvanceAsync(TimeSpan.FromHours(1));
        using var people = app.App.NewClient();
        people.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        foreach (var (subject, html) in asked)
        {
            people.DefaultRequestHeaders.UserAgent.Clear();
            people.DefaultRequestHeaders.UserAgent.ParseAdd(subject.StartsWith("Second", StringComparison.Ordinal) ? FeedbackDoors.Browser : "Barracuda Sentinel (EE)");
            using var answer = await people.GetAsync(FeedbackDoors.LinkIn(html, "/e/c/", 1));
            Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        }

        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromHours(4));
        var done = await app.GetAsync(path);
        var all = await SentAsync();
        Assert.Equal(("done", "b", 40), (done.Json.GetProperty("status").GetString(), done.Json.GetProperty("winner").GetString(), Number(done, "sent")));
        Assert.Equal(40, all.Count);
        Assert.Equal(asked.Count(First), all.Count(First));
        Assert.Equal(
            [("a", asked.Count(First), 0), ("b", asked.Count - asked.Count(First), asked.Count - asked.Count(First))],
            done.Json.GetProperty("outcome").EnumerateArray().Select(one => (one.GetProperty("name").GetString()!, one.GetProperty("sent").GetInt32(), one.GetProperty("answered").GetInt32())));

        static bool First((string Subject, string Html) mail) => mail.Subject.StartsWith("First", StringComparison.Ordinal);

        async Task<List<(string Subject, string Html)>> SentAsync() =>
            [.. (await app.App.GetAsync($"/api/outbox?limit=500&template={template}")).Json.GetProperty("items").EnumerateArray().Select(mail => (mail.GetProperty("subject").GetString()!, mail.GetProperty("html").GetString()!))];
    }

    internal static async Task PublishTemplateAsync(JourneyScope app, string id, string? topic = null)
    {
        await app.PutAsync($"/api/templates/{id}", Template(topic));
        var published = await app.PostAsync($"/api/templates/{id}/publish");
        Assert.True(published.Status == HttpStatusCode.OK, published.Text);
    }

    internal static string Template(string? topic) => $$"""{"name":"x","subject":"s","html":"<p>h</p>"{{(topic is null ? "" : $",\"topic\":\"{topic}\"")}}}""";

    internal static int Number(Answer answer, string name) => answer.Json.GetProperty(name).GetInt32();
}
