using System.Diagnostics;
using System.Net.Http.Json;

namespace LeadFunctions.Benchmarks;

/// <summary>Weeks in seconds: how long it takes to move the clock, on a laptop's settings, over a journey in which nothing happens but waits.</summary>
internal static class MovedClockBenchmark
{
    private const int Waits = 15;
    private const int DaysEach = 6;

    private static readonly string Journey =
        $$"""{ "name": "Idle", "trigger": { "event": "Started" }, "steps": [ {{string.Concat(Enumerable.Range(0, Waits).Select(n => $$"""{ "id": "wait{{n}}", "type": "wait", "for": "{{DaysEach}}d" }, """))}}{ "id": "send", "type": "send", "template": "end" } ] }""";

    public static async Task RunAsync(FigureTable table)
    {
        await using var app = await Stack.StartAsync(Stack.App, ("LeadFunctions__Clock", "movable"), ("LeadFunctions__Definitions__KnownWithin", "00:00:00.5"));
        var journeys = new JourneyLeads(app);
        await journeys.PublishAsync("idle", Journey);
        foreach (var (leads, most) in new[] { (1, 15), (100, 120) })
        {
            await journeys.EnterAsync("Started", $"leads{leads}", leads);
            await PostAsync(app, "/api/clock/settle", new { });
            var started = Stopwatch.GetTimestamp();
            await PostAsync(app, "/api/clock", new { advance = $"{(Waits * DaysEach) + 1}d" });
            var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
            await journeys.LateAsync("idle", $"leads{leads}", leads);
            table.Add($"the clock moved over a journey of {Waits * DaysEach} days with {Waits} waits, leads in it: {leads}", $"{took:N1} s", "", $"≤ {most} s", took <= most);
        }
    }

    private static async Task PostAsync(Stack app, string path, object body)
    {
        using var answer = await app.Client.PostAsJsonAsync(path, body);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
