using System.Runtime.InteropServices;
using NodaTime;

namespace LeadFunctions.Reports.Metrics;

/// <summary>What a metric comes to, of all or of what has the same values.</summary>
/// <param name="By">The values, in the order in which they were asked for; empty of the whole.</param>
/// <param name="Part">Of a count all, of a share the part.</param>
/// <param name="Whole">Of a share.</param>
/// <param name="Raw">The part when machines count as people do.</param>
/// <param name="Pending">What is not decided yet.</param>
/// <param name="People">Different people among those counted.</param>
internal sealed record ReportRow(IReadOnlyList<string> By, int Part, int Whole, int Raw, int Pending, int People)
{
    /// <summary>Of a median.</summary>
    public Spread? Spread { get; init; }

    /// <summary>Of costs: what was spent; null where that is in several currencies.</summary>
    public double? Cost { get; init; }

    /// <summary>Null where there is no whole, nothing that money was spent for, or where half have not come there.</summary>
    public double? Value(MetricUnit unit) => unit switch { MetricUnit.Count => Part, MetricUnit.Median => Spread?.Median, MetricUnit.Cost => Part == 0 ? null : Cost / Part, _ => Whole == 0 ? null : (double)Part / Whole };

    public double? RawValue => Whole == 0 ? null : (double)Raw / Whole;

    /// <summary>The order of rows.</summary>
    public static int Compare(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        for (var i = 0; i < one.Count; i++)
        {
            if (string.CompareOrdinal(one[i], other[i]) is not 0 and var order)
            {
                return order;
            }
        }

        return 0;
    }
}

/// <summary>A period whose figures may still change.</summary>
/// <param name="Period">Its key; empty of the whole range.</param>
/// <param name="Why"><c>open</c>: it is not over; <c>immature</c>: what comes afterwards counts for it.</param>
/// <param name="Until">Until then; Unix ms.</param>
internal sealed record IncompletePeriod(string Period, string Why, long Until);

/// <summary>Somebody whom a figure counts.</summary>
/// <param name="Times">How often they are in it.</param>
/// <param name="Parts">Of a share: how often they are in the part.</param>
/// <param name="At">When they were counted first; Unix ms.</param>
internal sealed record CountedPerson(string LeadId, int Times, int Parts, long At);

/// <summary>A metric, counted person by person: no figure is kept, so there is none that could be behind the facts.</summary>
/// <param name="Rows">By their values; without one to cut by, none.</param>
internal sealed record Report(ReportRow Total, IReadOnlyList<ReportRow> Rows)
{
    /// <summary>Of costs: their currency; null where there are none, or of several.</summary>
    public string? Currency { get; init; }

    /// <summary>More of them nobody can show.</summary>
    public const int MostGroups = 200_000;

