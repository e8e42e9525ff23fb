using System.Globalization;
using LeadFunctions.Benchmarks;
using LeadFunctions.Tests.Support;

// Prints the table of docs/performance.md: each figure beside its floor, measured in the same run on the same machine.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var only = args.FirstOrDefault();
var table = new FigureTable();

if (only is null or "reducer")
{
    ReducerBenchmark.Run(table);
}

if (only is null or "leads")
{
    LeadSizeBenchmark.Run(table);
}

if (only is null or "floors" or "pipeline" or "durable" or "journeys")
{
    var floors = await Floors.MeasureAsync(table);
    if (only is null or "durable" or "journeys")
    {
        await using var emulator = await Emulator.StartPrivateAsync();
        await DurableBenchmark.RunAsync(emulator, floors, table);
        if (only is not "durable")
        {
            await JourneyBenchmark.RunAsync(emulator, floors, table);
        }
    }

    if (only is null or "pipeline")
    {
        await PipelineBenchmark.RunAsync(floors, table);
    }
}

if (only is null or "start")
{
    await StartBenchmark.RunAsync(table);
}

table.Print();
