using LeadFunctions.Clock;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Journeys;
using static LeadFunctions.Tests.Journeys.JourneyApp;

namespace LeadFunctions.Tests.Clock;

/// <summary>Seen where an activity's message came a second time while the first was at work: one of the two failed, the engine heard of the other first, and the clock stood for half an hour.</summary>
[Collection(nameof(OneJourneyApp))]
public sealed class LeftAdvanceTests(SharedJourneyApp shared)
{
    [Fact]
    public async Task An_advance_that_failed_beside_another_is_done_again_when_somebody_waits_for_it()
    {
        await using var app = await shared.BeginAsync();
        await app.PublishAsync("j", """{"name":"x","trigger":{"event":"Start"},"steps":[{"id":"w","type":"wait","for":"1d"},{"id":"a","type":"send","template":"a"}]}""");
        await app.SendAsync(Identify("ann", new { email = "a@b.c" }), Track("ann", "Start"));
        await app.SettleAsync();
        var run = Assert.Single(await app.RunsAsync("j")).GetProperty("id").GetString()!; // each has one
        var owed = new OwedAdvances(StorageClients.From(new Microsoft.Extensions.Configuration.ConfigurationManager { ["AzureWebJobsStorage"] = app.App.ConnectionString }));

        await owed.BeginAsync(run, "whoever failed");
        await app.SettleAsync();

        Assert.Empty(await owed.SomeAsync(default));
        await app.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(["2026-06-02 10:00 a"], await app.SentAsync());
    }
}
