using System.Runtime.InteropServices;
using NodaTime;

namespace LeadFunctions.Reports.Metrics;

/// <summary>What a metric comes to, of all or of what has the same values.</summary>
/// <param name="By">The values, in the order in which they were asked for; empty of the whole.</param>
/// <param name="Part">Of a count all, of a share the part.</param>
/// <param name="Whole">Of a share.</param>
/// <param name="Raw">The part when machines count as people do.</param>
/// <param name="People">Different people among those counted.</param>
internal sealed record ReportRow(IReadOnlyList<string> By, int Part, int Whole, int Raw, int People)
{
    /// <summary>Of a median.</summary>
    public Spread? Spread { get; init; }

    /// <summary>How much of each thing that is said apart.</summary>
    public IReadOnlyDictionary<Apart, int> Apart { get; init; } = new Dictionary<Apart, int>();

    /// <summary>It is of several that make no figure together (<see cref="Metric.Each"/>).</summary>
    public bool IsMixed { get; init; }

    /// <summary>Of costs: their currency; null where there are none, or several.</summary>
    public string? Currency { get; init; }

    /// <summary>Of costs: how much of each kind; empty where they are in several currencies.</summary>
    public IReadOnlyDictionary<string, double> Kinds { get; init; } = new Dictionary<string, double>();

    /// <summary>Of costs: what was spent; null where that is in several currencies.</summary>
    public double? Cost { get; init; }

    /// <summary>Of costs: what came in with deals; null where that is not in the costs' currency.</summary>
    public double? Revenue { get; init; }

    /// <summary>How often what was spent came in; null where nothing was.</summary>
    public double? RevenuePerCost => Cost > 0 ? Revenue / Cost : null;

    /// <summary>Of a credit, or of what is expected: how much; null where that is in several currencies, or nobody can say.</summary>
    public double? Weight { get; init; }

    /// <summary>Of a credit by message: whether there is any sign that it does something; null where nobody can tell.</summary>
    public Sign? Sign { get; init; }

    /// <summary>Of what is expected: how far it may be off, as a standard deviation.</summary>
    public double Deviation { get; init; }

    /// <summary>Of what is expected: between these it is 80 of 100 times.</summary>
    public double? Lower => Weight is { } weight ? Math.Max(0, weight - (Outlook.Deviations * Deviation)) : null;

    public double? Upper => Weight + (Outlook.Deviations * Deviation);

    /// <summary>Null where there is no whole, nothing that money was spent for, or where half have not come there.</summary>
    public double? Value(MetricUnit unit) => IsMixed ? null : unit switch
    {
        MetricUnit.Count => Part,
        MetricUnit.Median => Spread?.Median,
        MetricUnit.Cost => Part == 0 ? null : Cost / Part,
        MetricUnit.Credit or MetricUnit.Expected => Weight,
        _ => Whole == 0 ? null : (double)Part / Whole,
    };

    /// <summary>Of a credit: how much of all; null where there is nothing.</summary>
    public double? ShareOf(ReportRow total) => total.Weight > 0 ? Weight / total.Weight : null;

    /// <summary>Also of what a machine alone has opened.</summary>
    public double? RawValue => Whole + Apart.Values.Sum() is > 0 and var all ? (double)Raw / all : null;

    /// <summary>How much of all can be measured; null where there is nothing.</summary>
    public double? Measurable => Whole + Of(Sends.Unmeasured) is > 0 and var all ? (double)Whole / all : null;

    public int Of(Apart apart) => Apart.GetValueOrDefault(apart);

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
    /// <summary>Of money: its currency; null where there is none, or of several.</summary>
    public string? Currency { get; init; }

    /// <summary>Of what is expected: what it is made of; null of any other.</summary>
    public Outlook? Outlook { get; init; }

    /// <summary>Those whom a figure counts when machines count as people do.</summary>
    public const string Raw = "raw";

    /// <summary>More of them nobody can show.</summary>
    public const int MostGroups = 200_000;

