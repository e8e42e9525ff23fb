using System.Globalization;
using LeadFunctions.Imports.Rows;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Imports;

/// <summary>The files of imports, and beside each the rows of it that were refused, in one small file for each piece that it was read in.</summary>
public sealed class ImportFiles(StorageClients storage)
{
    public const string Container = "imports";

    /// <summary>Of a file, in bytes.</summary>
    public const long Limit = 1L << 30;

    /// <summary>How much is read at once. A row that does not end within it has an open quote.</summary>
    public const int PieceBytes = 256 * 1024;

    private const int MostSampled = 20;

    private readonly StoredFiles _files = storage.Files(Container);

    public Task WriteAsync(string id, long offset, Stream body, CancellationToken cancellationToken) => _files.WriteAsync(FileOf(id), offset, body, Limit, cancellationToken);

    /// <summary>Null when it is gone.</summary>
    public Task<ReadOnlyMemory<byte>?> ReadAsync(string id, long offset, int length, CancellationToken cancellationToken) => _files.ReadAsync(FileOf(id), offset, length, cancellationToken);

    /// <summary>What there is to know of a file before it is read; or why it cannot be read.</summary>
    internal async Task<(ImportedFile? File, string? Refusal)> LookAsync(ImportState import, CancellationToken cancellationToken)
    {
        var length = await _files.LengthAsync(FileOf(import.Id), cancellationToken) ?? 0;
        var begin = await ReadAsync(import.Id, 0, PieceBytes, cancellationToken) ?? ReadOnlyMemory<byte>.Empty;
        var (dialect, refusal) = CsvText.Find(begin.Span, import.Encoding, import.Separator);
        if (dialect is null)
        {
            return (null, refusal);
        }

        var line = 1 + begin.Span[..dialect.Start].Count((byte)'\n');
        CsvPiece piece;
        try
        {
            piece = CsvText.Read(begin.Span[dialect.Start..], begin.Length == length, dialect, line);
        }
        catch (UnreadableTextException unreadable)
        {
            return (null, $"Line {unreadable.Line} is not UTF-8: the file ends within a character. Was it sent whole?"); // all before it was looked at
        }

        if (piece.Rows is not [{ IsBlank: false } top, ..])
        {
            return (null, length == 0 ? "The file is empty." : "The first line does not name the columns.");
        }

        if (top.Cells.Length > MappingParser.MostColumns)
        {
            return (null, $"There are {top.Cells.Length} columns; at most {MappingParser.MostColumns} can be read.");
        }

        var header = CsvText.Header(top);
        var headerBytes = dialect.Start + CsvText.Bytes(top, dialect);
        return (new(length, dialect, header, headerBytes, top.Line + CsvText.Lines(top.Raw), MappingProposal.Of(header, [.. piece.Rows.Skip(1).Where(row => !row.IsBlank).Take(MostSampled)])), null);
    }

    /// <summary>Instead of what was refused of the same piece before.</summary>
    /// <param name="offset">Where the piece begins.</param>
    public Task WriteRefusedAsync(string id, long offset, ReadOnlyMemory<byte> rows, CancellationToken cancellationToken) =>
        _files.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{RefusedOf(id)}{offset:D12}.csv"), rows, cancellationToken);

    public Task DeleteRefusedAsync(string id, CancellationToken cancellationToken) => _files.DeleteAsync(RefusedOf(id), cancellationToken);

    /// <summary>The refused rows, in their order.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> RefusedAsync(string id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in _files.NamesAsync(RefusedOf(id), cancellationToken))
        {
            var offset = 0L;
            while (await _files.ReadAsync(name, offset, PieceBytes, cancellationToken) is { Length: > 0 } some)
            {
                yield return some;
                offset += some.Length;
            }
        }
    }

    /// <summary>All that there is of the import.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => _files.DeleteAsync($"{id}/", cancellationToken);

    private static string FileOf(string id) => $"{id}/file.csv";

    private static string RefusedOf(string id) => $"{id}/refused/";
}
