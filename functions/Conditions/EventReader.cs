using System.Text.Json;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;

namespace LeadFunctions.Conditions;

/// <summary>
/// Finds and decodes the values that conditions ask of an event: each path once for an event, however many rules ask it. Each thread has one, which remembers the event that it
/// read last.
/// </summary>
internal sealed class EventReader
{
    private const int MaxRemembered = 32;
    private const int MaxTextLength = 2048;

    [ThreadStatic]
    private static EventReader? s_mine;

    private readonly Reading[] _readings = new Reading[MaxRemembered];
    private char[] _texts = new char[512];
    private LeadEvent? _event;
    private int _count;
    private int _used;

    public static EventReader Of(LeadEvent @event)
    {
        var reader = s_mine ??= new();
        if (!ReferenceEquals(reader._event, @event))
        {
            (reader._event, reader._count, reader._used) = (@event, 0, 0);
        }
        return reader;
    }

    /// <summary>Of an array the items are in <paramref name="element"/>; anything else is in the scalar, which is good until the next call.</summary>
    public Scalar Read(PropertyPath path, out JsonElement element)
    {
        for (var i = 0; i < _count; i++)
        {
            ref readonly var known = ref _readings[i];
            if (known.Path == path.Text)
            {
                element = known.Element;
                return Scalar.Decoded(known.Kind, known.Number, known.Long is { } text ? text : _texts.AsSpan(known.Start, known.Length));
            }
        }
        element = path.Find(_event!); // Of sets the event.
        if (_texts.Length < _used + MaxTextLength && _texts.Length < MaxRemembered * MaxTextLength)
        {
            Array.Resize(ref _texts, _texts.Length * 2);
        }
        var free = _texts.AsSpan(_used, Math.Min(MaxTextLength, _texts.Length - _used));
        var scalar = Scalar.Of(element, free);
        if (_count < MaxRemembered)
        {
            var fits = free.Overlaps(scalar.Text);
            _readings[_count++] = new(path.Text, element, scalar.Kind, scalar.Number, fits ? null : scalar.Text.ToString(), _used, fits ? scalar.Text.Length : 0);
            _used += fits ? scalar.Text.Length : 0;
        }
        return scalar;
    }

    private readonly record struct Reading(string Path, JsonElement Element, ValueKind Kind, double Number, string? Long, int Start, int Length);
}
