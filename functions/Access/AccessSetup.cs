using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Access;

public static class AccessSetup
{
    public static FunctionsApplicationBuilder AddAccess(this FunctionsApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(AccessOptions.From(builder.Configuration));
        services.AddHostedService<SafeKeys>();
        services.AddSingleton<RouteScopes>();
        services.AddSingleton<WrongKeys>();
        services.AddSingleton<PlatformIdentity>();
        services.AddSingleton<SecondPersons>();
        services.AddFresh<ApiKeys>();
        services.AddFresh<Sources>();
        builder.UseMiddleware<FreshDefinitions>();
        builder.UseMiddleware<Authorization>();
        return builder;
    }
}
