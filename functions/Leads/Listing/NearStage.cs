using System.Text.Json;
using LeadFunctions.Lifecycle;

namespace LeadFunctions.Leads.Listing;

/// <summary>
/// Who lacks few points of a stage that the lifecycle gives by itself. By engagement alone: what else it asks for (a grade, an address) may stand in the way.
/// </summary>
/// <param name="From">The stages out of which a lead gets there.</param>
/// <param name="Level">The engagement that the stage asks for.</param>
internal sealed record NearStage(string Stage, IReadOnlySet<string> From, double Level)
{
    public const double Points = 10;

    /// <summary>Null where the lifecycle gives the stage for something else than engagement, or not at all.</summary>
    public static NearStage? Of(string stage, LifecycleRules lifecycle) =>
        lifecycle.Find(stage) is { When.Json: var when, From: var from } && LevelIn(when) is { } level ? new(stage, from.ToHashSet(StringComparer.Ordinal), level) : null;

    /// <summary>Its engagement is reckoned only where it matters.</summary>
    public bool Has(in ListingSlot slot, ListingNames names, long asOf, double cap) => names[slot.Stage] is { } stage && From.Contains(stage) && Has(stage, slot.EngagementAt(asOf, cap));

    public bool Has(string? stage, double engagement) => stage is not null && From.Contains(stage) && engagement >= Level - Points && engagement < Level;

    /// <summary>All of several conditions need the highest of their levels, any of them the lowest.</summary>
    private static double? LevelIn(JsonElement condition)
    {
        if (condition.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (condition.TryGetProperty("engagement", out var test))
        {
            return Number(test, "gte") ?? Number(test, "gt");
        }

        return condition.TryGetProperty("all", out var all) && all.ValueKind == JsonValueKind.Array ? all.EnumerateArray().Max(LevelIn)
            : condition.TryGetProperty("any", out var any) && any.ValueKind == JsonValueKind.Array ? any.EnumerateArray().Min(LevelIn)
            : null;
    }

    private static double? Number(JsonElement test, string name) =>
        test.ValueKind == JsonValueKind.Object && test.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
