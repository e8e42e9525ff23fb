using System.Collections.Concurrent;

namespace LeadFunctions.Messaging.Sending;

/// <summary>
/// Names the attempts of this process to send something. One that failed before the message was handed over goes on under its name; after that nobody knows, and the next bears another.
/// </summary>
public sealed class Attempts
{
    private readonly ConcurrentDictionary<string, string> _begun = new(StringComparer.Ordinal);

    internal string Of(string send) => _begun.GetOrAdd(send, _ => Guid.NewGuid().ToString("N"));

    /// <summary>To be called before the message is handed over, and when it will not be.</summary>
    internal void End(string send) => _begun.TryRemove(send, out _);
}
