namespace LeadFunctions.Local.DurableTask;

/// <summary>How a process takes part in a task hub.</summary>
internal sealed record HubOptions
{
    /// <summary>The hub's name, which starts its tables' names: letters and digits.</summary>
    public string Name { get; init; } = "Durable";

    /// <summary>Into how many partitions instances are spread. Fixed for the life of a hub's tables.</summary>
    public int Shards { get; init; } = 16;

    /// <summary>Activities that run at once in this process.</summary>
    public int ActivitiesAtOnce { get; init; } = Math.Max(32, 10 * Environment.ProcessorCount);

    /// <summary>Orchestrators kept in memory between two messages, so that they need not be replayed. The rest are replayed when they are woken.</summary>
    public int RunsInMemory { get; init; } = 10_000;

    /// <summary>How often a process looks which others there are, in real time. It shows that it is alive four times in its <see cref="Patience"/>.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long without a beat another process takes over, unless it can see sooner that the process is gone.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often messages from other processes are looked for while there are others.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(50);
}
