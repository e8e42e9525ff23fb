using System.Text.Json;
using LeadFunctions.Conditions.Values;
using LeadFunctions.Platform.Definitions;

namespace LeadFunctions.Segments.Stored;

/// <summary>The fifths of all buyers as they were computed: a definition that nobody writes by hand, with a version for each computation that had another outcome.</summary>
/// <param name="ComputedAt">As of when.</param>
/// <param name="Buyers">How many there were.</param>
internal sealed record RfmDefinition(DateTimeOffset ComputedAt, int Buyers, RfmBoundaries Boundaries)
{
    public const string Kind = "rfm";

    /// <summary>There is one.</summary>
    public const string Id = "rfm";

    public static string Write(RfmDefinition definition) => JsonSerializer.Serialize(definition, JsonSerializerOptions.Web);

    public static RfmDefinition Read(DefinitionVersion version) =>
        JsonSerializer.Deserialize<RfmDefinition>(version.Json, JsonSerializerOptions.Web) ?? throw new InvalidDataException($"The stored fifths of buyers, version {version.Version}, cannot be read.");
}
