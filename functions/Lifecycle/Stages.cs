using LeadFunctions.Conditions.Values;
using LeadFunctions.Events;
using LeadFunctions.Facts;

namespace LeadFunctions.Lifecycle;

/// <summary>The lifecycle's stages, as <c>domain.md</c> names them. What is measured is measured by these; what people call them is for the lifecycle's document to say.</summary>
internal static class Stages
{
    /// <summary>The product's own trait that says in which a lead is.</summary>
    public const string Path = "$stage";

    /// <summary>The product's own trait that says who in sales looks after a lead.</summary>
    public const string OwnerPath = "$owner";

    public const string Lead = "lead";
    public const string Mql = "mql";
    public const string Sal = "sal";
    public const string Sql = "sql";
    public const string Customer = "customer";
    public const string Recycled = "recycled";
    public const string Disqualified = "disqualified";

    public static readonly IReadOnlyList<string> All =
        ["subscriber", Lead, Mql, Sal, Sql, Customer, "promoter", Recycled, Disqualified, "churned"];

    /// <summary>Off the way from the first contact to the customer: nothing leads out of them by itself, but where a stage says so, or the lead is reopened.</summary>
    public static readonly IReadOnlyList<string> Aside = [Recycled, Disqualified, "churned"];

    public static TimelineChanges? Apply(TraitMap traits, LeadEvent e) => e.Type switch
    {
        EventType.Stage when EventText.Of(e.Properties, "stage") is { } stage && Set(traits, Path, stage, e) => new TimelineChanges(Stage: stage),
        EventType.Owner when EventText.Of(e.Properties, "owner") is { } owner && Set(traits, OwnerPath, owner, e) => new TimelineChanges(Owner: owner),
        _ => null,
    };

    private static bool Set(TraitMap traits, string path, string text, LeadEvent e) => traits.Set(path, Value.From(text), e.At.ToUnixTimeMilliseconds(), TraitMap.OwnLimit);
}
