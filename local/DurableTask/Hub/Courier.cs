namespace LeadFunctions.Local.DurableTask;

/// <summary>
/// Delivers outbox entries, each instance's to each target in their order, and takes them out of the outbox once the target has them. What
/// comes while a delivery is under way goes with the next.
/// </summary>
internal sealed class Courier(DurableHub hub)
{
    // A message to another process must fit a table row.
    private const int MostCharacters = 200_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly Dictionary<(Shard, string, string), Queue<OutboxEntry>> _routes = [];

    public void Deliver(Shard shard, string instanceId, OutboxEntry entry)
    {
        hub.Work.Begin();
        var route = (shard, instanceId, entry.Target);
        lock (_gate)
        {
            if (_routes.TryGetValue(route, out var waiting))
            {
                waiting.Enqueue(entry);
                return;
            }

            _routes.Add(route, new Queue<OutboxEntry>([entry]));
        }

        _ = RunAsync(shard, instanceId, entry.Target);
    }

    private async Task RunAsync(Shard shard, string instanceId, string target)
    {
        // Leaves the shard's loop, so that an episode's entries go together.
        await Task.Yield();
        while (Take((shard, instanceId, target)) is { Count: > 0 } entries)
        {
            // A shard that is lost is read again by its next owner, with what is still in its outbox; nobody else would deliver what is left of one that is not.
            while (!await TryDeliverAsync(shard, instanceId, target, entries) && shard.IsOwned && !hub.Stopping.IsCancellationRequested)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }

            hub.Work.End(entries.Count);
        }
    }

    private async Task<bool> TryDeliverAsync(Shard shard, string instanceId, string target, List<OutboxEntry> entries)
    {
        try
        {
            await hub.SendAsync(target, entries is [var one] ? one.Message : new InstanceMessage.Several([.. entries.Select(entry => entry.Message)]), hub.Stopping);
            long[] delivered = [.. entries.Where(entry => entry.Message is not InstanceMessage.Orphan).Select(entry => entry.Id)];
            if (delivered.Length > 0)
            {
                shard.TryPost(new Mail(instanceId, new InstanceMessage.Delivered(delivered)));
            }

            return true;
        }
        catch (Exception exception) when (exception is OperationCanceledException || Outage.IsBehind(exception))
        {
            Log.NotDelivered(hub.Logger, exception, instanceId, target);
            return false;
        }
    }

    private List<OutboxEntry> Take((Shard, string, string) route)
    {
        var taken = new List<OutboxEntry>();
        lock (_gate)
        {
            var waiting = _routes[route];
            for (var size = 0; size < MostCharacters && waiting.TryDequeue(out var entry); size += SizeOf(entry.Message))
            {
                taken.Add(entry);
            }

            if (taken.Count == 0)
            {
                _routes.Remove(route);
            }
        }

        return taken;
    }

    private static int SizeOf(InstanceMessage message) => 100 + message switch
    {
        InstanceMessage.Raise raise => raise.Data?.Length ?? 0,
        InstanceMessage.Start start => start.Started.Input?.Length ?? 0,
        InstanceMessage.Answer answer => answer.Result?.Length ?? 0,
        _ => 0,
    };
}
