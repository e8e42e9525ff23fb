using LeadFunctions.Platform;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Operations;

public static class OperationsSetup
{
    public static FunctionsApplicationBuilder AddOperations(this FunctionsApplicationBuilder builder)
    {
        builder.Services.AddTable(DeadLettersTable.Name);
        builder.Services.AddQueue(Queues.LeadEvents);
        builder.Services.AddQueue(Queues.LeadEffects);
        builder.Services.AddSingleton<DeadLetters>();
        builder.Services.AddSingleton<OpenApiDocument>();
        builder.Services.AddHostedService<TelemetryExport>();
        return builder;
    }
}
