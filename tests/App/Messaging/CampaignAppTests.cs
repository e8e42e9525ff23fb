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

    /// <summary>Whoever sends it, and where the step or campaign that does names none.</summary>
    [Fact]
    public async Task A_templates_topic_is_heard_in_journeys_campaigns_and_rehearsals()
    {
        await using var app = await shared.BeginAsync();
        var template = app.Named("tuesday");
        await PublishTemplateAsync(app, template, "news");
        var journey = $$"""{"name":"x","trigger":{"event":"Go"},"steps":[{"id":"s","type":"send","template":"{{template}}"}]}""";
        await app.PublishAsync("go", journey);
        await app.SendAsync([.. new[] { "yes", "no" }.SelectMany(said => new[]
        {
            Identify(said, new { email = $"{said}@example.com" }), Track(said, "Consent Changed", new { news = said }), Track(said, "Go"),
        })]);
        await app.SettleAsync();
        Assert.Single(await app.SentAsync("go"));

        var rehearsed = await app.PostAsync("/api/journeys/go/simulate", $$$"""{"document":{{{journey}}},"days":2,"leads":[{"traits":{"email":"a@b.c"},"events":[{"at":"2026-06-01T10:00:00Z","name":"Consent Changed","properties":{"news":false}},{"at":"2026-06-01T11:00:00Z","name":"Go"}]}]}""");
        Assert.True(rehearsed.Status == HttpStatusCode.OK, rehearsed.Text);
        Assert.Equal((1, 0), (Number(rehearsed, "entered"), Number(rehearsed, "sends")));

        var leads = await Task.WhenAll(new[] { "yes", "no" }.Select(async said => (await app.GetAsync($"/api/leads?userId={app.Named(said)}")).Json.GetProperty("items")[0].GetProperty("id").GetString()));
        Assert.Contains("The lead does not want \\\"news\\\".", (await app.GetAsync($"/api/leads/{leads[1]}/messages")).Text, StringComparison.Ordinal);
        var document = $$"""{"name":"x","leadIds":["{{leads[0]}}","{{leads[1]}}"],"template":"{{template}}"}""";
        Assert.Equal((1, 1), (await app.PostAsync("/api/campaigns?dryRun=true", document)) is var counted ? (Number(counted, "send"), Number(counted, "skip")) : default);
        var path = $"/api/campaigns/{(await app.PostAsync("/api/campaigns", document)).Json.GetProperty("id").GetString()}";
        await app.SettleAsync();
        Assert.Equal((1, 1), (await app.GetAsync(path)) is var done ? (Number(done, "sent"), Number(done, "skipped")) : default);
    }

    [Fact]
    public async Task Who_is_suppressed_is_counted_among_those_who_do_not_get_it()
    {
        await using var app = await shared.BeginAsync();
        await app.SendAsync(Identify("sue", new { email = "sue@suppressed.example" }));
        await app.SettleAsync();
        var (template, lead) = (app.Named("sue"), (await app.GetAsync($"/api/leads?userId={app.Named("sue")}")).Json.GetProperty("items")[0].GetProperty("id").GetString());
        await PublishTemplateAsync(app, template);
        foreach (var (reason, rest, send) in new[] { ("unsubscribed", "\"service\":true", 1), ("unsubscribed", "\"topic\":\"news\"", 0), ("complaint", "\"service\":true", 0) })
        {
            await app.PutAsync($"/api/suppressions/{app.Named("sue@suppressed.example")}", $$"""{"reason":"{{reason}}"}""");
            var counted = await app.PostAsync("/api/campaigns?dryRun=true", $$"""{"name":"x","leadIds":["{{lead}}"],"template":"{{template}}",{{rest}}}""");
            Assert.Equal((send, 1 - send), (Number(counted, "send"), Number(counted, "skip")));
        }
    }

    [Fact]
    public async Task What_a_campaign_names_has_to_be_there_and_to_say_what_it_is_about()
    {
        await using var app = await shared.BeginAsync();
        var (plain, topical, list) = (app.Named("plain"), app.Named("topical"), app.Named("empty"));
        await PublishTemplateAsync(app, plain);
        await PublishTemplateAsync(app, topical, "news");
        await app.PutAsync($"/api/templates/{app.Named("draft")}", Template(null));
        foreach (var (document, field) in new[]
        {
            ($$"""{"name":"x","list":"l","template":"{{plain}}"}""", "$.topic"),
            ($$"""{"name":"x","list":"l","template":"{{topical}}","service":true}""", "$.service"),
            ($$"""{"name":"x","list":"l","template":"{{plain}}","topic":"news","service":true}""", "$.service"),
            ($$"""{"name":"x","list":"l","template":"{{app.Named("draft")}}","topic":"news"}""", "$.template"),
            ("""{"name":"x","list":"l","template":"nowhere","topic":"news"}""", "$.template"),
            ($$"""{"name":"x","segment":"nobody-made-this","template":"{{topical}}"}""", "$.segment"),
            ($$$"""{"name":"x","list":"l","test":{"variants":[{"name":"a","template":"{{{topical}}}"},{"name":"b","template":"{{{plain}}}"}],"share":20,"for":"4h","winner":"opens"}}""", "$.topic"),
        })
        {
            foreach (var query in new[] { "", "?dryRun=true" })
            {
                var refused = await app.PostAsync($"/api/campaigns{query}", document);
                Assert.True(refused.Status == HttpStatusCode.BadRequest && refused.Text.Contains($"\"{field}\"", StringComparison.Ordinal), $"{document}: {refused.Text}");
            }
        }

        var made = await app.PostAsync("/api/campaigns", $$"""{"name":"x","list":"{{list}}","template":"{{plain}}","service":true}""");
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);
        await app.SettleAsync();
        var ended = (await app.GetAsync($"/api/campaigns/{made.Json.GetProperty("id").GetString()}")).Json;
        Assert.Equal(("done", "Nobody was in it when it began."), (ended.GetProperty("status").GetString(), ended.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_template_stays_as_long_as_a_campaign_or_somebody_inside_an_older_version_is_to_send_it()
    {
        await using var app = await shared.BeginAsync();
        var template = app.Named("needed");
        await PublishTemplateAsync(app, template);
        await app.PublishAsync("older", $$"""{"name":"x","trigger":{"event":"Older"},"steps":[{"id":"w","type":"wait","for":"10d"},{"id":"s","type":"send","template":"{{template}}"}]}""");
        await app.SendAsync(Identify("ann", new { email = "ann@example.com" }), Track("ann", "Older"));
        await app.SettleAsync();
        await app.PublishAsync("older", """{"name":"x","trigger":{"event":"Older"},"steps":[{"id":"w","type":"wait","for":"10d"}]}""");
        var lead = (await app.GetAsync($"/api/leads?userId={app.Named("ann")}")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var tested = $$"""{"variants":[{"name":"a","template":"{{template}}"},{"name":"b","template":"{{template}}","subject":"Other"}],"share":50,"for":"4h","winner":"opens"}""";
        var made = await app.PostAsync("/api/campaigns", $$"""{"name":"x","leadIds":["{{lead}}"],"test":{{tested}},"service":true,"at":"{{app.Start.AddHours(1):O}}"}""");
        Assert.True(made.Status == HttpStatusCode.Created, made.Text);
        var campaign = made.Json.GetProperty("id").GetString()!; // it is answered

        await RefusedAsync($"journeys/{app.Named("older")} (version 1)");
        await app.PostAsync($"/api/runs/{(await app.RunsAsync("older", "&status=active"))[0].GetProperty("id").GetString()}/cancel");
        await app.PostAsync($"/api/campaigns/{campaign}/pause");
        await app.SettleAsync();
        await RefusedAsync(campaign);

        // Its day passes while it is held: it is still to send it, to whom the calendar counts.
        await app.AdvanceAsync(TimeSpan.FromHours(15));
        await RefusedAsync(campaign);
        var (day, then) = (app.Start.Date, app.Start.AddHours(15));
        var calendar = (await app.GetAsync($"/api/calendar?from={day:yyyy-MM}-01&to={new DateTime(day.Year, day.Month, 1).AddMonths(1).AddDays(-1):yyyy-MM-dd}")).Json;
        var shown = calendar.GetProperty("days").EnumerateArray().SelectMany(one => one.GetProperty("campaigns").EnumerateArray()).Single(one => one.GetProperty("id").GetString() == campaign);
        var people = (await app.GetAsync($"/api/calendar/people?day={day:yyyy-MM-dd}&of=campaign&campaign={campaign}")).Json;
        Assert.Equal(then.Month == day.Month ? 1 : 0, shown.GetProperty("recipients").GetInt32()); // of a month that is over nothing is counted any more
        Assert.Equal(shown.GetProperty("recipients").GetInt32(), people.GetProperty("count").GetInt32());

        await app.PostAsync($"/api/campaigns/{campaign}/cancel");
        Assert.Equal(HttpStatusCode.NoContent, (await app.App.DeleteAsync($"/api/templates/{template}")).Status);

        async Task RefusedAsync(string because)
        {
            var refused = await app.App.DeleteAsync($"/api/templates/{template}");
            Assert.Equal(HttpStatusCode.Conflict, refused.Status);
            Assert.Contains(because, refused.Text, StringComparison.Ordinal);
        }
    }

    private static async Task PublishTemplateAsync(JourneyScope app, string id, string? topic = null)
    {
        await app.PutAsync($"/api/templates/{id}", Template(topic));
        var published = await app.PostAsync($"/api/templates/{id}/publish");
        Assert.True(published.Status == HttpStatusCode.OK, published.Text);
    }

    private static string Template(string? topic) => $$"""{"name":"x","subject":"s","html":"<p>h</p>"{{(topic is null ? "" : $",\"topic\":\"{topic}\"")}}}""";

    private static int Number(Answer answer, string name) => answer.Json.GetProperty(name).GetInt32();
}
