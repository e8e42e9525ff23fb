namespace LeadFunctions.Reports.Metrics;

internal enum MetricUnit
{
    /// <summary>How many.</summary>
    Count,

    /// <summary>A part of a whole, between 0 and 1; without a whole it is null.</summary>
    Share,

    /// <summary>Money for each; without any it is null.</summary>
    Cost,

    /// <summary>What half of them stay below; null as long as that is not known.</summary>
    Median,
}

/// <summary>Which moment decides to what period something belongs.</summary>
internal enum Basis
{
    /// <summary>When the whole began: a message went out, a lead was handed over.</summary>
    Cohort,

    /// <summary>When it was done: the part by its own moment, over the whole by its.</summary>
    Activity,
}

/// <summary>A figure that reports show: what it means, and how one person's facts make it.</summary>
/// <param name="Version">Grows with each change of what it means.</param>
/// <param name="Definition">In one sentence, for people.</param>
/// <param name="Edges">What that leaves open.</param>
/// <param name="Dimensions">By what it can be cut, periods aside.</param>
/// <param name="Matures">So long after its end a period may still change, for what comes afterwards counts for it; null: not.</param>
/// <param name="HasOrigin">People who were imported are left out, unless somebody asks for them.</param>
/// <param name="Count">Adds what is to be counted of a person.</param>
internal sealed record Metric(
    string Id, int Version, string Name, MetricUnit Unit, string Definition, string Edges, IReadOnlyList<string> Dimensions, TimeSpan? Matures, bool HasOrigin, Action<Person, List<Counted>> Count)
{
    /// <summary>Both where two moments are known of what is counted.</summary>
    public IReadOnlyList<Basis> Bases { get; init; } = [Basis.Cohort];

    /// <summary>What is said in words of what is pending; null where nothing is.</summary>
    public string? Pending { get; init; }

    /// <summary>Of a median: what it is a number of.</summary>
    public string? Measure { get; init; }

    /// <summary>The dimension without which it says nothing: it is cut by it when nothing is said, and has no total otherwise.</summary>
    public string? Each { get; init; }

    /// <summary>Beside the part, the part with machines counted as people is shown.</summary>
    public bool HasRaw { get; init; }

    public IReadOnlyList<string> AllDimensions => [.. Dimensions, .. Reports.Dimensions.OfTime];
}
