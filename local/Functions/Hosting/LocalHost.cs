using System.Net;
using System.Net.Sockets;
using Azure.Storage.Queues;
using LeadFunctions.Local.Functions.Azurite;
using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Queues;
using LeadFunctions.Local.Functions.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LeadFunctions.Local.Functions.Hosting;

/// <summary>A running app: storage first, then the app's own services and its port, then the triggers; and back.</summary>
internal sealed class LocalHost(WebApplication app, LocalArguments arguments, LocalStartException? startError, FunctionCatalog catalog, TimeSpan grace) : IHost, IAsyncDisposable
{
    /// <summary>How long work in flight may go on, first undisturbed and then cancelled, when the app stops.</summary>
    internal static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(5);

    private readonly List<ITriggerListener> listeners = [];
    private AzuriteProcess? storage;

    public IServiceProvider Services => app.Services;

    /// <summary>Where the app answers, once it runs.</summary>
    internal Uri Address => new(app.Urls.First());

    /// <summary>Starts the app; a reason that its user can act on is printed in a line, and ends the process with code 1.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await StartOrThrowAsync(cancellationToken);
        }
        catch (Exception exception) when (Explain(exception) is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            Environment.ExitCode = 1;
            app.Lifetime.StopApplication();
        }
    }

    /// <summary>As <see cref="StartAsync"/>, for tests: throws whatever went wrong.</summary>
    internal async Task StartOrThrowAsync(CancellationToken cancellationToken)
    {
        if (startError is not null)
        {
            throw startError;
        }

        RequireFreePort();
        var clock = Services.GetRequiredService<VirtualClock>();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        clock.Started = started.Task;
        storage = await LocalData.OpenAsync(arguments, app.Configuration, clock, Services.GetRequiredService<ILogger<LocalHost>>(), cancellationToken);
        clock.Register(new FunctionActivity(catalog));
        if (app.Configuration["AzureWebJobsStorage"] is { } account)
        {
            clock.Register(new StorageActivity(AccountName(account)));
        }

        await app.StartAsync(cancellationToken);
        Banner.Write(Services.GetRequiredService<ILoggerFactory>(), Address, catalog, app.Configuration, clock, storage is null ? null : arguments.Data);
        foreach (var listener in Services.GetServices<ITriggerListener>())
        {
            listeners.Add(listener);
            await listener.StartAsync(cancellationToken);
        }

        started.SetResult();
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        app.Lifetime.StopApplication();
        // Requests and messages in flight need the app's own services: those stop only afterwards.
        await Task.WhenAll([StopServingAsync(), .. listeners.Select(l => l.StopAsync(grace))]);
        listeners.Clear();
        await app.StopAsync(cancellationToken);
        if (storage is not null)
        {
            await storage.DisposeAsync();
            storage = null;
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        if (storage is not null)
        {
            await storage.DisposeAsync();
        }
    }

    /// <summary>Closes the port; requests that go on for longer than any function may are cut off.</summary>
    private async Task StopServingAsync()
    {
        using var patience = new CancellationTokenSource(2 * grace);
        await Services.GetRequiredService<IServer>().StopAsync(patience.Token);
    }

    private static string AccountName(string connectionString)
    {
        try
        {
            return new QueueServiceClient(connectionString).AccountName;
        }
        catch (FormatException exception)
        {
            throw new LocalStartException($"The setting AzureWebJobsStorage is not valid. {exception.Message}", exception);
        }
    }

    private string InUse => $"Port {arguments.Port} is in use. End what listens there, or choose another: --port {arguments.Port + 1}";

    /// <summary>Before storage is started: to say so at once.</summary>
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
            throw new LocalStartException(InUse, exception);
        }
    }

    private string? Explain(Exception exception) => exception switch
    {
        LocalStartException => exception.Message,
        OptionsValidationException invalid => string.Join('\n', invalid.Failures),
        IOException { InnerException: AddressInUseException } => InUse,
        _ => null,
    };
}
