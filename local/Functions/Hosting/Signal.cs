namespace LeadFunctions.Local.Functions.Hosting;

/// <summary>Wakes one waiter; a signal that comes while nobody waits is kept for the next.</summary>
internal sealed class Signal
{
    private readonly SemaphoreSlim semaphore = new(0, 1);
    private int set;

    internal void Set()
    {
        if (Interlocked.Exchange(ref set, 1) == 0)
        {
            semaphore.Release();
        }
    }

    /// <summary>True when signalled, false after <paramref name="timeout"/> of real time.</summary>
    internal async Task<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!await semaphore.WaitAsync(timeout, cancellationToken))
        {
            return false;
        }

        Interlocked.Exchange(ref set, 0);
        return true;
    }
}
