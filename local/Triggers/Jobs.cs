using System.Runtime.ExceptionServices;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Timers;

namespace DevHost.Triggers;

/// <summary>
/// The job host, kept running: a listener that storage leaves in the lurch for too long gives up for good, and the SDK's own answer to that is to end the process.
/// Here, as in Azure, the job host is then built and started anew.
/// </summary>
internal sealed class Jobs(Func<IWebJobsExceptionHandlerFactory, IHost> build, InputBindings inputs, ILogger log) : IWebJobsExceptionHandlerFactory
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly CancellationTokenSource stopping = new();
    private IHost? running;

    /// <summary>Completes when the listeners run, or when storage has not answered for so long that the rest of the app is better off without waiting: they then start once it does.</summary>
    internal async Task StartAsync()
    {
        await Task.Yield(); // the caller goes on with what can be done meanwhile
        var starting = StartNewAsync();
        if (await Task.WhenAny(starting, Task.Delay(StartPatience, TimeProvider.System)) == starting)
        {
            if (await FailureOfAsync(starting) is { } failure)
            {
                throw new StartException($"Queues and orchestrations cannot be started: {(failure.InnerException ?? failure).Message}", failure);
            }

            return;
        }

        Log.JobsFailed(log, "storage does not answer");
        _ = Task.Run(async () =>
        {
            var reason = await FailureOfAsync(starting);
            await (reason is null ? Task.Run(() => Log.JobsRun(log)) : RestartAsync(running!, reason)); // StartNewAsync has set it
        });
    }

    /// <summary>Has the listeners stop; what they have begun goes on, and is waited for.</summary>
    internal async Task StopAsync()
    {
        await stopping.CancelAsync();
        await turn.WaitAsync();
        if (running is { } host)
        {
            await host.Services.GetRequiredService<IDrainModeManager>().EnableDrainModeAsync(CancellationToken.None);
            await EndAsync(host);
        }
    }

    public IWebJobsExceptionHandler Create(IHost jobHost) => new Handler(jobHost, this);

    private async Task RestartAsync(IHost failed, Exception reason)
    {
        await turn.WaitAsync();
        try
        {
            if (failed != running || stopping.IsCancellationRequested)
            {
                return;
            }

            Log.JobsFailed(log, reason.InnerException?.Message ?? reason.Message);
            await EndAsync(failed);
            while (!await TryStartAsync())
            {
                await Task.Delay(Pause, TimeProvider.System, stopping.Token);
            }

            Log.JobsRun(log);
        }
        catch (OperationCanceledException)
        {
            // The whole host ends.
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<bool> TryStartAsync()
    {
        try
        {
            await StartNewAsync();
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await EndAsync(running!); // StartNewAsync has set it
            return false;
        }
    }

    private async Task StartNewAsync()
    {
        var host = build(this);
        running = host;
        await host.StartAsync(stopping.Token);
        inputs.Start(host.Services.GetRequiredService<IJobHost>());
    }

    private static async Task<Exception?> FailureOfAsync(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static async Task EndAsync(IHost host)
    {
        try
        {
            using var patience = new CancellationTokenSource(StopPatience);
            await host.StopAsync(patience.Token);
            host.Dispose();
        }
        catch (Exception)
        {
            // It is broken already; what matters is that the next one starts.
        }
    }

    private sealed class Handler(IHost host, Jobs jobs) : IWebJobsExceptionHandler
    {
        public Task OnTimeoutExceptionAsync(ExceptionDispatchInfo exceptionInfo, TimeSpan timeoutGracePeriod) => Task.CompletedTask;

        public Task OnUnhandledExceptionAsync(ExceptionDispatchInfo exceptionInfo)
        {
            _ = Task.Run(() => jobs.RestartAsync(host, exceptionInfo.SourceException));
            return Task.CompletedTask;
        }
    }
}
