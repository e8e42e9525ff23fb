using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Hosting;
using LeadFunctions.Local.Functions.Time;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.Functions.Timers;

/// <summary>A timer function and when it runs next. The clock runs it, never twice at once.</summary>
internal sealed class ScheduledFunction : IDueWork, IDisposable
{
    // As upstream: what runs more often than this is not worth remembering.
    private static readonly TimeSpan ShortestMonitored = TimeSpan.FromMinutes(1);

    private readonly LocalFunction function;
    private readonly TimerSchedule schedule;
    private readonly Invoker invoker;
    private readonly VirtualClock clock;
    private readonly ILogger log;
    private readonly CancellationToken cancellation;
    private readonly NumbersFile? file;
    private ScheduleStatus? status;
    private bool isPastDue;

    internal ScheduledFunction(LocalFunction function, TimerSchedule schedule, string folder, Invoker invoker, VirtualClock clock, ILogger log, CancellationToken cancellation)
    {
        this.function = function;
        this.schedule = schedule;
        this.invoker = invoker;
        this.clock = clock;
        this.log = log;
        this.cancellation = cancellation;

        var trigger = (TimerTriggerAttribute)function.Trigger;
        var now = clock.GetUtcNow();
        NextDue = schedule.After(now);
        if (trigger.UseMonitor && NextDue is { } first && schedule.After(first) is { } second && second - first >= ShortestMonitored)
        {
            file = new NumbersFile(Path.Combine(folder, function.Name));
            status = Read(file);
            isPastDue = status is not null && status.Next < now.UtcDateTime;
            status ??= new ScheduleStatus { Next = first.UtcDateTime };
            Write();
        }

        if (isPastDue || trigger.RunOnStartup)
        {
            NextDue = now;
        }
    }

    public DateTimeOffset? NextDue { get; private set; }

    public async Task RunDueAsync(DateTimeOffset now)
    {
        var due = NextDue ?? now;
        try
        {
            await invoker.InvokeAsync(function, new TimerInfo { IsPastDue = isPastDue, ScheduleStatus = status }, null, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Cut short by the app's end: not done, so it is past due at the next start.
            return;
        }
        catch (Exception exception)
        {
            Log.TimerFailed(log, exception, function.Name);
        }

        isPastDue = false;
        NextDue = schedule.After(clock.GetUtcNow());
        if (status is not null)
        {
            status = new ScheduleStatus { Last = due.UtcDateTime, Next = NextDue?.UtcDateTime ?? DateTime.MaxValue, LastUpdated = clock.GetUtcNow().UtcDateTime };
            Write();
        }
    }

    public void Dispose() => file?.Dispose();

    public override string ToString() => $"timer {function.Name}";

    private static ScheduleStatus? Read(NumbersFile file)
    {
        Span<long> ticks = stackalloc long[3];
        return file.TryRead(ticks)
            ? new ScheduleStatus { Last = new DateTime(ticks[0], DateTimeKind.Utc), Next = new DateTime(ticks[1], DateTimeKind.Utc), LastUpdated = new DateTime(ticks[2], DateTimeKind.Utc) }
            : null;
    }

    private void Write() => file?.Write([status!.Last.Ticks, status.Next.Ticks, status.LastUpdated.Ticks]);
}
