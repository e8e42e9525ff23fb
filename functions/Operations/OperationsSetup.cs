using LeadFunctions.Events;
using LeadFunctions.Events.Poison;
using LeadFunctions.Events.Seen;
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
        services.AddSingleton<OpenApiDocument>();
        builder.UseMiddleware<UnaskedParameters>();
        builder.AddTelemetryExport();
        return builder;
    }
}
