using System.Collections.Concurrent;
using LeadFunctions.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadFunctions.Local.Tests.Functions;

/// <summary>What the sample functions saw, and how they are to behave.</summary>
public sealed class Seen
{
    public ConcurrentQueue<string> Messages { get; } = new();

    public ConcurrentQueue<string> Middleware { get; } = new();

    public ConcurrentQueue<DateTimeOffset> Times { get; } = new();

    public ConcurrentQueue<TimerInfo> Timers { get; } = new();

    /// <summary>Called by the queue function with the message and its attempt; may throw or wait.</summary>
    public Func<string, long, CancellationToken, Task> OnMessage { get; set; } = (_, _, _) => Task.CompletedTask;

    public Func<CancellationToken, Task> OnTimer { get; set; } = _ => Task.CompletedTask;
}

internal static class SampleApp
{
    internal static IHost Build(string[] args) => Build(args, _ => { });

    internal static IHost Build(string[] args, Action<FunctionsApplicationBuilder> configure)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.Services.AddSingleton<Seen>();
        builder.Services.AddScoped<Scoped>();
        configure(builder);
        return builder.Build();
    }

    /// <summary>Runs only the named functions: the others' queues need not be polled.</summary>
    internal static Task<TestApp> StartAsync(string[] functions, Dictionary<string, string>? settings = null, Action<FunctionsApplicationBuilder>? configure = null, DateTimeOffset? now = null, string? account = null, string? data = null)
    {
        settings ??= [];
        for (var i = 0; i < functions.Length; i++)
        {
            settings[$"AzureFunctionsJobHost__functions__{i}"] = functions[i];
        }

        settings.TryAdd("AzureFunctionsJobHost__extensions__http__routePrefix", "");
        settings.TryAdd("AzureFunctionsJobHost__extensions__queues__messageEncoding", "none");
        settings.TryAdd("AzureFunctionsJobHost__extensions__queues__maxPollingInterval", "00:00:01");
        return TestApp.StartAsync(args => Build(args, configure ?? (_ => { })), settings, account, now: now, data: data);
    }

    internal static Seen Seen(this TestApp app) => app.Services.GetRequiredService<Seen>();

    internal sealed class Noting(Seen seen) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(Microsoft.Azure.Functions.Worker.FunctionContext context, FunctionExecutionDelegate next)
        {
            seen.Middleware.Enqueue($"before {context.FunctionDefinition.Name}");
            await next(context);
            seen.Middleware.Enqueue($"after {context.FunctionDefinition.Name}");
        }
    }
}

/// <summary>Lives as long as one invocation.</summary>
public sealed class Scoped : IDisposable
{
    public Guid Id { get; } = Guid.NewGuid();

    public bool IsDisposed { get; private set; }

    public void Dispose() => IsDisposed = true;
}
