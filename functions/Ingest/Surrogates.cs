using System.Buffers.Text;

namespace LeadFunctions.Ingest;

/// <summary>
/// Half an emoji: pages cut texts in the middle of a surrogate pair, and JSON.stringify writes the half as an escape. It is valid JSON, but no
/// text, and whoever reads it as text later would fail. It becomes the replacement character here, in place: both escapes are six bytes.
/// </summary>
internal static class Surrogates
{
    public static void Mend(Span<byte> json)
    {
        // Almost always there are none, and one vectorised search says so.
        var at = FirstSuspect(json);
        if (at < 0)
        {
            return;
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
            else
            {
                if (unit is >= 0xD800 and <= 0xDFFF)
                {
                    "\\ufffd"u8.CopyTo(json[i..]);
                }

                i += 6;
            }

            var next = i < json.Length ? json[i..].IndexOf((byte)'\\') : -1;
            i = next < 0 ? -1 : i + next;
        }
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
