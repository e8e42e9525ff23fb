using LeadFunctions.Reports;
using LeadFunctions.Reports.Metrics;
using LeadFunctions.Reports.Stored;
using NodaTime;

namespace LeadFunctions.Tests.Reports;

/// <summary>Facts by hand, and what they come to.</summary>
internal sealed class Facts
{
    public static readonly DateTimeZone Ljubljana = DateTimeZoneProviders.Tzdb["Europe/Ljubljana"];

    public static readonly DateTimeOffset Now = new(2027, 2, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Fact> _all = [];

    /// <param name="at">UTC, as 2026-03-01T12:00Z.</param>
    public Facts Add(string lead, FactKind kind, string at, string? subject = null, params (string Dimension, string Value)[] values)
    {
        var time = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        _all.Add(new Fact(Fact.IdOf(kind, lead, $"{_all.Count}"), kind, lead, time, time, _all.Count, subject, values.Any(value => value == (Dimensions.By, "human")) || kind == FactKind.Internal ? 1 : null, values.ToDictionary(value => value.Dimension, value => value.Value)));
        return this;
    }

    /// <summary>With a number of its own.</summary>
    public Facts Add(string lead, FactKind kind, string at, double number, params (string Dimension, string Value)[] values)
    {
        Add(lead, kind, at, null, values);
        _all[^1] = _all[^1] with { Number = number };
        return this;
    }

    public Facts Stage(string lead, string at, string stage, string? outcome = null, string cause = "person", string? reason = null) =>
        Add(lead, FactKind.Stage, at, null,
            [(Dimensions.Stage, stage), (Dimensions.Cause, cause), .. outcome is null ? ((string, string)[])[] : [(Dimensions.Outcome, outcome)], .. reason is null ? ((string, string)[])[] : [(Dimensions.Reason, reason)]]);

    public IReadOnlyList<Person> People(bool backwards = false)
    {
        var book = new FactBook();
        book.Add(backwards ? _all.AsEnumerable().Reverse().Concat(_all) : _all);
        return book.People();
    }

    public Report Report(ReportQuery query, DateTimeOffset? now = null, ReportSources? sources = null) => LeadFunctions.Reports.Metrics.Report.Of(query, People(), Ljubljana, now ?? Now, sources);

    public Report Report(string metric, string from, string to, IReadOnlyList<string>? by = null, Basis basis = Basis.Cohort, string? origin = "live", DateTimeZone? zone = null) =>
        LeadFunctions.Reports.Metrics.Report.Of(Query(metric, from, to, by, basis, origin), People(), zone ?? Ljubljana, Now);

    public static ReportQuery Query(string metric, string from, string to, IReadOnlyList<string>? by = null, Basis basis = Basis.Cohort, string? origin = "live", params KeyValuePair<string, string>[] where) =>
        new(AllMetrics.Find(metric)!, Day(from), Day(to), by ?? [], basis, origin, where); // not null: tests ask for what there is

    public static LocalDate Day(string day) => NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value;

    /// <summary>How much a row says apart, by name.</summary>
    public static int Apart(ReportRow row, string name = "pending") => row.Apart.Where(apart => apart.Key.Name == name).Sum(apart => apart.Value);
}
