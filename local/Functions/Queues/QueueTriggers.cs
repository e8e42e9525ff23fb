using LeadFunctions.Local.Functions.Discovery;
using LeadFunctions.Local.Functions.Hosting;
using LeadFunctions.Local.Functions.Time;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LeadFunctions.Local.Functions.Queues;

/// <summary>Listens to every queue that triggers a function.</summary>
internal sealed class QueueTriggers(FunctionCatalog catalog, QueueConnections connections, QueueSettings settings, Invoker invoker, VirtualClock clock, ILoggerFactory loggers) : ITriggerListener
{
    private readonly List<QueueListener> listeners = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var log = loggers.CreateLogger("Functions.Queue");
        foreach (var function in catalog.Functions)
        {
            if (function.Trigger is QueueTriggerAttribute trigger)
            {
                var queue = connections.Client(trigger.Connection, trigger.QueueName);
                var poison = connections.Client(trigger.Connection, queue.Name + "-poison");
                listeners.Add(new QueueListener(function, queue, poison, settings, invoker, log));
            }
        }

        foreach (var listener in listeners)
        {
            clock.Register(listener);
            await listener.StartAsync(cancellationToken);
        }
    }

    public Task StopAsync(TimeSpan grace) => Task.WhenAll(listeners.Select(l => l.StopAsync(grace)));
}
