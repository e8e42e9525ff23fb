using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Integrations.Delivery;

/// <summary>What is to be done for a target. Any of them may come twice, and late.</summary>
/// <param name="Target">A webhook's id, or <see cref="EventGridTarget.TargetId"/>; null: what waits for a number that did not come is to wait no longer.</param>
/// <param name="LeadId">Whose events are to be sent.</param>
/// <param name="LeadIds">Those of several, each in its own lane: a message costs as much as ten rows.</param>
/// <param name="Replay">A page of a replay.</param>
/// <param name="At">What time it is at least: a minute was noted for this, and the clock that made it come may be a moment ahead.</param>
/// <param name="IsDeleted">The webhook is deleted: what is kept of it goes too.</param>
public sealed record DeliveryOrder(string? Target = null, string? LeadId = null, ReplayPage? Replay = null, bool IsDeleted = false, DateTimeOffset? At = null, string? TraceParent = null, IReadOnlyList<string>? LeadIds = null);

/// <param name="Id">Of the replay: another one may have been asked for since.</param>
/// <param name="Sends">The second round: all is in its lane, and is sent.</param>
/// <param name="Found">In the pages before.</param>
/// <param name="After">The row key after which to go on; null at the start of a round.</param>
public sealed record ReplayPage(string Id, bool Sends, string? After = null, int Found = 0);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DeliveryOrder))]
[JsonSerializable(typeof(TargetState))]
internal sealed partial class DeliveryJson : JsonSerializerContext;
