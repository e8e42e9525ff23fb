using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Events;

namespace LeadFunctions.Leads.State;

/// <summary>
/// The ids (64-bit hashes) of the events that a lead applied in the last 24 hours of arrival, at most 2,000: what makes
/// a redelivery and a client's retry change nothing. Twelve bytes an event, in order of arrival.
/// </summary>
[JsonConverter(typeof(SeenEventsConverter))]
internal sealed class SeenEvents
{
    public const int Limit = 2_000;
    private const int MinutesKept = 24 * 60;

    /// <summary>Up to here a scan is faster than building a set, which each copy of a state would have to.</summary>
    private const int Few = 128;

    private readonly List<(ulong Hash, int Minute)> _arrivals;
    private HashSet<ulong>? _hashes;

    public SeenEvents()
        : this([])
    {
    }

    private SeenEvents(List<(ulong Hash, int Minute)> arrivals) => _arrivals = arrivals;

    public int Count => _arrivals.Count;

    public SeenEvents Copy() => new([.. _arrivals]);

    public bool Contains(LeadEvent e) => Contains(HashOf(e));

    /// <summary>False when it was there already.</summary>
    public bool Add(LeadEvent e, DateTimeOffset receivedAt)
    {
        var hash = HashOf(e);
        if (Contains(hash))
        {
            return false;
        }

        Keep((hash, (int)(receivedAt.ToUnixTimeSeconds() / 60)));
        Forget();
        return true;
    }

    public void AddAll(SeenEvents other)
    {
        foreach (var arrival in other._arrivals)
        {
            if (!Contains(arrival.Hash))
            {
                Keep(arrival);
            }
        }

        _arrivals.Sort((a, b) => a.Minute.CompareTo(b.Minute));
        Forget();
    }

    private void Forget()
    {
        if (_arrivals.Count == 0)
        {
            return;
        }

        var newest = _arrivals[^1].Minute;
        var drop = Math.Max(0, _arrivals.Count - Limit);
        while (drop < _arrivals.Count && _arrivals[drop].Minute < newest - MinutesKept)
        {
            drop++;
        }

        if (drop == 0)
        {
            return;
        }

        _arrivals.RemoveRange(0, drop);
        _hashes = null;
    }

    private void Keep((ulong Hash, int Minute) arrival)
    {
        _arrivals.Add(arrival);
        _hashes?.Add(arrival.Hash);
    }

    private bool Contains(ulong hash)
    {
        if (_arrivals.Count > Few)
        {
            return (_hashes ??= [.. _arrivals.Select(arrival => arrival.Hash)]).Contains(hash);
        }

        foreach (var arrival in _arrivals)
        {
            if (arrival.Hash == hash)
            {
                return true;
            }
        }

        return false;
    }

    // A client's message id must not pass for that of an event from inside.
    private static ulong HashOf(LeadEvent e) => e.LeadId is null ? TextHash.Of(e.Id) : ~TextHash.Of(e.Id);

    internal byte[] ToBytes()
    {
        var bytes = new byte[_arrivals.Count * 12];
        for (var i = 0; i < _arrivals.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 12), _arrivals[i].Hash);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * 12 + 8), _arrivals[i].Minute);
        }

        return bytes;
    }

    internal static SeenEvents FromBytes(ReadOnlySpan<byte> bytes)
    {
        var arrivals = new List<(ulong, int)>(bytes.Length / 12);
        for (var at = 0; at + 12 <= bytes.Length; at += 12)
        {
            arrivals.Add((BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 8)..])));
        }

        return new SeenEvents(arrivals);
    }
}

internal sealed class SeenEventsConverter : JsonConverter<SeenEvents>
{
    public override SeenEvents Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SeenEvents.FromBytes(reader.GetBytesFromBase64());

    public override void Write(Utf8JsonWriter writer, SeenEvents value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value.ToBytes());
}
