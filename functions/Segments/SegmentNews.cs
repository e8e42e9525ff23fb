namespace LeadFunctions.Segments;

/// <summary>What must be known outside because a lead's segments were decided.</summary>
internal abstract record SegmentNews
{
    private SegmentNews()
    {
    }

    /// <param name="At">When it became so: Unix ms.</param>
    /// <param name="Version">Of the definition that says so; null when the segment is gone.</param>
    /// <param name="Number">Of the lead's change that this is.</param>
    /// <param name="Stay">The <see cref="Membership.Number"/> of the stay that begins or ends.</param>
    /// <param name="IsEarlier">Time alone did it, or a publication, before the events at hand came.</param>
    /// <param name="IsQuiet">A publication did it that was to start nothing.</param>
    public sealed record Changed(string Segment, int? Version, bool Enters, long At, int Number, int Stay, bool IsEarlier, bool IsQuiet = false) : SegmentNews;

    /// <summary>The lead is to be looked at then.</summary>
    public sealed record Due(DateTimeOffset At) : SegmentNews;
}
