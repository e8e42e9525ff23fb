using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Scoring;

/// <summary>
/// <c>{"m":"shop@3","r":"pricing","t":1767225600000,"e":"msg-1","n":"page"}</c>, and where they say something <c>k</c> (key), <c>x</c> (mask), <c>c</c> (count),
/// <c>v</c> (carried), <c>l</c> (limit), <c>s</c> (settled), <c>u</c> (units), <c>a</c> (amount). Members with other names are skipped.
/// </summary>
internal sealed class LedgerEntryJson : JsonConverter<LedgerEntry>
{
    public override LedgerEntry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, null);

    public override void Write(Utf8JsonWriter writer, LedgerEntry value, JsonSerializerOptions options) => Write(writer, value);

    // Neighbours share most of their texts: taking over the previous entry's keeps a lead in memory small.
    public static LedgerEntry Read(ref Utf8JsonReader reader, LedgerEntry? previous)
    {
        string? model = null, rule = null, id = null, name = null, key = null;
        long at = 0;
        ulong mask = 0;
        var count = 0;
        var carried = 0.0;
        double? limit = null, settled = null, amount = null;
        long? units = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A ledger entry is an object.");
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.ValueSpan.Length == 1 ? reader.ValueSpan[0] : (byte)0;
            reader.Read();
            switch (member)
            {
                case (byte)'m': model = Text(ref reader, previous?.Model); break;
                case (byte)'r': rule = Text(ref reader, previous?.Rule); break;
                case (byte)'t': at = reader.GetInt64(); break;
                case (byte)'e': id = Text(ref reader, previous?.EventId); break;
                case (byte)'n': name = Text(ref reader, previous?.EventName); break;
                case (byte)'k': key = reader.GetString(); break;
                case (byte)'x': mask = reader.GetUInt64(); break;
                case (byte)'c': count = reader.GetInt32(); break;
                case (byte)'v': carried = reader.GetDouble(); break;
                case (byte)'l': limit = reader.GetDouble(); break;
                case (byte)'s': settled = reader.GetDouble(); break;
                case (byte)'u': units = reader.GetInt64(); break;
                case (byte)'a': amount = reader.GetDouble(); break;
                default: reader.Skip(); break;
            }
        }
        return model is not null && rule is not null && id is not null && name is not null
            ? new(model, rule, DateTimeOffset.FromUnixTimeMilliseconds(at), id, name, key, mask) { Count = count, Carried = carried, Limit = limit, Settled = settled, Units = units, Amount = amount }
            : throw new JsonException("A ledger entry has m, r, e and n.");
    }

    public static void Write(Utf8JsonWriter writer, LedgerEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("m"u8, entry.Model);
        writer.WriteString("r"u8, entry.Rule);
        writer.WriteNumber("t"u8, entry.At.ToUnixTimeMilliseconds());
        writer.WriteString("e"u8, entry.EventId);
        writer.WriteString("n"u8, entry.EventName);
        if (entry.Key is { } key)
        {
            writer.WriteString("k"u8, key);
        }
        if (entry.Mask != 0)
        {
            writer.WriteNumber("x"u8, entry.Mask);
        }
        if (entry.Count != 0)
        {
            writer.WriteNumber("c"u8, entry.Count);
        }
        if (entry.Carried != 0)
        {
            writer.WriteNumber("v"u8, entry.Carried);
        }
        if (entry.Limit is { } limit)
        {
            writer.WriteNumber("l"u8, limit);
        }
        if (entry.Settled is { } settled)
        {
            writer.WriteNumber("s"u8, settled);
        }
        if (entry.Units is { } units)
        {
            writer.WriteNumber("u"u8, units);
        }
        if (entry.Amount is { } amount)
        {
            writer.WriteNumber("a"u8, amount);
        }
        writer.WriteEndObject();
    }

    private static string? Text(ref Utf8JsonReader reader, string? previous) =>
        previous is not null && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(previous) ? previous : reader.GetString();
}

/// <summary>An array of entries; the folded ones, if any, are its first element (<see cref="FoldedJson"/>).</summary>
internal sealed class LedgerJson : JsonConverter<Ledger>
{
    public override Ledger Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("A ledger is an array.");
        }
        FoldedEntries? folded = null;
        var entries = new List<LedgerEntry>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (folded is null && entries.Count == 0 && reader.TokenType == JsonTokenType.StartObject && FoldedJson.Read(ref reader) is { } first)
            {
                folded = first;
                continue;
            }
            entries.Add(LedgerEntryJson.Read(ref reader, entries.Count > 0 ? entries[^1] : null));
        }
        return entries.Count == 0 && folded is null ? Ledger.Empty : Ledger.Of(entries, folded);
    }

    public override void Write(Utf8JsonWriter writer, Ledger value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        if (value.Folded.Count > 0)
        {
            FoldedJson.Write(writer, value.Folded);
        }
        foreach (var entry in value.Entries)
        {
            LedgerEntryJson.Write(writer, entry);
        }
        writer.WriteEndArray();
    }
}
