using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using LeadFunctions.Reports.Metrics;
using Microsoft.AspNetCore.Http;
using NodaTime.Text;

namespace LeadFunctions.Reports.Api;

/// <summary>A report as a small page of its own: what it means, a chart, and the same figures in a table. It loads nothing and runs nothing.</summary>
internal sealed class ReportPage(ShownReport report, IReadOnlyList<ReportRow> rows) : IResult
{
    private const int Width = 720, Height = 240, Foot = 24;

    /// <summary>Longer tables are had where reports are.</summary>
    public const int MostRowsInMail = 200;

    /// <summary>More bars nobody can tell apart; the table has all.</summary>
    private const int MostBars = 120;

    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:46rem;padding:0 1rem;color:#1b1b1b;background:#fff}
        table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:600;padding:.5rem 0}
        th,td{text-align:left;padding:.25rem .75rem;border-bottom:1px solid #ccc}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
        svg{width:100%;height:auto}rect{fill:#1f5fa8}text{font-size:12px;fill:#1b1b1b}.note{color:#555}
        @media(prefers-color-scheme:dark){body{background:#161616;color:#eee}rect{fill:#7db3f0}text{fill:#eee}.note{color:#aaa}th,td{border-color:#444}}
        """;

    private static readonly string Policy = $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly Metric _metric = report.Request.Query.Metric;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        return Results.Content(Html(), "text/html; charset=utf-8").ExecuteAsync(httpContext);
    }

    /// <summary>In lines, for programs that show no pages.</summary>
    public string Text()
    {
        var query = report.Request.Query;
        var lines = new StringBuilder();
        lines.Append(CultureInfo.InvariantCulture, $"{_metric.Name}, {LocalDatePattern.Iso.Format(query.From)} to {LocalDatePattern.Iso.Format(query.To)}\n{_metric.Definition}\n\n");
        foreach (var row in rows)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{string.Join(", ", row.By)}: {Shown(row.Value(_metric.Unit))}\n");
        }

        return lines.Append(_metric.Each is null ? $"All: {Shown(report.Report.Total.Value(_metric.Unit))}\n" : "").ToString();
    }

    /// <summary>As a page of its own.</summary>
    public string Html()
    {
        var query = report.Request.Query;
        var (from, to) = (LocalDatePattern.Iso.Format(query.From), LocalDatePattern.Iso.Format(query.To));
        var html = new StringBuilder();
        html.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
            .Append(CultureInfo.InvariantCulture, $"<title>{Escaped(_metric.Name)}, {from} to {to}</title><style>{Style}</style></head><body><main><h1>{Escaped(_metric.Name)}</h1>")
            .Append(CultureInfo.InvariantCulture, $"<p>{Escaped(_metric.Definition)}</p><p>{(_metric.Each is null ? $"<strong>{Shown(report.Report.Total.Value(_metric.Unit))}</strong> from" : "From")} {from} to {to}, {Escaped(report.Zone)}, {report.Report.Total.People} people.");
        if (report.Previous is { } before && _metric.Each is null)
        {
            html.Append(CultureInfo.InvariantCulture, $" The period before: {Shown(before.Total.Value(_metric.Unit))}.");
        }

        html.Append("</p>");
        if (report.Incomplete.Count > 0)
        {
            html.Append("<p class=\"note\">May still change: ").AppendJoin(", ", report.Incomplete.Take(10).Select(period => Escaped(period.Period.Length > 0 ? $"{period.Period} ({period.Why})" : $"this range ({period.Why})")))
                .Append(report.Incomplete.Count > 10 ? " and later." : ".").Append("</p>");
        }

        if (report.Report.Outlook is { } outlook)
        {
            html.Append("<p class=\"note\">").Append(outlook.Reason is null ? "" : $"Fewer than {Forecast.FewestWon} have become customers among those who began long enough ago: there is no forecast. ");
            html.AppendJoin(" ", outlook.Past.Select(past => string.Create(CultureInfo.InvariantCulture, $"On {DateTimeOffset.FromUnixTimeMilliseconds(past.At):yyyy-MM-dd} it would have been {past.Expected:N1}, and {past.Actual} came."))).Append("</p>");
        }

        if (rows.Count > 0)
        {
            Chart(html);
        }

        Table(html, query);
        return html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">{Escaped(_metric.Edges)}</p></main></body></html>").ToString();
    }

    private void Chart(StringBuilder html)
    {
        var shown = rows.Take(MostBars).ToList();
        var most = Math.Max(shown.Max(row => row.Value(_metric.Unit)) ?? 0, double.Epsilon);
        var (step, place) = ((double)Width / shown.Count, 0);
        html.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height + Foot}\" role=\"img\" aria-labelledby=\"ct cd\"><title id=\"ct\">{Escaped(_metric.Name)}</title>")
            .Append(CultureInfo.InvariantCulture, $"<desc id=\"cd\">A bar for each row of the table below{(shown.Count < rows.Count ? $", the first {MostBars}" : "")}; the highest is {Shown(most)}.</desc>");
        foreach (var row in shown)
        {
            var value = row.Value(_metric.Unit);
            var height = (value ?? 0) / most * (Height - 8);
            html.Append(CultureInfo.InvariantCulture, $"<rect x=\"{place * step + (step * 0.1):0.##}\" y=\"{Height - height:0.##}\" width=\"{step * 0.8:0.##}\" height=\"{height:0.##}\"><title>{Escaped(string.Join(", ", row.By))}: {Shown(value)}</title></rect>");
            place++;
        }

        html.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{Height + 18}\">{Escaped(shown[0].By[0])}</text>");
        if (shown.Count > 1)
        {
            html.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width}\" y=\"{Height + 18}\" text-anchor=\"end\">{Escaped(shown[^1].By[0])}</text>");
        }

        html.Append("</svg>");
    }

    private void Table(StringBuilder html, ReportQuery query)
    {
        var isShare = _metric.Unit == MetricUnit.Share;
        html.Append(CultureInfo.InvariantCulture, $"<table><caption>{Escaped(_metric.Name)}{(query.By.Count > 0 ? " by " + Escaped(string.Join(" and ", query.By)) : "")}</caption><thead><tr>");
        html.AppendJoin("", query.By.Select(by => $"<th scope=\"col\">{Escaped(by)}</th>")).Append(query.By.Count == 0 ? "<td></td>" : "");
        html.AppendJoin("", ((IEnumerable<string>)["value", .. isShare ? ["of", "out of"] : _metric.Unit == MetricUnit.Cost ? ["spent", "for"] : Others(query).Select(column => column.Name), "people"]).Select(column => $"<th scope=\"col\" class=\"n\">{column}</th>")).Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            Row(html, string.Concat(row.By.Select((value, i) => i == 0 ? $"<th scope=\"row\">{Escaped(value)}</th>" : $"<td>{Escaped(value)}</td>")), row);
        }

        html.Append("</tbody>");
        if (_metric.Each is null)
        {
            html.Append("<tfoot>");
            Row(html, $"<th scope=\"row\" colspan=\"{Math.Max(1, query.By.Count)}\">All</th>", report.Report.Total);
            html.Append("</tfoot>");
        }

        html.Append("</table>");

        void Row(StringBuilder to, string head, ReportRow row)
        {
            to.Append("<tr>").Append(head).Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{Shown(row.Value(_metric.Unit))}</td>");
            if (_metric.Unit == MetricUnit.Cost)
            {
                to.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{row.Cost:N2}</td><td class=\"n\">{row.Part}</td>");
            }

            foreach (var column in Others(query))
            {
                to.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{column.Of(row, report.Report):#,##0.###}</td>");
            }

            if (isShare)
            {
                to.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{row.Part}</td><td class=\"n\">{row.Whole}</td>");
            }

            to.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{row.People}</td></tr>");
        }
    }

    private static IEnumerable<(string Name, Func<ReportRow, Report, double?> Of)> Others(ReportQuery query) =>
        query.Metric.Unit is MetricUnit.Credit or MetricUnit.Expected || query.Metric is { Unit: MetricUnit.Count, Apart: [_, ..] } ? ReportCsv.Columns(query) : [];

    private string Shown(double? value) => value is not { } number ? "no figure" : _metric.Unit switch
    {
        MetricUnit.Share => number.ToString("P1", CultureInfo.InvariantCulture),
        MetricUnit.Cost => $"{number.ToString("N2", CultureInfo.InvariantCulture)} {report.Report.Currency}",
        MetricUnit.Credit or MetricUnit.Expected => number.ToString("N1", CultureInfo.InvariantCulture) + " " + (report.Report.Currency ?? _metric.Measure),
        MetricUnit.Median => number.ToString("N1", CultureInfo.InvariantCulture) + " " + _metric.Measure,
        _ => number.ToString("N0", CultureInfo.InvariantCulture),
    };

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
