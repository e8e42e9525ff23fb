using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Forms.Stored;
using LeadFunctions.Journeys.Runs;
using LeadFunctions.Lifecycle.Stored;
using LeadFunctions.OnSite.Stored;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Publications;
using LeadFunctions.Scoring.Stored;
using LeadFunctions.Segments.Stored;
using LeadFunctions.Templates.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Operations;

/// <summary>Which documents name a document: what somebody who deletes it, or changes it, should know.</summary>
public sealed class UsesFunctions(DefinitionsTable table)
{
    /// <summary>Kinds whose documents name others, as addresses have them and as they are stored.</summary>
    private static readonly (string Name, string Kind)[] Kinds =
    [
        ("journeys", JourneyStore.Kind), ("scoring-models", ScoringModelStore.Kind), ("segments", SegmentStore.Kind), ("templates", TemplateStore.Kind),
        ("forms", FormStore.Kind), ("content", ContentStore.Kind), ("lifecycle", LifecycleStore.Kind),
    ];

    [Function(nameof(ListUses)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListUses(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/uses")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "kind", "id").ToList() is [_, ..] errors)
        {
            return Problems.Invalid(errors);
        }

        var (kind, id) = (request.Query["kind"].ToString(), request.Query["id"].ToString());
        if (!DocumentUses.Kinds.Contains(kind))
        {
            return Problems.Invalid("kind", "Documents name none of this kind.", $"one of {string.Join(", ", DocumentUses.Kinds)}");
        }

        if (!DefinitionId.IsValid(id))
        {
            return Problems.Invalid("id", "No document bears this id.", DefinitionId.Rule);
        }

        var found = await Task.WhenAll(Kinds.Select(async one => (await table.ReadShownAsync(one.Kind, cancellationToken)).Where(shown => one.Name != kind || shown.Pointer.Id != id).Select(shown => (one.Name, shown.Pointer, shown.Version))));
        return WebJson.Ok(new Page<Use>([.. from one in found.SelectMany(some => some)
                                            let document = one.Version.ToElement()
                                            let paths = DocumentUses.Of(document, kind, id).ToList()
                                            where paths.Count > 0
                                            select new Use(one.Name, one.Pointer.Id, NameIn(document), one.Version.Version, one.Pointer.Live is not null, paths)]));
    }

    private static string? NameIn(JsonElement document) => document.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;

    /// <param name="Kind">As addresses have it.</param>
    /// <param name="Version">That names it: the live one, else the latest.</param>
    /// <param name="Paths">Where it does.</param>
    internal sealed record Use(string Kind, string Id, string? Name, int Version, bool Live, IReadOnlyList<string> Paths);
}
