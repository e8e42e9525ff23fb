#nullable disable // Upstream's assembly carries no nullable annotations; the app must see the same.
namespace Azure.Storage.Queues.Models;

/// <summary>A queue's metadata and depth.</summary>
public class QueueProperties
{
    public IDictionary<string, string> Metadata { get; internal init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>About how many messages are in the queue, invisible ones included; int.MaxValue when there are more.</summary>
    public int ApproximateMessagesCount => (int)Math.Min(ApproximateMessagesCountLong, int.MaxValue);

    public long ApproximateMessagesCountLong { get; internal init; }
}

/// <summary>A queue of an account. Metadata only when asked for.</summary>
public class QueueItem
{
    internal QueueItem(string name, IDictionary<string, string> metadata)
    {
        Name = name;
        Metadata = metadata;
    }

    public string Name { get; }

    public IDictionary<string, string> Metadata { get; }
}

[Flags]
public enum QueueTraits
{
    None = 0,
    Metadata = 1,
}
