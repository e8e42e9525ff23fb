using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Facts;

namespace LeadFunctions.Interests;

/// <summary>
/// How looks are kept, by the dimension's key: <c>{"v":["shoes","hats"],"b":"…"}</c>, the values once each, and of each look the time since the one before it, the value's place and the source.
/// </summary>
internal sealed class LooksJson : JsonConverter<IReadOnlyDictionary<string, Looks>>
{
    public override IReadOnlyDictionary<string, Looks> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var all = new Dictionary<string, Looks>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!; // a property name is never null
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                all[key] = Looks.None; // there are such events, and none names anything
                continue;
            }

            using var json = JsonDocument.ParseValue(ref reader);
            string[] values = [.. json.RootElement.GetProperty("v"u8).EnumerateArray().Select(value => value.GetString() ?? throw new JsonException("A value is text."))];
            all[key] = Looks.Of(Unpack(values, json.RootElement.GetProperty("b"u8).GetBytesFromBase64()));
        }

        return all;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, Looks> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, looks) in value)
        {
            if (looks.Count == 0)
            {
                writer.WriteNull(key);
                continue;
            }

            var places = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var look in looks.Span)
            {
                places.TryAdd(look.Value, places.Count);
            }

            writer.WriteStartObject(key);
            writer.WriteStartArray("v"u8);
            foreach (var text in places.Keys)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
            writer.WriteBase64String("b"u8, Pack(looks, places));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Pack(Looks looks, Dictionary<string, int> places)
    {
        var (bytes, at, last) = (new byte[looks.Count * 3 * ByteCode.Longest], 0, 0L);
        foreach (var look in looks.Span)
        {
            ByteCode.Write(bytes, ref at, ByteCode.Unsigned(look.At - last));
            ByteCode.Write(bytes, ref at, (ulong)places[look.Value]);
            ByteCode.Write(bytes, ref at, (ulong)look.Source);
            last = look.At;
        }

        return bytes.AsSpan(0, at);
    }

    private static List<Look> Unpack(string[] values, byte[] bytes)
    {
        var looks = new List<Look>();
        for (var (at, last) = (0, 0L); at < bytes.Length;)
        {
            last += ByteCode.Signed(ByteCode.Read(bytes, ref at));
            looks.Add(new(last, values[(int)ByteCode.Read(bytes, ref at)], (int)ByteCode.Read(bytes, ref at)));
        }

        return looks;
    }
}
