using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;

namespace LeadFunctions.Leads.Pipeline;

/// <summary>JSON, or bytes of another making, in a row's binary properties <c>d0</c>, <c>d1</c>, …: compressed when that helps, cut at 64 KiB, what a property holds. The first byte tells: 0 plain, 1 deflate.</summary>
internal static class Packed
{
    private const int PropertyLimit = 64 * 1024;
    private const int PropertiesLimit = 14;
    private const int WorthCompressing = 1024;

    /// <summary>What one row may hold of packed JSON, in bytes.</summary>
    public const int Limit = PropertyLimit * PropertiesLimit;

    /// <exception cref="LeadTooLargeException">More than <see cref="Limit"/> bytes even when compressed.</exception>
    public static void Write<T>(TableEntity row, T value, JsonTypeInfo<T> type) => Write(row, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <exception cref="LeadTooLargeException">More than <see cref="Limit"/> bytes even when compressed.</exception>
    public static void Write(TableEntity row, byte[] content)
    {
        var bytes = Pack(content);
        if (bytes.Length > Limit)
        {
            throw new LeadTooLargeException(row.RowKey, bytes.Length);
        }

        for (int at = 0, i = 0; at < bytes.Length; at += PropertyLimit, i++)
        {
            row["d" + i] = bytes.Length <= PropertyLimit ? bytes : bytes[at..Math.Min(at + PropertyLimit, bytes.Length)];
        }
    }

    /// <exception cref="InvalidDataException">The row holds nothing that was packed here.</exception>
    public static T Read<T>(TableEntity row, JsonTypeInfo<T> type)
    {
        var bytes = Joined(row);
        if (bytes.Length == 0)
        {
            throw new InvalidDataException($"Row {row.RowKey} holds no packed data.");
        }

        var body = new MemoryStream(bytes, 1, bytes.Length - 1);
        var value = bytes[0] == 0
            ? JsonSerializer.Deserialize(bytes.AsSpan(1), type)
            : JsonSerializer.Deserialize(new DeflateStream(body, CompressionMode.Decompress), type);
        return value ?? throw new InvalidDataException($"Row {row.RowKey} holds null.");
    }

    /// <exception cref="InvalidDataException">The row holds nothing that was packed here.</exception>
    public static byte[] Read(TableEntity row)
    {
        var bytes = Joined(row);
        if (bytes.Length == 0)
        {
            throw new InvalidDataException($"Row {row.RowKey} holds no packed data.");
        }

        if (bytes[0] == 0)
        {
            return bytes[1..];
        }

        using var content = new MemoryStream();
        using var body = new DeflateStream(new MemoryStream(bytes, 1, bytes.Length - 1), CompressionMode.Decompress);
        body.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Pack(byte[] json)
    {
        if (json.Length >= WorthCompressing)
        {
            using var packed = new MemoryStream(json.Length / 3 + 64);
            packed.WriteByte(1);
            using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                deflate.Write(json);
            }

            if (packed.Length <= json.Length)
            {
                return packed.ToArray();
            }
        }

        return [0, .. json];
    }

    private static byte[] Joined(TableEntity row)
    {
        var first = row.GetBinary("d0") ?? [];
        if (!row.ContainsKey("d1"))
        {
            return first;
        }

        var joined = new MemoryStream();
        for (var i = 0; row.GetBinary("d" + i) is { } part; i++)
        {
            joined.Write(part);
        }

        return joined.ToArray();
    }
}

/// <summary>A lead's row would hold more than a row can: the events that would make it so cannot be applied.</summary>
internal sealed class LeadTooLargeException(string rowKey, int bytes) : Exception($"Row {rowKey} would hold {bytes} bytes.");
