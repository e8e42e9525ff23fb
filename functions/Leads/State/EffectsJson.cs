using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Leads.State;

/// <summary>How effects are written in queues, as events are.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(EffectKindNames)])]
[JsonSerializable(typeof(EffectBatch))]
internal sealed partial class EffectsJson : JsonSerializerContext;

internal sealed class EffectKindNames() : JsonStringEnumConverter<EffectKind>(JsonNamingPolicy.CamelCase);
