using System.Globalization;
using System.Text;
using LeadFunctions.Imports.Rows;
using LeadFunctions.Reports.Metrics;

namespace LeadFunctions.Reports.Api;

/// <summary>The rows of a report as CSV, in the same order and with the same figures as in JSON; of one that is not cut, its total.</summary>
internal static class ReportCsv
{
    private const int PieceBytes = 64 * 1024;

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(ReportQuery query, Report report)
    {
        await Task.CompletedTask; // all is at hand: it is only sent in pieces
        var (text, metric) = (new StringBuilder(), query.Metric);
        text.Append(Line([.. query.By, "value", .. Reasons(metric, ["reason"]), .. Columns(query).Select(column => column.Name), "people"]));
        foreach (var row in query.By.Count == 0 ? [report.Total] : report.Rows)
        {
            text.Append(Line([.. row.By.Select(CellGuard.Guard), Text(ShownReport.Shown(metric, row.Value(metric.Unit))), .. Reasons(metric, [row.Value(metric.Unit) is null ? ShownReport.ReasonOf(metric, report, row) : ""]), .. Columns(query).Select(column => Text(column.Of(row, report))), Text(row.People)]));
            if (text.Length >= PieceBytes)
            {
                yield return Encoding.UTF8.GetBytes(text.ToString());
                text.Clear();
            }
        }

        yield return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>What a row says beside its value.</summary>
    internal static IEnumerable<(string Name, Func<ReportRow, Report, double?> Of)> Columns(ReportQuery query)
    {
        IEnumerable<(string, Func<ReportRow, Report, double?>)> ofUnit = query.Metric.Unit switch
        {
            MetricUnit.Share => [("numerator", (row, _) => row.IsMixed ? null : row.Part), ("denominator", (row, _) => row.IsMixed ? null : row.Whole)],
            MetricUnit.Cost => [("numerator", (row, _) => Rounded(row.Cost)), ("denominator", (row, _) => row.Part), ("revenue", (row, _) => Rounded(row.Revenue)), ("revenuePerCost", (row, _) => Rounded(row.RevenuePerCost))],
            MetricUnit.Median => [("lower", (row, _) => Rounded(OfOne(row)?.Lower)), ("upper", (row, _) => Rounded(OfOne(row)?.Upper)), ("observed", (row, _) => OfOne(row)?.Observed), ("open", (row, _) => OfOne(row)?.Open)],
            MetricUnit.Credit when query.Concerns(Dimensions.Rule) => [("share", (row, report) => Rounded(row.ShareOf(report.Total))), ("outcomes", (row, _) => row.Whole), ("needed", (row, _) => row.Part), ("isWithoutEffect", (row, _) => row.By.Count > 0 && row.Part == 0 ? 1 : 0)],
            MetricUnit.Credit => [("share", (row, report) => Rounded(row.ShareOf(report.Total))), ("outcomes", (row, _) => row.Whole), ("difference", (row, _) => Rounded(row.Sign?.Difference)), ("lower", (row, _) => Rounded(row.Sign?.Lower)), ("upper", (row, _) => Rounded(row.Sign?.Upper)), ("isWithoutEffect", (row, _) => row.Sign is { } sign ? sign.IsNone ? 1 : 0 : null)],
            MetricUnit.Expected => [("lower", (row, _) => Rounded(row.Lower)), ("upper", (row, _) => Rounded(row.Upper)), ("money", (row, report) => Rounded(row.Weight * report.Outlook?.Deal))],
            _ => [],
        };
        return
        [
            .. ofUnit,
            .. query.Metric.HasRaw ? [("raw", (row, _) => row.RawValue), ("rawNumerator", (row, _) => row.Raw)] : (IEnumerable<(string, Func<ReportRow, Report, double?>)>)[],
            .. query.Metric.Apart.Select(apart => (apart.Name, (Func<ReportRow, Report, double?>)((row, _) => row.Of(apart)))),
            .. query.Metric.Apart.Contains(Sends.Unmeasured) ? [("measurable", (row, _) => row.Measurable)] : (IEnumerable<(string, Func<ReportRow, Report, double?>)>)[],
        ];
    }

    /// <summary>A count is never without a figure.</summary>
    private static IEnumerable<string> Reasons(Metric metric, string[] cell) => metric.Unit == MetricUnit.Count ? [] : cell;

    private static double? Rounded(double? number) => ShownReport.Rounded(number);

    private static Spread? OfOne(ReportRow row) => row.IsMixed ? null : row.Spread;

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string Line(IEnumerable<string> cells) => CsvText.Write(csv =>
    {
        foreach (var cell in cells)
        {
            csv.WriteField(cell);
        }

        csv.NextRecord();
    });
}
