using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Facts;

/// <summary>
/// When events happened, to the millisecond (Unix), in order; of equal times each is there. In storage each is its distance from the one before it,
/// in as few bytes as that needs: three or four where they are hours or days apart.
/// </summary>
[JsonConverter(typeof(EventTimesJson))]
internal sealed class EventTimes
{
    private long[] _times;

    public EventTimes()
        : this([], 0)
    {
    }

    private EventTimes(long[] times, int count) => (_times, Count) = (times, count);

    public int Count { get; private set; }

    public ReadOnlySpan<long> All => _times.AsSpan(0, Count);

    /// <summary>A copy that has room to grow.</summary>
    public EventTimes Copy()
    {
        var times = new long[Count + 1 + (Count / 8)];
        All.CopyTo(times);
        return new(times, Count);
    }

    public void Add(long ms)
    {
        if (Count == _times.Length)
        {
            Array.Resize(ref _times, Math.Max(4, Count * 2));
        }

        var place = UpTo(ms);
        _times.AsSpan(place, Count - place).CopyTo(_times.AsSpan(place + 1));
        _times[place] = ms;
        Count++;
    }

    /// <summary>How many are in [from, to].</summary>
    public int Between(long from, long to) => Math.Max(0, UpTo(to) - UpTo(from - 1));

    /// <summary>Those not before a time.</summary>
    public ReadOnlySpan<long> Since(long ms) => All[UpTo(ms - 1)..];

    /// <summary>Takes out the oldest ones, so that as many are left.</summary>
    public long[] KeepNewest(int count)
    {
        var oldest = All[..Math.Max(0, Count - count)].ToArray();
        All[oldest.Length..].CopyTo(_times);
        Count -= oldest.Length;
        return oldest;
    }

    public static EventTimes Union(EventTimes a, EventTimes b)
    {
        long[] times = [.. a.All, .. b.All];
        Array.Sort(times);
        return new(times, times.Length);
    }

    private int UpTo(long ms)
    {
        var (low, high) = (0, Count);
        if (high > 0 && _times[high - 1] <= ms)
        {
            return high; // most come in order
        }

        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _times[middle] <= ms ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    internal static EventTimes Read(ReadOnlySpan<byte> bytes)
    {
        var times = new long[bytes.Length];
        var count = 0;
        for (var (at, last) = (0, 0L); at < bytes.Length; count++)
        {
            var step = ByteCode.Read(bytes, ref at);
            last = count == 0 ? ByteCode.Signed(step) : last + (long)step;
            times[count] = last;
        }

        return new(times[..count], count);
    }

    internal int Write(Span<byte> bytes)
    {
        var (at, last) = (0, 0L);
        for (var i = 0; i < Count; i++)
        {
            ByteCode.Write(bytes, ref at, i == 0 ? ByteCode.Unsigned(_times[i]) : (ulong)(_times[i] - last));
            last = _times[i];
        }

        return at;
    }
}

/// <summary>Whole numbers in seven bits a byte, the lowest first; the highest bit tells that more follow. Ten bytes at most.</summary>
internal static class ByteCode
{
    public const int Longest = 10;

    public static void Write(Span<byte> bytes, ref int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes[at++] = (byte)(value | 0x80);
        }

        bytes[at++] = (byte)value;
    }

    /// <exception cref="JsonException">The bytes end in the middle.</exception>
    public static ulong Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; at < bytes.Length && shift < 64; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new JsonException("A packed number has no end.");
    }

    /// <summary>Small numbers stay small, whatever their sign.</summary>
    public static ulong Unsigned(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Signed(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}

internal sealed class EventTimesJson : JsonConverter<EventTimes>
{
    public override EventTimes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => EventTimes.Read(reader.GetBytesFromBase64());

    public override void Write(Utf8JsonWriter writer, EventTimes value, JsonSerializerOptions options)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(value.Count * ByteCode.Longest);
        writer.WriteBase64StringValue(bytes.AsSpan(0, value.Write(bytes)));
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
