using System.Diagnostics;
using LeadFunctions.Events;
using LeadFunctions.Tests.Leads;
using LeadFunctions.Tests.Support;

namespace LeadFunctions.Tests.Ingest;

/// <summary>The real Segment and RudderStack clients for Node deliver a person's story, whatever happens on the way: nothing is lost, and nothing counts twice.</summary>
public sealed class SdkTests(IngestApp app, SharedApp shared) : IClassFixture<IngestApp>, IClassFixture<SharedApp>
{
    private const int Tracks = 20;

    [Theory]
    [InlineData("segment-node")]
    [InlineData("rudder-node")]
    public Task A_client_delivers(string client) => AssertDeliversAsync(client, _ => Mishap.None);

    [Theory]
    [InlineData("segment-node")]
    [InlineData("rudder-node")]
    public Task A_client_delivers_through_503s(string client) => AssertDeliversAsync(client, attempt => attempt < 2 ? Mishap.Refused : Mishap.None);

    [Theory]
    [InlineData("segment-node")]
    [InlineData("rudder-node")]
    public Task What_was_taken_but_not_heard_of_counts_once(string client) =>
        AssertDeliversAsync(client, attempt => attempt switch { 0 => Mishap.AnswerLost, 1 => Mishap.Broken, _ => Mishap.None }, arrivesAgain: true);

    [Fact]
    public Task What_was_answered_too_late_counts_once() =>
        AssertDeliversAsync("segment-node", attempt => attempt == 0 ? Mishap.Late : Mishap.None, arrivesAgain: true);

    [Fact]
    public Task A_patient_client_waits() => AssertDeliversAsync("rudder-node", attempt => attempt == 0 ? Mishap.Late : Mishap.None);

    [Theory]
    [InlineData("segment-node")]
    [InlineData("rudder-node")]
    public Task A_restart_in_the_middle_is_not_noticed(string client) => AssertDeliversAsync(client, _ => Mishap.None, restarts: 2);

    [Theory]
    [InlineData("segment-node")]
    [InlineData("rudder-node")]
    public async Task The_story_is_on_the_leads_timeline_once_though_every_batch_arrived_twice(string client)
    {
        await using var leads = LeadApp.Ask(shared.Borrow());
        await using var proxy = await UnreliableProxy.StartAsync(() => leads.App.Address, attempt => attempt == 0 ? Mishap.AnswerLost : Mishap.None);
        var person = $"p{Guid.NewGuid():n}";

        await RunAsync(client, proxy.Address, person);
        await leads.App.SettleAsync();

        var lead = await leads.FindAsync($"userId={person}");
        var timeline = await leads.TimelineAsync((string)lead!["id"]!);
        Assert.Equal($"{person}@example.com", (string?)lead["email"]);
        Assert.Equal(Story(), timeline.Select(e => (string)e["name"]!).Where(name => name != "merge").Order(StringComparer.Ordinal));
        Assert.Equal((string)lead["id"]!, (string?)(await leads.FindAsync($"anonymousId=anon-{person}"))?["id"]);
    }

    private static IReadOnlyList<string> Story() =>
        [.. new[] { "alias", "group", "identify", "page" }.Concat(Enumerable.Range(0, Tracks).Select(i => $"Step {i}")).Order(StringComparer.Ordinal)];

    private async Task AssertDeliversAsync(string client, Func<int, Mishap> mishaps, bool arrivesAgain = false, int restarts = 0)
    {
        await using var proxy = await UnreliableProxy.StartAsync(() => app.App.Address, mishaps);
        var person = $"p{Guid.NewGuid():n}";
        var running = RunAsync(client, proxy.Address, person);
        for (var i = 0; i < restarts; i++)
        {
            await UntilAsync(() => proxy.Forwarded > i || running.IsCompleted);
            await app.RestartAsync();
        }

        await running;

        var story = (await app.StoredAsync()).Values.Where(e => e.UserId == person || e.AnonymousId == $"anon-{person}").ToList();
        Assert.Equal(
            Story(),
            story.Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.Equal($"old-{person}", story.Single(e => e.Type == EventType.Alias).PreviousId);
        Assert.Equal("g1", story.Single(e => e.Type == EventType.Group).GroupId);
        Assert.Equal($"{person}@example.com", story.Single(e => e.Type == EventType.Identify).Traits.GetProperty("email").GetString());
        Assert.Equal("/", story.Single(e => e.Type == EventType.Page).Properties.GetProperty("path").GetString());
        if (arrivesAgain)
        {
            Assert.Contains(story, e => app.StoredAgain.Contains(e.Id));
        }
    }

    private static async Task RunAsync(string client, string host, string person)
    {
        var folder = await NodePackages.EnsureAsync("tests/clients");
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { $"{client}.mjs", host, IngestApp.Key, person, Tracks.ToString() })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!; // null only for a shell's documents
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        Assert.True(process.ExitCode == 0, $"{client} ended with {process.ExitCode}: {await errors} {await output}");
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!holds() && DateTime.UtcNow < deadline)
        {
            await Task.Delay(10);
        }

        Assert.True(holds());
    }

}
