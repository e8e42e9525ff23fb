using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Integrations;

/// <summary>Something that happened to a lead, as the world is told of it: a CloudEvent 1.0.</summary>
/// <param name="Type">Of <see cref="HappeningTypes"/>, without the prefix.</param>
/// <param name="Number">Counts what is told of this lead, from 1.</param>
/// <param name="At">When it was decided.</param>
internal sealed record WorldEvent(string Type, string LeadId, long Number, DateTimeOffset At, JsonElement Data)
{
    /// <summary>
    /// The same at every delivery, retry and replay, and never another event's. The time is in it because a lead that was erased and comes back has the id that it had, and counts from 1 again.
    /// </summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{LeadId}-{Number}-{At.ToUnixTimeMilliseconds():x}");

    /// <summary>In CloudEvents' JSON format, structured.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new CloudEventText("1.0", Id, "/leadfunctions", HappeningTypes.Prefix + Type, LeadId, At.ToUniversalTime(), Number.ToString("D10", CultureInfo.InvariantCulture), "application/json", Data),
        IntegrationsJson.Default.CloudEventText);
}

/// <param name="Sequence">The extension of that name: per subject, in an order that text can be sorted by.</param>
internal sealed record CloudEventText(
    string Specversion, string Id, string Source, string Type, string Subject, DateTimeOffset Time, string Sequence, string Datacontenttype, JsonElement Data);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CloudEventText))]
[JsonSerializable(typeof(WorldEvent))]
[JsonSerializable(typeof(LeadPicture))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
[JsonSerializable(typeof(IReadOnlyList<Attempt>))]
internal sealed partial class IntegrationsJson : JsonSerializerContext;
