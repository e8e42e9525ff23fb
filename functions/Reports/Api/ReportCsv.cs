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
        text.Append(Line(
        [
            .. query.By, "value", .. metric.Unit is MetricUnit.Share or MetricUnit.Cost ? ["numerator", "denominator"] : (string[])[], .. metric.Unit == MetricUnit.Median ? ["lower", "upper", "observed", "open"] : (string[])[], .. metric.HasRaw ? ["raw", "rawNumerator"] : (string[])[],
            .. metric.Pending is null ? (string[])[] : ["pending"], "people",
        ]));
        foreach (var row in query.By.Count == 0 ? [report.Total] : report.Rows)
        {
            text.Append(Line(
            [
                .. row.By.Select(CellGuard.Guard), Text(row.Value(metric.Unit)), .. metric.Unit == MetricUnit.Share ? [Text(row.Part), Text(row.Whole)] : metric.Unit == MetricUnit.Cost ? [Text(row.Cost), Text(row.Part)] : (string[])[],
                .. row.Spread is { } spread ? [Text(spread.Lower), Text(spread.Upper), Text(spread.Observed), Text(spread.Open)] : (string[])[],
                .. metric.HasRaw ? [Text(row.RawValue), Text(row.Raw)] : (string[])[], .. metric.Pending is null ? (string[])[] : [Text(row.Pending)], Text(row.People),
            ]));
            if (text.Length >= PieceBytes)
            {
                yield return Encoding.UTF8.GetBytes(text.ToString());
                text.Clear();
            }
        }

        yield return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Text(double? value) => (value is { } number ? Math.Round(number, 12) : value)?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string Line(IEnumerable<string> cells) => CsvText.Write(csv =>
    {
        foreach (var cell in cells)
        {
            csv.WriteField(cell);
        }

        csv.NextRecord();
    });
}
