using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Conditions.Values;

public enum ValueKind : byte
{
    /// <summary>There is nothing at that path. Also <c>default(Value)</c>.</summary>
    Missing,
    Null,
    False,
    True,
    Number,
    Text,
    Array,
    Object,
}

/// <summary>
/// A JSON value of its own: immutable, and independent of the document it came from. Equality is strict (kind, case, order
/// of items; not the order of an object's members); what conditions compare more loosely is in the operators.
/// </summary>
[JsonConverter(typeof(ValueJson))]
public readonly struct Value : IEquatable<Value>
{
    // Text: the string. Array: Value[]. Object: KeyValuePair<string, Value>[]. Number: its digits, where a double loses some of them; else null.
    private readonly object? _content;
    private readonly double _number;

    private Value(ValueKind kind, object? content = null, double number = 0)
    {
        Kind = kind;
        _content = content;
        _number = number;
    }

    public static Value Missing => default;

    public static Value Null => new(ValueKind.Null);

    public ValueKind Kind { get; }

    /// <summary>Something is known: neither missing nor null.</summary>
    public bool Exists => Kind > ValueKind.Null;

    /// <summary>Of <see cref="ValueKind.Text"/>; otherwise null.</summary>
    public string? Text => Kind == ValueKind.Text ? (string)_content! : null; // Text always has content.

    /// <summary>Of <see cref="ValueKind.Number"/>; otherwise null.</summary>
    public double? Number => Kind == ValueKind.Number ? _number : null;

    /// <summary>Of <see cref="ValueKind.True"/> and <see cref="ValueKind.False"/>; otherwise null.</summary>
    public bool? Truth => Kind switch { ValueKind.True => true, ValueKind.False => false, _ => null };

    /// <summary>Of <see cref="ValueKind.Array"/>; otherwise empty.</summary>
    public ReadOnlySpan<Value> Items => Kind == ValueKind.Array ? (Value[])_content! : []; // An array always has content.

    /// <summary>Of <see cref="ValueKind.Object"/>; otherwise empty.</summary>
    public ReadOnlySpan<KeyValuePair<string, Value>> Members => Kind == ValueKind.Object ? (KeyValuePair<string, Value>[])_content! : []; // An object always has content.

    public static Value From(string? text) => text is null ? Null : new(ValueKind.Text, text);

    /// <summary>Infinities and NaN, which JSON cannot say, become <see cref="Null"/>.</summary>
    public static Value From(double number) => double.IsFinite(number) ? new(ValueKind.Number, null, number == 0 ? 0 : number) : Null;

    public static Value From(bool truth) => new(truth ? ValueKind.True : ValueKind.False);

    /// <summary>Copies: the element's document can be disposed of.</summary>
    public static Value From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined => Missing,
        JsonValueKind.Null => Null,
        JsonValueKind.True => From(true),
        JsonValueKind.False => From(false),
        JsonValueKind.String => From(JsonText.Of(element)),
        JsonValueKind.Number => FromNumber(element),
        JsonValueKind.Array => new(ValueKind.Array, element.EnumerateArray().Select(From).ToArray()),
        _ => new(ValueKind.Object, element.EnumerateObject().Select(member => KeyValuePair.Create(JsonText.NameOf(member), From(member.Value))).ToArray()),
    };

    /// <summary>The value at a dotted path inside this one. A member whose own name is the whole path ("utm.source") goes before a nested one.</summary>
    public Value At(ReadOnlySpan<char> path)
    {
        var whole = Member(path);
        var dot = whole.Kind == ValueKind.Missing ? path.IndexOf('.') : -1;
        return dot <= 0 ? whole : Member(path[..dot]).At(path[(dot + 1)..]);
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case ValueKind.False or ValueKind.True:
                writer.WriteBooleanValue(Kind == ValueKind.True);
                break;
            case ValueKind.Number when _content is string digits:
                writer.WriteRawValue(digits, skipInputValidation: true);
                break;
            case ValueKind.Number:
                writer.WriteNumberValue(_number);
                break;
            case ValueKind.Text:
                writer.WriteStringValue(Text);
                break;
            case ValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in Items)
                {
                    item.WriteTo(writer);
                }
                writer.WriteEndArray();
                break;
            case ValueKind.Object:
                writer.WriteStartObject();
                foreach (var (name, value) in Members)
                {
                    writer.WritePropertyName(name);
                    value.WriteTo(writer);
                }
                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    public bool Equals(Value other) => Kind == other.Kind && Kind switch
    {
        ValueKind.Number => _number.Equals(other._number) && Equals(_content, other._content),
        ValueKind.Text => Text == other.Text,
        ValueKind.Array => Items.SequenceEqual(other.Items),
        ValueKind.Object => SameMembers(other),
        _ => true,
    };

    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        hash.Add(_number);
        hash.Add(Text);
        foreach (var item in Items)
        {
            hash.Add(item);
        }
        hash.Add(Members.Length);
        return hash.ToHashCode();
    }

    public static bool operator ==(Value left, Value right) => left.Equals(right);

    public static bool operator !=(Value left, Value right) => !left.Equals(right);

    /// <summary>Text as it is, numbers and booleans as JSON writes them, arrays and objects as JSON, nothing as "".</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Text => Text!, // Text always has content.
        ValueKind.True => "true",
        ValueKind.False => "false",
        ValueKind.Number => _content as string ?? _number.ToString("R", CultureInfo.InvariantCulture),
        ValueKind.Array or ValueKind.Object => JsonSerializer.Serialize(this),
        _ => "",
    };

    private static Value FromNumber(JsonElement element)
    {
        var number = element.GetDouble();
        var digits = element.GetRawText();
        // An order number of 19 digits must come out as it went in, though conditions compare it as a double.
        var isExact = digits.Length <= 15 || number.ToString("R", CultureInfo.InvariantCulture) == digits;
        return !double.IsFinite(number) ? From(digits) : new(ValueKind.Number, isExact ? null : digits, number == 0 ? 0 : number);
    }

    private Value Member(ReadOnlySpan<char> name)
    {
        var members = Members;
        for (var i = members.Length - 1; i >= 0; i--) // As in JavaScript, the last of two equal names wins.
        {
            if (name.SequenceEqual(members[i].Key))
            {
                return members[i].Value;
            }
        }
        return Missing;
    }

    private bool SameMembers(Value other)
    {
        if (Members.Length != other.Members.Length)
        {
            return false;
        }
        foreach (var (name, value) in Members)
        {
            if (!other.Member(name).Equals(value))
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>A <see cref="Value"/> is plain JSON on the wire; a missing one is written as null.</summary>
public sealed class ValueJson : JsonConverter<Value>
{
    public override bool HandleNull => true;

    public override Value Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null: return Value.Null;
            case JsonTokenType.True: return Value.From(true);
            case JsonTokenType.False: return Value.From(false);
            default:
                using (var document = JsonDocument.ParseValue(ref reader))
                {
                    return Value.From(document.RootElement);
                }
        }
    }

    public override void Write(Utf8JsonWriter writer, Value value, JsonSerializerOptions options) => value.WriteTo(writer);
}
