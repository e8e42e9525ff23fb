using DevHost.Tests.Support;

namespace DevHost.Tests.Triggers;

/// <summary>Storage that is away for longer than the listeners wait for it.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Queues_and_orchestrations_go_on_once_storage_is_back_and_both_are_told_once()
    {
        var (account, data) = (Storage.UnusedEmulator(), Sample.NewPath());
        var emulator = await StartAsync();
        await using var app = await SampleHost.StartAsync(account);
        using var before = await app.Client.PostAsync("runs/Round/before", null);
        await app.Journal.ShowsAsync("before greeted");
        var slow = Count("Queues and orchestrations stand still: storage does not answer"); // At the start, on a machine that is too busy.

        await emulator!.TellAsync("keep"); // not null: nothing else is on its ports
        await emulator.DisposeAsync();
        await Eventually.BeTrueAsync(() => Count("Queues and orchestrations stand still: ") == slow + 1, () => string.Join('\n', app.Lines.All));
        await using var again = await StartAsync();
        await Eventually.BeTrueAsync(() => Count("Queues and orchestrations go on") == slow + 1, () => string.Join('\n', app.Lines.All));

        await app.SendAsync("texts", "after");
        using var after = await app.Client.PostAsync("runs/Round/after", null);
        foreach (var id in (string[])["before", "after"])
        {
            using var raised = await app.Client.PostAsync($"runs/{id}/events/now", null);
            await app.RunEndsAsync(id, $"Completed \"hello {id}, now\"");
        }

        await app.Journal.ShowsAsync("text after 1 with an id");
        Assert.Equal((slow + 1, slow + 1), (Count("Queues and orchestrations stand still: "), Count("Queues and orchestrations go on")));

        Task<Azurite?> StartAsync() =>
            Azurite.StartAsync(["--location", data, "--temporary"], Console.WriteLine, new Dictionary<string, string> { ["AzureWebJobsStorage"] = account }, CancellationToken.None);

        int Count(string start) => app.Lines.All.Count(line => line.StartsWith(start, StringComparison.Ordinal));
    }
}
