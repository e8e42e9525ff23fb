using LeadFunctions.Events.Queueing;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadFunctions.Ingest;

public static class IngestSetup
{
    public static FunctionsApplicationBuilder AddIngest(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<IngestOptions>().BindConfiguration("LeadFunctions:Ingest").ValidateDataAnnotations().ValidateOnStart();
        services.AddMetrics();
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<EventQueue>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<EventWriter>(provider, (Func<string, Task>)provider.GetRequiredService<EventQueue>().PutAsync));
        services.AddHostedService(provider => provider.GetRequiredService<EventWriter>());
        services.AddSingleton<Intake>();
        return builder;
    }
}
