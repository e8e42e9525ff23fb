using System.Globalization;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Extensions.Azure;

namespace DevHost.Triggers;

/// <summary>Microsoft's job host with its queue listeners and the Durable extension, set up from the app's host.json.</summary>
internal static class JobsSetup
{
    private const string Section = "AzureFunctionsJobHost";

    internal static IHost Build(AppFolder app, IReadOnlyDictionary<string, string> settings, int port, RunFunction run, IWebJobsExceptionHandlerFactory failures, Action<ILoggingBuilder> logging)
    {
        var functions = app.Functions.Where(function => !function.IsHttp && !IsDisabled(function, settings)).ToList();
        var builder = new HostBuilder();
        builder.ConfigureHostConfiguration(configuration => configuration.AddInMemoryCollection([new("Environment", "Development")]));
        builder.ConfigureAppConfiguration(configuration => configuration
            .AddInMemoryCollection(app.HostJson.Where(setting => setting.Value is not null).Select(setting => new KeyValuePair<string, string?>($"{Section}:{setting.Key}", setting.Value)))
            .AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)))
            .AddInMemoryCollection(
            [
                new("AzureWebJobsConfigurationSection", Section),
                // By these the Durable extension names the owner of a hub's partitions, which is the machine otherwise: two hosts on one machine would both take all of them.
                new("WEBSITE_CURRENT_STAMPNAME", "local"),
                new("RoleInstanceId", $"{Environment.MachineName}-{(port == 0 ? Environment.ProcessId : port)}"),
            ]));
        builder.ConfigureLogging(logging);
        builder.ConfigureWebJobs(jobs =>
        {
            jobs.AddAzureStorageCoreServices();
            jobs.AddAzureStorageQueues();
            jobs.AddDurableTask();
        });
        builder.ConfigureServices(services =>
        {
            if (settings.TryGetValue(ShortLease.Setting, out var lease))
            {
                var standard = services.Last(service => service.ServiceType == typeof(AzureComponentFactory));
                services.AddSingleton<AzureComponentFactory>(provider => new ShortLease(
                    (AzureComponentFactory)ActivatorUtilities.CreateInstance(provider, standard.ImplementationType!), TimeSpan.Parse(lease, CultureInfo.InvariantCulture))); // registered by its type
            }

            services.AddSingleton<ITypeLocator>(new OneType(TriggerMethods.Emit(functions, run)));
            services.AddSingleton<IHostIdProvider>(new FixedHostId(app));
#pragma warning disable CS0618 // Preview upstream, and asked for by the Durable extension.
            services.AddSingleton<IWebHookProvider, NoWebHooks>();
#pragma warning restore CS0618
            services.AddSingleton(failures);
            services.AddSingleton<IHostLifetime, NoLifetime>();
        });
        return builder.Build();
    }

    private static bool IsDisabled(Function function, IReadOnlyDictionary<string, string> settings) =>
        settings.TryGetValue($"AzureWebJobs.{function.Name}.Disabled", out var disabled) && bool.TryParse(disabled, out var yes) && yes;

    private sealed class OneType(Type type) : ITypeLocator
    {
        public IReadOnlyList<Type> GetTypes() => [type];
    }

    /// <summary>Names what hosts of one app share, such as leases.</summary>
    private sealed class FixedHostId(AppFolder app) : IHostIdProvider
    {
        public Task<string> GetHostIdAsync(CancellationToken cancellationToken) => Task.FromResult(
            new string([.. Path.GetFileNameWithoutExtension(app.Functions[0].ScriptFile).ToLowerInvariant().Where(char.IsAsciiLetterOrDigit).Take(32)]));
    }

#pragma warning disable CS0618 // As above.
    /// <summary>The Durable extension's HTTP management API is not served here.</summary>
    private sealed class NoWebHooks : IWebHookProvider
    {
        public Uri GetUrl(IExtensionConfigProvider extension) => new("http://localhost/");
    }
#pragma warning restore CS0618

    /// <summary>The process's signals are the host's own concern.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
