using System.Globalization;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Http;
using LeadFunctions.Reports.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using NodaTime;
using NodaTime.Text;

namespace LeadFunctions.Reports.Api;

/// <summary>The query of a report.</summary>
/// <param name="Query">Not to be used where there are mistakes.</param>
/// <param name="Format">json, csv or html.</param>
internal sealed record ReportRequest(ReportQuery Query, bool Compares, string Format, int Limit, IReadOnlyList<FieldError> Errors)
{
    public const int MostRows = 10_000;

    private const int UsualDays = 30;
    private const int MostDays = 3_660;
    private const int UsualDaysAhead = 90;
    private const int MostDaysAhead = 1_095;
    private const int MostDimensions = 2;

    private static readonly string[] Parameters = ["from", "to", "by", "basis", "compare", "origin", "format", "limit", "cursor"];

    /// <param name="today">In the workspace's zone.</param>
    /// <param name="others">Parameters of the caller's own.</param>
    public static ReportRequest Parse(HttpRequest request, Metric metric, string? format, LocalDate today, params string[] others) => Parse(request.Query, metric, format, Accepted(request), today, others);

    /// <summary>As somebody wrote it down: of a report in JSON.</summary>
    /// <param name="said">By the names of a request.</param>
    public static ReportRequest Parse(IReadOnlyDictionary<string, string> said, Metric metric, LocalDate today) =>
        Parse(new QueryCollection(said.ToDictionary(one => one.Key, one => new StringValues(one.Value))), metric, "json", "json", today, []);

    /// <summary>Likewise of one figure.</summary>
    public static ReportRequest Uncut(IReadOnlyDictionary<string, string> said, Metric metric, LocalDate today) => Parse(said, metric, today) is var asked ? asked with { Query = asked.Query with { By = [] } } : asked;

    private static ReportRequest Parse(IQueryCollection query, Metric metric, string? format, string accepted, LocalDate today, string[] others)
    {
        List<FieldError> errors = [.. KnownQuery.Check(query, [.. Parameters.Where(parameter => !(metric.IsAhead && parameter is "from" or "compare") && !(metric.Unit == MetricUnit.Cost && parameter == "origin")), .. others, .. metric.Options.Select(option => option.Name), .. metric.AllDimensions])];
        var to = Day("to") ?? (metric.IsAhead ? today.PlusDays(UsualDaysAhead - 1) : today);
        var from = metric.IsAhead ? today : Day("from") ?? to.PlusDays(1 - UsualDays);
        if (metric.IsAhead && errors.Count == 0 && (to < today || NodaTime.Period.DaysBetween(today, to) > MostDaysAhead))
        {
            errors.Add(new("to", "So far nobody can look ahead.", $"a day from today on, at most {MostDaysAhead} days from now"));
        }

        if (errors.Count == 0 && (from > to || NodaTime.Period.DaysBetween(from, to) >= MostDays))
        {
            errors.Add(new("from", from > to ? "The range ends before it begins." : "The range is too long.", $"a day up to {LocalDatePattern.Iso.Format(to)}, and at most {MostDays} days of it"));
        }

        var by = ByOf(Text("by") ?? (others.Length == 0 && (metric.Each is not { } each || Text(each) is null) ? metric.Each ?? metric.UsualBy : null), metric, errors);
        var basis = OneOf("basis", metric.Bases.Select(Name), Name(Basis.Cohort)) == Name(Basis.Activity) ? Basis.Activity : Basis.Cohort;
        var compares = OneOf("compare", ["previous", "none"], "none") == "previous";
        var origin = OneOf("origin", [Dimensions.Live, "import", "all"], metric.HasOrigin ? Dimensions.Live : "all");
        var where = metric.AllDimensions.Where(dimension => dimension != Dimensions.Origin && Text(dimension) is not null).Select(dimension => KeyValuePair.Create(dimension, query[dimension].ToString())).ToList();
        if (errors.Count == 0)
        {
            foreach (var (unit, key) in where.Where(one => Dimensions.OfTime.Contains(one.Key) && Periods.Of(one.Key, from, to, DateTimeZone.Utc).All.All(period => period.Key != one.Value)))
            {
                errors.Add(new(unit, $"There is no such {unit} in the range.", $"one as {Periods.Of(unit, from, from, DateTimeZone.Utc).All[0].Key}, from {LocalDatePattern.Iso.Format(from)} to {LocalDatePattern.Iso.Format(to)}"));
            }
        }

        var options = metric.Options.ToDictionary(option => option.Name, option => OneOf(option.Name, option.Values, option.Values[0]));
        format ??= OneOf("format", ["json", "csv", "html"], accepted);
        var limit = MostRows;
        if (Text("limit") is { } asked && !(int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MostRows))
        {
            errors.Add(new("limit", "This many cannot be asked for at once.", $"1 to {MostRows}"));
        }

        return new(new(metric, from, to, by, basis, origin == "all" ? null : origin, where) { Options = options }, compares, format, limit, errors);

        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

        LocalDate? Day(string name)
        {
            if (Text(name) is not { } text)
            {
                return null;
            }

            if (LocalDatePattern.Iso.Parse(text) is { Success: true, Value: { Year: >= 2000 and <= 2999 } day })
            {
                return day;
            }

            errors.Add(new(name, "This is not a day.", "a day from 2000 on, as 2026-03-01; both from and to are in the report"));
            return null;
        }

        string OneOf(string name, IEnumerable<string> allowed, string usual)
        {
            if (Text(name) is { } text && !allowed.Contains(text))
            {
                errors.Add(new(name, $"The metric {metric.Id} knows no such {name}.", $"one of {string.Join(", ", allowed)}"));
                return usual;
            }

            return Text(name) ?? usual;
        }
    }

    public static string Name(Basis basis) => basis == Basis.Activity ? "activity" : "cohort";

    private static IReadOnlyList<string> ByOf(string? text, Metric metric, List<FieldError> errors)
    {
        var by = text?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        var allowed = string.Join(", ", metric.AllDimensions);
        if (by.FirstOrDefault(one => !metric.AllDimensions.Contains(one)) is { } unknown)
        {
            errors.Add(new("by", $"The metric {metric.Id} cannot be cut by \"{unknown}\".", $"at most {MostDimensions} of {allowed}"));
        }
        else if (by.Length > MostDimensions || by.Distinct().Count() < by.Length || by.Count(Dimensions.OfTime.Contains) > 1)
        {
            errors.Add(new("by", "A report is not cut so.", $"at most {MostDimensions} different ones, of which one may be a period, of {allowed}"));
        }

        return errors.Exists(error => error.Path == "by") ? [] : by;
    }

    private static string Accepted(HttpRequest request) =>
        request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).Select(type => type.MediaType.ToString()).FirstOrDefault() switch { "text/csv" => "csv", _ => "json" };
}
