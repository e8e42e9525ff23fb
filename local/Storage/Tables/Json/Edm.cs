using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Azure.Data.Tables.Json;

/// <summary>The table service's property types and how their values look in JSON.</summary>
internal static class Edm
{
    public static readonly JsonEncodedText Int64 = JsonEncodedText.Encode("Edm.Int64");
    public static readonly JsonEncodedText Double = JsonEncodedText.Encode("Edm.Double");
    public static readonly JsonEncodedText DateTime = JsonEncodedText.Encode("Edm.DateTime");
    public static readonly JsonEncodedText Guid = JsonEncodedText.Encode("Edm.Guid");
    public static readonly JsonEncodedText Binary = JsonEncodedText.Encode("Edm.Binary");

    /// <summary>
    /// The relaxed encoder keeps quotes short and text readable, which matters for rows that carry JSON. It still escapes U+2028 and U+2029:
    /// the emulator takes those for line ends inside a transaction.
    /// </summary>
    public static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void WriteInt64(Utf8JsonWriter writer, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        writer.WriteStringValue(digits[..length]);
    }

    public static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        }
    }

    /// <exception cref="NotSupportedException">The time is not UTC, so the moment it means is not certain.</exception>
    public static void WriteDateTime(Utf8JsonWriter writer, DateTime value)
    {
        if (value.Kind != DateTimeKind.Utc)
        {
            throw new NotSupportedException($"A time must be UTC to be stored, but its kind is {value.Kind}: use DateTime.SpecifyKind, or DateTimeOffset.");
        }

        Span<byte> text = stackalloc byte[28];
        Utf8Formatter.TryFormat(value, text, out var length, 'O');
        writer.WriteStringValue(text[..length]);
    }

    public static double ReadDouble(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number
        ? reader.GetDouble()
        : double.Parse(Text(ref reader), NumberStyles.Float, CultureInfo.InvariantCulture);

    public static DateTimeOffset ReadDateTime(ref Utf8JsonReader reader) => reader.TryGetDateTimeOffset(out var value)
        ? value.ToUniversalTime()
        : DateTimeOffset.Parse(Text(ref reader), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>The string token's value, which the caller knows not to be null.</summary>
    public static string Text(ref Utf8JsonReader reader) => reader.GetString() ?? throw new JsonException("A string was expected.");
}
