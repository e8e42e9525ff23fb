using DevHost.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.WebJobs.Host;
using Yarp.ReverseProxy.Forwarder;

namespace DevHost;

/// <summary>A running app: storage, the worker, Microsoft's job host with its listeners, and the port that people use.</summary>
internal sealed class AppHost : IAsyncDisposable
{
    /// <summary>How long invocations in hand may go on when the host stops.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    // What Azure's host lets through.
    private const long MaxBodySize = 100 * 1024 * 1024;

    private readonly HostArguments arguments;
    private readonly AppFolder app;
    private readonly IReadOnlyDictionary<string, string> settings;
    private readonly WebApplication back; // where the worker reports, with the job host
    private readonly WebApplication front; // what people call
    private readonly WorkerKeeper worker;
    private readonly ILogger log;
    private Azurite? storage;
    private bool hasJobs;

    /// <exception cref="StartException">The folder is no app, or the settings cannot be read.</exception>
    internal AppHost(HostArguments arguments, Action<ILoggingBuilder> logging)
    {
        this.arguments = arguments;
        app = AppFolder.Read(arguments.Folder);
        settings = Settings.Read(arguments);
        back = Build("http://127.0.0.1:0", kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2), logging, builder =>
        {
            builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = options.MaxSendMessageSize = null);
            builder.Services.AddSingleton(app).AddSingleton<JobTriggers>().AddSingleton<DurableClients>();
            builder.Services.AddSingleton(services => new WorkerKeeper(app, settings, services.GetRequiredService<ILoggerFactory>()));
            builder.AddJobs(app, settings);
        });
        back.MapGrpcService<FunctionRpcService>();
        worker = back.Services.GetRequiredService<WorkerKeeper>();
        log = back.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Host");
        front = Build(arguments.Port == 0 ? "http://127.0.0.1:0" : $"http://localhost:{arguments.Port}", kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodySize, logging, builder => builder.Services.AddHttpForwarder());
        new HttpTriggers(app, worker, front.Services.GetRequiredService<IHttpForwarder>(), back.Services.GetRequiredService<DurableClients>(), log).Map(front);
    }

    /// <summary>Where the app answers, once it runs.</summary>
    internal Uri Address { get; private set; } = null!; // StartAsync sets it

    internal int WorkerProcessId => worker.ProcessId;

    private IJobHost Jobs => back.Services.GetRequiredService<IJobHost>();

    /// <exception cref="StartException">It cannot run, for a reason that its user can act on.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await front.StartAsync(cancellationToken); // First of all, since its port may be taken. What comes now waits for the worker.
        }
        catch (IOException exception)
        {
            throw new StartException($"Port {arguments.Port} is in use. End what listens there, or choose another: --port {arguments.Port + 1}", exception);
        }

        Address = new Uri(front.Urls.First());
        await back.StartAsync(cancellationToken);
        if (Azurite.IsMeantBy(settings.GetValueOrDefault("AzureWebJobsStorage")))
        {
            string[] data = ["--location", Path.Combine(arguments.Data, "storage")];
            storage = await Azurite.StartAsync(arguments.Reset ? [.. data, "--reset"] : data, line => Log.Say(log, line), settings, cancellationToken);
        }

        // Side by side: the worker compiles while the job host does.
        await Task.WhenAll(worker.StartAsync(new Uri(back.Urls.First()), cancellationToken), Task.Run(() => StartJobsAsync(cancellationToken), cancellationToken));
        Banner.Write(log, Address, app, settings, arguments, storage is not null);
    }

    /// <summary>Takes nothing more, lets what is under way finish, and ends worker and storage.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Grace);
        await Task.WhenAll(front.StopAsync(patience.Token), StopJobsAsync(patience.Token));
        await worker.StopAsync(patience.Token);
        await front.DisposeAsync();
        await back.DisposeAsync();
        await (storage?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task StartJobsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Jobs.StartAsync(cancellationToken);
            hasJobs = true;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or StartException))
        {
            // Whatever stops Microsoft's job host is in the settings, host.json or the storage account; its innermost reason says which.
            throw new StartException($"The triggers cannot start: {exception.GetBaseException().Message}", exception);
        }
    }

    private async Task StopJobsAsync(CancellationToken patience)
    {
        if (hasJobs)
        {
            // Draining, the listeners stop but what they have begun is not cancelled.
            await back.Services.GetRequiredService<IDrainModeManager>().EnableDrainModeAsync(CancellationToken.None);
            await Jobs.StopAsync().WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private WebApplication Build(string address, Action<KestrelServerOptions> configure, Action<ILoggingBuilder> logging, Action<WebApplicationBuilder> add)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = app.Path, EnvironmentName = Environments.Development });
        logging(builder.Logging.AddConfiguration(app.HostJson.GetSection("logging")));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(configure).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddRouting();
        add(builder);
        var application = builder.Build();
        application.Urls.Add(address);
        return application;
    }
}
