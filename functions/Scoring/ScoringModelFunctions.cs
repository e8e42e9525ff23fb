using LeadFunctions.Access;
using LeadFunctions.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Scoring;

/// <summary>Scoring models: saved as drafts, published, read. What was saved once never changes.</summary>
public sealed class ScoringModelFunctions(DefinitionsTable table)
{
    private const string TheModel = "The scoring model";
    private const string TheVersion = "This version of the scoring model";

    [Function(nameof(PutScoringModel)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PutScoringModel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/scoring-models/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id))
        {
            return Problems.Invalid("id", "A scoring model cannot bear this id.", DefinitionId.Rule);
        }

        var (body, problem) = await RequestBody.ReadAsync(request, RequestBody.Limit, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var (document, errors) = ScoringModelDocument.Parse(body);
        if (document is null)
        {
            return Problems.InvalidDocument([.. errors.Select(e => new FieldError(e.Path, e.Message, e.Expected))]);
        }

        var current = await table.FindAsync(ScoringModelStore.Kind, id, cancellationToken);
        if (Preconditions.Check(request, current?.ETag) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var expected = Preconditions.Expected(request, current?.ETag);
            var saved = await table.SaveDraftAsync(ScoringModelStore.Kind, id, DefinitionText.Compact(body), expected, cancellationToken);
            var shown = await ShowAsync(saved.Pointer, saved.Pointer.Latest, cancellationToken);
            return (saved.IsNew ? WebJson.Created($"/api/scoring-models/{id}", shown) : WebJson.Ok(shown)).WithETag(saved.Pointer.ETag);
        }
        catch (DefinitionChangedException changed)
        {
            return Problems.PreconditionFailed(changed.CurrentETag);
        }
        catch (TextTooLongException)
        {
            return Problems.TooLarge(RequestBody.Limit);
        }
    }

    [Function(nameof(PublishScoringModel)), RequiresScope(Scope.Marketer)]
    public async Task<IResult> PublishScoringModel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/scoring-models/{id}/publish")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (KnownQuery.Check(request.Query, "version").ToList() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        int? version = null;
        if (request.Query.TryGetValue("version", out var asked))
        {
            if (!int.TryParse(asked, out var number) || number < 1)
            {
                return Problems.Invalid("version", "This is not a version.", "a whole number from 1, or nothing for the latest");
            }

            version = number;
        }

        if (Preconditions.Check(request, (await FindAsync(id, cancellationToken))?.ETag) is { } refusal)
        {
            return refusal;
        }

        var published = DefinitionId.IsValid(id)
            ? await table.PublishAsync(ScoringModelStore.Kind, id, version, isExclusive: true, cancellationToken)
            : null;
        return published is null
            ? Problems.NotFound(version is null ? TheModel : TheVersion)
            : WebJson.Ok(new PublishedScoringModel(
                id,
                published.Pointer.Live!.Value, // just published
                published.IsChanged,
                [.. published.Before.Select(b => new ScoringModelVersion(b.Id, b.Version))])).WithETag(published.Pointer.ETag);
    }

    [Function(nameof(ListScoringModels)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListScoringModels(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scoring-models")] HttpRequest request, CancellationToken cancellationToken) =>
        WebJson.Ok(new Page<ListedScoringModel>([.. (await table.ListAsync(ScoringModelStore.Kind, cancellationToken))
            .Select(p => new ListedScoringModel(p.Id, p.Live is null ? StateOf(p, p.Latest) : ScoringModelState.Live, p.Live, p.Latest, p.UpdatedAt))]));

    [Function(nameof(GetScoringModel)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetScoringModel(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scoring-models/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var pointer = await FindAsync(id, cancellationToken);
        return pointer is null
            ? Problems.NotFound(TheModel)
            : WebJson.Ok(await ShowAsync(pointer, pointer.Live ?? pointer.Latest, cancellationToken)).WithETag(pointer.ETag);
    }

    [Function(nameof(ListScoringModelVersions)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListScoringModelVersions(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scoring-models/{id}/versions")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var pointer = await FindAsync(id, cancellationToken);
        return pointer is null
            ? Problems.NotFound(TheModel)
            : WebJson.Ok(new Page<ListedScoringModelVersion>([.. (await table.ListVersionsAsync(ScoringModelStore.Kind, id, cancellationToken))
                .Select(v => new ListedScoringModelVersion(v.Version, StateOf(pointer, v.Version), v.CreatedAt))
                .Reverse()]));
    }

    [Function(nameof(GetScoringModelVersion)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetScoringModelVersion(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/scoring-models/{id}/versions/{version:int}")] HttpRequest request,
        string id, int version, CancellationToken cancellationToken)
    {
        var pointer = await FindAsync(id, cancellationToken);
        return pointer is null ? Problems.NotFound(TheModel)
            : version < 1 || version > pointer.Latest ? Problems.NotFound(TheVersion)
            : WebJson.Ok(await ShowAsync(pointer, version, cancellationToken));
    }

    private async Task<DefinitionPointer?> FindAsync(string id, CancellationToken cancellationToken) =>
        DefinitionId.IsValid(id) ? await table.FindAsync(ScoringModelStore.Kind, id, cancellationToken) : null;

    private async Task<ShownScoringModel> ShowAsync(DefinitionPointer pointer, int version, CancellationToken cancellationToken)
    {
        var stored = await table.FindVersionAsync(ScoringModelStore.Kind, pointer.Id, version, cancellationToken)
            ?? throw new InvalidDataException($"Version {version} of {pointer.Id} is missing though its pointer counts it.");
        return new ShownScoringModel(pointer.Id, version, StateOf(pointer, version), pointer.Live, pointer.Latest, stored.CreatedAt, stored.ToElement());
    }

    private static ScoringModelState StateOf(DefinitionPointer pointer, int version) =>
        pointer.Live == version ? ScoringModelState.Live
        : pointer.Published.Contains(version) ? ScoringModelState.Retired
        : ScoringModelState.Draft;
}
