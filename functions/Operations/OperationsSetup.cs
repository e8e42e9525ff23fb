using LeadFunctions.Platform;
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
        services.AddSingleton<OpenApiDocument>();
        if (TelemetryExport.IsWanted(builder.Configuration))
        {
            // Without it the server's spans carry no method, path or address.
            AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
            services.AddHostedService<TelemetryExport>();
            builder.UseMiddleware<RequestSpans>();
        }

        return builder;
    }
}
