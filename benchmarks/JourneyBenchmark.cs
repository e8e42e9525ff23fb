using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using LeadFunctions.Journeys;
using LeadFunctions.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Benchmarks;

/// <summary>
/// Leads in the welcome journey, its days shortened to seconds, in the real app on the real emulator. Every request to storage counts, from the event that lets a lead
/// in to the end of its run, less what the same app asks while it is idle.
/// </summary>
internal static class JourneyBenchmark
{
    private const string WriteKey = "Authorization: Basic bG9jYWwtd3JpdGUta2V5Og==\r\n";
    private const int Alone = 8;
    private const int Together = 500;
    private const int Sleepers = 2_000;

    public static async Task RunAsync(Emulator emulator, Floors floors, FigureTable table)
    {
        var account = emulator.NewAccount();
        using var meter = StorageMeter.Of(account);
        var finish = new FinishLine();
        await using var app = await TestApp.StartAsync(App.Build, account: account, customize: builder => builder.Services.Insert(0, ServiceDescriptor.Singleton<IChannel>(finish)));
        app.Client.DefaultRequestHeaders.Authorization = new("Bearer", "local-admin-key");

        // Quiet hours and opening hours are the journey's, so the day must be right whenever this runs.
        await app.Clock.AdvanceToAsync(new DateTimeOffset(2030, 1, 7, 10, 0, 0, TimeSpan.Zero));
        await PublishAsync(app, "welcome", Welcome());
        await PublishAsync(app, "sleepers", Asleep);
        await WalkAsync(app, finish, "warm", 50);
        var idle = await IdleAsync(meter);

        var (requests, seconds, before) = (0L, 0.0, await StepsAsync(app));
        for (var lead = 0; lead < Alone; lead++)
        {
            var (asked, started) = (meter.Requests, Stopwatch.GetTimestamp());
            await WalkAsync(app, finish, $"alone{lead}-", 1);
            (requests, seconds) = (requests + meter.Requests - asked, seconds + Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        var steps = await StepsAsync(app) - before;
        var perStep = (requests - (idle * seconds)) / steps;
        table.Add("transactions per journey step, one lead at a time, its way in included", $"{perStep:N1}", "", "≤ 6", perStep <= 6);

        before += steps;
        var (from, start) = (meter.Requests, Stopwatch.GetTimestamp());
        await WalkAsync(app, finish, "together", Together);
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        steps = await StepsAsync(app) - before;
        perStep = (meter.Requests - from - (idle * took)) / steps;
        table.Add($"the same, {Together} leads at once", $"{perStep:N2}", "", "≤ 2", perStep <= 2);
        table.Add($"journey steps, {Together} leads at once, 2 s of them waiting", $"{steps / took:N0}/s", $"transactions of one row {floors.TransactionsPerSecond:N0}/s", "", null);
        await SleepersAsync(app, finish, floors, table);
    }

    /// <summary>Leads that all wait for the same moment.</summary>
    private static async Task SleepersAsync(TestApp app, FinishLine finish, Floors floors, FigureTable table)
    {
        var at = app.Clock.GetUtcNow().AddSeconds(20);
        var due = at.ToString("O", CultureInfo.InvariantCulture);
        await EnterAsync(app, "sleeper", Sleepers, lead =>
            $$$"""{"type":"identify","userId":"{{{lead}}}","messageId":"i{{{lead}}}","traits":{"email":"{{{lead}}}@example.com","renewsAt":"{{{due}}}"}},{"type":"track","userId":"{{{lead}}}","messageId":"f{{{lead}}}","event":"Slept"}""");
        await finish.CrossedAsync("sleeper", Sleepers);
        var late = finish.Times("sleeper").Select(time => (time - at).TotalSeconds).Order().ToList();
        if (late[0] < 0)
        {
            throw new InvalidOperationException("A sleeper was woken before its time.");
        }

        var rate = Sleepers / late[^1];
        var p99 = late[late.Count * 99 / 100];
        table.Add($"journey timers, {Sleepers:N0} leads due at once, each with a message", $"{rate:N0} wake-ups/s, lateness p99 {p99:N1} s", $"point reads {floors.ReadsPerSecond:N0}/s", "≥ 2,000/s, p99 ≤ 2 s", rate >= 2_000 && p99 <= 2);
    }

    private static async Task<double> IdleAsync(StorageMeter meter)
    {
        const int Seconds = 5;
        await Task.Delay(TimeSpan.FromSeconds(2));
        var before = meter.Requests;
        await Task.Delay(TimeSpan.FromSeconds(Seconds));
        return (meter.Requests - before) / (double)Seconds;
    }

    private static async Task WalkAsync(TestApp app, FinishLine finish, string run, int leads)
    {
        await EnterAsync(app, run, leads, lead =>
            $$$"""{"type":"identify","userId":"{{{lead}}}","messageId":"i{{{lead}}}","traits":{"email":"{{{lead}}}@example.com"}},{"type":"track","userId":"{{{lead}}}","messageId":"f{{{lead}}}","event":"Form Submitted","properties":{"form":"newsletter"}}"""
            + (int.Parse(lead[^1..], CultureInfo.InvariantCulture) % 3 == 0 ? $$$""",{"type":"track","userId":"{{{lead}}}","messageId":"c{{{lead}}}","event":"Email Clicked","properties":{"template":"welcome-1"}}""" : ""));
        await finish.CrossedAsync(run, leads);
    }

    private static async Task EnterAsync(TestApp app, string run, int leads, Func<string, string> calls)
    {
        var batches = Enumerable.Range(0, leads).Select(n => $"{run}{n}").Chunk(50).Select(some => $$"""{"batch":[{{string.Join(',', some.Select(calls))}}]}""").ToList();
        var answered = await Load.RunAsync(app.Address, "/v1/batch", WriteKey, n => batches[n], Math.Min(4, batches.Count), batches.Count);
        if (answered.Refused > 0)
        {
            throw new InvalidOperationException($"{answered.Refused} batches were refused.");
        }
    }

    /// <summary>How many steps all runs did.</summary>
    private static async Task<int> StepsAsync(TestApp app)
    {
        var steps = 0;
        await foreach (var stored in app.Services.GetRequiredService<RunsTable>().ListAsync("welcome", null, null, null, CancellationToken.None))
        {
            steps += stored.Run.Log.Select(line => line.Step).OfType<string>().Distinct().Count();
        }

        return steps;
    }

    private static async Task PublishAsync(TestApp app, string id, string json)
    {
        using var document = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        (await app.Client.PutAsync($"/api/journeys/{id}", document)).EnsureSuccessStatusCode().Dispose();
        (await app.Client.PostAsync($"/api/journeys/{id}/publish", null)).EnsureSuccessStatusCode().Dispose();
    }

    private static string Welcome()
    {
        var json = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", "journeys", "welcome.json"))
            .Replace("\"for\": \"2d\"", "\"for\": \"1s\"", StringComparison.Ordinal)
            .Replace("\"timeout\": \"3d\"", "\"timeout\": \"1s\"", StringComparison.Ordinal);
        return json[..json.LastIndexOf(']')] + """, { "id": "finish", "type": "send", "channel": "finish", "template": "t" } ] }""";
    }

    private const string Asleep = """
        { "name": "Sleepers", "trigger": { "event": "Slept" }, "steps": [
          { "id": "sleep", "type": "wait", "until": { "trait": "renewsAt" } },
          { "id": "finish", "type": "send", "channel": "finish", "template": "t" } ] }
        """;

    /// <summary>Where every run ends, without storage: counts them as they come.</summary>
    private sealed class FinishLine : IChannel
    {
        private readonly ConcurrentDictionary<string, DateTimeOffset> _crossed = new();

        public bool Serves(string channel) => channel == "finish";

        public Task DeliverAsync(JourneyMessage message, CancellationToken cancellationToken)
        {
            _crossed.TryAdd(message.To, message.SentAt);
            return Task.CompletedTask;
        }

        public Task<bool> HasAsync(string messageId, CancellationToken cancellationToken) => Task.FromResult(false);

        public IReadOnlyList<DateTimeOffset> Times(string run) => [.. _crossed.Where(pair => pair.Key.StartsWith(run, StringComparison.Ordinal)).Select(pair => pair.Value)];

        public async Task CrossedAsync(string run, int leads)
        {
            while (Times(run).Count < leads)
            {
                await Task.Delay(10);
            }

            // What follows the last message: the run's end.
            await Task.Delay(200);
        }
    }
}
