using System.Collections.Concurrent;

namespace LeadFunctions.Local.Storage.Core;

/// <summary>
/// What this process does with one storage account. The local runtime asks whether calls are under way before it moves the
/// clock, and wakes a queue's reader as soon as a message was sent instead of at its next poll.
/// </summary>
internal sealed class AccountActivity
{
    private static readonly ConcurrentDictionary<string, AccountActivity> Accounts = new(StringComparer.OrdinalIgnoreCase);

    private int inFlight;
    private long started;

    /// <summary>Raised with the queue's name after the service has taken a message.</summary>
    public event Action<string>? MessageSent;

    public int CallsInFlight => Volatile.Read(ref inFlight);

    public long CallsStarted => Interlocked.Read(ref started);

    public static AccountActivity Of(string accountName) => Accounts.GetOrAdd(accountName, _ => new AccountActivity());

    public void Enter()
    {
        Interlocked.Increment(ref inFlight);
        Interlocked.Increment(ref started);
    }

    public void Leave() => Interlocked.Decrement(ref inFlight);

    public void Sent(string queue) => MessageSent?.Invoke(queue);
}
