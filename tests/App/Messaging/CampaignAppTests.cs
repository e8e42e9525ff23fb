using System.Net;
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
        await app.PutAsync("/api/settings/messaging", """{"quietHours":{"from":"08:00","to":"11:00"}}""");
        try
        {
            var document = $$"""{"name":"Spring","list":"{{list}}","template":"spring","topic":"news"}""";
            var counted = await app.PostAsync("/api/campaigns?dryRun=true", document);
            Assert.True(counted.Status == HttpStatusCode.OK, counted.Text);
            Assert.Equal((People, 30, 105, 15), (Number(counted, "recipients"), Number(counted, "send"), Number(counted, "hold"), Number(counted, "skip")));

            var made = await app.PostAsync("/api/campaigns", document);
            Assert.True(made.Status == HttpStatusCode.Created, made.Text);
            var path = $"/api/campaigns/{made.Json.GetProperty("id").GetString()}";
            await app.SettleAsync();
            var waiting = await app.GetAsync(path);
            Assert.Equal(("waiting", People, 30, 15, 105), (waiting.Json.GetProperty("status").GetString(), Number(waiting, "recipients"), Number(waiting, "sent"), Number(waiting, "skipped"), Number(waiting, "open")));
            await app.AdvanceAsync(TimeSpan.FromHours(3));

            var done = await app.GetAsync(path);
            Assert.Equal(("done", 135, 15, 0), (done.Json.GetProperty("status").GetString(), Number(done, "sent"), Number(done, "skipped"), Number(done, "open")));
            Assert.Equal(15, done.Json.GetProperty("notSent").GetProperty("The lead does not want \"news\".").GetInt32());
            var sent = await app.App.GetAsync("/api/outbox?limit=500&template=spring");
            Assert.Equal(135, sent.Json.GetProperty("items").EnumerateArray().Select(message => message.GetProperty("to").GetString()).Distinct().Count());
            Assert.Equal(135, sent.Json.GetProperty("items").GetArrayLength());
            Assert.Equal(HttpStatusCode.Conflict, (await app.PostAsync($"{path}/pause")).Status);
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
        string Document(string template) => $$"""{"name":"x","leadIds":["{{lead}}"],"template":"{{template}}","at":"{{app.Start.AddHours(2):O}}"}""";
        var (kept, dropped) = ((await app.PostAsync("/api/campaigns", Document("kept"))).Json.GetProperty("id").GetString(), (await app.PostAsync("/api/campaigns", Document("dropped"))).Json.GetProperty("id").GetString());

        Assert.Equal("paused", (await app.PostAsync($"/api/campaigns/{kept}/pause")).Json.GetProperty("status").GetString());
        Assert.Equal("cancelled", (await app.PostAsync($"/api/campaigns/{dropped}/cancel")).Json.GetProperty("status").GetString());
        await app.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Equal("paused", (await app.GetAsync($"/api/campaigns/{kept}")).Json.GetProperty("status").GetString());
        await app.PostAsync($"/api/campaigns/{kept}/resume");
        await app.SettleAsync();

        Assert.Equal("done", (await app.GetAsync($"/api/campaigns/{kept}")).Json.GetProperty("status").GetString());
        Assert.Equal(1, (await app.App.GetAsync("/api/outbox?template=kept")).Json.GetProperty("items").GetArrayLength());
        Assert.Equal(0, (await app.App.GetAsync("/api/outbox?template=dropped")).Json.GetProperty("items").GetArrayLength());
    }

    private static int Number(Answer answer, string name) => answer.Json.GetProperty(name).GetInt32();
}
