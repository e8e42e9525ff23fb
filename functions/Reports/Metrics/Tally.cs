namespace LeadFunctions.Reports.Metrics;

/// <summary>What has been counted of one row so far.</summary>
internal sealed class Tally
{
    private const double DayMs = 86_400_000;

    private readonly List<(double, bool)> _numbers = [];
    private readonly HashSet<string> _currencies = [];
    private readonly Dictionary<Experience, int> _from = [];
    private readonly Dictionary<Apart, int> _apart = [];
    private readonly Dictionary<string, double> _kinds = [];
    private readonly HashSet<string> _costCurrencies = [];
    private double _cost, _weight, _revenue;
    private int _part, _whole, _raw, _people, _outcome, _last = -1;

    /// <summary>Of the money in it.</summary>
    public IReadOnlyList<string> Currencies => [.. _currencies];

    /// <param name="now">Unix ms.</param>
    /// <param name="person">Numbers people: they come one after the other, so that each counts once.</param>
    public void Add(in Counted one, int person, bool isWhole, bool isPart, MetricUnit unit, long now)
    {
        if (one.Apart is { } apart)
        {
            _apart[apart] = _apart.GetValueOrDefault(apart) + (isWhole ? 1 : 0);
            _raw += isWhole && one.IsRaw ? 1 : 0;
            return;
        }

        if (one.Revenue is { } revenue)
        {
            _revenue += revenue;
            _currencies.Add(one.Currency ?? ReportQuery.Unknown);
            return;
        }

        if (one.Kind is { } kind)
        {
            var spent = one.Number ?? 0;
            (_cost, _kinds[kind]) = (_cost + spent, _kinds.GetValueOrDefault(kind) + spent);
            _costCurrencies.Add(one.Currency ?? ReportQuery.Unknown);
            return;
        }

        if (unit == MetricUnit.Credit)
        {
            var isAgain = person == _last && one.Outcome == _outcome;
            (_whole, _part, _outcome) = (_whole + (isAgain ? 0 : 1), _part + (one.Is ? 1 : 0), one.Outcome);
            _weight += isAgain && one.IsOnce ? 0 : one.Weight;
            _ = one.Currency is { } currency && _currencies.Add(currency);
        }
        else
        {
            _whole += isWhole ? 1 : 0;
            _part += isPart ? 1 : 0;
            _raw += isWhole && one.IsRaw ? 1 : 0;
            _weight += one.Weight;
        }

        if (unit == MetricUnit.Median)
        {
            _numbers.Add((one.Number ?? Math.Max(0, (one.Is ? one.ActAt : now) - one.At) / DayMs, one is { Is: false, Number: null }));
        }

        if (one.From is { } experience)
        {
            _from[experience] = _from.GetValueOrDefault(experience) + 1;
        }

        if (person != _last)
        {
            (_people, _last) = (_people + 1, person);
        }
    }

    public ReportRow ToRow(IReadOnlyList<string> by, MetricUnit unit) => new(by, _part, unit is MetricUnit.Count or MetricUnit.Cost ? 0 : _whole, _raw, _people)
    {
        Spread = unit == MetricUnit.Median ? Spread.Of(_numbers) : null,
        Apart = _apart,
        Cost = unit == MetricUnit.Cost && _costCurrencies.Count < 2 ? _cost : null,
        Revenue = unit == MetricUnit.Cost && _costCurrencies.Union(_currencies).Count() < 2 ? _revenue : null,
        Currency = unit == MetricUnit.Cost && (_costCurrencies.Count == 0 ? _currencies : _costCurrencies) is { Count: 1 } only ? only.Single() : null,
        Kinds = _costCurrencies.Count < 2 ? _kinds : new Dictionary<string, double>(),
        Weight = unit is MetricUnit.Credit or MetricUnit.Expected ? _weight : null,
        Deviation = Math.Sqrt(_from.Sum(one => one.Key.VarianceOf(one.Value))),
    };
}
