using System.ComponentModel.DataAnnotations;

namespace LeadFunctions.Events.Queueing;

/// <summary>Settings under <c>LeadFunctions:Ingest</c>.</summary>
public sealed class IngestOptions
{
    /// <summary>Writes into the queue under way at a time. More shorten the wait on distant storage; fewer make larger, cheaper messages.</summary>
    [Range(1, 16)]
    public int Writers { get; set; } = 2;

    /// <summary>Events waiting for the queue, in MiB of JSON; beyond it requests are answered with 503.</summary>
    [Range(1, 1024)]
    public int MaxWaitingMegabytes { get; set; } = 32;
}
