using System.Numerics;

namespace LeadFunctions.Segments;

/// <summary>Some of the segments, by their place in <see cref="SegmentRules.All"/>: what an event touches.</summary>
internal readonly struct SegmentSet(int count)
{
    private readonly ulong[] _bits = count == 0 ? [] : new ulong[(count + 63) / 64];

    public bool IsEmpty => !_bits.AsSpan().ContainsAnyExcept(0UL);

    public void Add(SegmentSet others)
    {
        for (var i = 0; i < _bits.Length; i++)
        {
            _bits[i] |= others._bits[i];
        }
    }

    public void Add(int place) => _bits[place / 64] |= 1UL << (place % 64);

    public void Clear() => _bits.AsSpan().Clear();

    /// <summary>The first from this place on; -1 when there is none.</summary>
    public int Next(int from)
    {
        for (var word = from / 64; word < _bits.Length; word++)
        {
            var bits = word == from / 64 ? _bits[word] & (ulong.MaxValue << (from % 64)) : _bits[word];
            if (bits != 0)
            {
                return (word * 64) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return -1;
    }
}
