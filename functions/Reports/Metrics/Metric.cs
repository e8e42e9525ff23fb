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

    /// <summary>How much of what was reached is put down to something; what nothing led to has a row of its own.</summary>
    Credit,

    /// <summary>How many are to be expected.</summary>
    Expected,
}

/// <summary>What else may be said when a metric is asked for.</summary>
/// <param name="Values">The first when nothing is said.</param>
/// <param name="Means">For people.</param>
internal sealed record MetricOption(string Name, IReadOnlyList<string> Values, string Means);

/// <summary>What a metric says apart: it is of neither the part nor the whole.</summary>
/// <param name="Name">As answers call it.</param>
/// <param name="Means">For people.</param>
internal sealed record Apart(string Name, string Means);

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

    public IReadOnlyList<Apart> Apart { get; init; } = [];

    /// <summary>Of a median: what it is a number of.</summary>
    public string? Measure { get; init; }

    /// <summary>The dimension without which it says nothing: it is cut by it when nothing is said, and has no total otherwise.</summary>
    public string? Each { get; init; }

    /// <summary>Of a share: the dimension that only what is of the part has, as a rejection its reason. A row by it is so much of the whole.</summary>
    public string? OfPart { get; init; }

    /// <summary>By what it is cut when nothing is said.</summary>
    public string? UsualBy { get; init; }

    /// <summary>Beside the part, the part with machines counted as people is shown.</summary>
    public bool HasRaw { get; init; }

    /// <summary>Less of it is the better.</summary>
    public bool IsLessBetter { get; init; }

    /// <summary>It looks ahead, from now to the last day of the range: nothing of it belongs to a period.</summary>
    public bool IsAhead { get; init; }

    /// <summary>It goes by how leads stand too, which changes without a fact.</summary>
    public bool AsksStanding { get; init; }

    /// <summary>It changes as time passes: who is on the way, or silent, has been so for longer every hour.</summary>
    public bool ChangesWithTime => Unit == MetricUnit.Median || Prepare is not null;

    public IReadOnlyList<MetricOption> Options { get; init; } = [];

    /// <summary>Of one for which a person's facts are not enough: made once for all people, in place of <see cref="Count"/>.</summary>
    public Func<Counting, Action<Person, List<Counted>>>? Prepare { get; init; }

    public IReadOnlyList<string> AllDimensions => IsAhead ? Dimensions : [.. Dimensions, .. Reports.Dimensions.OfTime];

    /// <summary>What adds what is to be counted of a person.</summary>
    public Action<Person, List<Counted>> CounterFor(Counting counting) => Prepare?.Invoke(counting) ?? Count;
}
