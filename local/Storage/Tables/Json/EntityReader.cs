using System.Text.Json;

namespace Azure.Data.Tables.Json;

/// <summary>Reads entities out of the service's JSON with minimal metadata: type annotations only where JSON does not tell the type.</summary>
internal static class EntityReader
{
    private static ReadOnlySpan<byte> TypeSuffix => "@odata.type"u8;

    /// <summary>The answer to a point read.</summary>
    public static T Single<T>(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return Entity<T>(ref reader);
    }

    /// <summary>The rows of one page of a query.</summary>
    public static List<T> Page<T>(ReadOnlySpan<byte> json)
    {
        var rows = new List<T>();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (!isValue)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                rows.Add(Entity<T>(ref reader));
            }
        }

        return rows;
    }

    private static T Entity<T>(ref Utf8JsonReader reader) =>
        typeof(T) == typeof(TableEntity) ? (T)(object)Row(ref reader) : Object<T>(ref reader);

    private static T Object<T>(ref Utf8JsonReader reader)
    {
        var entity = (object)Activator.CreateInstance<T>()!; // never null for a class
        var members = EntityMembers.Of(typeof(T)).All;
        var next = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = Find(ref reader, members, next);
            reader.Read();
            if (index < 0)
            {
                reader.Skip();
                continue;
            }

            members[index].Read(ref reader, entity);
            next = index + 1;
        }

        return (T)entity;
    }

    // The service returns properties in about the order they were written, so the search starts where the last one ended.
    private static int Find(ref Utf8JsonReader reader, EntityMember[] members, int next)
    {
        for (var tried = 0; tried < members.Length; tried++, next++)
        {
            if (next >= members.Length)
            {
                next = 0;
            }

            if (reader.ValueTextEquals(members[next].Utf8Name))
            {
                return next;
            }
        }

        return -1;
    }

    private static TableEntity Row(ref Utf8JsonReader reader)
    {
        var row = new TableEntity();
        var properties = row.Properties;
        string? typedName = null;
        var type = EdmType.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // An escape cannot stand inside the suffix, since all of it is plain ASCII.
            if (reader.ValueSpan.EndsWith(TypeSuffix))
            {
                typedName = reader.ValueIsEscaped ? Edm.Text(ref reader)[..^TypeSuffix.Length] : PropertyNames.Of(reader.ValueSpan[..^TypeSuffix.Length]);
                reader.Read();
                type = TypeOf(ref reader);
                // Nothing says that the annotation must come first.
                if (properties.TryGetValue(typedName, out var early) && early is not null)
                {
                    properties[typedName] = Retype(early, type);
                }

                continue;
            }

            var name = PropertyNames.Of(ref reader);
            reader.Read();
            if (name.StartsWith("odata.", StringComparison.Ordinal) && name != TableEntity.ETagKey)
            {
                reader.Skip();
                continue;
            }

            var declared = name == typedName ? type : name == nameof(ITableEntity.Timestamp) ? EdmType.DateTime : EdmType.None;
            properties[name] = Value(ref reader, declared)!; // null is what upstream keeps too
        }

        return row;
    }

    private static object? Value(ref Utf8JsonReader reader, EdmType type)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return type switch
                {
                    EdmType.DateTime => Edm.ReadDateTime(ref reader),
                    EdmType.Binary => reader.GetBytesFromBase64(),
                    EdmType.None => Edm.Text(ref reader),
                    _ => Retype(Edm.Text(ref reader), type),
                };
            case JsonTokenType.Number:
                return type == EdmType.None && reader.TryGetInt32(out var small) ? (object)small
                    : type is EdmType.None or EdmType.Int64 && reader.TryGetInt64(out var large) ? (object)large
                    : reader.GetDouble();
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.Null:
                return null;
            default:
                throw new JsonException($"An entity property cannot be a {reader.TokenType}.");
        }
    }

    private static object Retype(object value, EdmType type) => (type, value) switch
    {
        (EdmType.Int64, string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
        (EdmType.Int64, int number) => (long)number,
        (EdmType.Double, string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
        (EdmType.Double, int number) => (double)number,
        (EdmType.Double, long number) => (double)number,
        (EdmType.Guid, string text) => Guid.Parse(text),
        (EdmType.Binary, string text) => Convert.FromBase64String(text),
        (EdmType.DateTime, string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal),
        _ => value,
    };

    private static EdmType TypeOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals(Edm.Int64.EncodedUtf8Bytes) ? EdmType.Int64
        : reader.ValueTextEquals(Edm.DateTime.EncodedUtf8Bytes) ? EdmType.DateTime
        : reader.ValueTextEquals(Edm.Double.EncodedUtf8Bytes) ? EdmType.Double
        : reader.ValueTextEquals(Edm.Binary.EncodedUtf8Bytes) ? EdmType.Binary
        : reader.ValueTextEquals(Edm.Guid.EncodedUtf8Bytes) ? EdmType.Guid
        : EdmType.None;

    private enum EdmType
    {
        None,
        Int64,
        Double,
        DateTime,
        Guid,
        Binary,
    }
}
