using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Local.Tests.Functions;

public sealed class SampleTimerFunctions(Seen seen, TimeProvider time)
{
    [Function(nameof(EveryMinute))]
    public async Task EveryMinute([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        seen.Times.Enqueue(time.GetUtcNow());
        seen.Timers.Enqueue(timer);
        await seen.OnTimer(cancellationToken);
    }

    [Function(nameof(Nightly))]
    public void Nightly([TimerTrigger("%NightlySchedule%", RunOnStartup = true)] TimerInfo timer) => seen.Times.Enqueue(time.GetUtcNow());

    [Function(nameof(EveryTenSeconds))]
    [QueueOutput("texts")]
    public string EveryTenSeconds([TimerTrigger("00:00:10")] TimerInfo timer) => $"tick {time.GetUtcNow():mm:ss}";

    [Function(nameof(TrivialEveryMinute))]
    public void TrivialEveryMinute([TimerTrigger("0 * * * * *", UseMonitor = true)] TimerInfo timer)
    {
    }
}
