using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using CsvHelper.Configuration;

namespace LeadFunctions.Imports.Rows;

/// <summary>How a text of rows is written.</summary>
/// <param name="Start">Where the header begins, in bytes: after a byte order mark, or Excel's line "sep=;".</param>
/// <param name="Encoding">One of <see cref="CsvText.Encodings"/>.</param>
public sealed record CsvDialect(char Separator, string Encoding, int Start);

/// <summary>A row as it stands in the text.</summary>
/// <param name="Line">Of its beginning.</param>
/// <param name="Raw">With its line's end.</param>
internal sealed record CsvRow(long Line, string[] Cells, string Raw)
{
    public bool IsBlank => Array.TrueForAll(Cells, string.IsNullOrWhiteSpace);
}

/// <summary>The whole rows of a piece of the text.</summary>
/// <param name="Bytes">That they take: where the next piece begins.</param>
/// <param name="Lines">That they take.</param>
internal sealed record CsvPiece(IReadOnlyList<CsvRow> Rows, long Bytes, long Lines);

/// <summary>The text is not what its dialect says.</summary>
internal sealed class UnreadableTextException(long line, string message) : Exception(message)
{
    public long Line { get; } = line;
}

/// <summary>Comma-separated values, piece by piece, so that a text of any size needs the memory of one piece. What a row is, CsvHelper knows; where it ends in bytes, its raw text tells.</summary>
internal static class CsvText
{
    private const string Utf8Name = "utf-8";

    private static readonly char[] Separators = [',', ';', '\t', '|'];

    /// <summary>A byte is a letter in all of them but the first. Spreadsheets in the west of Europe write the second when they are not told to write UTF-8.</summary>
    public static readonly IReadOnlyList<string> Encodings = [Utf8Name, "windows-1252", "windows-1250", "windows-1251", "iso-8859-1", "iso-8859-2", "iso-8859-15"];

    /// <summary>How a text is written that begins so; or why it cannot be read.</summary>
    /// <param name="separator">As its sender says; null: to be found.</param>
    public static (CsvDialect? Dialect, string? Refusal) Find(ReadOnlySpan<byte> begin, string encoding, char? separator)
    {
        if (begin is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || begin.IndexOf((byte)0) >= 0)
        {
            return (null, begin is [(byte)'P', (byte)'K', ..] ? "This is a workbook, not its rows: save it as CSV (UTF-8)." : "This is UTF-16, or no text at all: save it as CSV (UTF-8).");
        }

        var start = encoding == Utf8Name && begin.StartsWith("\uFEFF"u8) ? 3 : 0;
        if (encoding == Utf8Name && FirstNotUtf8(begin, isLast: false) is >= 0 and var bad)
        {
            return (null, $"Line {1 + begin[..bad].Count((byte)'\n')} is not UTF-8: save it as CSV (UTF-8), or say which encoding it has ({string.Join(", ", Encodings.Skip(1))}).");
        }

        if (begin[start..].StartsWith("sep="u8) && begin[start..] is [_, _, _, _, var said, (byte)'\r' or (byte)'\n', ..])
        {
            separator ??= (char)said;
            start += begin[start..].IndexOf((byte)'\n') + 1;
        }

        return (new(separator ?? Found(begin[start..]), encoding, start), null);
    }

