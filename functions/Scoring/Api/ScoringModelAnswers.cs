using System.Text.Json;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Platform.Definitions;

namespace LeadFunctions.Scoring.Api;

/// <summary>One version with its document as it was sent, less the white space.</summary>
/// <param name="Version">0: the one that comes with the app.</param>
/// <param name="Live">The version of this model that is live; absent when none is.</param>
/// <param name="Warnings">What is allowed, or was when it was saved, and does not work well; absent when there is nothing.</param>
public sealed record ShownScoringModel(
    string Id, int Version, DefinitionState State, int? Live, int Latest, DateTimeOffset? CreatedAt, JsonElement Document, IReadOnlyList<DocumentError>? Warnings = null);

/// <param name="UpdatedAt">Absent with the one that comes with the app.</param>
public sealed record ListedScoringModel(string Id, DefinitionState State, int? Live, int Latest, DateTimeOffset? UpdatedAt);

public sealed record ScoringModelVersion(string Id, int Version);

/// <summary>What a publication did.</summary>
/// <param name="Changed">False when this version was live already.</param>
/// <param name="Replaced">What was live before: a former version of this model, or another model.</param>
public sealed record PublishedScoringModel(string Id, int Version, bool Changed, IReadOnlyList<ScoringModelVersion> Replaced);
