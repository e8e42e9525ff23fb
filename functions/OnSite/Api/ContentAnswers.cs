using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Platform.Definitions;

namespace LeadFunctions.OnSite.Api;

/// <param name="Warnings">What of it is not shown, or not to everybody; null when all is.</param>
internal sealed record ShownContent(
    string Id, int Version, DefinitionState State, int? Live, int Latest, DateTimeOffset CreatedAt, JsonElement Document, IReadOnlyList<DocumentError>? Warnings = null);

internal sealed record ListedContent(string Id, string Name, string Slot, ContentKind Kind, DefinitionState State, int? Live, int Latest, DateTimeOffset UpdatedAt);

internal sealed record PublishedContent(string Id, int Version, bool Changed);

/// <summary>Whom a content is for, of the leads as they are: the answer to <c>?dryRun=true</c>. Pages, caps and journeys' offers are left out of account.</summary>
/// <param name="Looked">Leads looked at.</param>
/// <param name="Partial">There are leads that were not looked at: time was up.</param>
/// <param name="For">How many of those it is for.</param>
/// <param name="Refused">How many of them agreed to nothing that lets it be used: to them it is as to strangers.</param>
/// <param name="Some">The first of those it is for.</param>
internal sealed record ContentReach(int Looked, bool Partial, int For, int Refused, IReadOnlyList<ReachedLead> Some);

internal sealed record ReachedLead(string LeadId, string? Name, string? Email);

/// <summary>What the slots of a page show: nothing in it is about the visitor.</summary>
internal sealed record SlotsAnswer(IReadOnlyList<SlotAnswer> Items);

/// <param name="Lang">The language that it is in.</param>
/// <param name="Title">What a screen reader calls it.</param>
/// <param name="Close">What the button that closes it is called.</param>
/// <param name="AfterSeconds">Show it only then.</param>
/// <param name="DismissedForSeconds">Whoever closes it is left alone with it for so long.</param>
internal sealed record SlotAnswer(
    string Slot, string Id, int Version, ContentKind Kind, string Lang, string? Title, string Html, string Close, int AfterSeconds, IReadOnlyList<SlotCap> Frequency, long DismissedForSeconds);

/// <param name="Seconds">Within so many, so often.</param>
internal sealed record SlotCap(int Max, long Seconds);
