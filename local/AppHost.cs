using System.Net;
using System.Net.Sockets;
using DevHost.Http;
using DevHost.Storage;
using DevHost.Triggers;
using DevHost.Worker;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DevHost;

/// <summary>A running app: storage, the worker, the job host with its listeners, and the port that people use.</summary>
internal sealed class AppHost : IAsyncDisposable
{
    /// <summary>How long invocations in hand may go on when the host stops.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    // What Azure's host lets through.
    private const long MaxBodySize = 100 * 1024 * 1024;

    private readonly HostArguments arguments;
    private readonly AppFolder app;
    private readonly Dictionary<string, string> settings;
    private readonly WebApplication web;
    private readonly Jobs jobs;
    private readonly WorkerProcess worker;
    private readonly HttpTriggers http;
    private AzuriteProcess? storage;

    /// <exception cref="StartException">The folder is no app, or the settings cannot be read.</exception>
    internal AppHost(HostArguments arguments, Action<ILoggingBuilder> logging)
    {
        this.arguments = arguments;
        app = AppFolder.Read(arguments.Folder);
        settings = Settings.Read(arguments);
        // The Durable extension asks the process's environment how it is to speak with the worker.
        Environment.SetEnvironmentVariable("FUNCTIONS_WORKER_RUNTIME", settings["FUNCTIONS_WORKER_RUNTIME"]);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = app.Path });
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Listen);
        builder.Services.AddRouting();
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = options.MaxSendMessageSize = null);
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton(app);
        builder.Services.AddSingleton<InputBindings>();
        builder.Services.AddSingleton<HttpTriggers>();
        builder.Services.AddSingleton<JobTriggers>();
        builder.Services.AddSingleton(provider => new WorkerProcess(app, settings, provider.GetRequiredService<ILoggerFactory>()));
        web = builder.Build();
        worker = web.Services.GetRequiredService<WorkerProcess>();
        web.UseRouting();
        web.MapGrpcService<FunctionRpcService>().RequireHost("127.0.0.1:*");
        http = web.Services.GetRequiredService<HttpTriggers>();
        http.Map(web, app);
        var run = web.Services.GetRequiredService<JobTriggers>();
        jobs = new Jobs(failures => JobsSetup.Build(app, settings, arguments.Port, run.RunAsync, failures, logging), web.Services.GetRequiredService<InputBindings>(), Logger);
    }

    /// <summary>Where the app answers, once it runs.</summary>
    internal Uri Address { get; private set; } = null!; // StartAsync sets it

    internal int WorkerProcessId => worker.ProcessId;

    private ILogger Logger => web.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Host");

    /// <exception cref="StartException">It cannot run, for a reason that its user can act on.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        RequireFreePort();
        storage = await LocalStorage.OpenAsync(arguments, settings.GetValueOrDefault("AzureWebJobsStorage"), line => Log.Say(Logger, line), cancellationToken);
        await web.StartAsync(cancellationToken);
        var addresses = web.Urls.Select(url => new Uri(url)).ToList();
        Address = addresses[0];
        // Side by side: the worker compiles while the job host does.
        await Task.WhenAll(worker.StartAsync(addresses[^1], cancellationToken), jobs.StartAsync());
        Banner.Write(Logger, Address, app, settings, arguments, storage is not null);
    }

    /// <summary>Takes nothing more, lets what is under way finish, and ends worker and storage.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(http.DrainAsync(Grace), jobs.StopAsync());
        await worker.StopAsync();
        await web.DisposeAsync();
        if (storage is not null)
        {
            await storage.DisposeAsync();
        }
    }

    private void Listen(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = MaxBodySize;
        if (arguments.Port == 0)
        {
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        }
        else
        {
            options.ListenLocalhost(arguments.Port, listen => listen.Protocols = HttpProtocols.Http1);
        }

        options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2); // the worker's
    }

    private void RequireFreePort()
    {
        if (arguments.Port == 0)
        {
            return;
        }

        try
        {
            using var socket = new TcpListener(IPAddress.Loopback, arguments.Port);
            socket.Start();
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw new StartException($"Port {arguments.Port} is in use. End what listens there, or choose another: --port {arguments.Port + 1}", exception);
        }
    }
}
