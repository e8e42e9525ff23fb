using System.Text;
using CsvHelper;

namespace LeadFunctions.Imports.Rows;

/// <summary>A row that was not taken, with what is wrong with it.</summary>
internal sealed record RefusedRow(CsvRow Row, IReadOnlyList<RowFault> Faults);

/// <summary>Refused rows as they stood in the file, with line and reason behind: to be mended, and sent again under the same mapping.</summary>
internal static class RefusedRows
{
    public static byte[] Header(IReadOnlyList<string> header) => Text(csv =>
    {
        foreach (var name in header.Append("line").Append("reason"))
        {
            csv.WriteField(CellGuard.Guard(name));
        }

        csv.NextRecord();
    });

    public static byte[] Text(IReadOnlyList<RefusedRow> refused, IReadOnlyList<string> header) => Text(csv =>
    {
        foreach (var (row, faults) in refused)
        {
            for (var i = 0; i < header.Count; i++)
            {
                csv.WriteField(i < row.Cells.Length ? CellGuard.Guard(CellGuard.Unguard(row.Cells[i])) : "");
            }

            csv.WriteField(row.Line);
            csv.WriteField(string.Join(' ', faults.Select(Told)));
            csv.NextRecord();
        }
    });

    private static string Told(RowFault fault) => $"{(fault.Column is { } column ? $"{column}: " : "")}{fault.Message}{(fault.Expected is { } expected ? $" Expected: {expected}." : "")}";

    private static byte[] Text(Action<CsvWriter> write) => Encoding.UTF8.GetBytes(CsvText.Write(write));
}
