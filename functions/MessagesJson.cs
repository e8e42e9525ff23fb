using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Leads;

namespace LeadFunctions;

/// <summary>How the messages of <see cref="Queues"/> are written: camel case, names for enums, no nulls.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(EventTypeNames), typeof(EffectKindNames)])]
[JsonSerializable(typeof(EventBatch))]
[JsonSerializable(typeof(EffectBatch))]
internal sealed partial class MessagesJson : JsonSerializerContext;

internal sealed class EventTypeNames() : JsonStringEnumConverter<EventType>(JsonNamingPolicy.CamelCase);

internal sealed class EffectKindNames() : JsonStringEnumConverter<EffectKind>(JsonNamingPolicy.CamelCase);
