using System.Globalization;
using DevHost.Tests.Support;

namespace DevHost.Tests.Worker;

[Collection(Shared.Name)]
public sealed class WorkerDeathTests(SharedHost shared)
{
    private readonly SampleHost app = shared.Host;

    [Fact]
    public async Task A_request_in_hand_fails_and_the_next_is_served_by_a_new_worker()
    {
        var before = await app.Client.GetStringAsync("process");
        var call = app.Client.GetAsync("waits/killed");
        await app.Journal.ShowsAsync("killed waits");
        app.KillWorker();

        using var failed = await call;
        var after = await app.Client.GetStringAsync("process");

        Assert.InRange((int)failed.StatusCode, 500, 504);
        Assert.NotEqual(before, after);
        Assert.Equal($"{app.WorkerProcessId}", after);
    }

    [Fact]
    public async Task A_worker_that_exits_is_replaced_and_its_code_told()
    {
        using var failed = await app.Client.PostAsync("exits/7", null);
        using var next = await app.Client.GetAsync("plain");

        Assert.InRange((int)failed.StatusCode, 500, 504);
        Assert.True(next.IsSuccessStatusCode);
        Assert.Contains(app.Lines.Errors, line => line.StartsWith("The app's process ended (exit code 7)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_in_hand_comes_again_once()
    {
        await app.SendAsync("hanging", "m");
        await app.Journal.ShowsAsync("hanging m 1");
        app.KillWorker();
        await app.Journal.ShowsAsync("hanging m 2");
        await app.SendAsync("texts", "later");
        await app.Journal.ShowsAsync("text later 1 with an id");

        Assert.Equal(["hanging m 1", "hanging m 2"], app.Journal.Lines.Where(line => line.StartsWith("hanging m", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("KilledInActivity", "a1", "a1 acts", "Completed \"survived a1\"")]
    [InlineData("KilledInOrchestrator", "o1", "o1 orchestrates", "Completed \"hello o1\"")]
    public async Task A_run_in_hand_goes_on_in_the_next_worker(string orchestration, string id, string inHand, string expected)
    {
        using var started = await app.Client.PostAsync($"runs/{orchestration}/{id}", null);
        await app.Journal.ShowsAsync(inHand);
        app.KillWorker();

        await app.RunEndsAsync(id, expected);
        Assert.True(app.Journal.Count(inHand) >= 2);
    }

    [Fact]
    public async Task The_process_runs_with_the_ids_that_only_its_host_knows()
    {
        var arguments = (await File.ReadAllTextAsync($"/proc/{app.WorkerProcessId}/cmdline")).Split('\0');
        var (port, id) = (int.Parse(Following("--port"), CultureInfo.InvariantCulture), Following("--workerId"));

        Assert.Equal("7", await Rpc.StatusAsync(port, $"{Guid.NewGuid()}")); // permission denied: not the worker that was started
        Assert.Equal("7", await Rpc.StatusAsync(port, id)); // nor a second one in its name
        Assert.Equal(404, await Rpc.RequestAsync(port, "/v1/plain", new Version(2, 0))); // and no function can be called there
        Assert.Equal(404, await Rpc.RequestAsync(app.Client.BaseAddress!.Port, Rpc.Path, new Version(1, 1))); // nor the service where the functions are
        await Assert.ThrowsAsync<HttpRequestException>(() => Rpc.StatusAsync(app.Client.BaseAddress.Port, id));

        string Following(string name) => arguments[Array.IndexOf(arguments, name) + 1];
    }
}
