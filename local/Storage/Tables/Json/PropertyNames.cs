using System.Text;
using System.Text.Json;

namespace Azure.Data.Tables.Json;

/// <summary>
/// Strings of the property names read lately by this thread: the rows of a page, and pages of one table, repeat the same few names.
/// A direct-mapped table of fixed size, so that a table with ever new names cannot make it grow.
/// </summary>
internal static class PropertyNames
{
    private const int Slots = 128;

    [ThreadStatic]
    private static string?[]? _cache;

    public static string Of(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Edm.Text(ref reader) : Of(reader.ValueSpan);

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        var cache = _cache ??= new string?[Slots];
        ref var slot = ref cache[(utf8.Length * 31 + utf8[0] * 7 + utf8[^1] * 17 + utf8[utf8.Length / 2]) % Slots];
        return slot is not null && Ascii.Equals(utf8, slot) ? slot : slot = Encoding.UTF8.GetString(utf8);
    }
}
