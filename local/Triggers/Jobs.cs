using System.Globalization;
using System.Runtime.ExceptionServices;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Extensions.Azure;

namespace DevHost.Triggers;

/// <summary>
/// Microsoft's job host with its queue listeners and the Durable extension, set up from the app's host.json, and kept running: a listener that storage leaves in the lurch for too long gives up for good,
/// and the SDK's own answer to that is to end the process. Here, as in Azure, the job host is then built and started anew.
/// </summary>
internal sealed class Jobs(AppFolder app, IReadOnlyDictionary<string, string> settings, WorkerKeeper worker, Action<ILoggingBuilder> logging, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stopping = new();
    private Task keeping = Task.CompletedTask;

    internal DurableClients Clients { get; } = new();

    /// <summary>Completes when the listeners run, or when storage has not answered for so long that the rest of the app is better off without waiting: they then start once it does.</summary>
    /// <exception cref="StartException">A trigger, host.json, a setting or the storage account is not as it should be.</exception>
    internal async Task StartAsync(string owner, CancellationToken cancellationToken)
    {
        keeping = Task.Run(() => KeepAsync(owner), CancellationToken.None);
        await await Task.WhenAny(started.Task, keeping, Task.Delay(StartPatience, TimeProvider.System, cancellationToken));
        if (started.TrySetResult())
        {
            Log.JobsFailed(log, "storage does not answer");
        }

        await started.Task; // Whichever of them was seen first: keeping also ends without an exception once it has told one here.
    }

    /// <summary>Takes nothing more, and lets what is under way finish.</summary>
    internal async Task StopAsync(CancellationToken patience)
    {
        await stopping.CancelAsync();
        await keeping.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task KeepAsync(string owner)
    {
        while (!stopping.IsCancellationRequested)
        {
            var failure = new Failure();
            using var host = Build(owner, failure);
            try
            {
                foreach (var service in host.Services.GetServices<IHostedService>()) // Not by the host, which would make the process's signals its own concern.
                {
                    await service.StartAsync(stopping.Token);
                }

                var jobs = host.Services.GetRequiredService<IJobHost>();
                await jobs.StartAsync(stopping.Token);
                Clients.Use(jobs);
                if (!started.TrySetResult())
                {
                    Log.Say(log, "Queues and orchestrations go on");
                }

                Log.JobsFailed(log, ReasonOf(await failure.Task.WaitAsync(stopping.Token)));
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                if (started.TrySetException(new StartException($"Queues and orchestrations cannot be started: {ReasonOf(exception)}", exception)))
                {
                    return; // Later it is tried again, without a word: an outage is told once.
                }
            }
            catch (OperationCanceledException)
            {
                // The whole host ends.
            }

            await host.Services.GetRequiredService<IDrainModeManager>().EnableDrainModeAsync(CancellationToken.None); // Without it, what has begun is cancelled.
            await Task.Run(host.Services.GetRequiredService<IJobHost>().StopAsync).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // It may be broken already.
            await Task.Delay(Pause, TimeProvider.System, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string ReasonOf(Exception exception) =>
        exception.GetBaseException() is AggregateException { InnerExceptions: [var first, ..] } ? ReasonOf(first) : exception.GetBaseException().Message.Split('\n')[0];

    private IHost Build(string owner, Failure failure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Configuration.AddConfiguration(app.Configuration)
            // By the last two the Durable extension names the owner of a hub's partitions, which is the machine otherwise: two hosts on one machine would both take all of them.
            .AddInMemoryCollection([new("AzureWebJobsConfigurationSection", AppFolder.HostSection), new("WEBSITE_CURRENT_STAMPNAME", "local"), new("RoleInstanceId", owner)]);
        logging(builder.Logging);
        builder.Services.AddWebJobs(_ => { }).AddAzureStorageCoreServices().AddAzureStorageQueues().AddDurableTask();
        var standard = builder.Services.Last(service => service.ServiceType == typeof(AzureComponentFactory)).ImplementationType!; // registered by its type
        var lease = TimeSpan.Parse(settings.GetValueOrDefault(ShortLease.Setting, ShortLease.Usual), CultureInfo.InvariantCulture);
        builder.Services.AddSingleton<AzureComponentFactory>(services => new ShortLease((AzureComponentFactory)ActivatorUtilities.CreateInstance(services, standard), lease));

        var triggers = new JobTriggers(app, worker, Clients, log);
        builder.Services.AddSingleton<ITypeLocator>(new Types(TriggerMethods.Emit(app, triggers.RunAsync), typeof(InsideJob)));
        builder.Services.AddSingleton<IWebJobsExceptionHandlerFactory>(failure);
#pragma warning disable CS0618 // Preview upstream, and asked for by the Durable extension.
        builder.Services.AddSingleton<IWebHookProvider, NoWebHooks>();
        return builder.Build();
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

    /// <summary>What a job host could not go on from.</summary>
    private sealed class Failure : TaskCompletionSource<Exception>, IWebJobsExceptionHandlerFactory, IWebJobsExceptionHandler
    {
        public IWebJobsExceptionHandler Create(IHost jobHost) => this;

        public Task OnTimeoutExceptionAsync(ExceptionDispatchInfo exceptionInfo, TimeSpan timeoutGracePeriod) => System.Threading.Tasks.Task.CompletedTask;

        public Task OnUnhandledExceptionAsync(ExceptionDispatchInfo exceptionInfo)
        {
            TrySetResult(exceptionInfo.SourceException);
            return System.Threading.Tasks.Task.CompletedTask;
        }
    }
}
