using System.Buffers.Text;

namespace LeadFunctions.Platform.Http;

/// <summary>
/// Half an emoji: programs cut texts in the middle of a surrogate pair, and JSON.stringify writes the half as an escape. It is valid JSON, but no
/// text, and whoever reads it as text later would fail.
/// </summary>
internal static class Surrogates
{
    /// <summary>Makes each the replacement character, in place: both escapes are six bytes.</summary>
    public static void Mend(Span<byte> json)
    {
        for (var at = FindLone(json); at >= 0;)
        {
            "\\ufffd"u8.CopyTo(json[at..]);
            var next = FindLone(json[(at + 6)..]);
            at = next < 0 ? -1 : at + 6 + next;
        }
    }

    /// <summary>Where the escape of the first half without its other half stands in valid JSON; -1 when there is none.</summary>
    public static int FindLone(ReadOnlySpan<byte> json)
    {
        // Almost always there are none, and one vectorised search says so.
        if (FirstSuspect(json) < 0)
        {
            return -1;
        }

        // A backslash escapes the next byte; outside of strings there is none in valid JSON, so strings need not be tracked.
        for (var i = json.IndexOf((byte)'\\'); i >= 0 && i + 1 < json.Length;)
        {
            if (Unit(json, i) is not { } unit)
            {
                i += 2;
            }
            else if (unit is >= 0xD800 and <= 0xDBFF && Unit(json, i + 6) is >= 0xDC00 and <= 0xDFFF)
            {
                i += 12;
            }
            else if (unit is >= 0xD800 and <= 0xDFFF)
            {
                return i;
            }
            else
            {
                i += 6;
            }

            var next = i < json.Length ? json[i..].IndexOf((byte)'\\') : -1;
            i = next < 0 ? -1 : i + next;
        }

        return -1;
    }

    private static int FirstSuspect(ReadOnlySpan<byte> json)
    {
        var lower = json.IndexOf("\\ud"u8);
        return lower >= 0 ? lower : json.IndexOf("\\uD"u8);
    }

    private static int? Unit(ReadOnlySpan<byte> json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort unit, out var consumed, 'x') && consumed == 4
            ? unit
            : null;
}
