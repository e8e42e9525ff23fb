using System.Net;
using LeadFunctions.Tests.Journeys;
using static LeadFunctions.Tests.Journeys.JourneyApp;
using static LeadFunctions.Tests.Messaging.CampaignAppTests;

namespace LeadFunctions.Tests.Messaging;

/// <summary>What a campaign is made of, through the whole app: templates, topics, segments and people who may be written to.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class CampaignNeedsAppTests(SharedJourneyApp shared)
{
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
}