    public static Report Of(ReportQuery query, IReadOnlyList<Person> people, DateTimeZone zone, DateTimeOffset now, ReportSources? sources = null)
    {
        var (cut, counted) = (new Cut(query, zone), new List<Counted>());
        var (groups, total, ms) = (new Dictionary<(string, string), Tally>(), new Tally(), now.ToUnixTimeMilliseconds());
        var (number, unit, counting) = (0, query.Metric.Unit, new Counting(query, people, zone, ms, sources ?? ReportSources.None));
        var (count, from) = (query.Metric.CounterFor(counting), Dimensions.Live);
        foreach (var person in people)
        {
            counted.Clear();
            count(person, counted);
            number += counted.Count > 0 ? 1 : 0;
            from = cut.AsksOrigin && counted.Count > 0 ? person.Origin : from;
            foreach (var one in counted)
            {
                var isOfPart = cut.IsOfPart(one);
                Add(one.At, one, isWhole: true, isPart: isOfPart && query.Basis == Basis.Cohort);
                if (query.Basis == Basis.Activity && isOfPart)
                {
                    Add(one.ActAt, one, isWhole: false, isPart: true);
                }
            }
        }

        var spent = (unit == MetricUnit.Cost ? counting.Sources.Costs : []).Where(cost => cost.From <= query.To && cost.To >= query.From).ToList();
        foreach (var cost in spent)
        {
            var values = FactValues.Of([.. Cost.Targets.Select(target => KeyValuePair.Create(target, target == cost.Target?.Key ? cost.Target.Value.Value : Cost.Unallocated))]);
            foreach (var (day, amount) in cost.Days(query.From, query.To))
            {
                Add(Periods.Moment(day, zone), new Counted(0, values) { Number = amount, Currency = cost.Currency, Kind = cost.Kind ?? Cost.NoKind }, isWhole: false, isPart: false);
            }
        }

        var rows = groups.Select(group => group.Value.ToRow(query.By.Count == 1 ? [group.Key.Item1] : [group.Key.Item1, group.Key.Item2], unit)).ToList();
        if (query is { By: [_], Unit: not null } && !query.Where.Any(where => Dimensions.OfTime.Contains(where.Key)))
        {
            rows.AddRange(cut.Periods.All.Where(period => !groups.ContainsKey((period.Key, ""))).Select(period => new Tally().ToRow([period.Key], unit))); // that nothing happened is a figure too
        }

        var (whole, outlook) = (total.ToRow([], unit), unit == MetricUnit.Expected ? Outlook.Of(counting) : null);
        if ((unit == MetricUnit.Credit && total.Currencies.Count > 1) || outlook is { Reason: not null })
        {
            rows = rows.ConvertAll(Unsaid);
            whole = Unsaid(whole);
        }

        if (query.Metric.OfPart is { } ofPart && query.By.Contains(ofPart))
        {
            var others = query.By.Where(by => by != ofPart).ToList();
            rows = OfWhole(rows, whole, query.By[0] == ofPart ? 0 : 1, others.Count == 0 ? [] : Of(query with { By = others }, people, zone, now, sources).Rows);
        }

        if (query.Metric.Each is { } each && query.Where.All(where => where.Key != each))
        {
            whole = whole with { IsMixed = true };
            rows = query.By.Contains(each) ? rows : rows.ConvertAll(row => row with { IsMixed = true });
        }

        if (unit == MetricUnit.Credit && query is { By: [var by], Where: [] } && Contribution.OfSends.Contains(by))
        {
            var signs = Sign.Of(counting, by);
            rows = rows.ConvertAll(row => row with { Sign = signs.GetValueOrDefault(row.By[0]) });
        }

        rows.Sort((one, other) => ReportRow.Compare(one.By, other.By));
        return new(whole, query.By.Count == 0 ? [] : rows) { Currency = unit == MetricUnit.Credit ? total.Currencies is [var only] ? only : null : whole.Currency, Outlook = outlook };

        static ReportRow Unsaid(ReportRow row) => row with { Weight = null };

        void Add(long at, Counted one, bool isWhole, bool isPart)
        {
            if (cut.Place(at, one, from) is not { } place)
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

    /// <summary>Of rows by what only the part has, each is so much of the whole that it would be without that.</summary>
    /// <param name="place">Of that among the values of a row.</param>
    /// <param name="wholes">Rows by the other, if there is one.</param>
    private static List<ReportRow> OfWhole(List<ReportRow> rows, ReportRow total, int place, IReadOnlyList<ReportRow> wholes)
    {
        var byOther = wholes.ToDictionary(one => one.By[0]);
        return
        [
            .. from row in rows
               where row.Part > 0
               let whole = row.By.Count == 1 ? total : byOther[row.By[1 - place]] // the row is among them
               select row with { Whole = whole.Whole, People = whole.People, Apart = whole.Apart },
        ];
    }

    /// <summary>Exactly those whom the total of a report counts, by their ids.</summary>
    /// <param name="onlyPart">Of a share: those in the part.</param>
    /// <param name="of">Instead of these, those whom it says apart, by its name; or <see cref="Raw"/>.</param>
    public static IReadOnlyList<CountedPerson> PeopleOf(ReportQuery query, IReadOnlyList<Person> people, DateTimeZone zone, DateTimeOffset now, bool onlyPart, ReportSources? sources = null, string? of = null)
    {
        var (cut, counted, found) = (new Cut(query, zone), new List<Counted>(), new List<CountedPerson>());
        var count = query.Metric.CounterFor(new(query, people, zone, now.ToUnixTimeMilliseconds(), sources ?? ReportSources.None));
        foreach (var person in people)
        {
            counted.Clear();
            count(person, counted);
            var (times, parts, first) = (0, 0, long.MaxValue);
            var from = cut.AsksOrigin && counted.Count > 0 ? person.Origin : Dimensions.Live;
            foreach (var one in counted)
            {
                if (one.Revenue is not null || (of is null ? one.Apart is not null : of == Raw ? !one.IsRaw : one.Apart?.Name != of))
                {
                    continue;
                }

                var isWhole = cut.Place(one.At, one, from) is not null;
                var isPart = cut.IsOfPart(one) && (query.Basis == Basis.Activity ? cut.Place(one.ActAt, one, from) is not null : isWhole);
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
        if (query.Metric.IsAhead)
        {
            return []; // what is to come is never complete
        }

        var periods = Periods.Of(query.Unit, query.From, query.To, zone);
        var (time, matures) = (now.ToUnixTimeMilliseconds(), (long)(query.Metric.Matures?.TotalMilliseconds ?? 0));
        return
        [
            .. periods.All.Where(period => period.End + matures > time)
                .Select(period => period.End > time ? new IncompletePeriod(period.Key, "open", period.End + matures) : new(period.Key, "immature", period.End + matures)),
        ];
    }
}

/// <summary>More different values than anybody can look at.</summary>
internal sealed class TooManyRowsException() : Exception($"More than {Report.MostGroups} rows.");
