using NodaTime;

namespace LeadFunctions.Reports.Metrics;

/// <summary>Which row of a report something belongs to, if any.</summary>
internal sealed class Cut
{
    private readonly ReportQuery _query;
    private readonly (Periods Periods, string Key)[] _when;
    private readonly (string Dimension, string Value)[] _where;

    public Cut(ReportQuery query, DateTimeZone zone)
    {
        _query = query;
        Periods = Periods.Of(query.Unit, query.From, query.To, zone);
        _when = [.. query.Where.Where(one => Dimensions.OfTime.Contains(one.Key)).Select(one => (Periods.Of(one.Key, query.From, query.To, zone), one.Value))];
        _where = [.. query.Where.Where(one => !Dimensions.OfTime.Contains(one.Key)).Select(one => (one.Key, one.Value))];
    }

    public Periods Periods { get; }

    /// <summary>Its values; null: it is in no row.</summary>
    /// <param name="at">The moment that counts.</param>
    public (string, string)? Place(long at, in Counted one)
    {
        if (Periods.Find(at) is not { } period || (_query is { Origin: { } origin, Metric.HasOrigin: true } && (one.Value(Dimensions.Origin) ?? "live") != origin))
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

        return (_query.By.Count > 0 ? Of(_query.By[0], period, one) : "", _query.By.Count > 1 ? Of(_query.By[1], period, one) : "");
    }

    private static string Of(string dimension, Period period, in Counted one) => Dimensions.OfTime.Contains(dimension) ? period.Key : one.Value(dimension) ?? ReportQuery.Unknown;
}
