using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Journeys.Rules;
using LeadFunctions.Leads.State;
using LeadFunctions.Scoring;
using LeadFunctions.Segments;

namespace LeadFunctions.Benchmarks;

/// <summary>The pure reducer: 200 rules over 50 event names, two events of each lead in a batch, leads with a history of 12 events; and the same with 100 segments of all kinds.</summary>
internal static class ReducerBenchmark
{
    public static Task RunAsync(FigureTable table)
    {
        var scoring = ScoringModels.None.WithLive(Model());
        Measure(table, "reducer, 200 rules, one core", scoring);
        Measure(table, "reducer, 200 rules and 100 segments, one core", new LeadRules(scoring, JourneyRules.None, new SegmentRules(1, Segments())));
        return Task.CompletedTask;
    }

    private static void Measure(FigureTable table, string name, LeadRules rules)
    {
        var start = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var leads = Enumerable.Range(0, 500).Select(lead => Reducer.Apply(
            new LeadState { Id = Identity.User("u" + lead).Hash() }, [.. Enumerable.Range(0, 12).Select(n => Arrival($"h{lead}-{n}", n, start, lead))], rules, start).State).ToList();
        var batches = leads.Select((lead, i) => (lead, arrivals: (IReadOnlyList<Arrival>)[Arrival($"a{i}", i, start, i), Arrival($"b{i}", i + 7, start, i)])).ToList();
        Once(batches, rules, start, TimeSpan.FromSeconds(6)); // until all is compiled for good
        var perSecond = Once(batches, rules, start, TimeSpan.FromSeconds(4));
        table.Add(name, $"{perSecond:N0} events/s", "", "≥ 200,000", perSecond >= 200_000);
    }

    private static double Once(List<(LeadState Lead, IReadOnlyList<Arrival> Arrivals)> batches, LeadRules rules, DateTimeOffset now, TimeSpan time)
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

    /// <summary>As workspaces have them: what people did, and how often, and for how long not; who they are; what they are worth; and some of each other.</summary>
    private static IReadOnlyList<Segment> Segments() =>
    [
        .. Enumerable.Range(0, 100).Select(i => (i % 10) switch
        {
            0 or 1 => $$"""{ "event": "Event {{i % 50}}", "within": "{{(i % 5) + 5}}d", "count": { "gte": {{(i % 3) + 1}} } }""",
            2 or 3 => $$"""{ "all": [ { "trait": "email", "exists": true }, { "not": { "event": ["Event {{i % 50}}", "Event {{(i + 3) % 50}}"], "within": "30d" } } ] }""",
            4 => $$"""{ "event": "Event {{i % 50}}", "count": { "between": [1, 3] } }""",
            5 => $$"""{ "engagement": { "gte": {{i}} } }""",
            6 => $$"""{ "all": [ { "trait": "company.employees", "gte": {{i}} }, { "stage": "lead" } ] }""",
            7 => $$"""{ "trait": "renewsAt", "withinLast": "{{i}}d" }""",
            8 => $$"""{ "any": [ { "grade": ["A", "B"] }, { "list": "l{{i}}" } ] }""",
            _ => $$"""{ "all": [ { "segment": "s{{i - 9}}" }, { "not": { "segment": "s{{i - 5}}" } } ] }""",
        }).Select((when, i) => new Segment($"s{i}", 1, SegmentDocument.Parse(Encoding.UTF8.GetBytes($$"""{ "name": "s", "when": {{when}} }""")).Document!)), // all are valid
    ];

    private static ScoringModel Model()
    {
        var rules = Enumerable.Range(0, 200).Select(i =>
            $$"""{ "id": "r{{i}}", "when": { "event": "Event {{i % 50}}", "where": { "value": { "gte": {{i % 7}} } } }, "points": {{i % 9 + 1}}, "halfLife": "14d" }""");
        var json = $$"""{ "name": "Benchmark", "engagement": { "cap": 200, "rules": [ {{string.Join(',', rules)}} ] } }""";
        var (document, _) = ScoringModelDocument.Parse(Encoding.UTF8.GetBytes(json));
        return new ScoringModel("benchmark", 1, document!); // the document above is valid
    }
}
