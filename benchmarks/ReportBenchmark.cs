using System.Diagnostics;
using System.Runtime.CompilerServices;
using LeadFunctions.Events;
using LeadFunctions.Reports;
using LeadFunctions.Reports.Metrics;
using LeadFunctions.Reports.Stored;
using NodaTime;

namespace LeadFunctions.Benchmarks;

/// <summary>Figures of a year, counted from a million facts, each asked for the first time since a fact came.</summary>
internal static class ReportBenchmark
{
    private const int Facts = 1_000_000;
    private const int Leads = 200_000;
    private const int Rounds = 3;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Stages = ["mql", "sal", "sql", "customer", "recycled"];

    public static Task RunAsync(FigureTable table)
    {
        var (before, book) = (GC.GetTotalMemory(forceFullCollection: true), Filled());
        var people = book.People().Count;
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)book.Count;

        var (times, ofAll, zone, started) = (new List<double>(), new List<double>(), DateTimeZoneProviders.Tzdb["Europe/Berlin"], Stopwatch.GetTimestamp());
        var (slowest, slowestOfAll) = ((Time: 0.0, Name: ""), (Time: 0.0, Name: ""));
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var metric in AllMetrics.List)
            {
                // Those that look at everybody first have a budget of their own.
                var looksAtAll = metric.Prepare is not null && (metric.UsualBy ?? metric.Each) is not null;
                foreach (var by in looksAtAll && round > 0 ? [] : metric.AllDimensions)
                {
                    var (from, to) = metric.IsAhead ? (new LocalDate(2027, 1, 1), new LocalDate(2027, 3, 31)) : (new LocalDate(2026, 1, 1), new LocalDate(2026, 12, 31));
                    var query = new ReportQuery(metric, from, to, [by], Basis.Cohort, metric.HasOrigin ? "live" : null, []); // as when nothing is said
                    started = Stopwatch.GetTimestamp();
                    Report.Of(query, book.People(), zone, Start.AddYears(1));
                    var time = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                    if (looksAtAll)
                    {
                        ofAll.Add(time);
                        slowestOfAll = time > slowestOfAll.Time ? (time, $"{metric.Id} by {by}") : slowestOfAll;
                        continue;
                    }

                    times.Add(time);
                    slowest = time > slowest.Time ? (time, $"{metric.Id} by {by}") : slowest;
                }
            }
        }

        times.Sort();
        var p95 = times[(int)(times.Count * 0.95)];
        FigureTable.Note($"{book.Count:N0} facts of {people:N0} people; the slowest was {slowest.Name}, {slowest.Time:N0} ms");
        table.Add($"a year of a report by one dimension over {Facts:N0} facts, each metric by each dimension", $"p50 {times[times.Count / 2]:N0} ms, p95 {p95:N0} ms; {bytes:N0} B a fact", "", "p95 ≤ 300 ms", p95 <= 300);
        ofAll.Sort();
        table.Add($"a year of a report that looks at everybody first, over {Leads:N0} leads, each by each dimension", $"p50 {ofAll[ofAll.Count / 2] / 1_000:N1} s; the slowest {slowestOfAll.Time / 1_000:N1} s, {slowestOfAll.Name}", "", "≤ 60 s for a million", slowestOfAll.Time * (1_000_000.0 / Leads) <= 60_000);
        return Task.CompletedTask;
    }

    /// <summary>By itself, so that nothing else is in memory afterwards.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FactBook Filled()
    {
        var book = new FactBook();
        foreach (var some in Made().Chunk(2_000))
        {
            book.Add(some);
        }

        return book;
    }

    private static List<Fact> Made()
    {
        var (random, facts) = (new Random(1), new List<Fact>(Facts));
        var ids = Enumerable.Range(0, Leads).Select(n => Identity.User($"u{n}").Hash()).ToList();
        while (facts.Count < Facts)
        {
            var lead = ids[random.Next(Leads)];
            var at = Start.AddMinutes(random.Next(365 * 24 * 60)).ToUnixTimeMilliseconds();
            var person = new Dictionary<string, string> { [Dimensions.Source] = $"form/{random.Next(20)}", [Dimensions.Country] = $"C{random.Next(40)}", [Dimensions.Owner] = $"owner{random.Next(15)}", [Dimensions.Grade] = $"{(char)('A' + random.Next(6))}" };
            switch (random.Next(10))
            {
                case 0 or 1:
                    Add(FactKind.Eligible, at, null, person);
                    break;
                case 2 or 3:
                    person[Dimensions.Stage] = Stages[random.Next(Stages.Length)];
                    person[Dimensions.Cause] = random.Next(2) == 0 ? "rule" : "person";
                    Add(FactKind.Stage, at, null, person);
                    break;
                default:
                    var send = Fact.Hash($"send{facts.Count}");
                    person[Dimensions.Channel] = "email";
                    person[Dimensions.Template] = $"template{random.Next(60)}";
                    Add(FactKind.Send, at, send, person);
                    if (random.Next(2) == 0)
                    {
                        Add(FactKind.Touch, at + random.Next(100_000_000), send, new() { [Dimensions.Act] = random.Next(2) == 0 ? "open" : "click", [Dimensions.By] = random.Next(3) == 0 ? "machine" : "human" });
                    }

                    break;
            }

            void Add(FactKind kind, long when, string? subject, Dictionary<string, string> values) => facts.Add(new(Fact.IdOf(kind, lead, $"{facts.Count}"), kind, lead, when, when, 0, subject, null, values));
        }

        return facts;
    }
}
