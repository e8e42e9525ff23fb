using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>The sample journey through the whole app: front door, reducer, durable runs, outbox.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class WelcomeTests(SharedJourneyApp shared)
{
    [Fact]
    public async Task A_lead_walks_through_the_welcome_journey_at_the_exact_times()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishSampleAsync("welcome");
        await app.SendAsync(Identify("ann", new { email = "ann@example.com" }), Subscribe("ann"));
        await app.SettleAsync();
        Assert.Equal(["2026-06-01 10:00 welcome-1"], await app.SentAsync());

        await app.AdvanceAsync(TimeSpan.FromDays(90));

        var sent = await app.SentAsync();
        Assert.Equal(["2026-06-01 10:00 welcome-1", "2026-06-06 10:00 welcome-2"], sent.Take(2));
        Assert.All(sent.Skip(2), line => Assert.StartsWith("2026-06-08 09:00 offer-", line));
        var run = Assert.Single(await app.RunsAsync("welcome"));
        Assert.Equal("completed", run.GetProperty("status").GetString());
        var shown = (await app.GetAsync($"/api/runs/{run.GetProperty("id").GetString()}")).Json;
        Assert.Contains(shown.GetProperty("steps").EnumerateArray(), line => line.TryGetProperty("step", out var step) && step.GetString() == "clicked" && line.GetProperty("what").GetString() == "path");
    }

    [Fact]
    public async Task A_click_during_the_pause_counts_and_an_order_ends_it()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("welcome", Repository.Read("samples/journeys/welcome.json").Replace("Message Clicked", "Email Clicked", StringComparison.Ordinal)); // of the product's own clicks nobody can tell from outside
        await app.SendAsync(
            Identify("ann", new { email = "ann@example.com" }), Subscribe("ann"),
            Identify("bob", new { email = "bob@example.com" }), Subscribe("bob"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromHours(5));
        await app.SendAsync(Track("ann", "Email Clicked", new { template = "welcome-1" }));
        await app.AdvanceAsync(TimeSpan.FromHours(50));
        await app.SendAsync(Track("bob", "Order Completed"));
        await app.AdvanceAsync(TimeSpan.FromDays(30));

        var runs = await app.RunsAsync("welcome");
        Assert.Equal(["completed", "goal"], runs.Select(run => run.GetProperty("status").GetString()).Order());
        Assert.DoesNotContain(await app.SentAsync(), line => line.EndsWith("welcome-2", StringComparison.Ordinal));
    }
}
