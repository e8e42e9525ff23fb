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
