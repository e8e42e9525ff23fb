using System.Net;
using LeadFunctions.Tests.Support;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Another scoring model changes scores without an event: whoever waits for one is looked at.</summary>
public sealed class ScoreWatchTests
{
    private const string Model = """{"name":"m","engagement":{%"rules":[{"id":"v","when":{"event":"Visit"},"points":40}]},"fit":{"rules":[{"id":"f","when":{"trait":"plan","equals":"pro"},"points":#}]}}""";

    [Fact]
    public async Task Triggers_goals_and_waits_notice_a_model_with_other_points()
    {
        await using var app = await StartAsync(now: Start.AddSeconds(30));
        await PublishModelAsync(app, "\"cap\":25,", 10);
        await app.PublishAsync("cold", """{"name":"x","trigger":{"engagement":{"crosses":20,"direction":"down"}},"steps":[{"id":"s","type":"send","template":"cold"}]}""");
        await app.PublishAsync("warm", """{"name":"x","trigger":{"engagement":{"crosses":30}},"steps":[{"id":"s","type":"send","template":"warm"}]}""");
        await app.PublishAsync("goal", """{"name":"x","trigger":{"event":"Start"},"goal":{"engagement":{"lt":20}},"steps":[{"id":"w","type":"wait","for":"90d"}]}""");
        await app.PublishAsync("fits", """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"fit":{"gte":50}},"then":[{"id":"s","type":"send","template":"fits"}]}]}""");
        await app.SendAsync(Identify("ann", new { email = "a@b.c", plan = "pro" }), Track("ann", "Visit"), Track("ann", "Start"));
        await app.SendAsync(new { type = "track", anonymousId = "browser", @event = "Visit", messageId = "b1" }, new { type = "track", anonymousId = "browser", @event = "Start", messageId = "b2" });
        await app.SettleAsync();
        Assert.Empty(await app.SentAsync());

        await PublishModelAsync(app, "\"cap\":15,", 60);
        await Eventually.ThatAsync(async () => (await app.RunsAsync("goal", "&status=goal")).Count, reached => reached == 2, TimeSpan.FromSeconds(60));
        await app.SettleAsync();

        Assert.Equal(["2026-06-01 10:00 cold", "2026-06-01 10:00 fits"], await app.SentAsync());

        await PublishModelAsync(app, "", 60);
        await Eventually.ThatAsync(async () => (await app.SentAsync("warm")).Count, sent => sent == 1, TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Nobody_is_looked_at_when_nobody_waits_for_a_score()
    {
        await using var app = await StartAsync();
        await PublishModelAsync(app, "", 10);
        await app.PublishAsync("plain", """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"wait","for":"90d"}]}""");
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));
        await app.SettleAsync();

        await PublishModelAsync(app, "\"cap\":15,", 10);
        await app.SettleAsync();
        await Task.Delay(TimeSpan.FromSeconds(3));
        await app.SettleAsync();

        var lead = (await app.GetAsync("/api/leads?userId=ann")).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var timeline = (await app.GetAsync($"/api/leads/{lead}/timeline?type=Journey%20Ticked")).Json;
        Assert.Empty(timeline.GetProperty("items").EnumerateArray());
    }

    private static async Task PublishModelAsync(TestApp app, string cap, int fit)
    {
        var document = Model.Replace("%", cap, StringComparison.Ordinal).Replace("#", $"{fit}", StringComparison.Ordinal);
        var put = await app.PutAsync("/api/scoring-models/m", document);
        Assert.True(put.Status is HttpStatusCode.OK or HttpStatusCode.Created, put.Text);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/scoring-models/m/publish")).Status);
    }
}
