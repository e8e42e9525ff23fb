using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Storage;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LeadFunctions.Tests.Platform;

public sealed class LiveDefinitionsTests
{
    private const string Kind = "thing";

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task What_this_instance_publishes_holds_at_the_next_use()
    {
        var table = await DefinitionsTableTests.NewTableAsync(_clock);
        var live = Live(table);
        Assert.Equal("", await UseAsync(live));

        await table.SaveLiveAsync(Kind, "a", "1", null, None);

        Assert.Equal("a=1", await UseAsync(live));
        await table.DeleteAsync(Kind, "a", null, None);
        Assert.Equal("", await UseAsync(live));
    }

    [Fact]
    public async Task What_another_instance_publishes_is_served_after_five_seconds_at_the_latest()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var (here, there) = (await TableAsync(account), await TableAsync(account));
        var live = Live(here);
        await there.SaveLiveAsync(Kind, "a", "1", null, None);
        Assert.Equal("a=1", await UseAsync(live));
        await there.SaveLiveAsync(Kind, "a", "2", null, None);

        _clock.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.Equal("a=1", await UseAsync(live));

        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("a=2", await UseAsync(live));
    }

    [Fact]
    public async Task A_use_after_two_seconds_does_not_wait_and_refreshes_behind_its_back()
    {
        var account = await Emulator.NewSharedAccountAsync();
        var (here, there) = (await TableAsync(account), await TableAsync(account));
        var live = Live(here);
        await UseAsync(live);
        await there.SaveLiveAsync(Kind, "a", "1", null, None);

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.True(live.FreshAsync(None).IsCompletedSuccessfully);
        await Eventually.ThatAsync(() => Task.FromResult(live.Current), value => value == "a=1");
    }

    [Fact]
    public async Task History_knows_every_version_that_was_ever_in_effect_and_no_draft()
    {
        var table = await DefinitionsTableTests.NewTableAsync(_clock);
        var live = new LiveDefinitions<string>(
            Kind, table, withHistory: true, set => string.Join(' ', set.Published.Select(v => $"{v.Id}@{v.Version}={v.Json}").Order()), _clock, NullLogger.Instance);
        await table.SaveDraftAsync(Kind, "a", "1", null, None);
        await table.PublishAsync(Kind, "a", null, isExclusive: true, None);
        await table.SaveDraftAsync(Kind, "a", "2", null, None);
        await table.SaveDraftAsync(Kind, "b", "3", null, None);

        Assert.Equal("a@1=1", await UseAsync(live));
        await table.PublishAsync(Kind, "b", null, isExclusive: true, None);
        Assert.Equal("a@1=1 b@1=3", await UseAsync(live));
    }

    [Fact]
    public async Task Without_storage_the_copy_is_served_for_five_seconds_and_then_no_more_until_storage_is_back()
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        var table = await TableAsync(emulator.NewAccount());
        var live = Live(table);
        await table.SaveLiveAsync(Kind, "a", "1", null, None);
        Assert.Equal("a=1", await UseAsync(live));
        await emulator.StopAsync();

        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("a=1", await UseAsync(live));
        _clock.Advance(TimeSpan.FromSeconds(2));
        var away = await Assert.ThrowsAsync<DefinitionsUnavailableException>(() => UseAsync(live));
        Assert.True(StorageOutage.Is(away));

        await emulator.StartAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("a=1", await UseAsync(live));
    }

    private LiveDefinitions<string> Live(DefinitionsTable table) =>
        new(Kind, table, withHistory: false, set => string.Join(' ', set.Live.Values.Select(v => $"{v.Id}={v.Json}").Order()), _clock, NullLogger.Instance);

    private static async Task<string> UseAsync(LiveDefinitions<string> live)
    {
        await live.FreshAsync(None);
        return live.Current;
    }

    private async Task<DefinitionsTable> TableAsync(string account)
    {
        var storage = StorageClients.From(new Microsoft.Extensions.Configuration.ConfigurationManager { ["AzureWebJobsStorage"] = account });
        await storage.Table(DefinitionsTable.Name).CreateIfNotExistsAsync();
        return new DefinitionsTable(storage, _clock);
    }
}
