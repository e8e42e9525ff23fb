namespace LeadFunctions.Local.DurableTask;

/// <summary>How much is under way, for whoever must know when all has settled.</summary>
internal sealed class WorkCount
{
    private long _running;
    private long _version;

    /// <summary>Whether anything is under way.</summary>
    public bool IsBusy => Interlocked.Read(ref _running) > 0;

    /// <summary>How many things are under way.</summary>
    public long Running => Interlocked.Read(ref _running);

    /// <summary>Grows with every begin and end.</summary>
    public long Version => Interlocked.Read(ref _version);

    public void Begin()
    {
        Interlocked.Increment(ref _running);
        Interlocked.Increment(ref _version);
    }

    public void End(int count = 1)
    {
        Interlocked.Increment(ref _version);
        Interlocked.Add(ref _running, -count);
    }
}
