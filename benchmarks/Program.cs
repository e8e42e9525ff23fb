using System.Globalization;
using LeadFunctions.Benchmarks;

// Prints the table of docs/performance.md: each figure beside its floor, measured in the same run on the same machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var parts = new (string Name, Func<FigureTable, Task> RunAsync)[]
{
    ("reducer", ReducerBenchmark.RunAsync),
    ("mail", MailBenchmark.RunAsync),
    ("leads", LeadSizeBenchmark.RunAsync),
    ("start", StartBenchmark.RunAsync),
    ("http", HttpBenchmark.RunAsync),
    ("content", ContentBenchmark.RunAsync),
    ("pipeline", PipelineBenchmark.RunAsync),
    ("lists", ListBenchmark.RunAsync),
    ("segments", SegmentBenchmark.RunAsync),
    ("stats", StatsBenchmark.RunAsync),
    ("reports", ReportBenchmark.RunAsync),
    ("facts", FactBenchmark.RunAsync),
    ("imports", ImportBenchmark.RunAsync),
    ("webhooks", WebhookBenchmark.RunAsync),
    ("idle", IdleBenchmark.RunAsync),
    ("waits", WaitBenchmark.RunAsync),
    ("clock", MovedClockBenchmark.RunAsync),
};
if (args.FirstOrDefault(arg => !parts.Any(part => part.Name == arg)) is { } unknown)
{
    Console.Error.WriteLine($"There is no part {unknown}. There are {string.Join(", ", parts.Select(part => part.Name))}; all when none is named.");
    return 1;
}

var table = new FigureTable();
foreach (var part in parts.Where(part => args.Length == 0 || args.Contains(part.Name)))
{
    await part.RunAsync(table);
}

table.Print();
return 0;