    /// <summary>The rows that end within <paramref name="bytes"/>.</summary>
    /// <param name="isLast">The text ends with them.</param>
    /// <param name="line">Of the first row.</param>
    /// <exception cref="UnreadableTextException">It is not in its encoding.</exception>
    public static CsvPiece Read(ReadOnlySpan<byte> bytes, bool isLast, CsvDialect dialect, long line)
    {
        var encoding = EncodingOf(dialect.Encoding);
        if (dialect.Encoding == Utf8Name)
        {
            if (FirstNotUtf8(bytes, isLast) is >= 0 and var bad)
            {
                throw new UnreadableTextException(line + bytes[..bad].Count((byte)'\n'), "This line is not UTF-8.");
            }

            bytes = isLast ? bytes : WholeCharacters(bytes);
        }

        var text = encoding.GetString(bytes);
        using var parser = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = dialect.Separator.ToString(),
            IgnoreBlankLines = false,
            BadDataFound = null, // a quote within a cell is that cell's
        });
        var (rows, first, letters) = (new List<CsvRow>(), line, 0);
        while (parser.Read())
        {
            var raw = parser.RawRecord;
            if (!isLast && letters + raw.Length >= text.Length)
            {
                break; // it may go on: a line's end may stand within quotes, or be the first half of one
            }

            letters += raw.Length;
            rows.Add(new(line, parser.Record ?? [], raw));
            line += Lines(raw);
        }

        return new(rows, encoding.GetByteCount(text.AsSpan(0, letters)), line - first);
    }

    /// <summary>Where in a piece of a text the first byte stands that no UTF-8 has there; -1 when there is none. A character that the piece's ends cut is left out.</summary>
    public static int FirstNotUtf8(ReadOnlySpan<byte> piece)
    {
        var cut = 0;
        while (cut < 3 && cut < piece.Length && (piece[cut] & 0xC0) == 0x80)
        {
            cut++;
        }

        return FirstNotUtf8(piece[cut..], isLast: false) is >= 0 and var bad ? bad + cut : -1;
    }

    /// <summary>The names of the columns, each its own: empty ones and repeated ones get a number.</summary>
    public static IReadOnlyList<string> Header(CsvRow row)
    {
        var names = new List<string>(row.Cells.Length);
        foreach (var cell in row.Cells)
        {
            var name = CellGuard.Unguard(cell.Trim().Trim('\uFEFF'));
            name = name.Length > 0 ? name : $"Column {names.Count + 1}";
            var free = name;
            for (var number = 2; names.Contains(free); number++)
            {
                free = $"{name} ({number})";
            }

            names.Add(free);
        }

        return names;
    }

    /// <summary>Rows as text, for programs: commas between cells.</summary>
    public static string Write(Action<CsvWriter> write)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture, leaveOpen: true))
        {
            write(csv);
        }

        return text.ToString();
    }

    /// <summary>Of a row in its encoding.</summary>
    public static int Bytes(CsvRow row, CsvDialect dialect) => EncodingOf(dialect.Encoding).GetByteCount(row.Raw);

    private static Encoding EncodingOf(string name) =>
        name == Utf8Name ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);

    public static int Lines(string raw)
    {
        var lines = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            lines += raw[i] == '\n' || (raw[i] == '\r' && (i + 1 == raw.Length || raw[i + 1] != '\n')) ? 1 : 0;
        }

        return lines;
    }

    /// <summary>-1 when all of it is, but for a character that is cut off at the end.</summary>
    private static int FirstNotUtf8(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var whole = isLast ? bytes : WholeCharacters(bytes);
        if (Utf8.IsValid(whole))
        {
            return -1;
        }

        for (var at = 0; ;)
        {
            var status = Rune.DecodeFromUtf8(whole[at..], out _, out var taken);
            if (status != System.Buffers.OperationStatus.Done)
            {
                return at;
            }

            at += taken;
        }
    }

    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= 3 && back <= bytes.Length; back++)
        {
            var b = bytes[^back];
            if ((b & 0xC0) != 0x80)
            {
                var length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
                return length > back ? bytes[..^back] : bytes;
            }
        }

        return bytes;
    }

    /// <summary>The one that stands most often in the first line, outside quotes; of equals the first.</summary>
    private static char Found(ReadOnlySpan<byte> begin)
    {
        var counts = new int[Separators.Length];
        var isQuoted = false;
        foreach (var b in begin)
        {
            isQuoted ^= b == '"';
            if (!isQuoted && b is (byte)'\n' or (byte)'\r')
            {
                break;
            }

            var at = isQuoted ? -1 : Array.IndexOf(Separators, (char)b);
            counts[Math.Max(at, 0)] += at < 0 ? 0 : 1;
        }

        return Separators[Array.IndexOf(counts, counts.Max())];
    }
}
