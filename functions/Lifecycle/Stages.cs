using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Facts;

namespace LeadFunctions.Lifecycle;

/// <summary>The lifecycle's stages, as <c>domain.md</c> names them.</summary>
internal static class Stages
{
    /// <summary>The product's own trait that says in which a lead is.</summary>
    public const string Path = "$stage";

    public const string Lead = "lead";

    public static readonly IReadOnlyList<string> All =
        ["subscriber", Lead, "mql", "sal", "sql", "customer", "promoter", "recycled", "disqualified", "churned"];

    public static TimelineChanges? Apply(TraitMap traits, LeadEvent e) =>
        e.Type == EventType.Stage && EventText.Of(e.Properties, "stage") is { } stage && traits.Set(Path, Value.From(stage), e.At.ToUnixTimeMilliseconds(), TraitMap.OwnLimit)
            ? new TimelineChanges(Stage: stage)
            : null;
}
