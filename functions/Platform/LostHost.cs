namespace LeadFunctions.Platform;

/// <summary>
/// What a host had in hand when it was lost (killed, or with its machine), and when it comes back. Decisions that are final wait for that where they can: what was accepted may not have been
/// applied, and nobody sees it meanwhile.
/// </summary>
public static class LostHost
{
    /// <summary>For so long the Functions host takes a queue message. Fixed in Microsoft's listener (<c>QueueListener</c> of Microsoft.Azure.WebJobs.Extensions.Storage.Queues); host.json's <c>visibilityTimeout</c> is about failures.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    /// <summary>Then it has come back, also where its further deliveries fail, all but the last: a test holds that against host.json.</summary>
    public static readonly TimeSpan GivesBack = Lease + TimeSpan.FromMinutes(1);

    /// <summary>Then what followed from it in further queues is done too.</summary>
    public static readonly TimeSpan IsOver = GivesBack + TimeSpan.FromMinutes(4);

    /// <summary>Whoever looks so much later than they meant to was lost themselves, and whoever had something in hand perhaps with them.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    /// <summary>Until when to wait for what may be on its way; null when it has come, or never will.</summary>
    /// <param name="until">What this answered before; null the first time.</param>
    public static DateTimeOffset? WaitUntil(DateTimeOffset? until, DateTimeOffset now) =>
        until is not { } before || now - before > Late ? now + GivesBack : now < before ? before : null;
}
