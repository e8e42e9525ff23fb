using System.Collections.Concurrent;

namespace LeadFunctions.Local.DurableTask;

/// <summary>Wakes those who wait for an instance of this process to come to another status.</summary>
internal sealed class InstanceWatch
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiters = new(StringComparer.Ordinal);

    /// <summary>Completes at the instance's next change of status. Ask before reading the instance, so that no change is missed.</summary>
    public Task ChangeOf(string instanceId) =>
        _waiters.GetOrAdd(instanceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Changed(string instanceId)
    {
        if (!_waiters.IsEmpty && _waiters.TryRemove(instanceId, out var waiter))
        {
            waiter.SetResult();
        }
    }
}
