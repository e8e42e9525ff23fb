using System.Text.Json;
using LeadFunctions.Conditions;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Values;

namespace LeadFunctions.Lifecycle;

/// <summary>A condition with the JSON that it was written in: for saying in words why it held.</summary>
internal sealed record StageCondition(Condition Compiled, JsonElement Json);

/// <summary>What moves leads into a stage, and what is expected of those in it.</summary>
/// <param name="When">Moves a lead here by itself; null: only people and journeys do.</param>
/// <param name="From">The stages out of which it does.</param>
/// <param name="Sla">How long a lead may be here before somebody has to have moved it on.</param>
/// <param name="DemoteWhen">Moves a lead that is here back to <paramref name="DemoteTo"/>; null: it stays.</param>
internal sealed record StageRule(string Id, string? Name, StageCondition? When, IReadOnlyList<string> From, Duration? Sla, StageCondition? DemoteWhen, string? DemoteTo);

/// <param name="Rise">Points by which engagement must rise over its lowest since the lead was recycled.</param>
internal sealed record ReopenRule(double Rise, string To);

/// <param name="Contacts">Events that are contacts.</param>
internal sealed record NeglectRule(IReadOnlyList<string> Stages, Duration After, IReadOnlyList<string> Contacts, StageCondition When);

/// <summary>Somebody in sales who takes leads.</summary>
/// <param name="Capacity">Leads that they have at a time, at most; null: any number.</param>
/// <param name="When">The leads that are theirs (a territory); null: any.</param>
internal sealed record OwnerRule(string Id, string? Name, string? Email, int? Capacity, StageCondition? When);

/// <summary>The lifecycle as marketing and sales agreed on it.</summary>
/// <param name="Stages">In the order in which leads rise.</param>
/// <param name="Reasons">What may be given as the reason for a stage or outcome (<c>recycled</c>, <c>disqualified</c>, <c>lost</c>); of one that is not named, anything.</param>
/// <param name="AssignAt">Entering this stage, a lead without an owner gets one; null: never by itself.</param>
internal sealed record LifecycleDocument(
    string? Name, IReadOnlyList<StageRule> Stages, ReopenRule? Reopen, NeglectRule? Neglect, IReadOnlyDictionary<string, IReadOnlyList<string>> Reasons, IReadOnlyList<OwnerRule> Owners, string? AssignAt)
{
    /// <summary>All mistakes at once; the document is null when any makes it unreadable.</summary>
    public static (LifecycleDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(JsonElement json) => DocumentText.Read(json, LifecycleParser.Parse, error => (null, [error]));

    /// <summary>As above, from text.</summary>
    public static (LifecycleDocument? Document, IReadOnlyList<DocumentError> Errors) Parse(ReadOnlyMemory<byte> utf8) => DocumentText.Read(utf8, Parse, error => (null, [error]));
}
