using NodaTime;

namespace LeadFunctions.Reports.Metrics;

/// <summary>How a lead stands, as listings show it.</summary>
/// <param name="Since">When it was committed last; Unix ms. Before that it may have stood otherwise.</param>
internal readonly record struct Standing(double Engagement, string? Grade, long Since);

/// <summary>What reports go by that is no fact.</summary>
/// <param name="StandingAt">Of a lead at a moment, Unix ms; null for one that is in no listing.</param>
internal sealed record ReportSources(IReadOnlyList<Cost> Costs, Func<string, long, Standing?> StandingAt)
{
    public static readonly ReportSources None = new([], (_, _) => null);
}

/// <summary>What a report is counted of, for metrics that have to see all of it before they can count one person.</summary>
/// <param name="Now">Unix ms.</param>
internal sealed record Counting(ReportQuery Query, IReadOnlyList<Person> People, DateTimeZone Zone, long Now, ReportSources Sources)
{
    private Forecast? _forecast;

    /// <summary>Made once, for each lead and for what is said of all.</summary>
    public Forecast Forecast => _forecast ??= Forecast.Of(People, Now, Forecast.AheadOf(this));
}
