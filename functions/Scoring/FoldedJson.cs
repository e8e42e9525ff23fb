using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using LeadFunctions.Facts;

namespace LeadFunctions.Scoring;

/// <summary>
/// <c>{"m":"folded","r":"folded","e":"~","n":"folded","f":[{"m":"shop@3","r":"pricing","t":1767225600000,"e":"msg-1","n":"page"}],"b":"…"}</c>, the first element of a ledger: the columns
/// (with <c>x</c>, the mask, <c>k</c> keyed, <c>s</c> spent and <c>u</c> measured where they say something), and of each entry the time since the one before it, its column and, in a keyed one,
/// eight bytes of key, in a measured one its units.
/// To a build that knows no folded entries it is one of a model that is not there, worth nothing.
/// </summary>
internal static class FoldedJson
{
    private const string Name = "folded";

    public static void Write(Utf8JsonWriter writer, FoldedEntries folded)
    {
        writer.WriteStartObject();
        writer.WriteString("m"u8, Name);
        writer.WriteString("r"u8, Name);
        writer.WriteString("e"u8, "~");
        writer.WriteString("n"u8, Name);
        writer.WriteStartArray("f"u8);
        foreach (var column in folded.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("m"u8, column.Kind.Model);
            writer.WriteString("r"u8, column.Kind.Rule);
            writer.WriteNumber("t"u8, column.LastAt);
            writer.WriteString("e"u8, column.LastId);
            writer.WriteString("n"u8, column.LastName);
            if (column.Kind.Mask != 0)
            {
                writer.WriteNumber("x"u8, column.Kind.Mask);
            }
            if (column.Kind.IsKeyed)
            {
                writer.WriteBoolean("k"u8, true);
            }
            if (column.Kind.IsSpent)
            {
                writer.WriteBoolean("s"u8, true);
            }
            if (column.Kind.IsMeasured)
            {
                writer.WriteBoolean("u"u8, true);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        var bytes = ArrayPool<byte>.Shared.Rent(folded.Count * ((3 * ByteCode.Longest) + sizeof(ulong)));
        writer.WriteBase64String("b"u8, bytes.AsSpan(0, Pack(folded, bytes)));
        ArrayPool<byte>.Shared.Return(bytes);
        writer.WriteEndObject();
    }

    /// <summary>Null when the element is a single entry.</summary>
    public static FoldedEntries? Read(ref Utf8JsonReader reader)
    {
        var look = reader;
        if (!look.Read() || !look.ValueTextEquals("m"u8) || !look.Read() || !look.ValueTextEquals(Name))
        {
            return null;
        }
        using var json = JsonDocument.ParseValue(ref reader);
        if (!json.RootElement.TryGetProperty("f"u8, out var columns) || !json.RootElement.TryGetProperty("b"u8, out var packed))
        {
            throw new JsonException("Folded entries have f and b.");
        }
        return Unpack([.. columns.EnumerateArray().Select(Column)], packed.GetBytesFromBase64());
    }

    private static FoldedColumn Column(JsonElement json) => new(
        new(Text(json, "m"), Text(json, "r"), json.TryGetProperty("x"u8, out var mask) ? mask.GetUInt64() : 0, json.TryGetProperty("k"u8, out _), json.TryGetProperty("s"u8, out _), json.TryGetProperty("u"u8, out _)),
        json.GetProperty("t"u8).GetInt64(), Text(json, "e"), Text(json, "n"));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new JsonException($"A column has {name}.");

    private static int Pack(FoldedEntries folded, Span<byte> bytes)
    {
        var (at, last) = (0, 0L);
        foreach (var entry in folded.Span)
        {
            ByteCode.Write(bytes, ref at, at == 0 ? ByteCode.Unsigned(entry.At) : (ulong)(entry.At - last));
            ByteCode.Write(bytes, ref at, (ulong)entry.Column);
            if (folded.Columns[entry.Column].Kind.IsKeyed)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], entry.Key);
                at += sizeof(ulong);
            }
            if (folded.Columns[entry.Column].Kind.IsMeasured)
            {
                ByteCode.Write(bytes, ref at, (ulong)entry.Units);
            }
            last = entry.At;
        }
        return at;
    }

    private static FoldedEntries Unpack(IReadOnlyList<FoldedColumn> columns, ReadOnlySpan<byte> bytes)
    {
        var entries = new List<FoldedEntry>();
        for (var (at, last) = (0, 0L); at < bytes.Length;)
        {
            last = at == 0 ? ByteCode.Signed(ByteCode.Read(bytes, ref at)) : last + (long)ByteCode.Read(bytes, ref at);
            var column = (int)ByteCode.Read(bytes, ref at);
            var key = 0UL;
            if (columns[column].Kind.IsKeyed)
            {
                key = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
                at += sizeof(ulong);
            }
            entries.Add(new(last, column, key, columns[column].Kind.IsMeasured ? (long)ByteCode.Read(bytes, ref at) : 0));
        }
        return FoldedEntries.Of(columns, entries);
    }
}
