using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Hosting;
using LeadFunctions.Local.Functions.Time;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.Functions.Timers;

/// <summary>Has the clock run every timer function.</summary>
internal sealed class TimerTriggers(FunctionCatalog catalog, LocalArguments arguments, IConfiguration configuration, Invoker invoker, VirtualClock clock, ILoggerFactory loggers) : ITriggerListener, IDisposable
{
    private readonly CancellationTokenSource cancellation = new();
    private readonly List<ScheduledFunction> scheduled = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var log = loggers.CreateLogger("Functions.Timer");
        foreach (var function in catalog.Functions)
        {
            if (function.Trigger is TimerTriggerAttribute trigger)
            {
                var schedule = TimerSchedule.Parse(Settings.Resolve(configuration, trigger.Schedule), function.Name);
                var work = new ScheduledFunction(function, schedule, LocalData.TimersFolder(arguments), invoker, clock, log, cancellation.Token);
                scheduled.Add(work);
                clock.Register(work);
            }
        }

        clock.RunOverdue();
        return Task.CompletedTask;
    }

    public async Task StopAsync(TimeSpan grace)
    {
        var running = Task.WhenAll(scheduled.Select(clock.Unregister));
        if (await Task.WhenAny(running, Task.Delay(grace, TimeProvider.System)) != running)
        {
            await cancellation.CancelAsync();
            await Task.WhenAny(running, Task.Delay(grace, TimeProvider.System));
        }
    }

    public void Dispose()
    {
        cancellation.Dispose();
        scheduled.ForEach(s => s.Dispose());
    }
}
