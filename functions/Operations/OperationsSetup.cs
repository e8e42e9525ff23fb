using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using LeadFunctions.Events.Seen;
using LeadFunctions.Operations.Meters;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Operations;

public static class OperationsSetup
{
    public static FunctionsApplicationBuilder AddOperations(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddTable(DeadLettersTable.Name);
        services.AddQueue(Queues.LeadEvents);
        services.AddQueue(Queues.LeadEffects);
        services.AddSingleton<DeadLetters>();
        services.AddSingleton<PoisonWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<PoisonWatch>());
        services.AddTable(SeenTable.Name);
        services.AddSingleton<SeenWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<SeenWatch>());
        services.AddTable(MeterTable.Name);
        services.AddSingleton<MeterWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<MeterWatch>());
        services.AddOptions<PricesOptions>().BindConfiguration("LeadFunctions:Prices")
            .Validate(prices => prices.IsValid, "LeadFunctions__Prices__Tables, __Queues and __Blobs are what 10,000 transactions cost, from 0 to 1000; beside them LeadFunctions__Prices__Currency takes three capital letters, as EUR.").ValidateOnStart();
        services.AddSingleton<OpenApiDocument>();
        builder.UseMiddleware<UnaskedParameters>();
        builder.AddTelemetryExport();
        return builder;
    }
}
