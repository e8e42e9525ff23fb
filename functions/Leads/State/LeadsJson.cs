using System.Text.Json;
using System.Text.Json.Serialization;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Messaging;

namespace LeadFunctions.Leads.State;

/// <summary>How leads are kept: short names, no nulls. Rows written long ago must stay readable: only ever add optional fields.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(EventTypeNames), typeof(EffectKindNames)])]
[JsonSerializable(typeof(LeadState))]
[JsonSerializable(typeof(List<TimelineEntry>))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(Value))]
[JsonSerializable(typeof(LeadMessages))]
internal sealed partial class LeadsJson : JsonSerializerContext;
