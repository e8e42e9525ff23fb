using System.Reflection;
using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Time;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace LeadFunctions.Local.DurableTask;

/// <summary>The hub as the host and its clock see it.</summary>
internal sealed class DurableListener : ITriggerListener, IActivity
{
    private readonly DurableHub _hub;
    private readonly bool _isUsed;

    public DurableListener(DurableHub hub, VirtualClock clock, FunctionCatalog catalog)
    {
        _hub = hub;
        _isUsed = catalog.Functions
            .SelectMany(function => function.Method.GetParameters())
            .SelectMany(parameter => parameter.GetCustomAttributes<BindingAttribute>())
            .Any(attribute => attribute.GetType().Assembly == GetType().Assembly);
        clock.Register(this);
    }

    public long Version => _hub.Work.Version;

    public string? FindRunning() => _hub.Work.IsBusy ? $"durable tasks ({_hub.Work.Running} under way)" : null;

    /// <summary>Joins the hub, unless every function that would use it is switched off.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _isUsed ? _hub.StartAsync(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(TimeSpan grace) => _isUsed ? _hub.StopAsync(grace) : Task.CompletedTask;
}
