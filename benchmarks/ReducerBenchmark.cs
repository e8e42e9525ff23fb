using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;

namespace LeadFunctions.Benchmarks;

/// <summary>The pure reducer: 200 rules over 50 event names, two events of each lead in a batch, leads with a history of 12 events.</summary>
internal static class ReducerBenchmark
{
    public static Task RunAsync(FigureTable table)
    {
        var rules = ScoringModels.None.WithLive(Model());
        var start = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var leads = Enumerable.Range(0, 500).Select(lead => Reducer.Apply(
            new LeadState { Id = Identity.User("u" + lead).Hash() }, [.. Enumerable.Range(0, 12).Select(n => Arrival($"h{lead}-{n}", n, start, lead))], rules, start).State).ToList();
        var batches = leads.Select((lead, i) => (lead, arrivals: (IReadOnlyList<Arrival>)[Arrival($"a{i}", i, start, i), Arrival($"b{i}", i + 7, start, i)])).ToList();
        Once(batches, rules, start, TimeSpan.FromSeconds(6)); // until all is compiled for good
        var perSecond = Once(batches, rules, start, TimeSpan.FromSeconds(4));
        table.Add("reducer, 200 rules, one core", $"{perSecond:N0} events/s", "", "≥ 200,000", perSecond >= 200_000);
        return Task.CompletedTask;
    }

    private static double Once(List<(LeadState Lead, IReadOnlyList<Arrival> Arrivals)> batches, ScoringModels rules, DateTimeOffset now, TimeSpan time)
    {
        // Processor time, not the clock's: the figure is for one core, whatever else the machine is doing.
        using var process = Process.GetCurrentProcess();
        var started = process.TotalProcessorTime;
        var events = 0;
        while (Used(process, started) < time)
        {
            foreach (var (lead, arrivals) in batches)
            {
                events += Reducer.Apply(lead, arrivals, rules, now).Timeline.Count;
            }
        }

        return events / Used(process, started).TotalSeconds;
    }

    private static TimeSpan Used(Process process, TimeSpan since)
    {
        process.Refresh();
        return process.TotalProcessorTime - since;
    }

    private static Arrival Arrival(string id, int n, DateTimeOffset start, int lead) => new(
        new LeadEvent
        {
            Id = id,
            Type = EventType.Track,
            Name = $"Event {n % 10}",
            At = start.AddMinutes(-n),
            UserId = "u" + lead,
            Properties = JsonSerializer.SerializeToElement(new { value = n % 5, productId = "p" + n }),
        }, start, [Identity.User("u" + lead)]);

    private static ScoringModel Model()
    {
        var rules = Enumerable.Range(0, 200).Select(i =>
            $$"""{ "id": "r{{i}}", "when": { "event": "Event {{i % 50}}", "where": { "value": { "gte": {{i % 7}} } } }, "points": {{i % 9 + 1}}, "halfLife": "14d" }""");
        var json = $$"""{ "name": "Benchmark", "engagement": { "cap": 200, "rules": [ {{string.Join(',', rules)}} ] } }""";
        var (document, _) = ScoringModelDocument.Parse(Encoding.UTF8.GetBytes(json));
        return new ScoringModel("benchmark", 1, document!); // the document above is valid
    }
}
