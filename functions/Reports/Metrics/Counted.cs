namespace LeadFunctions.Reports.Metrics;

/// <summary>One thing that a metric counts: of a count itself, of a share one of the whole.</summary>
/// <param name="At">The moment that decides to which period it belongs; Unix ms.</param>
/// <param name="Values">What it can be cut by.</param>
internal readonly record struct Counted(long At, FactValues Values)
{
    /// <summary>Of a share: it is one of the part.</summary>
    public bool Is { get; init; }

    /// <summary>Likewise when machines count as people do.</summary>
    public bool IsRaw { get; init; }

    /// <summary>When it became one of the part; Unix ms.</summary>
    public long ActAt { get; init; }

    /// <summary>Of a median: the number; null for the days from <see cref="At"/> to <see cref="ActAt"/>, or, where that has not been, to now.</summary>
    public double? Number { get; init; }

    /// <summary>It is not decided yet: it is said apart, and is one of neither.</summary>
    public bool IsPending { get; init; }

    /// <summary>What else it can be cut by, as the act says it: the reason of a rejection.</summary>
    public FactValues? ActValues { get; init; }

    public string? Value(string dimension) => ActValues?[dimension] ?? Values[dimension];
}
