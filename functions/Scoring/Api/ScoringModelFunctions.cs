using System.Text.Json;
using LeadFunctions.Access;
using LeadFunctions.Conditions.Documents;
using LeadFunctions.Conditions.Patterns;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using LeadFunctions.Publications;
using LeadFunctions.Scoring.Stored;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LeadFunctions.Scoring.Api;

/// <summary>Scoring models: saved as drafts, published, read. What was saved once never changes.</summary>
public sealed class ScoringModelFunctions(DefinitionsTable table, SecondPersons persons, IEnumerable<IScoresChanged> watchers, PublicationEffects effects)
{
    private static readonly DocumentSchema Schema = new("scoring-model");

    private readonly DefinitionRequests<ShownScoringModel> _models = new(
        table, ScoringModelStore.Kind, "scoring model", "/api/scoring-models",
        body => ScoringModelDocument.Parse(body).Errors,
        (pointer, stored, _) => Task.FromResult(new ShownScoringModel(
            pointer.Id, stored.Version, pointer.StateOf(stored.Version), pointer.Live, pointer.Latest, stored.CreatedAt, stored.ToElement(), WarningsOf(stored.ToElement()))));

    [Function(nameof(PutScoringModel)), RequiresScope(Scope.Marketer)]
    public Task<IResult> PutScoringModel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/scoring-models/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _models.PutAsync(request, id, cancellationToken);

    [Function(nameof(PublishScoringModel)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PublishScoringModel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/scoring-models/{id}/publish")] HttpRequest request, string id,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) => await _models.PublishAsync(request, id, new(async published =>
    {
        // Also when nothing changed: it may be the repetition of a publication after which the app died.
        var version = published.Pointer.Live!.Value; // just published
        foreach (var watcher in watchers)
        {
            await watcher.HandleAsync($"{id}.{version}.{published.Pointer.UpdatedAt.ToUnixTimeMilliseconds()}", client, cancellationToken);
        }

        return WebJson.Ok(new PublishedScoringModel(
            id, version, published.IsChanged, [.. published.Before.Select(b => new ScoringModelVersion(b.Id, b.Version))])).WithETag(published.Pointer.ETag);
    }, IsExclusive: true,
        Rehearse: async version => WebJson.Ok(await effects.OfAsync(known => known with { Scoring = known.Scoring.WithDraft(ScoringModelStore.Read(version)) }, journey: null, cancellationToken)),
        By: await persons.ForAsync(request, Approvable.ScoringModels, cancellationToken)), cancellationToken);

    [Function(nameof(DeclineScoringModel)), RequiresScope(Scope.Marketer)]
    public Task<IResult> DeclineScoringModel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/scoring-models/{id}/decline")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _models.DeclineAsync(request, id, SecondPersons.PersonOf(request), cancellationToken);

    /// <summary>Only one that was never live: points that were given are explained, and fade, by the rules that gave them.</summary>
    [Function(nameof(DeleteScoringModel)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> DeleteScoringModel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/scoring-models/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        await _models.DeleteAsync(request, id, () => Task.FromResult(Results.NoContent()), cancellationToken, refuse: model => Task.FromResult<IResult?>(model.Published.Count == 0 ? null
            : Problems.Conflict(model.Live is null ? "This scoring model was live." : "This scoring model is live.", "Points that it gave are explained, and fade, by its rules. Only a draft that was never published can be deleted; another model takes its place when that is published.")));

    /// <summary>Those that were saved; first the one that comes with the app, as long as it holds.</summary>
    [Function(nameof(ListScoringModels)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListScoringModels(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scoring-models")] HttpRequest request, CancellationToken cancellationToken)
    {
        var saved = (await table.ListAsync(ScoringModelStore.Kind, cancellationToken))
            .Select(p => new ListedScoringModel(p.Id, p.StateOf(p.Live ?? p.Latest), p.Live, p.Latest, p.UpdatedAt)).ToList();
        IReadOnlyList<ListedScoringModel> builtIn = saved.Exists(model => model.Live is not null) ? [] : [new(BuiltInModel.Id, DefinitionState.BuiltIn, null, 0, null)];
        return WebJson.Ok(new Page<ListedScoringModel>([.. builtIn, .. saved]));
    }

    [Function(nameof(GetScoringModel)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetScoringModel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scoring-models/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        id == BuiltInModel.Id && await table.FindAsync(ScoringModelStore.Kind, id, cancellationToken) is null ? WebJson.Ok(BuiltIn(0)) : await _models.GetAsync(id, cancellationToken);

    [Function(nameof(ListScoringModelVersions)), RequiresScope(Scope.Read)]
    public Task<IResult> ListScoringModelVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scoring-models/{id}/versions")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        _models.ListVersionsAsync(id, cancellationToken);

    [Function(nameof(GetScoringModelVersion)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetScoringModelVersion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scoring-models/{id}/versions/{version:int}")] HttpRequest request,
        string id, int version, CancellationToken cancellationToken) =>
        (id, version) == (BuiltInModel.Id, 0)
            ? WebJson.Ok(BuiltIn((await table.FindAsync(ScoringModelStore.Kind, id, cancellationToken))?.Latest ?? 0))
            : await _models.GetVersionAsync(id, version, cancellationToken);

    [Function(nameof(GetScoringModelSchema)), RequiresScope(Scope.Read)]
    public IResult GetScoringModelSchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/schemas/scoring-model.json")] HttpRequest request) =>
        Results.Bytes(Schema.Json, DocumentSchema.ContentType);

    private static ShownScoringModel BuiltIn(int latest) => new(BuiltInModel.Id, 0, DefinitionState.BuiltIn, null, latest, null, BuiltInModel.Json);

    private static DocumentError[]? WarningsOf(JsonElement document)
    {
        DocumentError[] warnings = [.. ScoringModelDocument.Parse(document).Errors, .. PatternsGivenUp.In(document)];
        return warnings.Length > 0 ? warnings : null;
    }
}
