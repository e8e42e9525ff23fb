namespace LeadFunctions.Lifecycle;

/// <summary>What must be known because a lead's place in the lifecycle was looked at.</summary>
internal abstract record LifecycleNews
{
    private LifecycleNews()
    {
    }

    /// <summary>A rule has moved the lead.</summary>
    /// <param name="Stay">The one that begins.</param>
    /// <param name="IsEarlier">Time alone did it, before the events at hand came; so of the others.</param>
    public sealed record Moved(string From, Stay Stay, bool IsEarlier) : LifecycleNews;

    /// <summary>Nobody has moved the lead on in time.</summary>
    public sealed record SlaMissed(Stay Stay, string Sla, long At, bool IsEarlier) : LifecycleNews;

    /// <summary>A recycled lead shows interest again.</summary>
    /// <param name="Low">The lowest that engagement has been since it was recycled.</param>
    public sealed record Reopened(int Count, double Low, double Engagement, Stay Recycled, long At) : LifecycleNews;

    /// <summary>Nobody has been in touch for too long.</summary>
    public sealed record Neglected(Stay Stay, string After, long At, bool IsEarlier) : LifecycleNews;

    /// <summary>It has entered the stage in which leads are given to somebody in sales.</summary>
    /// <param name="Owners">Whose conditions hold, in the document's order.</param>
    public sealed record OwnerWanted(Stay Stay, IReadOnlyList<string> Owners) : LifecycleNews;

    /// <summary>The lead is to be looked at then.</summary>
    public sealed record Due(DateTimeOffset At) : LifecycleNews;
}
