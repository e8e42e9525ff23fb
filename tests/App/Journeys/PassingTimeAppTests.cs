using System.Net;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Time alone, in the whole app on the emulator: through the due index, the minute's orchestration and the queue.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class PassingTimeAppTests(SharedJourneyApp shared)
{
    [Fact]
    public async Task Silence_decay_and_a_fall_of_engagement_are_noticed_in_their_minute()
    {
        await using var app = await StartAsync(now: Start.AddSeconds(30));
        Assert.Equal(HttpStatusCode.Created, (await app.PutAsync("/api/scoring-models/m", """{"name":"m","engagement":{"rules":[{"id":"v","when":{"event":"Visit"},"points":40,"halfLife":"10d"}]}}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync("/api/scoring-models/m/publish")).Status);
        await app.PublishAsync("silent", """
            {"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"not":{"event":"Visit","within":"30d"}},"then":[{"id":"s","type":"send","template":"silent"}]}]}
            """);
        await app.PublishAsync("decay", """{"name":"x","trigger":{"event":"Start"},"goal":{"engagement":{"lt":10}},"steps":[{"id":"w","type":"wait","for":"90d"},{"id":"s","type":"send","template":"never"}]}""");
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Visit"), Track("ann", "Start"));
        await app.SettleAsync();

        // Whoever was there before the journey is looked at too.
        await app.PublishAsync("cold", """{"name":"x","trigger":{"engagement":{"crosses":20,"direction":"down"}},"steps":[{"id":"s","type":"send","template":"cold"}]}""");
        await app.AdvanceAsync(TimeSpan.FromDays(40));

        Assert.Equal(["2026-06-11 10:06 cold", "2026-07-01 10:01 silent"], await app.SentAsync());
        var reached = (await app.RunsAsync("decay"))[0];
        Assert.Equal(("goal", "2026-06-21T10:11"), (reached.GetProperty("status").GetString(), reached.GetProperty("endedAt").GetString()![..16]));
    }

    [Fact]
    public async Task A_run_goes_on_with_the_lead_that_absorbs_its_own_and_with_the_version_that_it_is_moved_to()
    {
        const string journey = """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"not":{"event":"Start","within":"%"}},"then":[{"id":"t","type":"track","event":"Silent"}]}]}""";
        await using var app = await shared.BeginAsync(after: TimeSpan.FromSeconds(30));
        await app.PublishAsync("quiet", journey.Replace("%", "30d", StringComparison.Ordinal));
        await app.SendAsync(new { type = "track", anonymousId = "browser", @event = "Start", messageId = "s1" });
        await app.SendAsync(Identify("bob", new { email = "b@b.c" }), Track("bob", "Start"), Identify("ann", new { email = "a@b.c" }));
        await app.SettleAsync();
        await app.SendAsync(new { type = "identify", userId = "ann", anonymousId = "browser", traits = new { plan = "pro" }, messageId = "m1" });
        await app.SettleAsync();
        await app.PublishAsync("quiet", journey.Replace("%", "10d", StringComparison.Ordinal));
        Assert.Equal(2, (await app.PostAsync("/api/journeys/quiet/migrate", """{"from":1,"to":2}""")).Json.GetProperty("moved").GetInt32());
        await app.AdvanceAsync(TimeSpan.FromDays(12));

        Assert.Equal(["2026-06-11 10:01", "2026-06-11 10:01"], (await app.RunsAsync("quiet")).Select(run => $"{app.Told(run.GetProperty("endedAt").GetDateTimeOffset()):yyyy-MM-dd HH:mm}"));
    }

    [Fact]
    public async Task What_time_fulfils_while_a_journey_is_paused_counts_when_it_is_resumed()
    {
        await using var app = await shared.BeginAsync(after: TimeSpan.FromSeconds(30));
        await app.PublishAsync("quiet", """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"not":{"event":"Start","within":"5d"}},"timeout":"60d","then":[{"id":"t","type":"track","event":"Silent"}]}]}""");
        await app.SendAsync(Track("ann", "Start"));
        await app.SettleAsync();

        await app.PostAsync("/api/journeys/quiet/pause");
        await app.AdvanceAsync(TimeSpan.FromDays(9));
        Assert.Equal("active", (await app.RunsAsync("quiet"))[0].GetProperty("status").GetString());
        await app.PostAsync("/api/journeys/quiet/resume");
        await app.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(("completed", "2026-06-10"), ((await app.RunsAsync("quiet"))[0].GetProperty("status").GetString(), $"{app.Told((await app.RunsAsync("quiet"))[0].GetProperty("endedAt").GetDateTimeOffset()):yyyy-MM-dd}"));
    }
}
