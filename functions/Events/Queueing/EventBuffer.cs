using System.Buffers;
using System.Text.Json;
using LeadFunctions.Platform.Storage;
using Microsoft.Extensions.ObjectPool;

namespace LeadFunctions.Events.Queueing;

/// <summary>The events of one request, each as the JSON that goes into the queue message. Pooled: <see cref="Return"/> it once they are written.</summary>
public sealed class EventBuffer
{
    // An event longer than this is packed once, to see whether a message can hold it: escapes may have tripled what the client sent.
    private const int SurelyFits = 40 * 1024;
    private const int LargestAlone = QueueText.Limit - 4 * 1024;
    private const int KeptCapacity = 128 * 1024;

    private static readonly ObjectPool<EventBuffer> Pool = new DefaultObjectPool<EventBuffer>(new Policy(), 64);

    private readonly ArrayBufferWriter<byte> _bytes = new(2048);
    private readonly Utf8JsonWriter _writer;
    private readonly List<Range> _events = [];

    private EventBuffer() => _writer = new Utf8JsonWriter(_bytes);

    public int Count => _events.Count;

    /// <summary>In bytes, about: what it costs to keep.</summary>
    public int Length => _bytes.WrittenCount;

    public ReadOnlySpan<byte> this[int index] => _bytes.WrittenSpan[_events[index]];

    public static EventBuffer Rent() => Pool.Get();

    /// <summary>False, and nothing added, when no queue message could hold it.</summary>
    public bool TryAdd(LeadEvent leadEvent)
    {
        var start = _bytes.WrittenCount;
        _writer.Reset(_bytes);
        JsonSerializer.Serialize(_writer, leadEvent, EventsJson.Default.LeadEvent);
        _writer.Flush();
        var json = start.._bytes.WrittenCount;
        if (_bytes.WrittenCount - start > SurelyFits && QueueText.Encode(_bytes.WrittenSpan[json]).Length > LargestAlone)
        {
            return false;
        }

        _events.Add(json);
        return true;
    }

    public void Return() => Pool.Return(this);

    private sealed class Policy : PooledObjectPolicy<EventBuffer>
    {
        public override EventBuffer Create() => new();

        public override bool Return(EventBuffer buffer)
        {
            buffer._bytes.ResetWrittenCount();
            buffer._events.Clear();
            return buffer._bytes.Capacity <= KeptCapacity;
        }
    }
}
