using LeadFunctions.Events;
using LeadFunctions.Imports.Rows;

namespace LeadFunctions.Imports;

/// <summary>What the rows of one piece come to.</summary>
internal sealed class PieceReading(ImportMapping mapping, IReadOnlyList<string> header, ImportProgress before, Func<string, bool> isDecided)
{
    private readonly RowEvents _rows = new(mapping, header, before.Key!, before.At, isDecided); // rows are read after the key is known
    private readonly List<LeadEvent> _events = [];
    private readonly List<RefusedRow> _refused = [];

    public IReadOnlyList<LeadEvent> Events => _events;

    public IReadOnlyList<RefusedRow> Refused => _refused;

    public ImportProgress Progress { get; private set; } = before;

    /// <param name="isLast">The file ends with it.</param>
    public void Read(CsvPiece piece, bool isLast)
    {
        var number = before.Rows;
        foreach (var row in piece.Rows.Where(row => !row.IsBlank))
        {
            number++;
            var read = isLast && ReferenceEquals(row, piece.Rows[^1]) && IsOpen(row)
                ? new([], [new RowFault(row.Line, null, "A quote is left open: from here on the file is one cell.", "a second quote where the cell ends")])
                : _rows.Read(row, number);
            _events.AddRange(read.Events);
            if (read.Faults.Count > 0)
            {
                _refused.Add(new(row, read.Faults));
            }
        }

        Progress = before with
        {
            Rows = number,
            Refused = before.Refused + _refused.Count,
            Events = before.Events + _events.Count,
            Faults = [.. before.Faults.Concat(_refused.SelectMany(refused => refused.Faults)).Take(ImportProgress.MostFaults)],
        };
    }

    private static bool IsOpen(CsvRow row) => row.Raw.Count(letter => letter == '"') % 2 == 1 && row.Raw.TrimEnd('\r', '\n').Contains('\n', StringComparison.Ordinal);
}
