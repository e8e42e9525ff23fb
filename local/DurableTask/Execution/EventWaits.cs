using Microsoft.DurableTask;

namespace LeadFunctions.Local.DurableTask;

/// <summary>
/// The events that came and the waits for them, by name. Events are handed out in the order in which they came; among several waits for
/// one name the newest is served first, as upstream does. A cancelled wait takes no event.
/// </summary>
internal sealed class EventWaits(DataConverter converter)
{
    private readonly Dictionary<string, LinkedList<IWait>> _waits = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<HistoryEvent.EventRaised> _unclaimed = [];

    public IReadOnlyList<HistoryEvent.EventRaised> Unclaimed => _unclaimed;

    public Task<T> Wait<T>(string name, CancellationToken cancellationToken)
    {
        var waits = _waits.TryGetValue(name, out var known) ? known : _waits[name] = [];
        if (waits.First is { } open && open.Value.Type != typeof(T))
        {
            throw new ArgumentException(
                $"The event '{name}' is already awaited as {open.Value.Type.FullName} and cannot be awaited as {typeof(T).FullName} too.");
        }

        var wait = new Waiter<T>();
        if (cancellationToken.IsCancellationRequested)
        {
            wait.TrySetCanceled(cancellationToken);
            return wait.Task;
        }

        var index = _unclaimed.FindIndex(raised => string.Equals(raised.Name, name, StringComparison.OrdinalIgnoreCase));
        if (index >= 0)
        {
            var raised = _unclaimed[index];
            _unclaimed.RemoveAt(index);
            ((IWait)wait).Resolve(raised.Data, converter);
            return wait.Task;
        }

        var node = waits.AddFirst(wait);
        cancellationToken.Register(() =>
        {
            if (node.List is not null)
            {
                waits.Remove(node);
                wait.TrySetCanceled(cancellationToken);
            }
        });
        return wait.Task;
    }

    public void Raise(HistoryEvent.EventRaised raised)
    {
        if (_waits.TryGetValue(raised.Name, out var waits) && waits.First is { } newest)
        {
            waits.RemoveFirst();
            newest.Value.Resolve(raised.Data, converter);
            return;
        }

        _unclaimed.Add(raised);
    }

    private interface IWait
    {
        Type Type { get; }

        void Resolve(string? data, DataConverter converter);
    }

    private sealed class Waiter<T> : TaskCompletionSource<T>, IWait
    {
        public Type Type => typeof(T);

        public void Resolve(string? data, DataConverter converter) => Converted.Complete(this, data, converter);
    }
}
