using System.Net.Http.Json;
using System.Text.Json;
using LeadFunctions.Tests.Crash;
using LeadFunctions.Tests.Support;
using Xunit.Abstractions;

namespace LeadFunctions.Tests.Journeys;

/// <summary>
/// Two hosts on one storage account share the runs of one journey, and either may be killed. The clock is not moved on the way:
/// it is set to a Monday and then goes on with real time, as on two machines, and the journey's days are seconds.
/// </summary>
[Collection(nameof(HeavyJourneys))]
public sealed class TwoProcessTests : IDisposable
{
    private const int Leads = 100;
    private const int Kills = 6;
    private static readonly DateTimeOffset Monday = new(2027, 1, 4, 10, 0, 0, TimeSpan.Zero);
    private static readonly string Admin = "Bearer " + Api.AdminKey;

    private readonly string _folder = Directory.CreateTempSubdirectory("leadfunctions-two-").FullName;
    private readonly AppProcess?[] _apps = new AppProcess?[2];
    private readonly int[] _ports = new int[2];
    private readonly StubbornClient _client;

    private readonly ITestOutputHelper _output;

    public TwoProcessTests(ITestOutputHelper output) => (_output, _client) = (output, new(tries => new Uri($"http://127.0.0.1:{_ports[tries % 2]}")));

