using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LeadFunctions.Conditions.Values;

/// <summary>One value under test, decoded onto the stack: what a <see cref="Value"/> and a <see cref="JsonElement"/> have in common. An object has a kind only.</summary>
internal readonly ref struct Scalar
{
    /// <summary>Characters enough for any number.</summary>
    public const int NumberLength = 32;

    public ValueKind Kind { get; private init; }

    public double Number { get; private init; }

    /// <summary>Of text the text, of a number its shortest digits.</summary>
    public ReadOnlySpan<char> Text { get; private init; }

    /// <param name="buffer">At least <see cref="NumberLength"/>.</param>
    public static Scalar Of(Value value, Span<char> buffer) => value.Kind switch
    {
        ValueKind.Text => new() { Kind = ValueKind.Text, Text = value.Text },
        ValueKind.Number => OfNumber(value.Number.GetValueOrDefault(), buffer),
        var kind => new() { Kind = kind },
    };

    public static Scalar Decoded(ValueKind kind, double number, ReadOnlySpan<char> text) => new() { Kind = kind, Number = number, Text = text };

    /// <summary>Allocates only for text that has escapes or does not fit the buffer.</summary>
    public static Scalar Of(JsonElement element, Span<char> buffer) => element.ValueKind switch
    {
        JsonValueKind.String => new() { Kind = ValueKind.Text, Text = TextOf(element, buffer) },
        JsonValueKind.Number => OfNumber(element.GetDouble(), buffer),
        JsonValueKind.True => new() { Kind = ValueKind.True },
        JsonValueKind.False => new() { Kind = ValueKind.False },
        JsonValueKind.Null => new() { Kind = ValueKind.Null },
        JsonValueKind.Undefined => default,
        JsonValueKind.Array => new() { Kind = ValueKind.Array },
        _ => new() { Kind = ValueKind.Object },
    };

    private static Scalar OfNumber(double number, Span<char> buffer) =>
        new() { Kind = ValueKind.Number, Number = number, Text = number.TryFormat(buffer, out var length, default, CultureInfo.InvariantCulture) ? buffer[..length] : default };

    private static ReadOnlySpan<char> TextOf(JsonElement element, Span<char> buffer)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        return raw.Length <= buffer.Length && !raw.Contains((byte)'\\') ? buffer[..Encoding.UTF8.GetChars(raw, buffer)] : JsonText.Of(element);
    }
}
