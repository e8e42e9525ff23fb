using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LeadFunctions.Local.Functions.Queues;

/// <summary>The <c>extensions.queues</c> section of host.json, with upstream's defaults.</summary>
internal sealed record QueueSettings(int BatchSize, int NewBatchThreshold, TimeSpan VisibilityTimeout, int MaxDequeueCount, TimeSpan MaxPollingInterval, bool IsBase64)
{
    /// <summary>How long a message stays hidden while it is worked on; renewed at half of it.</summary>
    internal TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(10);

    internal static QueueSettings From(IConfiguration host)
    {
        var section = host.GetSection("extensions:queues");
        var batchSize = Math.Clamp(Number(section["batchSize"], 16), 1, 32);
        return new QueueSettings(
            batchSize,
            Number(section["newBatchThreshold"], batchSize / 2),
            Time(section["visibilityTimeout"], TimeSpan.Zero),
            Number(section["maxDequeueCount"], 5),
            Time(section["maxPollingInterval"], TimeSpan.FromMinutes(1)),
            !string.Equals(section["messageEncoding"] ?? "base64", "none", StringComparison.OrdinalIgnoreCase))
        {
            Lease = Time(host["local:queueLease"], TimeSpan.FromMinutes(10)),
        };
    }

    private static int Number(string? text, int otherwise) => text is null ? otherwise : int.Parse(text, CultureInfo.InvariantCulture);

    private static TimeSpan Time(string? text, TimeSpan otherwise) => text is null ? otherwise : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
