using NodaTime;

namespace LeadFunctions.Reports.Metrics;

/// <summary>Which row of a report something belongs to, if any.</summary>
internal sealed class Cut
{
    private readonly ReportQuery _query;
    private readonly (Periods Periods, string Key)[] _when;
    private readonly (string Dimension, string Value)[] _where;
    private readonly string? _ofPart;

    public Cut(ReportQuery query, DateTimeZone zone)
    {
        _query = query;
        Periods = Periods.Of(query.Unit, query.From, query.To, zone);
        _when = [.. query.Where.Where(one => Dimensions.OfTime.Contains(one.Key)).Select(one => (Periods.Of(one.Key, query.From, query.To, zone), one.Value))];
        _where = [.. query.Where.Where(one => !Dimensions.OfTime.Contains(one.Key) && one.Key != query.Metric.OfPart).Select(one => (one.Key, one.Value))];
        _ofPart = query.Where.FirstOrDefault(one => one.Key == query.Metric.OfPart).Value;
        AsksOrigin = !query.Metric.HasOrigin && (query.Origin is not null || query.Concerns(Dimensions.Origin));
    }

    /// <summary>Where people came from makes a difference, and what is counted does not say it.</summary>
    public bool AsksOrigin { get; }

    public Periods Periods { get; }

    /// <summary>Its values; null: it is in no row.</summary>
    /// <param name="at">The moment that counts.</param>
    /// <param name="from">How the person came (<see cref="Person.Origin"/>), where that is asked for.</param>
    public (string, string)? Place(long at, in Counted one, string from)
    {
        if (Periods.Find(at) is not { } period || (_query.Origin is { } origin && (one.Value(Dimensions.Origin) ?? from) != origin))
        {
            return null;
        }

        foreach (var (dimension, value) in _where)
        {
            if ((one.Value(dimension) ?? ReportQuery.Unknown) != value)
            {
                return null;
            }
        }

        foreach (var (periods, key) in _when)
        {
            if (periods.Find(at)?.Key != key)
            {
                return null;
            }
        }

        return (_query.By.Count > 0 ? Of(_query.By[0], period, one, from) : "", _query.By.Count > 1 ? Of(_query.By[1], period, one, from) : "");
    }

    /// <summary>One of the part has what is asked of the part alone (<see cref="Metric.OfPart"/>).</summary>
    public bool IsOfPart(in Counted one) => one.Is && (_ofPart is not { } value || (one.Value(_query.Metric.OfPart!) ?? ReportQuery.Unknown) == value); // not null: it was asked for

    private static string Of(string dimension, Period period, in Counted one, string from) =>
        Dimensions.OfTime.Contains(dimension) ? period.Key : one.Value(dimension) ?? (dimension == Dimensions.Origin ? from : ReportQuery.Unknown);
}
