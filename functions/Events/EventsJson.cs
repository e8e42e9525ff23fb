using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Events;

/// <summary>How events are written in queues: camel case, names for enums, no nulls.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(EventTypeNames)])]
[JsonSerializable(typeof(EventBatch))]
internal sealed partial class EventsJson : JsonSerializerContext;

internal sealed class EventTypeNames() : JsonStringEnumConverter<EventType>(JsonNamingPolicy.CamelCase);
