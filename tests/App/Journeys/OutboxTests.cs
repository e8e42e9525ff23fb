using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Journeys;

/// <summary>How long the outbox keeps what journeys sent.</summary>
public sealed class OutboxTests
{
    [Fact]
    public async Task Messages_are_kept_as_long_as_the_setting_says()
    {
        await using var app = await StartAsync(settings: new Dictionary<string, string> { ["LeadFunctions__Journeys__OutboxDays"] = "30" });
        await app.PublishAsync("mail", """{"name":"x","trigger":{"event":"Start"},"entry":{"reentry":"afterExit"},"steps":[{"id":"a","type":"send","template":"a"}]}""");
        await app.SendAsync(Identify("ann", new { email = "ann@example.com" }), Track("ann", "Start"));
        await app.SettleAsync();
        await app.AdvanceAsync(TimeSpan.FromDays(20));
        await app.SendAsync(Track("ann", "Start"));
        await app.SettleAsync();
        Assert.Equal(["2026-06-01 10:00 a", "2026-06-21 10:00 a"], await app.SentAsync());

        await app.AdvanceAsync(TimeSpan.FromDays(11));
        await app.SendAsync(Track("ann", "Start"));
        await app.SettleAsync();

        Assert.Equal(["2026-06-21 10:00 a", "2026-07-02 10:00 a"], await app.SentAsync());
    }
}
