using System.Text.Json;
using LeadFunctions.Events;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Access;

/// <summary>Sources: created or replaced, listed, deleted. A change holds on every instance within 5 s.</summary>
public sealed class SourceFunctions(DefinitionsTable table, AccessOptions options)
{
    [Function(nameof(PutSource)), RequiresScope(Scope.Admin)]
    public async Task<IResult> PutSource(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/sources/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id))
        {
            return Problems.Invalid("id", "A source cannot bear this id.", DefinitionId.Rule);
        }

        if (id == LeadEvent.Inside)
        {
            return Problems.Invalid("id", "This is what the product calls its own events' source.", "any other id");
        }

        var (document, problem) = await RequestBody.ReadJsonAsync<SourceDocument>(request, cancellationToken);
        if (document is null)
        {
            return problem!; // one of the two is always set
        }

        if (SourceRules.Validate(document) is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var source = document.ToSource(id);
        return await LiveRequests.SaveAsync(
            table, Sources.Kind, id, request, JsonSerializer.Serialize(document, WebJson.Options),
            saved => saved.IsNew ? WebJson.Created($"/api/sources/{id}", source) : WebJson.Ok(source), cancellationToken);
    }

    [Function(nameof(GetSource)), RequiresScope(Scope.Read)]
    public async Task<IResult> GetSource(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/sources/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id))
        {
            return Problems.NotFound("The source");
        }

        var pointer = await table.FindAsync(Sources.Kind, id, cancellationToken);
        var stored = pointer?.Live is { } live ? await table.FindVersionAsync(Sources.Kind, id, live, cancellationToken) : null;
        var source = stored?.Read<SourceDocument>().ToSource(id) ?? (IsBuiltIn(id) ? Source.Default : null);
        if (source is null)
        {
            return Problems.NotFound("The source");
        }

        var keys = await table.ReadLiveAsync(Sources.KeyKind, cancellationToken);
        var shown = new ShownSource(source.Id, source.Name, source.AllowedOrigins, source.EventsPerSecond, source.RespectPrivacySignals, source.DropBots, source.ConsentCategories, source.NobodyIds,
            source.AcceptUserIds, source.MergeByAlias, source.IsServer, source.AcceptAddresses, [.. keys.Where(k => k.Read<WriteKeyDocument>().Source == id).OrderBy(k => k.CreatedAt).Select(k => new ListedWriteKey(k.Id, k.CreatedAt))]);
        return pointer is null ? WebJson.Ok(shown) : WebJson.Ok(shown).WithETag(pointer.ETag);
    }

    [Function(nameof(ListSources)), RequiresScope(Scope.Read)]
    public async Task<IResult> ListSources(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/sources")] HttpRequest request, CancellationToken cancellationToken)
    {
        var sources = (await table.ReadLiveAsync(Sources.Kind, cancellationToken)).Select(d => d.Read<SourceDocument>().ToSource(d.Id)).ToList();
        if (IsBuiltIn(Source.DefaultId) && !sources.Exists(s => s.Id == Source.DefaultId))
        {
            sources.Add(Source.Default);
        }

        return WebJson.Ok(new Page<Source>([.. sources.OrderBy(s => s.Id, StringComparer.Ordinal)]));
    }

    [Function(nameof(DeleteSource)), RequiresScope(Scope.Admin)]
    public async Task<IResult> DeleteSource(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/sources/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!DefinitionId.IsValid(id))
        {
            return Problems.NotFound("The source");
        }

        var current = await table.FindAsync(Sources.Kind, id, cancellationToken);
        if (Preconditions.Check(request, current?.ETag) is { } refusal)
        {
            return refusal;
        }

        // The keys first: a crash in between leaves a source that nobody can use, and the request can be repeated.
        foreach (var key in (await table.ReadLiveAsync(Sources.KeyKind, cancellationToken)).Where(k => k.Read<WriteKeyDocument>().Source == id))
        {
            await table.DeleteAsync(Sources.KeyKind, key.Id, expectedETag: null, cancellationToken);
        }

        return await table.DeleteAsync(Sources.Kind, id, expectedETag: null, cancellationToken) ? Results.NoContent()
            : IsBuiltIn(id) ? Problems.Conflict("This source comes with the app.", $"It exists as long as the setting {AccessOptions.WriteKeySetting} is set. PUT changes it.")
            : Problems.NotFound("The source");
    }

    private bool IsBuiltIn(string id) => id == Source.DefaultId && options.WriteKey.Length > 0;
}

/// <summary>A source with its write keys, which are known by id only.</summary>
public sealed record ShownSource(
    string Id, string Name, IReadOnlyList<string> AllowedOrigins, int EventsPerSecond, bool RespectPrivacySignals, bool DropBots,
    IReadOnlyDictionary<string, string> ConsentCategories, IReadOnlyList<string> NobodyIds, bool AcceptUserIds, bool MergeByAlias, bool IsServer, bool AcceptAddresses, IReadOnlyList<ListedWriteKey> Keys);

public sealed record ListedWriteKey(string Id, DateTimeOffset CreatedAt);
