using System.Globalization;
using LeadFunctions.Benchmarks;

// Prints the table of docs/performance.md: each figure beside its floor, measured in the same run on the same machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var only = args.FirstOrDefault();
var table = new FigureTable();

if (only is null or "reducer")
{
    ReducerBenchmark.Run(table);
}

if (only is null or "start")
{
    await StartBenchmark.RunAsync(table);
}

table.Print();
