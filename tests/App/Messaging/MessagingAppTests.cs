using System.Net;
using LeadFunctions.Feedback.Stored;
using LeadFunctions.Tests.Integrations;
using LeadFunctions.Tests.Journeys;
using Microsoft.Extensions.DependencyInjection;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Messaging;

/// <summary>The arbiter in the whole app: its setting, two journeys at once, and what a lead's page shows.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class MessagingAppTests(SharedJourneyApp shared)
{
    [Fact]
    public async Task Caps_and_quiet_hours_hold_across_two_journeys_at_once_and_a_refusal_stops_what_waits()
    {
        await using var app = await shared.BeginAsync(TimeSpan.FromHours(-1));
        var set = await app.PutAsync("/api/settings/messaging", """{"quietHours":{"from":"08:00","to":"11:00"},"caps":[{"channel":"email","max":1,"per":"1d","over":"wait"}],"gather":"0s"}""");
        Assert.True(set.Status == HttpStatusCode.OK, set.Text);
        try
        {
            foreach (var name in new[] { "one", "two" })
            {
                await app.PublishAsync(name, $$"""{"name":"x","trigger":{"event":"Both"},"steps":[{"id":"m","type":"send","template":"{{name}}","topic":"news"}]}""");
            }

            string[] people = ["ann", "bob", "cid"];
            await app.SendAsync([.. people.SelectMany(who => new[] { Identify(who, new { email = $"{who}@example.com" }), Track(who, "Consent Changed", new { news = who != "cid" }), Track(who, "Both") })]);
            await app.SettleAsync();
            Assert.Empty(await app.SentAsync());
            await app.SendAsync(Track("bob", "Consent Changed", new { news = false }));
            await app.AdvanceAsync(TimeSpan.FromDays(3));

            var sent = await app.SentAsync();
            Assert.Equal(["2026-06-01 11:00", "2026-06-02 11:00"], sent.Select(line => line[..16]));
            Assert.Equal(["one", "two"], sent.Select(line => line[17..]).Order());
            Assert.Equal(["sent", "sent"], await StatesAsync(app, "ann"));
            Assert.Equal(["skipped: The lead does not want \"news\".", "skipped: The lead does not want \"news\"."], await StatesAsync(app, "bob"));
            Assert.Equal(["skipped: The lead does not want \"news\".", "skipped: The lead does not want \"news\"."], await StatesAsync(app, "cid"));
        }
        finally
        {
            await app.PutAsync("/api/settings/messaging", NotRefused);
        }
    }

    /// <summary>With the link of a message that went out before, as a mail program posts it (RFC 8058).</summary>
    [Fact]
    public async Task Who_unsubscribes_with_one_click_gets_nothing_of_what_was_waiting_to_be_sent()
    {
        await using var app = await shared.BeginAsync(TimeSpan.FromHours(-1));
        await app.PutAsync("/api/settings/messaging", """{"quietHours":{"from":"08:00","to":"11:00"}}""");
        try
        {
            await app.PublishAsync("held", """{"name":"x","trigger":{"event":"Held"},"steps":[{"id":"m","type":"send","template":"held","topic":"news"}]}""");
            await app.SendAsync([.. new[] { "uma", "vic" }.SelectMany(who => new[] { Identify(who, new { email = $"{who}@example.com" }), Track(who, "Consent Changed", new { news = true }), Track(who, "Held") })]);
            await app.SettleAsync();
            Assert.StartsWith("held", Assert.Single(await StatesAsync(app, "uma")), StringComparison.Ordinal);

            var uma = (await app.GetAsync($"/api/leads?userId={app.Named("uma")}")).Json.GetProperty("items")[0].GetProperty("id").GetString()!; // she has one
            var links = await app.App.NewServices().GetRequiredService<MessageLinks>().ForAsync(new("earlier", uma, app.Start.AddDays(-1), Topic: "news"), CancellationToken.None);
            using (var done = await app.App.Client.PostAsync(new Uri(links.UnsubscribeUrl).AbsolutePath, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")])))
            {
                Assert.Equal(HttpStatusCode.OK, done.StatusCode);
            }

            await app.AdvanceAsync(TimeSpan.FromDays(1));

            Assert.Equal(["skipped: The lead does not want \"news\"."], await StatesAsync(app, "uma"));
            Assert.Equal(["sent"], await StatesAsync(app, "vic"));
            Assert.Equal(["2026-06-01 11:00 held"], await app.SentAsync());
        }
        finally
        {
            await app.PutAsync("/api/settings/messaging", NotRefused);
        }
    }

    /// <summary>It says for how long it is busy; whoever refuses meanwhile is heard.</summary>
    [Fact]
    public async Task What_a_carrier_does_not_take_waits_as_long_as_it_says_and_is_asked_about_anew()
    {
        await using var app = await shared.BeginAsync();
        await using var gateway = await Receiver.StartAsync();
        gateway.Answer = (_, context) =>
        {
            context.Response.Headers.RetryAfter = "7200";
            return Task.FromResult(gateway.All.Count <= 2 ? 503 : 204);
        };
        var channel = app.Named("busy");
        await app.PutAsync("/api/settings/messaging", NotRefused);
        await app.PutAsync($"/api/channels/{channel}", $$"""{"name":"Busy","url":"{{gateway.Url}}/send"}""");
        await app.PublishAsync("busy", $$"""{"name":"x","trigger":{"event":"Busy"},"steps":[{"id":"m","type":"send","channel":"{{channel}}","template":"busy","topic":"news"}]}""");
        await app.SendAsync([.. new[] { "wim", "xia" }.SelectMany(who => new[] { Identify(who, new { email = $"{who}@example.com" }), Track(who, "Busy") })]);
        await app.SettleAsync();
        Assert.Equal(["deferred: The gateway answered 503."], await StatesAsync(app, "wim"));
        await app.SendAsync(Track("xia", "Consent Changed", new { news = false }));

        await app.AdvanceAsync(TimeSpan.FromMinutes(110));
        Assert.Equal(2, gateway.All.Count);
        await app.AdvanceAsync(TimeSpan.FromMinutes(20));

        Assert.Equal(["sent"], await StatesAsync(app, "wim"));
        Assert.Equal(["skipped: The lead does not want \"news\"."], await StatesAsync(app, "xia"));
        Assert.Equal((3, 2), (gateway.All.Count, gateway.All.Select(one => one.Id).Distinct().Count()));
        await app.App.DeleteAsync($"/api/channels/{channel}");
    }

    [Fact]
    public async Task The_setting_is_checked_and_read_back()
    {
        await using var app = await shared.BeginAsync();
        var refused = await app.PutAsync("/api/settings/messaging", """{"caps":[{"max":0,"per":"1d"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal("$.caps[0].max", refused.Json.GetProperty("errors")[0].GetProperty("path").GetString());

        await app.PutAsync("/api/settings/messaging", NotRefused);
        Assert.Equal(NotRefused, (await app.GetAsync("/api/settings/messaging")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync("/api/leads/nobody/messages")).Status);
    }

    private static async Task<IReadOnlyList<string>> StatesAsync(JourneyScope app, string who)
    {
        var lead = (await app.GetAsync($"/api/leads?userId={app.Named(who)}")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var messages = (await app.GetAsync($"/api/leads/{lead}/messages")).Json.GetProperty("items");
        return [.. messages.EnumerateArray().Select(message => message.GetProperty("state").GetString() + (message.TryGetProperty("reason", out var reason) ? $": {reason.GetString()}" : ""))];
    }
}
