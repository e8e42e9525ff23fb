using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Facts;

/// <summary>How tallies are kept: by key, each as packed numbers. Times are distances from the one before, as those of counters are.</summary>
internal sealed class TalliesJson : JsonConverter<IReadOnlyDictionary<string, Tally>>
{
    public override IReadOnlyDictionary<string, Tally> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var tallies = new Dictionary<string, Tally>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!; // a property name is never null
            reader.Read();
            tallies[key] = Unpack(reader.GetBytesFromBase64());
        }

        return tallies;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, Tally> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, tally) in value)
        {
            writer.WriteBase64String(key, Pack(tally));
        }

        writer.WriteEndObject();
    }

    private static byte[] Pack(Tally tally)
    {
        if (tally.Total == 0)
        {
            return [];
        }

        var (bytes, at, last) = (new byte[(5 + (2 * tally.Times.Length)) * ByteCode.Longest], 0, 0L);
        ByteCode.Write(bytes, ref at, (ulong)tally.Total);
        ByteCode.Write(bytes, ref at, ByteCode.Unsigned(tally.First));
        ByteCode.Write(bytes, ref at, ByteCode.Unsigned(tally.Last));
        ByteCode.Write(bytes, ref at, ByteCode.Unsigned(tally.Sum));
        ByteCode.Write(bytes, ref at, (ulong)tally.Times.Length);
        foreach (var time in tally.Times)
        {
            ByteCode.Write(bytes, ref at, ByteCode.Unsigned(time - last));
            last = time;
        }

        if (tally.Values.ContainsAnyExcept(0L))
        {
            foreach (var value in tally.Values)
            {
                ByteCode.Write(bytes, ref at, ByteCode.Unsigned(value));
            }
        }

        return bytes[..at];
    }

    private static Tally Unpack(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return Tally.Empty;
        }

        var (at, last) = (0, 0L);
        var total = (int)ByteCode.Read(bytes, ref at);
        var (first, latest, sum) = (ByteCode.Signed(ByteCode.Read(bytes, ref at)), ByteCode.Signed(ByteCode.Read(bytes, ref at)), ByteCode.Signed(ByteCode.Read(bytes, ref at)));
        var count = (int)ByteCode.Read(bytes, ref at);
        var (times, values) = (new long[count], new long[count]);
        for (var i = 0; i < count; i++)
        {
            times[i] = last += ByteCode.Signed(ByteCode.Read(bytes, ref at));
        }

        for (var i = 0; i < count && at < bytes.Length; i++)
        {
            values[i] = ByteCode.Signed(ByteCode.Read(bytes, ref at));
        }

        return Tally.Of(total, first, latest, sum, times, values);
    }
}
