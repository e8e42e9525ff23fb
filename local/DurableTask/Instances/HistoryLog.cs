using System.Buffers;
using System.Text.Json;

namespace LeadFunctions.Local.DurableTask;

/// <summary>
/// The stored form of a history: sealed segments that never change, and a short tail that is stored with the instance. So a step of a
/// long run writes as little as one of a short run.
/// </summary>
internal sealed class HistoryLog
{
    // A tail longer than this is sealed. It is rewritten at each step, so short; each segment is a read when the run is loaded, so not too short.
    private const int SealedFrom = 8 * 1024;

    private readonly List<StoredBytes> _segments = [];
    private ArrayBufferWriter<byte> _tail = new(512);

    public IReadOnlyList<StoredBytes> Segments => _segments;

    public ReadOnlySpan<byte> Tail => _tail.WrittenSpan;

    public static HistoryLog Stored(IEnumerable<StoredBytes> segments, byte[] tail)
    {
        var log = new HistoryLog();
        log._segments.AddRange(segments);
        log._tail.Write(tail);
        return log;
    }

    public void Append(IEnumerable<HistoryEvent> events)
    {
        foreach (var happened in events)
        {
            using (var json = new Utf8JsonWriter(_tail))
            {
                JsonSerializer.Serialize(json, happened, HistoryJson.Default.HistoryEvent);
            }

            _tail.Write("\n"u8);
            if (_tail.WrittenCount >= SealedFrom)
            {
                _segments.Add(StoredBytes.New(Packed.Pack(_tail.WrittenSpan)));
                _tail = new ArrayBufferWriter<byte>(512);
            }
        }
    }

    /// <summary>The events of a segment's or tail's bytes.</summary>
    public static IEnumerable<HistoryEvent> Read(byte[] lines)
    {
        for (var start = 0; start < lines.Length;)
        {
            var end = Array.IndexOf(lines, (byte)'\n', start);
            yield return JsonSerializer.Deserialize(lines.AsSpan(start, end - start), HistoryJson.Default.HistoryEvent)
                ?? throw new JsonException("A history holds an empty event.");
            start = end + 1;
        }
    }
}

/// <summary>Bytes in rows of their own: still to be written, or the numbers of the rows that hold them.</summary>
internal sealed class StoredBytes
{
    private StoredBytes(byte[]? unwritten, IReadOnlyList<int> rows)
    {
        Unwritten = unwritten;
        Rows = rows;
    }

    /// <summary>The bytes, until they are written.</summary>
    public byte[]? Unwritten { get; private set; }

    public IReadOnlyList<int> Rows { get; private set; }

    public static StoredBytes New(byte[] bytes) => new(bytes, []);

    public static StoredBytes At(IReadOnlyList<int> rows) => new(null, rows);

    public void WrittenTo(IReadOnlyList<int> rows) => (Unwritten, Rows) = (null, rows);
}
