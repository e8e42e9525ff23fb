using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using DevHost.Tests.Support;

namespace DevHost.Tests.Processes;

/// <summary>The host as people and machines start and end it, with an emulator of its own.</summary>
public sealed class LifeTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task What_is_under_way_finishes_at_Ctrl_C_and_what_was_stored_is_there_at_the_next_start()
    {
        var (account, journal, data) = (Storage.UnusedEmulator(), new Journal(), Sample.NewPath());
        await using (var host = await HostProcess.StartAsync(account, journal, data))
        {
            using var counted = await host.Client.PostAsync("counters/kept", null);
            using var said = await host.Client.PostAsync("lines", null);
            using var failed = await host.Client.GetAsync("failures");
            await Eventually.BeTrueAsync(async () => await host.Client.GetStringAsync("counters/kept") == "1", () => "It does not count.");
            using var started = await host.Client.PostAsync("runs/Waiting/activity", null);
            await SampleHost.SendAsync(account, "waiting", BinaryData.FromString("message"));
            var call = host.Client.GetAsync("files/request");
            string[] under = ["request", "message", "activity"];
            await Task.WhenAll(under.Select(name => journal.ShowsAsync($"{name} waits")));

            host.Interrupt();
            await Eventually.BeTrueAsync(() => RefusesAsync(host.Client), () => "It takes new requests.");
            Assert.All(under, journal.Release);

            using var answer = await call;
            Assert.Equal("finished", await answer.Content.ReadAsStringAsync());
            Assert.Equal(0, await host.EndsAsync());
            Assert.All(under, name => Assert.Equal(1, journal.Count($"{name} finished")));
            AssertQuiet(host.Lines, data);
        }

        await using (var host = await HostProcess.StartAsync(account, journal, data))
        {
            Assert.Equal("1", await host.Client.GetStringAsync("counters/kept"));
            await SampleHost.RunEndsAsync(host.Client, "activity", "Completed \"activity\"");
            var children = host.Children();
            Assert.Equal(2, children.Count); // worker and emulator

            host.Kill();
            await Eventually.BeTrueAsync(() => !children.Any(HostProcess.Runs), () => "Worker or emulator have outlived the host.", Soon);
        }

        await using (var host = await HostProcess.StartAsync(account, journal, data, "--reset"))
        {
            Assert.Equal("0", await host.Client.GetStringAsync("counters/kept"));
            host.Terminate();
            Assert.Equal(0, await host.EndsAsync());
        }
    }

    [Fact]
    public async Task An_emulator_that_serves_other_data_is_used_and_told_of_in_a_line()
    {
        var (account, lines) = (Storage.UnusedEmulator(), new List<string>());
        var (mine, other) = (Sample.NewPath(), Sample.NewPath());
        await using var first = await StartAsync(mine);
        await using var again = await StartAsync(mine);
        await using var reset = await StartAsync(mine, "--reset");
        await using var foreign = await StartAsync(other);

        Assert.NotNull(first);
        Assert.All([again, reset, foreign], Assert.Null);
        Assert.Equal(
            [
                "Storage was running already: its data are not cleared.",
                $"Storage was running already on ports {string.Join(", ", first.Ports)}, and its data are not those of {other}. To have storage of its own, end that emulator, or give AzureWebJobsStorage other ports.",
            ],
            lines);

        var refused = await Assert.ThrowsAsync<StartException>(() => StartAsync(other, "--own"));
        Assert.EndsWith(lines[1], refused.Message, StringComparison.Ordinal);
        Assert.Null(await StartAsync(mine, "--own"));

        Task<Azurite?> StartAsync(string data, params string[] more) =>
            Azurite.StartAsync(["--location", data, .. more], lines.Add, new Dictionary<string, string> { ["AzureWebJobsStorage"] = account }, CancellationToken.None);
    }

    [Fact]
    public async Task An_emulator_that_ends_by_itself_is_told_of_in_a_line()
    {
        var (data, lines) = (Sample.NewPath(), new ConcurrentQueue<string>());
        await using var emulator = await Azurite.StartAsync(["--location", data, "--ports", "0,0,0"], lines.Enqueue, new Dictionary<string, string>(), CancellationToken.None);
        var running = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(data, "running.json")));

        Process.GetProcessById(running.GetProperty("processId").GetInt32()).Kill();

        await Eventually.BeTrueAsync(() => !lines.IsEmpty, () => "Nothing is said.");
        Assert.Equal(["The storage emulator ended by itself (exit code 137)."], lines);
    }

    [Fact]
    public async Task What_takes_too_long_at_the_end_ends_with_the_host()
    {
        var app = await SampleHost.StartAsync(null, TimeSpan.FromMilliseconds(100));
        using var caller = new HttpClient { BaseAddress = app.Client.BaseAddress };
        var call = caller.GetAsync("files/never");
        await app.SendAsync("hanging", "m");
        await Task.WhenAll(app.Journal.ShowsAsync("never waits"), app.Journal.ShowsAsync("hanging m 1"));
        var worker = app.WorkerProcessId;

        await app.DisposeAsync().AsTask().WaitAsync(Eventually.Patience);

        Assert.False(HostProcess.Runs(worker), "The worker has outlived the host.");
        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Theory]
    [InlineData("UseDevelopmentStorage=true", true)]
    [InlineData("DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=x==;QueueEndpoint=http://127.0.0.1:1/devstoreaccount1", true)]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=x==;EndpointSuffix=core.windows.net", false)]
    [InlineData("nonsense", false)]
    [InlineData(null, false)]
    public void Only_a_connection_string_that_means_the_emulator_starts_it(string? connectionString, bool isEmulator) => Assert.Equal(isEmulator, Azurite.IsMeantBy(connectionString));

    /// <summary>Nothing of libraries: what a person needs, the app's own lines, and each failure once.</summary>
    private static void AssertQuiet(IReadOnlyList<string> lines, string data)
    {
        var own = lines.Where(line => !line.StartsWith("   at ", StringComparison.Ordinal)).Select(line => line.Length > 9 && line[2] == ':' && line[8] == ' ' ? line[9..] : line)
            .Where(line => !line.Contains("Queues and orchestrations", StringComparison.Ordinal)).ToList(); // said on a machine that is too busy

        Assert.Equal($"Storage emulator started; data in {data}", own[0]);
        Assert.Equal("OpenKey: sample-open-key", own[1]); // and not the one that is no longer the sample's
        Assert.StartsWith("Listening on http://127.0.0.1:", own[2], StringComparison.Ordinal);
        Assert.StartsWith("Open http://127.0.0.1:", own[3], StringComparison.Ordinal);
        Assert.Equal(["A line of information.", "A line on the console.", "A line on the error stream.", "error: Function Fail failed: The sample fails."], own.Skip(4).Order(StringComparer.Ordinal));
    }

    private static async Task<bool> RefusesAsync(HttpClient client)
    {
        try
        {
            using var fresh = new HttpClient { BaseAddress = client.BaseAddress };
            using var response = await fresh.GetAsync("plain");
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }
}
