using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DevHost;

/// <summary>A running app: storage, the worker, Microsoft's job host with its listeners, and the port that people use.</summary>
internal sealed class AppHost : IAsyncDisposable
{
    private const long MaxBodySize = 100 * 1024 * 1024; // what Azure's host lets through

    private readonly HostArguments arguments;
    private readonly AppFolder app;
    private readonly Dictionary<string, string> settings;
    private readonly WebApplication back; // where the worker reports
    private readonly WebApplication front; // what people call
    private readonly WorkerKeeper worker;
    private readonly Jobs jobs;
    private readonly ILogger log;
    private Azurite? storage;

    /// <exception cref="StartException">The folder is no app, or the settings cannot be read.</exception>
    internal AppHost(HostArguments arguments, Action<ILoggingBuilder> configureLogging)
    {
        this.arguments = arguments;
        settings = Settings.Read(arguments);
        app = AppFolder.Read(arguments.Folder, settings);
        var logging = (ILoggingBuilder builder) => configureLogging(builder.AddConfiguration(app.HostJson.GetSection("logging")));
        back = Build("http://127.0.0.1:0", kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2), logging, builder =>
        {
            builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = options.MaxSendMessageSize = null);
            builder.Services.AddSingleton(services => new WorkerKeeper(app, settings, services.GetRequiredService<ILoggerFactory>()));
        });
        back.MapGrpcService<FunctionRpcService>();
        worker = back.Services.GetRequiredService<WorkerKeeper>();
        log = back.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Host");
        jobs = new Jobs(app, settings, worker, logging, log);
        front = Build(arguments.Port == 0 ? "http://127.0.0.1:0" : $"http://localhost:{arguments.Port}", kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodySize, logging, builder => builder.Services.AddHttpForwarder());
        new HttpTriggers(app, worker, jobs.Clients, front.Services.GetRequiredService<IHttpForwarder>(), log).Map(front);
    }

    /// <summary>How long what is under way may take to finish when the host is to end.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Where the app answers, once it runs.</summary>
    internal Uri Address { get; private set; } = null!; // StartAsync sets it

    internal int WorkerProcessId => worker.ProcessId;

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
        settings.TryAdd("WEBSITE_HOSTNAME", Address.Authority); // as Core Tools tell their workers
        await back.StartAsync(cancellationToken);
        if (Azurite.IsMeantBy(settings.GetValueOrDefault("AzureWebJobsStorage")))
        {
            string[] wishes = [.. arguments.Reset ? ["--reset"] : (string[])[], .. arguments.IsDataChosen && Azurite.IsDefault(settings["AzureWebJobsStorage"]) ? ["--own"] : (string[])[]];
            storage = await Azurite.StartAsync(["--location", Path.Combine(arguments.Data, "storage"), .. wishes], line => Log.Say(log, line), settings, cancellationToken);
        }

        // Side by side: the worker compiles while the job host does.
        await Task.WhenAll(worker.StartAsync(new Uri(back.Urls.First()), cancellationToken), jobs.StartAsync($"{Environment.MachineName}-{Address.Port}", cancellationToken));
        Banner.Write(log, Address, app, settings, arguments, storage is not null);
    }

    /// <summary>Takes nothing more, lets what is under way finish, and ends worker and storage.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await Task.WhenAll(front.StopAsync(patience.Token), jobs.StopAsync(patience.Token));
        await worker.StopAsync(patience.Token);
        await front.DisposeAsync();
        await back.DisposeAsync();
        await (storage?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private WebApplication Build(string address, Action<KestrelServerOptions> configure, Action<ILoggingBuilder> logging, Action<WebApplicationBuilder> add)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = app.Path, EnvironmentName = Environments.Development });
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(configure).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddRouting();
        add(builder);
        var application = builder.Build();
        application.Urls.Add(address);
        return application;
    }
}
