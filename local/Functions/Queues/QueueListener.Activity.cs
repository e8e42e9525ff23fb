using Azure;
using LeadFunctions.Local.Functions.Time;
using LeadFunctions.Local.Storage.Core;

namespace LeadFunctions.Local.Functions.Queues;

/// <summary>What the clock may ask of a queue: does it hold messages?</summary>
internal sealed partial class QueueListener : IActivity
{
    private long version;

    // Messages may be there from before the start.
    private volatile bool mayHoldMessages = true;

    public long Version => Interlocked.Read(ref version);

    public string? FindRunning() => inFlight.IsEmpty ? null : $"queue {queue.Name} ({inFlight.Count} in progress, function {function.Name})";

    public async ValueTask<string?> FindWaitingAsync(bool thorough, CancellationToken cancellationToken)
    {
        if (!thorough && !mayHoldMessages)
        {
            return null;
        }

        var before = Version;
        var count = await CountAsync(cancellationToken);
        if (count == 0)
        {
            mayHoldMessages = Version != before;
            return mayHoldMessages ? $"queue {queue.Name} (just now)" : null;
        }

        wake.Set();
        return $"queue {queue.Name} ({count} messages)";
    }

    private async Task<int> CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await queue.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return 0;
        }
    }

    /// <summary>A message sent by this process is fetched at once.</summary>
    private void Watch() => AccountActivity.Of(queue.AccountName).MessageSent += OnMessageSent;

    private void Unwatch() => AccountActivity.Of(queue.AccountName).MessageSent -= OnMessageSent;

    private void OnMessageSent(string name)
    {
        if (name == queue.Name)
        {
            mayHoldMessages = true;
            Interlocked.Increment(ref version);
            wake.Set();
        }
    }
}
