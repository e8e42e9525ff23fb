using System.IO.Compression;
using System.Text;
using Azure;
using Azure.Data.Tables;

namespace LeadFunctions.Platform.Storage;

/// <summary>
/// A text of any length in a row. A short one stands in one column as it is, so that a person can read it in any table viewer;
/// a long one is compressed, in as many columns of 64 KiB as it takes.
/// </summary>
internal static class LongText
{
    private const int ChunkBytes = 64 * 1024;
    private const int MaxChunks = 14;
    private const int MaxPlainCharacters = 30_000;

    /// <exception cref="TextTooLongException">Compressed, it still does not fit into a row with its other columns (1 MiB).</exception>
    public static void Write(TableEntity row, string column, string text)
    {
        if (text.Length <= MaxPlainCharacters)
        {
            row[column] = text;
            return;
        }

        var bytes = Compress(text);
        var chunks = (bytes.Length + ChunkBytes - 1) / ChunkBytes;
        if (chunks > MaxChunks)
        {
            throw new TextTooLongException();
        }

        row[$"{column}Chunks"] = chunks;
        for (var i = 0; i < chunks; i++)
        {
            row[$"{column}{i}"] = bytes[(i * ChunkBytes)..Math.Min((i + 1) * ChunkBytes, bytes.Length)];
        }
    }

    /// <summary>Storage says so: it counts otherwise than this does, the emulator sooner.</summary>
    public static bool IsTooLong(RequestFailedException refused) => refused is { Status: 400, ErrorCode: "EntityTooLarge" or "PropertyValueTooLarge" };

    public static string Read(TableEntity row, string column)
    {
        if (row.GetString(column) is { } plain)
        {
            return plain;
        }

        using var bytes = new MemoryStream();
        for (var i = 0; i < (row.GetInt32($"{column}Chunks") ?? 0); i++)
        {
            bytes.Write(row.GetBinary($"{column}{i}"));
        }

        bytes.Position = 0;
        using var unzipped = new StreamReader(new GZipStream(bytes, CompressionMode.Decompress), Encoding.UTF8);
        return unzipped.ReadToEnd();
    }

    private static byte[] Compress(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}

/// <summary>Compressed, the text still does not fit into one row (about 900 KiB).</summary>
public sealed class TextTooLongException() : Exception("The text is too long to store in one row.");
