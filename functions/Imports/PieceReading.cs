using LeadFunctions.Events;
using LeadFunctions.Imports.Rows;

namespace LeadFunctions.Imports;

/// <summary>What the rows of one piece come to.</summary>
/// <param name="before">What has been read before it.</param>
/// <param name="isErased">Whether an address is that of somebody who was erased: what a file says of them is passed over.</param>
internal sealed class PieceReading(RowEvents rows, ImportProgress before, Func<string, bool> isErased)
{
    private readonly List<LeadEvent> _events = [];
    private readonly List<RefusedRow> _refused = [];

    public IReadOnlyList<LeadEvent> Events => _events;

    public IReadOnlyList<RefusedRow> Refused => _refused;

    /// <returns>How far it has been read then, but for the place in the file.</returns>
    /// <param name="isLast">The file ends with it.</param>
    public ImportProgress Read(CsvPiece piece, bool isLast)
    {
        var (number, erased) = (before.Rows, before.Erased);
        foreach (var row in piece.Rows.Where(row => !row.IsBlank))
        {
            number++;
            var read = isLast && ReferenceEquals(row, piece.Rows[^1]) && IsOpen(row)
                ? new([], [new RowFault(row.Line, null, "A quote is left open: from here on the file is one cell.", "a second quote where the cell ends")])
                : rows.Read(row, number);
            if (read.Faults.Count == 0 ? read.Events.Any(e => AddressIn(e) is { } address && isErased(address)) : row.Cells.Any(cell => cell.Contains('@', StringComparison.Ordinal) && isErased(CellGuard.Unguard(cell.Trim()))))
            {
                erased++;
                continue;
            }

            _events.AddRange(read.Events);
            if (read.Faults.Count > 0)
            {
                _refused.Add(new(row, read.Faults));
            }
        }

        return before with
        {
            Rows = number,
            Erased = erased,
            Refused = before.Refused + _refused.Count,
            Events = before.Events + _events.Count,
            Faults = [.. before.Faults.Concat(_refused.SelectMany(refused => refused.Faults)).Take(ImportProgress.MostFaults)],
        };
    }

    private static string? AddressIn(LeadEvent e) => Identity.EmailIn(e.Traits) ?? e.Email;

    private static bool IsOpen(CsvRow row) => row.Raw.Count(letter => letter == '"') % 2 == 1 && row.Raw.TrimEnd('\r', '\n').Contains('\n', StringComparison.Ordinal);
}
