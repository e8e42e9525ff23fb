using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Time;

namespace LeadFunctions.Local.DurableTask;

/// <summary>The hub as the host and its clock see it.</summary>
internal sealed class DurableListener : ITriggerListener, IActivity
{
    private readonly DurableHub _hub;

    public DurableListener(DurableHub hub, VirtualClock clock)
    {
        _hub = hub;
        clock.Register(this);
    }

    public long Version => _hub.Work.Version;

    public string? FindRunning() => _hub.Work.IsBusy ? $"durable tasks ({_hub.Work.Running} under way)" : null;

    public Task StartAsync(CancellationToken cancellationToken) => _hub.StartAsync(cancellationToken);

    public Task StopAsync(TimeSpan grace) => _hub.StopAsync(grace);
}
