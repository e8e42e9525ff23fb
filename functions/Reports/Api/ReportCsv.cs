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
        text.Append(Line([.. query.By, "value", .. Columns(query).Select(column => column.Name), "people"]));
        foreach (var row in query.By.Count == 0 ? [report.Total] : report.Rows)
        {
            text.Append(Line([.. row.By.Select(CellGuard.Guard), Text(row.Value(metric.Unit)), .. Columns(query).Select(column => Text(column.Of(row, report))), Text(row.People)]));
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
            MetricUnit.Share => [("numerator", (row, _) => row.Part), ("denominator", (row, _) => row.Whole)],
            MetricUnit.Cost => [("numerator", (row, _) => row.Cost), ("denominator", (row, _) => row.Part), ("revenue", (row, _) => row.Revenue), ("revenuePerCost", (row, _) => row.RevenuePerCost)],
            MetricUnit.Median => [("lower", (row, _) => row.Spread?.Lower), ("upper", (row, _) => row.Spread?.Upper), ("observed", (row, _) => row.Spread?.Observed), ("open", (row, _) => row.Spread?.Open)],
            MetricUnit.Credit when query.Concerns(Dimensions.Rule) => [("share", (row, report) => row.ShareOf(report.Total)), ("outcomes", (row, _) => row.Whole), ("needed", (row, _) => row.Part)],
            MetricUnit.Credit => [("share", (row, report) => row.ShareOf(report.Total)), ("outcomes", (row, _) => row.Whole), ("difference", (row, _) => row.Sign?.Difference), ("lower", (row, _) => row.Sign?.Lower), ("upper", (row, _) => row.Sign?.Upper)],
            MetricUnit.Expected => [("lower", (row, _) => row.Lower), ("upper", (row, _) => row.Upper), ("money", (row, report) => row.Weight * report.Outlook?.Deal)],
            _ => [],
        };
        return
        [
            .. ofUnit,
            .. query.Metric.HasRaw ? [("raw", (row, _) => row.RawValue), ("rawNumerator", (row, _) => row.Raw)] : (IEnumerable<(string, Func<ReportRow, Report, double?>)>)[],
            .. query.Metric.Apart.Select(apart => (apart.Name, (Func<ReportRow, Report, double?>)((row, _) => row.Of(apart)))),
        ];
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