    [Fact]
    public async Task Two_processes_share_the_runs_and_either_may_be_killed()
    {
        var expected = await UndisturbedAsync();
        var account = await Emulator.NewSharedAccountAsync();
        try
        {
            await Task.WhenAll(StartAsync(0, account), StartAsync(1, account));
            using var set = await _apps[0]!.Client.PostAsJsonAsync("/local/clock", new { to = Monday });
            set.EnsureSuccessStatusCode();
            await _client.SendAsync(HttpMethod.Put, "/api/settings/messaging", JourneyApp.NotRefused);
            await _client.SendAsync(HttpMethod.Put, "/api/journeys/welcome", Document);
            await _client.SendAsync(HttpMethod.Post, "/api/journeys/welcome/publish", "");
            var killing = KillAsync(account);
            await FeedAsync(killing);
            await killing;
            var runs = await RunsAsync();

            Assert.Equal(expected.Sent, await SentAsync());
            Assert.All(runs, run => Assert.Equal("completed", run.GetProperty("status").GetString()));
            Assert.Equal(expected.Paths, await PathsAsync(runs));
            var written = new[] { 0, 1 }.Select(app => Directory.GetFiles(OutboxOf(app)).Length).ToList();
            _output.WriteLine($"messages by process: {string.Join(", ", written)}");
            Assert.All(written, count => Assert.True(count > Leads / 10, $"Only {count} messages were sent by one of the processes."));
        }
        finally
        {
            foreach (var app in _apps.OfType<AppProcess>())
            {
                await app.DisposeAsync();
            }
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The welcome journey with seconds for days, and a step that everybody stands at until an event sets them free.</summary>
    private static string Document
    {
        get
        {
            var json = Repository.Read("samples/journeys/welcome.json")
                .Replace("Message Clicked", "Email Clicked", StringComparison.Ordinal) // which can be told from outside
                .Replace("\"for\": \"2d\"", "\"for\": \"2s\"", StringComparison.Ordinal)
                .Replace("\"timeout\": \"3d\"", "\"timeout\": \"3s\"", StringComparison.Ordinal);
            var at = json.IndexOf("{ \"id\": \"which\"", StringComparison.Ordinal);
            return json.Insert(at, """{ "id": "asked", "type": "waitFor", "when": { "event": "Confirmed" }, "timeout": "30d", "then": [], "else": [ { "id": "lost", "type": "exit" } ] }, """);
        }
    }

    private static object[] CallsOf(int lead) =>
    [
        JourneyApp.Identify($"u{lead}", new { email = $"u{lead}@example.com" }, $"i{lead}"),
        JourneyApp.Subscribe($"u{lead}", $"f{lead}"),
        .. lead % 3 == 0 ? new[] { JourneyApp.Track($"u{lead}", "Email Clicked", new { template = "welcome-1" }, $"c{lead}") } : [],
    ];

    private static object Confirmation(int lead) => JourneyApp.Track($"u{lead}", "Confirmed", id: $"k{lead}");

    private static async Task<(IReadOnlyList<string> Sent, IReadOnlyList<string> Paths)> UndisturbedAsync()
    {
        await using var app = await JourneyApp.StartAsync(now: Monday);
        await app.WriteToWhoDidNotRefuseAsync();
        await app.PublishAsync("welcome", Document);
        await app.SendAsync([.. Enumerable.Range(0, Leads).SelectMany(CallsOf)]);
        await app.AdvanceAsync(TimeSpan.FromSeconds(10));
        await app.SendAsync([.. Enumerable.Range(0, Leads).Select(Confirmation)]);
        await app.AdvanceAsync(TimeSpan.FromSeconds(10));
        app.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", Admin);
        var runs = await app.RunsAsync("welcome");
        return (await SentAsync(app.Client), await PathsAsync(app.Client, runs));
    }

    private async Task StartAsync(int number, string account)
    {
        var settings = new Dictionary<string, string>(AppProcess.ForKills)
        {
            ["LeadFunctions__Journeys__OutboxFolder"] = Directory.CreateDirectory(OutboxOf(number)).FullName,
        };
        var app = await AppProcess.StartAsync(settings: settings, account: account, port: _ports[number]);
        (_apps[number], _ports[number]) = (app, app.Address.Port);
    }

    private string OutboxOf(int number) => Path.Combine(_folder, $"outbox{number}");

    private async Task KillAsync(string account)
    {
        var random = new Random(20270104);
        for (var kill = 0; kill < Kills; kill++)
        {
            // At a moment that depends on the machine's own timing.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(300, 1500)), TimeProvider.System);
            var app = _apps[kill % 2]!;
            app.Kill();
            await app.ExitAsync();
            await app.DisposeAsync();
            await StartAsync(kill % 2, account);
        }
    }

    /// <summary>Lets leads in all the while that processes are killed, and confirms for those who stand at that step.</summary>
    private async Task FeedAsync(Task killing)
    {
        var (entered, confirmed) = (0, new HashSet<string>());
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromMinutes(4))
            {
                Assert.Fail($"{entered} leads entered, {confirmed.Count} confirmed; inside: {string.Join('\n', await Task.WhenAll((await RunsAsync("&status=active")).Select(AllOfAsync)))}");
            }

            var batch = new List<object>();
            for (var some = 0; some < 5 && entered < Leads; some++)
            {
                batch.AddRange(CallsOf(entered++));
            }

            var standing = (await RunsAsync("&status=active&step=asked")).Select(run => run.GetProperty("id").GetString()!).Where(confirmed.Add).ToList();
            if (standing.Count > 0)
            {
                batch.AddRange(standing.Select(run => Confirmation(LeadOf[run.Split('.')[1]])));
            }

            if (batch.Count > 0)
            {
                await _client.TrackAsync("/v1/batch", new { batch });
            }
            else if (killing.IsCompleted && (await RunsAsync("&status=completed")).Count == Leads)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    private async Task<string> AllOfAsync(JsonElement run)
    {
        var steps = await _client.GetAsync($"/api/runs/{run.GetProperty("id").GetString()}");
        var timeline = await _client.GetAsync($"/api/leads/{run.GetProperty("leadId").GetString()}/timeline?limit=20");
        return $"{steps}\n{timeline}";
    }

    private static readonly IReadOnlyDictionary<string, int> LeadOf =
        Enumerable.Range(0, Leads).ToDictionary(lead => LeadFunctions.Events.Identity.User($"u{lead}").Hash());

    private async Task<IReadOnlyList<JsonElement>> RunsAsync(string query = "") =>
        [.. (await _client.GetAsync($"/api/journeys/welcome/runs?limit=500{query}")).GetProperty("items").EnumerateArray()];

    private Task<IReadOnlyList<string>> SentAsync() => SentAsync(_apps[0]!.Client);

    private static async Task<IReadOnlyList<string>> SentAsync(HttpClient client)
    {
        var sent = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = await GetAsync(client, $"/api/outbox?limit=500{(next is "" ? "" : "&cursor=" + next)}");
            sent.AddRange(page.GetProperty("items").EnumerateArray().Select(message => $"{message.GetProperty("leadId").GetString()} {message.GetProperty("template").GetString()}"));
            next = page.TryGetProperty("nextCursor", out var more) ? more.GetString() : null;
        }

        sent.Sort(StringComparer.Ordinal);
        return sent;
    }

    private Task<IReadOnlyList<string>> PathsAsync(IReadOnlyList<JsonElement> runs) => PathsAsync(_apps[1]!.Client, runs);

    /// <summary>What each run did, without when.</summary>
    private static async Task<IReadOnlyList<string>> PathsAsync(HttpClient client, IReadOnlyList<JsonElement> runs)
    {
        var paths = new List<string>();
        foreach (var id in runs.Select(run => run.GetProperty("id").GetString()!))
        {
            var shown = await GetAsync(client, $"/api/runs/{id}");
            var lines = shown.GetProperty("steps").EnumerateArray().Where(line => Text(line, "what") != "waits").Select(line => $"{Text(line, "step")} {Text(line, "what")} {Text(line, "detail")}");
            paths.Add($"{id}: {string.Join(", ", lines)}");
        }

        paths.Sort(StringComparer.Ordinal);
        return paths;

        static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", Admin);
        using var response = await client.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }
}