    public static Report Of(ReportQuery query, IEnumerable<Person> people, DateTimeZone zone, DateTimeOffset now, IReadOnlyList<Cost>? costs = null)
    {
        var (cut, counted) = (new Cut(query, zone), new List<Counted>());
        var (groups, total, ms) = (new Dictionary<(string, string), Tally>(), new Tally(), now.ToUnixTimeMilliseconds());
        var (number, unit) = (0, query.Metric.Unit);
        foreach (var person in people)
        {
            counted.Clear();
            query.Metric.Count(person, counted);
            number += counted.Count > 0 ? 1 : 0;
            foreach (var one in counted)
            {
                Add(one.At, one, isWhole: true, isPart: query.Basis == Basis.Cohort);
                if (query.Basis == Basis.Activity && one.Is)
                {
                    Add(one.ActAt, one, isWhole: false, isPart: true);
                }
            }
        }

        var spent = (unit == MetricUnit.Cost ? costs ?? [] : []).Where(cost => cost.From <= query.To && cost.To >= query.From).ToList();
        foreach (var cost in spent)
        {
            var values = cost.Source is { } source ? FactValues.Of(Dimensions.Source, source) : FactValues.None;
            foreach (var (day, amount) in cost.Days(query.From, query.To))
            {
                Add(Periods.Moment(day, zone), new Counted(0, values) { Number = amount }, isWhole: false, isPart: false);
            }
        }

        var rows = groups.Select(group => group.Value.ToRow(query.By.Count == 1 ? [group.Key.Item1] : [group.Key.Item1, group.Key.Item2], unit)).ToList();
        if (query is { By: [_], Unit: not null } && !query.Where.Any(where => Dimensions.OfTime.Contains(where.Key)))
        {
            rows.AddRange(cut.Periods.All.Where(period => !groups.ContainsKey((period.Key, ""))).Select(period => new ReportRow([period.Key], 0, 0, 0, 0, 0) { Spread = unit == MetricUnit.Median ? Spread.Of([]) : null })); // that nothing happened is a figure too
        }

        var currencies = spent.Select(cost => cost.Currency).Distinct().ToList();
        if (currencies.Count > 1)
        {
            rows = rows.ConvertAll(row => row with { Cost = null });
        }

        rows.Sort((one, other) => ReportRow.Compare(one.By, other.By));
        return new(currencies.Count > 1 ? total.ToRow([], unit) with { Cost = null } : total.ToRow([], unit), query.By.Count == 0 ? [] : rows) { Currency = currencies.Count == 1 ? currencies[0] : null };

        void Add(long at, Counted one, bool isWhole, bool isPart)
        {
            if (cut.Place(at, one) is not { } place)
            {
                return;
            }

            total.Add(one, number, isWhole, isPart, unit, ms);
            if (query.By.Count > 0)
            {
                ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, place, out var isThere);
                if (!isThere && groups.Count > MostGroups)
                {
                    throw new TooManyRowsException();
                }

                (group ??= new()).Add(one, number, isWhole, isPart, unit, ms);
            }
        }
    }

    /// <summary>Exactly those whom the total of a report counts, by their ids.</summary>
    /// <param name="onlyPart">Of a share: those in the part.</param>
    public static IReadOnlyList<CountedPerson> PeopleOf(ReportQuery query, IEnumerable<Person> people, DateTimeZone zone, bool onlyPart)
    {
        var (cut, counted, found) = (new Cut(query, zone), new List<Counted>(), new List<CountedPerson>());
        foreach (var person in people)
        {
            counted.Clear();
            query.Metric.Count(person, counted);
            var (times, parts, first) = (0, 0, long.MaxValue);
            foreach (var one in counted)
            {
                if (one.IsPending)
                {
                    continue;
                }

                var isWhole = cut.Place(one.At, one) is not null;
                var isPart = one.Is && (query.Basis == Basis.Activity ? cut.Place(one.ActAt, one) is not null : isWhole);
                (times, parts) = (times + (isWhole ? 1 : 0), parts + (isPart ? 1 : 0));
                first = isWhole || isPart ? Math.Min(first, isWhole ? one.At : one.ActAt) : first;
            }

            if (onlyPart ? parts > 0 : times + parts > 0)
            {
                found.Add(new(person.LeadId, times, parts, first));
            }
        }

        found.Sort((one, other) => string.CompareOrdinal(one.LeadId, other.LeadId));
        return found;
    }

    /// <summary>What of a report may still change by what is to come; by what comes late, all of it may.</summary>
    public static IReadOnlyList<IncompletePeriod> IncompleteOf(ReportQuery query, DateTimeZone zone, DateTimeOffset now)
    {
        var periods = Periods.Of(query.Unit, query.From, query.To, zone);
        var (time, matures) = (now.ToUnixTimeMilliseconds(), (long)(query.Metric.Matures?.TotalMilliseconds ?? 0));
        return
        [
            .. periods.All.Where(period => period.End + matures > time)
                .Select(period => period.End > time ? new IncompletePeriod(period.Key, "open", period.End + matures) : new(period.Key, "immature", period.End + matures)),
        ];
    }

    private sealed class Tally
    {
        private const double DayMs = 86_400_000;

        private readonly List<(double, bool)> _numbers = [];
        private double _cost;
        private int _part, _whole, _raw, _pending, _people, _last = -1;

        /// <param name="now">Unix ms.</param>
        /// <param name="person">Numbers people: they come one after the other, so that each counts once.</param>
        public void Add(in Counted one, int person, bool isWhole, bool isPart, MetricUnit unit, long now)
        {
            if (one.IsPending)
            {
                _pending += isWhole ? 1 : 0;
                return;
            }

            if (!isWhole && !isPart)
            {
                _cost += one.Number ?? 0;
                return;
            }

            _whole += isWhole ? 1 : 0;
            _part += isPart && one.Is ? 1 : 0;
            _raw += isWhole && one.IsRaw ? 1 : 0;
            if (unit == MetricUnit.Median)
            {
                _numbers.Add((one.Number ?? Math.Max(0, (one.Is ? one.ActAt : now) - one.At) / DayMs, one is { Is: false, Number: null }));
            }

            if (person != _last)
            {
                (_people, _last) = (_people + 1, person);
            }
        }

        public ReportRow ToRow(IReadOnlyList<string> by, MetricUnit unit) => new(by, _part, unit is MetricUnit.Count or MetricUnit.Cost ? 0 : _whole, _raw, _pending, _people)
        {
            Spread = unit == MetricUnit.Median ? Spread.Of(_numbers) : null,
            Cost = unit == MetricUnit.Cost ? _cost : null,
        };
    }
}

/// <summary>More different values than anybody can look at.</summary>
internal sealed class TooManyRowsException() : Exception($"More than {Report.MostGroups} rows.");
