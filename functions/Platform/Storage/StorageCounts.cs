using Azure.Core;
using Azure.Core.Pipeline;

namespace LeadFunctions.Platform.Storage;

/// <summary>A service of the storage account, as prices tell them apart.</summary>
public enum StorageService
{
    Tables,
    Queues,
    Blobs,
}

/// <param name="Transactions">Requests that were answered, each try by itself: that is what is paid for.</param>
/// <param name="Sent">Bytes of bodies.</param>
/// <param name="Received">Bytes of bodies; of answers that do not say how long they are, none.</param>
public readonly record struct StorageUse(long Transactions, long Sent, long Received)
{
    public static StorageUse operator +(StorageUse one, StorageUse other) => new(one.Transactions + other.Transactions, one.Sent + other.Sent, one.Received + other.Received);
}

/// <summary>
/// Counts what this process asks of storage, in memory. What the Functions host asks (its queue listeners, the Durable engine) goes by clients of its own and is not in it: the account's own metrics in Azure have all.
/// </summary>
public sealed class StorageCounts
{
    private static readonly StorageService[] All = Enum.GetValues<StorageService>();

    private readonly long[] _counts = new long[All.Length * 3];

    /// <summary>What was counted since the last call, which is forgotten here.</summary>
    public IReadOnlyDictionary<StorageService, StorageUse> Take() => All.ToDictionary(service => service, service => new StorageUse(Take(service, 0), Take(service, 1), Take(service, 2)));

    /// <summary>For the pipeline of a service's clients, once for each try.</summary>
    internal HttpPipelinePolicy For(StorageService service) => new Policy(this, service);

    private long Take(StorageService service, int what) => Interlocked.Exchange(ref _counts[((int)service * 3) + what], 0);

    private void Add(StorageService service, long sent, long received)
    {
        var at = (int)service * 3;
        Interlocked.Increment(ref _counts[at]);
        Interlocked.Add(ref _counts[at + 1], sent);
        Interlocked.Add(ref _counts[at + 2], received);
    }

    private sealed class Policy(StorageCounts meter, StorageService service) : HttpPipelineSynchronousPolicy
    {
        public override void OnReceivedResponse(HttpMessage message)
        {
            var sent = message.Request.Content is { } content && content.TryComputeLength(out var length) ? length : 0;
            meter.Add(service, sent, message.Response.Headers.ContentLengthLong ?? (message.Response.ContentStream is { CanSeek: true } body ? body.Length : 0));
        }
    }
}
