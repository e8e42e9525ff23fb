using LeadFunctions.Journeys;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>Two leads turn out to be one person while both are in journeys.</summary>
public sealed class MergedLeadTests
{
    [Fact]
    public void Of_two_runs_of_one_journey_the_older_goes_on_and_the_younger_is_ended()
    {
        var (old, young) = (Run("a", 1), Run("b", 2));

        var union = LeadJourneys.Union(new() { Runs = [young] }, new() { Runs = [old], Past = new Dictionary<string, JourneyPast> { ["j"] = new(1, 1) } }, _ => false);

        Assert.Equal([("b", true), ("a", false)], union.Runs.Select(run => (run.Id, run.Ended is not null)));
        Assert.Equal(2, LeadJourneys.Union(new() { Runs = [young] }, new() { Runs = [old], Past = new Dictionary<string, JourneyPast> { ["j"] = new(1, 1) } }, _ => true).Runs.Count(run => run.Ended is null));
    }

    [Fact]
    public async Task A_run_of_the_absorbed_lead_goes_on_hearing_what_the_person_does()
    {
        await using var app = await StartAsync();
        await app.PublishAsync("hear", """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"waitFor","when":{"event":"Click"},"timeout":"5d","then":[{"id":"s","type":"send","template":"s"}]}]}""");
        await app.SendAsync(new { type = "track", anonymousId = "browser", @event = "Start", messageId = "s1" });
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "page"));
        await app.SettleAsync();
        await app.SendAsync(new { type = "identify", userId = "ann", anonymousId = "browser", traits = new { plan = "pro" }, messageId = "m1" });
        await app.SettleAsync();

        await app.SendAsync(Track("ann", "Click"));
        await app.SettleAsync();

        Assert.Equal(["2026-06-01 10:00 s"], await app.SentAsync());
        Assert.Equal("completed", (await app.RunsAsync("hear"))[0].GetProperty("status").GetString());
    }

    private static LeadRun Run(string id, long at) => new(id, "j", 1, "k", at, new Dictionary<string, System.Text.Json.JsonElement>());
}
