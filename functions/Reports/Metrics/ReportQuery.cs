using NodaTime;

namespace LeadFunctions.Reports.Metrics;

/// <summary>What is asked of a metric.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="By">None, one or two of the metric's dimensions; at most one of them a period.</param>
/// <param name="Origin">Whose: <c>live</c>, <c>import</c>, or null for all.</param>
/// <param name="Where">Only what has these values, by dimension, periods included.</param>
internal sealed record ReportQuery(Metric Metric, LocalDate From, LocalDate To, IReadOnlyList<string> By, Basis Basis, string? Origin, IReadOnlyList<KeyValuePair<string, string>> Where)
{
    /// <summary>What stands for a dimension of which nothing is known.</summary>
    public const string Unknown = "(none)";

    /// <summary>By the names of the metric's options; what is left out is as usual.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The period that it is cut by; null: it is not.</summary>
    public string? Unit => By.FirstOrDefault(Dimensions.OfTime.Contains);

    /// <summary>The one before it: of whole months, quarters or years as many of them, else as many days.</summary>
    public ReportQuery Previous()
    {
        var end = From.PlusDays(-1);
        if (From.Day == 1 && To.PlusDays(1).Day == 1)
        {
            var months = NodaTime.Period.Between(From, To.PlusDays(1), PeriodUnits.Months).Months;
            return this with { From = From.PlusMonths(-months), To = end };
        }

        return this with { From = From.PlusDays(-NodaTime.Period.DaysBetween(From, To) - 1), To = end };
    }

    /// <summary>Of one of the metric's options.</summary>
    public string Option(string name) => Options.GetValueOrDefault(name) ?? Metric.Options.First(option => option.Name == name).Values[0];

    /// <summary>It is cut by it, or asks for one of its values.</summary>
    public bool Concerns(string dimension) => By.Contains(dimension) || Where.Any(where => where.Key == dimension);

    public string Canonical => string.Join('|', Metric.Id, Metric.Version, From, To, string.Join(',', By), Basis, Origin, string.Join(',', Where.Select(one => $"{one.Key}={one.Value}")),
        string.Join(',', Metric.Options.Select(option => Option(option.Name))));
}
