using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Json;

/// <summary>Writes and reads values of one .NET type as the table service's property types.</summary>
internal abstract class EdmConverter<T>
{
    /// <summary>Null when a table cannot store the type.</summary>
    public static EdmConverter<T>? Instance { get; } = (EdmConverter<T>?)EdmConverters.For(typeof(T));

    /// <summary>Writes name and value, and before them the type where JSON does not tell it. Nothing for null.</summary>
    public abstract void Write(Utf8JsonWriter writer, EntityMember member, T value);

    /// <summary>Reads the current token, which is not null.</summary>
    public abstract T Read(ref Utf8JsonReader reader);
}

internal static class EdmConverters
{
    public static object? For(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return For(underlying) is { } inner ? Create(typeof(NullableConverter<>), underlying, inner) : null;
        }

        return type.IsEnum ? Create(typeof(EnumConverter<>), type)
            : type == typeof(string) ? new StringConverter()
            : type == typeof(int) ? new Int32Converter()
            : type == typeof(long) ? new Int64Converter()
            : type == typeof(double) ? new DoubleConverter()
            : type == typeof(bool) ? new BooleanConverter()
            : type == typeof(DateTimeOffset) ? new DateTimeOffsetConverter()
            : type == typeof(DateTime) ? new DateTimeConverter()
            : type == typeof(Guid) ? new GuidConverter()
            : type == typeof(byte[]) ? new BytesConverter()
            : type == typeof(BinaryData) ? new BinaryDataConverter()
            : type == typeof(ETag) ? new ETagConverter()
            : null;
    }

    [SuppressMessage("Trimming", "IL2055", Justification = "The local runtime is never trimmed.")]
    private static object Create(Type generic, Type argument, params object[] arguments) =>
        Activator.CreateInstance(generic.MakeGenericType(argument), arguments)!; // never null for a class

    private sealed class NullableConverter<T>(EdmConverter<T> inner) : EdmConverter<T?>
        where T : struct
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, T? value)
        {
            if (value is { } present)
            {
                inner.Write(writer, member, present);
            }
        }

        public override T? Read(ref Utf8JsonReader reader) => inner.Read(ref reader);
    }

    private sealed class EnumConverter<T> : EdmConverter<T>
        where T : struct, Enum
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, T value) => writer.WriteString(member.JsonName, value.ToString());

        public override T Read(ref Utf8JsonReader reader) => Enum.Parse<T>(Edm.Text(ref reader));
    }

    private sealed class StringConverter : EdmConverter<string?>
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, string? value)
        {
            if (value is not null)
            {
                writer.WriteString(member.JsonName, value);
            }
        }

        public override string? Read(ref Utf8JsonReader reader) => Edm.Text(ref reader);
    }

    private sealed class Int32Converter : EdmConverter<int>
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, int value) => writer.WriteNumber(member.JsonName, value);

        public override int Read(ref Utf8JsonReader reader) => reader.GetInt32();
    }

    private sealed class Int64Converter : EdmConverter<long>
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, long value)
        {
            writer.WriteString(member.TypeName, Edm.Int64);
            writer.WritePropertyName(member.JsonName);
            Edm.WriteInt64(writer, value);
        }

        public override long Read(ref Utf8JsonReader reader) =>
            reader.TokenType == JsonTokenType.Number ? reader.GetInt64() : long.Parse(Edm.Text(ref reader), CultureInfo.InvariantCulture);
    }

    private sealed class DoubleConverter : EdmConverter<double>
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, double value)
        {
            writer.WriteString(member.TypeName, Edm.Double);
            writer.WritePropertyName(member.JsonName);
            Edm.WriteDouble(writer, value);
        }

        public override double Read(ref Utf8JsonReader reader) => Edm.ReadDouble(ref reader);
    }

    private sealed class BooleanConverter : EdmConverter<bool>
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, bool value) => writer.WriteBoolean(member.JsonName, value);

        public override bool Read(ref Utf8JsonReader reader) => reader.GetBoolean();
    }

    private sealed class DateTimeOffsetConverter : EdmConverter<DateTimeOffset>
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, DateTimeOffset value)
        {
            writer.WriteString(member.TypeName, Edm.DateTime);
            writer.WritePropertyName(member.JsonName);
            Edm.WriteDateTime(writer, value.UtcDateTime);
        }

        public override DateTimeOffset Read(ref Utf8JsonReader reader) => Edm.ReadDateTime(ref reader);
    }

    private sealed class DateTimeConverter : EdmConverter<DateTime>
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, DateTime value)
        {
            writer.WriteString(member.TypeName, Edm.DateTime);
            writer.WritePropertyName(member.JsonName);
            Edm.WriteDateTime(writer, value);
        }

        public override DateTime Read(ref Utf8JsonReader reader) => Edm.ReadDateTime(ref reader).UtcDateTime;
    }

    private sealed class GuidConverter : EdmConverter<Guid>
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, Guid value)
        {
            writer.WriteString(member.TypeName, Edm.Guid);
            writer.WriteString(member.JsonName, value);
        }

        public override Guid Read(ref Utf8JsonReader reader) => Guid.Parse(Edm.Text(ref reader));
    }

    private sealed class BytesConverter : EdmConverter<byte[]?>
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, byte[]? value)
        {
            if (value is not null)
            {
                writer.WriteString(member.TypeName, Edm.Binary);
                writer.WriteBase64String(member.JsonName, value);
            }
        }

        public override byte[]? Read(ref Utf8JsonReader reader) => reader.GetBytesFromBase64();
    }

    private sealed class BinaryDataConverter : EdmConverter<BinaryData?>
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, BinaryData? value)
        {
            if (value is not null)
            {
                writer.WriteString(member.TypeName, Edm.Binary);
                writer.WriteBase64String(member.JsonName, value);
            }
        }

        public override BinaryData? Read(ref Utf8JsonReader reader) => BinaryData.FromBytes(reader.GetBytesFromBase64());
    }

    private sealed class ETagConverter : EdmConverter<ETag>
    {
        public override void Write(Utf8JsonWriter writer, EntityMember member, ETag value) => writer.WriteString(member.JsonName, value.ToString());

        public override ETag Read(ref Utf8JsonReader reader) => new(Edm.Text(ref reader));
    }
}
