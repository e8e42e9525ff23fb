using LeadFunctions.Events;
using LeadFunctions.Imports.Rows;

namespace LeadFunctions.Imports;

/// <summary>What the rows of one piece come to: they are read, then told, but for those of people who were erased, which are passed over.</summary>
/// <param name="before">What has been read before it.</param>
/// <param name="isErased">Whether an address is that of somebody who was erased.</param>
internal sealed class PieceReading(RowEvents rows, ImportProgress before, Func<string, bool> isErased)
{
    private readonly List<LeadEvent> _events = [];
    private readonly List<RefusedRow> _refused = [];
    private readonly List<(CsvRow Row, ReadRow Read)> _read = [];

    public IReadOnlyList<LeadEvent> Events => _events;

    public IReadOnlyList<RefusedRow> Refused => _refused;

    /// <summary>The user ids of its rows.</summary>
    public IEnumerable<string> UserIds => _read.SelectMany(one => one.Read.Events.Take(1)).Select(identify => identify.UserId).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <param name="isLast">The file ends with it.</param>
    public void Read(CsvPiece piece, bool isLast)
    {
        foreach (var row in piece.Rows.Where(row => !row.IsBlank))
        {
            _read.Add((row, isLast && ReferenceEquals(row, piece.Rows[^1]) && IsOpen(row)
                ? new([], [new RowFault(row.Line, null, "A quote is left open: from here on the file is one cell.", "a second quote where the cell ends")])
                : rows.Read(row, before.Rows + _read.Count + 1)));
        }
    }

    /// <param name="gone">Of its user ids, those of people who were erased.</param>
    /// <returns>How far the file has been read then, but for the place in it.</returns>
    public ImportProgress Tell(IReadOnlySet<string> gone)
    {
        var erased = before.Erased;
        foreach (var (row, read) in _read)
        {
            if (read.Faults.Count == 0
                ? read.Events.Any(e => (AddressIn(e) is { } address && isErased(address)) || (e.UserId is { } user && gone.Contains(user)))
                : row.Cells.Any(cell => cell.Contains('@', StringComparison.Ordinal) && isErased(CellGuard.Unguard(cell.Trim()))))
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
            Rows = before.Rows + _read.Count,
            Erased = erased,
            Refused = before.Refused + _refused.Count,
            Events = before.Events + _events.Count,
            Faults = [.. before.Faults.Concat(_refused.SelectMany(refused => refused.Faults)).Take(ImportProgress.MostFaults)],
        };
    }

    private static string? AddressIn(LeadEvent e) => Identity.EmailIn(e.Traits) ?? e.Email;

    private static bool IsOpen(CsvRow row) => row.Raw.Count(letter => letter == '"') % 2 == 1 && row.Raw.TrimEnd('\r', '\n').Contains('\n', StringComparison.Ordinal);
}
