using DevHost.Tests.Support;

namespace DevHost.Tests.Triggers;

[Collection(Shared.Name)]
public sealed class DurableTests(SharedHost shared)
{
    private readonly SampleHost app = shared.Host;

    [Fact]
    public async Task A_run_calls_an_activity_sleeps_and_hears_an_event()
    {
        using var started = await app.Client.PostAsync("runs/Round/r1", null);
        using var raised = await app.Client.PostAsync("runs/r1/events/now", null);

        await app.RunEndsAsync("r1", "Completed \"hello r1, now\"");
        Assert.Equal(1, app.Journal.Count("r1 greeted"));
    }

    [Fact]
    public async Task An_activity_that_throws_tells_its_orchestration_why()
    {
        using var started = await app.Client.PostAsync("runs/Failing/f1", null);

        await app.RunEndsAsync("f1", "Completed \"System.InvalidOperationException: The activity fails.\"");
    }

    [Fact]
    public async Task Orchestrations_activities_and_entities_may_have_names_of_their_own()
    {
        using var started = await app.Client.PostAsync("runs/sum-up/abc", null);

        await app.RunEndsAsync("abc", "Completed \"14\"");
    }

    [Fact]
    public async Task An_entity_keeps_its_state()
    {
        using var first = await app.Client.PostAsync("counters/c1", null);
        using var second = await app.Client.PostAsync("counters/c1", null);

        var count = "";
        await Eventually.BeTrueAsync(async () => (count = await app.Client.GetStringAsync("counters/c1")) == "2", () => count);
    }
}
