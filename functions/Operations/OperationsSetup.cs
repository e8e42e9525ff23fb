using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

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
        services.AddHostedService<PoisonWatch>();
        services.AddSingleton<OpenApiDocument>();
        builder.AddTelemetryExport();
        return builder;
    }
}
