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

    /// <summary>Then it is one of neither (<see cref="Metric.Apart"/>).</summary>
    public Apart? Apart { get; init; }

    /// <summary>Of a cost: money that came in with a deal; it is said beside the cost, and nobody is counted by it.</summary>
    public double? Revenue { get; init; }

    /// <summary>Of a credit how much of it; of what is expected, its probability.</summary>
    public double Weight { get; init; }

    /// <summary>Of a credit: of which of the person's outcomes, from 1; those of one stand together.</summary>
    public int Outcome { get; init; }

    /// <summary>Of a credit: however much led to the outcome, it counts once in a row.</summary>
    public bool IsOnce { get; init; }

    /// <summary>Of what was spent: labour, technology, media, or none that somebody said.</summary>
    public string? Kind { get; init; }

    /// <summary>Of a credit of money, of revenue, and of what was spent.</summary>
    public string? Currency { get; init; }

    /// <summary>Of what is expected: the experience that its probability comes from.</summary>
    public Experience? From { get; init; }

    /// <summary>What else it can be cut by, as the act says it: the reason of a rejection.</summary>
    public FactValues? ActValues { get; init; }

    public string? Value(string dimension) => ActValues?[dimension] ?? Values[dimension];
}
