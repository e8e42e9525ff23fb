using System.Buffers;
using System.Text;
using System.Text.Json;
using LeadFunctions.Platform.Storage;

namespace LeadFunctions.Events.Queueing;

/// <summary>Packs the events of the callers that wait into as few queue messages as hold them. Each writer has its own.</summary>
internal sealed class BatchPacking(TimeProvider time)
{
    /// <summary>How much JSON, in bytes, one round of writing takes from those who wait.</summary>
    public const int Enough = 256 * 1024;

    // More events than this are not put into one message: a message is also what one consumer works on, and what is poisoned as a whole.
    private const int MostEvents = 500;

    private readonly ArrayBufferWriter<byte> _json = new(64 * 1024);
    private readonly List<(WaitingEvents Waiting, int Index)> _events = [];
    private readonly List<int> _ends = [];
    private int _next;
    private int _done;

    // How much JSON fits, learned from the messages before: it depends on how well these events compress.
    private int _target = 96 * 1024;

    public void Start(IReadOnlyList<WaitingEvents> taken)
    {
        _events.Clear();
        _ends.Clear();
        (_next, _done) = (0, 0);
        foreach (var waiting in taken)
        {
            for (var i = 0; i < waiting.Events.Count; i++)
            {
                _events.Add((waiting, i));
            }

            _ends.Add(_events.Count);
        }
    }

    /// <summary>How many of the callers, in the order they were taken, have no event still to come: only they may be answered, and their buffers used again.</summary>
    public int Done
    {
        get
        {
            while (_done < _ends.Count && _ends[_done] <= _next)
            {
                _done++;
            }

            return _done;
        }
    }

    /// <summary>The next message, or null when all are packed. Events of a caller that has failed already are left out: it will send them all again.</summary>
    public Packed? Next()
    {
        while (_next < _events.Count && _events[_next].Waiting.HasFailed)
        {
            _next++;
        }

        if (_next == _events.Count)
        {
            return null;
        }

        var end = _next;
        for (var length = 0; end < _events.Count && end - _next < MostEvents && (end == _next || length < _target); end++)
        {
            length += _events[end].Waiting.Events[_events[end].Index].Length;
        }

        while (true)
        {
            var text = Encode(_next, end);
            _target = Math.Clamp((int)(0.9 * QueueText.Budget * _json.WrittenCount / text.Length), 32 * 1024, Enough);
            if (text.Length <= QueueText.Budget || end - _next == 1)
            {
                var packed = new Packed(text, [.. _events[_next..end].Select(e => e.Waiting)]);
                _next = end;
                return packed;
            }

            end = _next + (end - _next) / 2;
        }
    }

    // Written by hand around events that are JSON already; EventBatch is how it is read.
    private string Encode(int start, int end)
    {
        var first = _events[start].Waiting;
        _json.ResetWrittenCount();
        _json.Write("{\"id\":\""u8);
        Text(Guid.CreateVersion7(time.GetUtcNow()).ToString("n"));
        _json.Write("\",\"receivedAt\":\""u8);
        Text(first.ReceivedAt.ToString("O"));
        _json.Write("\",\"events\":["u8);
        for (var i = start; i < end; i++)
        {
            if (i > start)
            {
                _json.Write(","u8);
            }

            _json.Write(_events[i].Waiting.Events[_events[i].Index]);
        }

        _json.Write("]"u8);
        if (first.TraceParent is { } traceParent)
        {
            _json.Write(",\"traceParent\":\""u8);
            _json.Write(JsonEncodedText.Encode(traceParent).EncodedUtf8Bytes);
            _json.Write("\""u8);
        }

        _json.Write("}"u8);
        return QueueText.Encode(_json.WrittenSpan);
    }

    private void Text(string ascii) => _json.Advance(Encoding.ASCII.GetBytes(ascii, _json.GetSpan(ascii.Length)));
}

/// <summary>The text of one message, and whose events are in it (once an event).</summary>
internal sealed record Packed(string Text, IReadOnlyList<WaitingEvents> Owners)
{
    public int Events => Owners.Count;

    public void Fail()
    {
        foreach (var owner in Owners)
        {
            owner.Fail();
        }
    }
}
