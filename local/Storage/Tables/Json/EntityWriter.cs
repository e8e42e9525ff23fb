using System.Buffers;
using System.Text.Json;

namespace Azure.Data.Tables.Json;

/// <summary>Writes an entity as one line of JSON with type annotations.</summary>
internal static class EntityWriter
{
    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <exception cref="NotSupportedException">A property's type cannot be stored.</exception>
    public static void Write(IBufferWriter<byte> target, ITableEntity entity)
    {
        // Taken out while in use: a property getter that writes an entity itself gets a writer of its own.
        var writer = _writer ?? new Utf8JsonWriter(Stream.Null, Edm.Json);
        _writer = null;
        writer.Reset(target);
        writer.WriteStartObject();
        if (entity is TableEntity row)
        {
            foreach (var (name, value) in row.Properties)
            {
                WriteProperty(writer, name, value);
            }
        }
        else
        {
            foreach (var member in EntityMembers.Of(entity.GetType()).All)
            {
                member.Write(writer, entity);
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        writer.Reset(Stream.Null);
        _writer = writer;
    }

    private static void WriteProperty(Utf8JsonWriter writer, string name, object? value)
    {
        switch (value)
        {
            case null:
            case var _ when name is TableEntity.ETagKey or nameof(ITableEntity.Timestamp):
                break;
            case string text:
                writer.WriteString(name, text);
                break;
            case int number:
                writer.WriteNumber(name, number);
                break;
            case bool flag:
                writer.WriteBoolean(name, flag);
                break;
            case long number:
                WriteType(writer, name, Edm.Int64);
                writer.WritePropertyName(name);
                Edm.WriteInt64(writer, number);
                break;
            case double number:
                WriteType(writer, name, Edm.Double);
                writer.WritePropertyName(name);
                Edm.WriteDouble(writer, number);
                break;
            case DateTimeOffset moment:
                WriteType(writer, name, Edm.DateTime);
                writer.WritePropertyName(name);
                Edm.WriteDateTime(writer, moment.UtcDateTime);
                break;
            case DateTime time:
                WriteType(writer, name, Edm.DateTime);
                writer.WritePropertyName(name);
                Edm.WriteDateTime(writer, time);
                break;
            case Guid id:
                WriteType(writer, name, Edm.Guid);
                writer.WriteString(name, id);
                break;
            case byte[] bytes:
                WriteType(writer, name, Edm.Binary);
                writer.WriteBase64String(name, bytes);
                break;
            case BinaryData data:
                WriteType(writer, name, Edm.Binary);
                writer.WriteBase64String(name, data);
                break;
            default:
                throw new NotSupportedException($"Property '{name}': a table cannot store {value.GetType()}.");
        }
    }

    private static void WriteType(Utf8JsonWriter writer, string name, JsonEncodedText type)
    {
        const string suffix = "@odata.type";
        Span<char> annotation = stackalloc char[256 + suffix.Length];
        if (name.Length > 256)
        {
            annotation = new char[name.Length + suffix.Length];
        }

        name.CopyTo(annotation);
        suffix.CopyTo(annotation[name.Length..]);
        writer.WriteString(annotation[..(name.Length + suffix.Length)], type);
    }
}
