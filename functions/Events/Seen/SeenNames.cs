using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadFunctions.Events.Seen;

/// <summary>Names that events really bear, with how often: what editors suggest. No value, and nothing of who did it.</summary>
/// <param name="AsOf">When it was last written down; what other instances saw since is missing. Null: never.</param>
/// <param name="Events">The most frequent first.</param>
/// <param name="Traits">Paths of what <c>identify</c> says of people (<c>company.name</c>).</param>
/// <param name="Full">There are more names than are kept: the rarest were dropped.</param>
internal sealed record SeenNames(DateTimeOffset? AsOf, IReadOnlyList<SeenEvent> Events, IReadOnlyList<SeenName> Traits, bool Full)
{
    public static readonly SeenNames None = new(null, [], [], false);

    /// <summary>The more frequent half.</summary>
    public SeenNames Half() => this with { Events = [.. Events.Take(Events.Count / 2)], Traits = [.. Traits.Take(Traits.Count / 2)], Full = true };
}

/// <param name="Type">track, page, screen, identify or group.</param>
/// <param name="Count">About how often: a message that was delivered twice counted twice.</param>
/// <param name="Properties">Paths of its properties, the most frequent first.</param>
internal sealed record SeenEvent(string Name, EventType Type, long Count, DateTimeOffset LastSeen, IReadOnlyList<SeenName> Properties);

internal sealed record SeenName(string Name, long Count);

/// <summary>As stored, and as answered.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(EventTypeNames)])]
[JsonSerializable(typeof(SeenNames))]
internal sealed partial class SeenJson : JsonSerializerContext;
