using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;

namespace DevHost.Triggers;

/// <summary>Microsoft's job host with its queue listeners and the Durable extension, set up from the app's host.json.</summary>
internal static class JobsSetup
{
    private const string Section = "AzureFunctionsJobHost";

    internal static void AddJobs(this WebApplicationBuilder builder, AppFolder app, IReadOnlyDictionary<string, string> settings)
    {
        builder.Configuration
            .AddInMemoryCollection(app.HostJson.AsEnumerable().Select(setting => KeyValuePair.Create($"{Section}:{setting.Key}", setting.Value)))
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)))
            .AddInMemoryCollection([new("AzureWebJobsConfigurationSection", Section)]);
        var jobs = builder.Services.AddWebJobs(_ => { });
        jobs.AddAzureStorageCoreServices();
        jobs.AddAzureStorageQueues();
        jobs.AddDurableTask();
        builder.Services.AddSingleton<ITypeLocator>(services => new Types(
            TriggerMethods.Emit(
                app.Functions.Where(function => !function.IsHttp && !builder.Configuration.GetValue<bool>($"AzureWebJobs.{function.Name}.Disabled")),
                (function, trigger, binder, cancellationToken) => services.GetRequiredService<JobTriggers>().RunAsync(function, trigger, binder, cancellationToken)),
            typeof(InsideJob)));
        builder.Services.AddSingleton<IHostIdProvider>(new HostId(app.Id));
#pragma warning disable CS0618 // Preview upstream, and asked for by the Durable extension.
        builder.Services.AddSingleton<IWebHookProvider, NoWebHooks>();
    }

    /// <summary>The Durable extension's HTTP management API is not served here.</summary>
    private sealed class NoWebHooks : IWebHookProvider
    {
        public Uri GetUrl(IExtensionConfigProvider extension) => new("http://localhost/");
    }
#pragma warning restore CS0618

    private sealed class Types(params Type[] types) : ITypeLocator
    {
        public IReadOnlyList<Type> GetTypes() => types;
    }

    /// <summary>Names what hosts of one app share, such as leases.</summary>
    private sealed class HostId(string id) : IHostIdProvider
    {
        public Task<string> GetHostIdAsync(CancellationToken cancellationToken) => Task.FromResult(id);
    }
}
