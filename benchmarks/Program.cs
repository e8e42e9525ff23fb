using System.Globalization;
using LeadFunctions.Benchmarks;
using LeadFunctions.Tests.Support;

// Prints the table of docs/performance.md: each figure beside its floor, measured in the same run on the same machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var only = args.FirstOrDefault();
var table = new FigureTable();

if (only == "durable")
{
    await DurableBenchmark.RunAsync(args.Length > 1 ? args[1] : await Emulator.NewSharedAccountAsync());
    return;
}

if (only is null or "reducer")
{
    ReducerBenchmark.Run(table);
}

if (only is null or "floors" or "pipeline")
{
    var floors = await Floors.MeasureAsync(table);
    if (only is not "floors")
    {
        await PipelineBenchmark.RunAsync(floors, table);
    }
}

if (only is null or "start")
{
    await StartBenchmark.RunAsync(table);
}

table.Print();
