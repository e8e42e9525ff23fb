<<<<<<< HEAD
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

if (only is null or "floors" or "pipeline")
{
    await using var emulator = await Emulator.StartPrivateAsync();
    var floors = await Floors.MeasureAsync(emulator, table);
    if (only is not "floors")
    {
        await PipelineBenchmark.RunAsync(emulator, floors, table);
    }
}

if (only is null or "start")
{
    await StartBenchmark.RunAsync(table);
}

table.Print();
=======
using LeadFunctions.Benchmarks;

switch (args)
{
    case ["durable", var connectionString]:
        await DurableBenchmark.RunAsync(connectionString);
        break;
    default:
        Console.Error.WriteLine("Name a benchmark: durable <connection string of a storage account that may be filled>");
        return 1;
}

return 0;
>>>>>>> main
