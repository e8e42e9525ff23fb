using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Platform.Storage;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Platform.Hosting;

public static class PlatformSetup
{
    /// <summary>First of the slices: its middleware stands outside all others.</summary>
    public static FunctionsApplicationBuilder AddPlatform(this FunctionsApplicationBuilder builder)
    {
        // Otherwise every request's four lines of the web server's travel to the host, where nobody wants them.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.UseMiddleware<SafeAnswers>();
        builder.UseMiddleware<UnhandledExceptions>();
        builder.UseMiddleware<StoragePatience>();
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(Deployment.Of(builder.Environment, builder.Configuration));
        services.AddSingleton(_ => StorageClients.From(builder.Configuration));
        services.AddSingleton<StorageLayout>();
        services.AddHostedService(provider => provider.GetRequiredService<StorageLayout>());
        services.AddOptions<DefinitionsOptions>().BindConfiguration("LeadFunctions:Definitions").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DefinitionsTable>();
        services.AddTable(DefinitionsTable.Name);
        return builder;
    }

    /// <summary>Makes the table exist before the first request.</summary>
    public static IServiceCollection AddTable(this IServiceCollection services, string name) => services.AddSingleton(new OwnedTable(name));

    /// <summary>Makes the queue and its poison twin exist before the first request.</summary>
    public static IServiceCollection AddQueue(this IServiceCollection services, string name) => services.AddSingleton(new OwnedQueue(name));

    /// <summary>Makes the container exist before the first request.</summary>
    public static IServiceCollection AddContainer(this IServiceCollection services, string name) => services.AddSingleton(new OwnedContainer(name));

    /// <summary>Registers the slice's service that keeps definitions in memory, so that it is fresh whenever a function runs.</summary>
    public static IServiceCollection AddFresh<T>(this IServiceCollection services) where T : class, IFreshness
    {
        services.AddSingleton<T>();
        return services.AddSingleton<IFreshness>(provider => provider.GetRequiredService<T>());
    }
}
