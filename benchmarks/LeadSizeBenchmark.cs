using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using LeadFunctions.Events;
using LeadFunctions.Leads.Pipeline;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Benchmarks;

/// <summary>What a lead weighs in storage, and what one more event costs, by how much it has done: visits of a few events, over 300 days, scored by ten rules of every kind.</summary>
internal static class LeadSizeBenchmark
{
    public static Task RunAsync(FigureTable table)
    {
        var rules = ScoringModels.None.WithLive(Model());
        foreach (var events in (int[])[20, 200, 2_000, 20_000])
        {
            var lead = new LeadState { Id = Identity.User("u").Hash() };
            var random = new Random(1);
            var history = Enumerable.Range(0, events).Select(n => Arrival(n, random, At(n, events, random))).ToList();
            foreach (var batch in history.Chunk(100))
            {
                lead = Reducer.Apply(lead, batch, rules, Start.AddDays(301)).State;
            }

            var row = (TableEntity)LeadRows.Write(lead, default, null).Entity;
            var bytes = Enumerable.Range(0, 14).Sum(part => row.GetBinary("d" + part)?.Length ?? 0);
            var next = Arrival(events, random, Start.AddDays(300));
            var apply = Each(() => Reducer.Apply(lead, [next], rules, Start.AddDays(301)));
            var storage = Each(() => LeadRows.Read((TableEntity)LeadRows.Write(lead, default, null).Entity));
            table.Add($"a lead that did {events:N0} things: packed; one more event, to and from a row", $"{bytes:N0} B; {apply:0.000} ms, {storage:0.00} ms", "", "", null);
        }

        return Task.CompletedTask;
    }

    /// <summary>In ms of processor time.</summary>
    private static double Each(Action action)
    {
        using var process = Process.GetCurrentProcess();
        var times = 0;
        for (var started = process.TotalProcessorTime; ;)
        {
            action();
            times++;
            process.Refresh();
            if (process.TotalProcessorTime - started is { TotalSeconds: > 1.5 } used)
            {
                return used.TotalMilliseconds / times;
            }
        }
    }

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Five events a visit, half a minute apart.
    private static DateTimeOffset At(int n, int events, Random random) =>
        Start.AddMilliseconds((n / 5 * 5 * (300.0 * 86_400_000 / events)) + (n % 5 * 30_000) + random.Next(30_000));

    private static Arrival Arrival(int n, Random random, DateTimeOffset at) => new(
        new LeadEvent
        {
            Id = $"{random.NextInt64():x16}-{random.NextInt64():x16}-{n}",
            Type = EventType.Track,
            Name = $"Event {Math.Min(random.Next(12), random.Next(12))}",
            At = at,
            UserId = "u",
            Properties = JsonSerializer.SerializeToElement(new { value = n % 5, productId = "p" + random.Next(300) }),
        }, at, [Identity.User("u")]);

    private static ScoringModel Model()
    {
        const string rules = """
            { "id": "seen", "when": { "event": "Event 0" }, "points": 1, "halfLife": "14d" },
            { "id": "often", "when": { "event": "Event 0" }, "points": 5, "halfLife": "14d", "group": "g", "repeat": { "max": 3, "per": "7d" } },
            { "id": "product", "when": { "event": "Event 1" }, "points": 5, "halfLife": "7d", "group": "g", "repeat": { "oncePer": "productId" } },
            { "id": "cart", "when": { "event": "Event 2" }, "points": 15, "halfLife": "7d" },
            { "id": "order", "when": { "all": [ { "event": "Event 3" }, { "not": { "trait": "internal", "equals": true } } ] }, "points": 50 },
            { "id": "capped", "when": { "event": ["Event 4", "Event 5"] }, "points": 4, "halfLife": "30d", "cap": 40 },
            { "id": "back", "when": { "all": [ { "event": "Event 6" }, { "event": "Event 3", "within": "30d" } ] }, "points": 6, "halfLife": "30d" },
            { "id": "loyal", "when": { "all": [ { "event": "Event 3" }, { "event": "Event 3", "within": "90d", "count": { "gte": 3 } } ] }, "points": 20, "repeat": { "max": 1, "per": "30d" } },
            { "id": "careers", "when": { "event": "Event 7" }, "points": -20, "repeat": "once" },
            { "id": "valued", "when": { "event": "Event 8", "where": { "value": { "gte": 3 } } }, "points": 9, "halfLife": "60d", "group": "g" }
            """;
        var (document, _) = ScoringModelDocument.Parse(Encoding.UTF8.GetBytes($$$"""{ "name": "m", "engagement": { "groups": { "g": { "cap": 40 } }, "rules": [ {{{rules}}} ] } }"""));
        return new ScoringModel("benchmark", 1, document!); // the document above is valid
    }
}
