using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;

namespace DevHost.Triggers;

/// <summary>Microsoft's job host with its queue listeners and the Durable extension, set up from the app's host.json.</summary>
internal sealed class Jobs : IDisposable
{
    private const string Section = "AzureFunctionsJobHost";

    private readonly IHost host;
    private bool hasStarted;

    /// <exception cref="StartException">A trigger lacks what it needs.</exception>
    internal Jobs(AppFolder app, IReadOnlyDictionary<string, string> settings, WorkerKeeper worker, Action<ILoggingBuilder> logging)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Configuration
            .AddInMemoryCollection(app.HostJson.AsEnumerable().Select(setting => KeyValuePair.Create($"{Section}:{setting.Key}", setting.Value)))
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)))
            .AddInMemoryCollection([new("AzureWebJobsConfigurationSection", Section)]);
        logging(builder.Logging);
        var jobs = builder.Services.AddWebJobs(_ => { });
        jobs.AddAzureStorageCoreServices();
        jobs.AddAzureStorageQueues();
        jobs.AddDurableTask();
        var functions = app.Functions.Where(function => !function.IsHttp && !builder.Configuration.GetValue<bool>($"AzureWebJobs.{function.Name}.Disabled"));
        Clients = new DurableClients(() => JobHost);
        builder.Services.AddSingleton<ITypeLocator>(services => new Types(
            TriggerMethods.Emit(functions, new JobTriggers(app, worker, Clients, services.GetRequiredService<ILogger<JobTriggers>>()).RunAsync), typeof(InsideJob)));
        builder.Services.AddSingleton<IHostIdProvider>(new HostId(app.Id));
#pragma warning disable CS0618 // Preview upstream, and asked for by the Durable extension.
        builder.Services.AddSingleton<IWebHookProvider, NoWebHooks>();
        host = builder.Build();
    }

    internal DurableClients Clients { get; }

    private IJobHost JobHost => host.Services.GetRequiredService<IJobHost>();

    /// <exception cref="StartException">A trigger, host.json, a setting or the storage account is not as it should be.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var service in host.Services.GetServices<IHostedService>()) // Not by the host, which would make the process's signals its own concern.
            {
                await service.StartAsync(cancellationToken);
            }

            await JobHost.StartAsync(cancellationToken);
            hasStarted = true;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or StartException))
        {
            throw new StartException($"The triggers cannot start: {exception.GetBaseException().Message}", exception); // Whatever stops Microsoft's parts: the innermost reason says most.
        }
    }

    /// <summary>Takes nothing more, and lets what is under way finish.</summary>
    internal async Task StopAsync(CancellationToken patience)
    {
        if (hasStarted)
        {
            await host.Services.GetRequiredService<IDrainModeManager>().EnableDrainModeAsync(CancellationToken.None); // Without it, what has begun is cancelled.
            await JobHost.StopAsync().WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => host.Dispose();

    private sealed class Types(params Type[] types) : ITypeLocator
    {
        public IReadOnlyList<Type> GetTypes() => types;
    }

    /// <summary>Names what hosts of one app share, such as leases.</summary>
    private sealed class HostId(string id) : IHostIdProvider
    {
        public Task<string> GetHostIdAsync(CancellationToken cancellationToken) => Task.FromResult(id);
    }

    /// <summary>The Durable extension's HTTP management API is not served here.</summary>
    private sealed class NoWebHooks : IWebHookProvider
    {
        public Uri GetUrl(IExtensionConfigProvider extension) => new("http://localhost/");
    }
}
