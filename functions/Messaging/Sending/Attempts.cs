using System.Collections.Concurrent;

namespace LeadFunctions.Messaging.Sending;

/// <summary>
/// Names the attempts of this process to send something, one at a time of each message. One that failed before the message was handed over goes on under its name; after that nobody knows, and the
/// next bears another.
/// </summary>
public sealed class Attempts
{
    private readonly ConcurrentDictionary<string, string> _begun = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _busy = new(StringComparer.Ordinal);

    /// <summary>
    /// Waits until nobody else in this process is at the message. The claim in the lead's commit tells processes apart, not two in one that were called for the same (a queue delivers twice): they would
    /// find it claimed under their own name, and both hand it over.
    /// </summary>
    internal async Task<IDisposable> EnterAsync(string send, CancellationToken cancellationToken)
    {
        var mine = new Turn(this, send);
        while (_busy.GetOrAdd(send, mine.Over) is var busy && busy != mine.Over)
        {
            await busy.WaitAsync(cancellationToken);
        }

        return mine;
    }

    internal string Of(string send) => _begun.GetOrAdd(send, _ => Guid.NewGuid().ToString("N"));

    /// <summary>To be called before the message is handed over, and when it will not be.</summary>
    internal void End(string send) => _begun.TryRemove(send, out _);

    private sealed class Turn(Attempts attempts, string send) : IDisposable
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Over => _over.Task;

        public void Dispose()
        {
            attempts._busy.TryRemove(send, out _);
            _over.TrySetResult();
        }
    }
}
