using System.Text.Json;

namespace Microsoft.DurableTask
{
    /// <summary>Turns inputs, outputs and events into text and back.</summary>
    public abstract class DataConverter
    {
        /// <summary>The value as text; null for null.</summary>
        public abstract string? Serialize(object? value);

        /// <summary>The value of a text; null for null.</summary>
        public abstract object? Deserialize(string? data, Type targetType);

        /// <summary>The value of a text; the type's default for null.</summary>
        public virtual T? Deserialize<T>(string? data) => Deserialize(data, typeof(T)) is T value ? value : default;
    }
}

namespace Microsoft.DurableTask.Converters
{
    /// <summary>System.Text.Json, fields included.</summary>
    public class JsonDataConverter : DataConverter
    {
        private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

        private readonly JsonSerializerOptions _options;

        public JsonDataConverter(JsonSerializerOptions? options = null) => _options = options ?? WithFields;

        /// <summary>The shared instance.</summary>
        public static JsonDataConverter Default { get; } = new();

        /// <inheritdoc />
        public override string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, _options);

        /// <inheritdoc />
        public override object? Deserialize(string? data, Type targetType) => data is null ? null : JsonSerializer.Deserialize(data, targetType, _options);
    }
}
