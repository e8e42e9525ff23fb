using System.Net;
using System.Reflection;
using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Http;
using LeadFunctions.Local.Functions.Queues;
using LeadFunctions.Local.Functions.Time;
using LeadFunctions.Local.Functions.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Local.Functions.Hosting;

/// <summary>Puts together what stands in for the Functions host: settings, Kestrel, the clock, the triggers.</summary>
internal sealed class LocalRuntime
{
    // What the Functions host lets through; an app bounds its bodies itself.
    private const long MaxBodySize = 100 * 1024 * 1024;

    private readonly LocalArguments arguments;
    private readonly FunctionCatalog catalog;
    private readonly string appFolder;
    private LocalStartException? startError;

    private LocalRuntime(string[] args, Assembly app)
    {
        try
        {
            arguments = LocalArguments.Parse(args);
        }
        catch (LocalStartException exception)
        {
            // Reported when the host starts, as every other reason not to.
            (arguments, startError) = (LocalArguments.Parse([]), exception);
        }

        appFolder = Path.GetDirectoryName(app.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory;
        catalog = FunctionCatalog.Of(app);
        Web = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = app.GetName().Name,
            ContentRootPath = appFolder,
            EnvironmentName = Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT") ?? Environments.Development,
        });
    }

    internal WebApplicationBuilder Web { get; }

    internal static LocalRuntime Create(string[] args, Assembly app)
    {
        var runtime = new LocalRuntime(args, app);
        runtime.Configure();
        return runtime;
    }

    internal IHost Build(FunctionExecutionDelegate pipeline)
    {
        var services = Web.Services;
        var host = Settings.Host(appFolder, Web.Configuration);
        var running = catalog.Where(IsEnabled);

        services.AddSingleton(running);
        services.AddSingleton(QueueSettings.From(host));
        services.AddSingleton<QueueConnections>();
        services.AddSingleton<QueueOutputs>();
        services.AddSingleton(provider => new Invoker(pipeline, provider.GetRequiredService<IServiceScopeFactory>(), provider.GetRequiredService<QueueOutputs>()));
        services.AddSingleton(arguments);
        services.AddSingleton<ITriggerListener, QueueTriggers>();
        services.AddSingleton<ITriggerListener, TimerTriggers>();

        var app = Web.Build();
        app.UseRouting();
        app.Use(next => http => HttpFunctions.RefuseUnknown(http, next));
        HttpFunctions.Map(app, running, host["extensions:http:routePrefix"] ?? "api");
        LocalRoutes.Map(app);
        return new LocalHost(app, arguments, startError, running, host.GetValue("local:grace", LocalHost.DefaultGrace));

        bool IsEnabled(LocalFunction function) =>
            (host.GetSection("functions").Get<string[]>() is not { Length: > 0 } only || only.Contains(function.Name, StringComparer.OrdinalIgnoreCase))
            && !Web.Configuration.GetValue<bool>($"AzureWebJobs.{function.Name}.Disabled");
    }

    private void Configure()
    {
        Web.Configuration.AddInMemoryCollection(ReadSettings());
        Web.Configuration.AddInMemoryCollection([new("AZURE_FUNCTIONS_ENVIRONMENT", Web.Environment.EnvironmentName)]);
        Web.Configuration.AddEnvironmentVariables("AZURE_FUNCTIONS_");
        Web.Configuration.AddEnvironmentVariables();
        Web.Configuration.AddCommandLine(arguments.Rest);
        Web.Configuration.AddInMemoryCollection(arguments.Overrides);

        LocalLogging.Configure(Web.Logging, Web.Configuration);
        ConfigureKestrel();

        Web.Services.AddRouting();
        Web.Services.AddMvcCore();
        Web.Services.AddOptions<WorkerOptions>();
        Web.Services.AddSingleton<VirtualClock>();
        Web.Services.TryAddSingleton<TimeProvider>(provider => provider.GetRequiredService<VirtualClock>());
        foreach (var extension in catalog.Extensions())
        {
            extension.Configure(Web);
        }
    }

    private IReadOnlyDictionary<string, string?> ReadSettings()
    {
        try
        {
            return arguments.SettingsFile is { } file ? Settings.Values(file) : Settings.Local([LocalArguments.ProjectFolder, appFolder]);
        }
        catch (LocalStartException exception)
        {
            startError ??= exception;
            return new Dictionary<string, string?>();
        }
    }

    private void ConfigureKestrel() => Web.WebHost.UseKestrelCore().ConfigureKestrel(options =>
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
    });
}
