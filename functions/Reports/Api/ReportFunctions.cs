using LeadFunctions.Access;
using LeadFunctions.Events;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Reports.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Reports.Api;

/// <summary>The figures that nurturing is judged by, and who is behind each.</summary>
public sealed class ReportFunctions(ReportCounter counter, FilterValues values, TimeProvider time)
{
    private const int MostPeople = 1_000;
    private const int UsualPeople = 100;

    [Function(nameof(ListReports)), RequiresScope(Scope.Read)]
    public IResult ListReports([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/reports")] HttpRequest request) =>
        KnownQuery.Check(request.Query).ToList() is { Count: > 0 } errors ? Problems.Invalid(errors) : WebJson.Ok(new Page<ShownMetric>([.. AllMetrics.List.Select(ShownMetric.Of)]));

    [Function(nameof(GetReport)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetReport(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/reports/{metric}")] HttpRequest request, string metric, CancellationToken cancellationToken)
    {
        var isCsv = metric.EndsWith(".csv", StringComparison.Ordinal);
        if (AllMetrics.Find(isCsv ? metric[..^".csv".Length] : metric) is not { } known)
        {
            return UnknownMetric();
        }

        var asked = ReportRequest.Parse(request, known, isCsv ? "csv" : null, counter.Today);
        if (asked.Errors.Count > 0)
        {
            return Problems.Invalid(asked.Errors);
        }

        var cursor = request.Query["cursor"].ToString();
        if (!TryPosition(cursor, asked.Query, out var after))
        {
            return Problems.InvalidCursor();
        }

        if (await RefuseAsync(asked, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var report = await counter.CountAsync(asked, cancellationToken);

            // What is complete, and how long things take that are not over, changes with the hours.
            var asks = TextHash.Of($"{asked.Query.Canonical}|{report.Zone}|{asked.Format}|{asked.Compares}|{asked.Limit}|{cursor}");
            var (etag, isOfFactsAlone) = ($"\"{report.Revision}-{asks:x16}-{time.GetUtcNow().ToUnixTimeSeconds() / 3_600:x}\"", ReportCounter.IsOfFactsAlone(known));
            if (isOfFactsAlone && request.Headers.IfNoneMatch.Contains(etag))
            {
                return Results.StatusCode(StatusCodes.Status304NotModified).WithETag(etag);
            }

            var answer = await AnswerAsync(report, after, cancellationToken);
            return isOfFactsAlone ? answer.WithETag(etag) : answer;
        }
        catch (TooManyRowsException)
        {
            return Problems.Invalid("by", $"These have more than {Report.MostGroups} different values.", "something coarser, a shorter range, or a filter (a dimension and its value)");
        }
    }

    /// <summary>Exactly those whom the report's total counts, asked in the same way.</summary>
    [Function(nameof(GetReportPeople)), ShowsPeople, RequiresScope(Scope.Read)]
    public async Task<IResult> GetReportPeople(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/reports/{metric}/people")] HttpRequest request, string metric, CancellationToken cancellationToken)
    {
        if (AllMetrics.Find(metric) is not { } known)
        {
            return UnknownMetric();
        }

        var asked = ReportRequest.Parse(request, known, "json", counter.Today, "of");
        var of = request.Query["of"].ToString();
        List<FieldError> errors = [.. asked.Errors];
        string[] others = [.. known.Apart.Select(apart => apart.Name), .. known.HasRaw ? (string[])[Report.Raw] : []];
        if (of is not ("" or "all") && !others.Contains(of) && !(of == "part" && known.Unit != MetricUnit.Count))
        {
            errors.Add(new("of", "These cannot be asked for.", string.Join(", ", ["all", .. known.Unit == MetricUnit.Count ? (string[])[] : ["part for those in the numerator"], .. others])));
        }

        if (request.Query.ContainsKey("by") || request.Query.ContainsKey("compare"))
        {
            errors.Add(new(request.Query.ContainsKey("by") ? "by" : "compare", "A list of people is not cut.", "the values of the row that is meant, as source=form/demo or month=2026-03"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        if (await RefuseAsync(asked, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var limit = request.Query.ContainsKey("limit") ? Math.Min(asked.Limit, MostPeople) : UsualPeople;
        var after = "";
        if (request.Query["cursor"].ToString() is { Length: > 0 } text)
        {
            if (!Cursor.TryDecode<PersonPosition>(text, out var position))
            {
                return Problems.InvalidCursor();
            }

            after = position.LeadId;
        }

        var people = await counter.PeopleAsync(asked, of == "part", cancellationToken, others.Contains(of) ? of : null);
        var page = people.Where(person => string.CompareOrdinal(person.LeadId, after) > 0).Take(limit + 1).ToList();
        return WebJson.Ok(new PeoplePage(
            [.. page.Take(limit).Select(person => new ShownPerson(person.LeadId, person.Times, known.Unit == MetricUnit.Count ? null : person.Parts, DateTimeOffset.FromUnixTimeMilliseconds(person.At)))],
            people.Count, page.Count > limit ? Cursor.Encode(new PersonPosition(page[limit - 1].LeadId)) : null));
    }

    /// <summary>Why there is no figure; null when there is one.</summary>
    private async Task<IResult?> RefuseAsync(ReportRequest asked, CancellationToken cancellationToken) =>
        await counter.FirstAsync(cancellationToken) is { } reading ? new StillReading(reading) : await values.RefuseAsync(asked.Query.Where, cancellationToken);

    private static async Task<IResult> AnswerAsync(ShownReport report, IReadOnlyList<string>? after, CancellationToken cancellationToken)
    {
        var (query, limit) = (report.Request.Query, report.Request.Limit);
        if (report.Request.Format == "csv")
        {
            return await StreamedAnswer.BeginAsync("text/csv; charset=utf-8", $"{query.Metric.Id}.csv", ReportCsv.PiecesAsync(query, report.Report), cancellationToken);
        }

        var rows = report.Report.Rows.Where(row => after is null || ReportRow.Compare(row.By, after) > 0).Take(limit + 1).ToList();
        var page = rows.Take(limit).ToList();
        return report.Request.Format == "html"
            ? new ReportPage(report, page)
            : Results.Json(report.ToJson(page, after, rows.Count > limit ? Cursor.Encode(new RowPosition(page[^1].By, query.Canonical)) : null), WebJson.Options);
    }

    private static bool TryPosition(string cursor, ReportQuery query, out IReadOnlyList<string>? after)
    {
        after = null;
        if (cursor.Length == 0)
        {
            return true;
        }

        var isKnown = Cursor.TryDecode<RowPosition>(cursor, out var position) && position.Query == query.Canonical;
        after = isKnown ? position!.By : null; // not null: it was decoded
        return isKnown;
    }

    private static ProblemResult UnknownMetric() => new(Problems.NotFound("The metric").Problem with { Detail = $"There are {string.Join(", ", AllMetrics.List.Select(one => one.Id))}." });

    internal sealed record RowPosition(IReadOnlyList<string> By, string Query);

    internal sealed record PersonPosition(string LeadId);

    /// <param name="Times">How often they are in the figure: of a share, in the denominator.</param>
    /// <param name="Parts">Of a share: in the numerator.</param>
    /// <param name="At">When they were counted first.</param>
    internal sealed record ShownPerson(string LeadId, int Times, int? Parts, DateTimeOffset At);

    /// <param name="Count">Of all pages.</param>
    internal sealed record PeoplePage(IReadOnlyList<ShownPerson> Items, int Count, string? NextCursor);
}

/// <summary>What a metric means and how it can be asked for.</summary>
internal sealed record ShownMetric(
    string Id, int Version, string Name, string Unit, string? Measure, string Definition, string Edges, IReadOnlyList<string> Dimensions, IReadOnlyList<string> Bases, string? Origin, double? MaturesAfterDays, IReadOnlyList<Apart>? Apart, string? Each, bool IsLessBetter,
    IReadOnlyList<MetricOption>? Options)
{
    public static ShownMetric Of(Metric metric) => new(
        metric.Id, metric.Version, metric.Name, metric.Unit.ToString().ToLowerInvariant(), metric.Measure, metric.Definition, metric.Edges, metric.AllDimensions, [.. metric.Bases.Select(ReportRequest.Name)],
        metric.HasOrigin ? "live" : null, metric.Matures?.TotalDays, metric.Apart is [] ? null : metric.Apart, metric.Each, metric.IsLessBetter, metric.Options is [] ? null : metric.Options);
}
