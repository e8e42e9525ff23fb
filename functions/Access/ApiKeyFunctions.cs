using System.Text.Json;
using LeadFunctions.Platform;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Access;

/// <summary>API keys: made, listed, revoked. The key itself is answered once and never again.</summary>
public sealed class ApiKeyFunctions(DefinitionsTable table)
{
    [Function(nameof(CreateApiKey)), RequiresScope(Scope.Admin)]
    public async Task<IResult> CreateApiKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/keys")] HttpRequest request, CancellationToken cancellationToken)
    {
        var (wanted, problem) = await RequestBody.ReadJsonAsync<CreateApiKeyRequest>(request, cancellationToken);
        if (wanted is null)
        {
            return problem!; // one of the two is always set
        }

        if (wanted.Validate() is { Count: > 0 } errors)
        {
            return Problems.Invalid(errors);
        }

        var secret = Secret.Create(ApiKeys.KeyPrefix);
        var scopes = wanted.Scopes.Distinct().Order().ToList();
        var json = JsonSerializer.Serialize(new ApiKeyDocument(wanted.Name.Trim(), scopes, secret.Hash), WebJson.Options);
        var saved = await table.SaveLiveAsync(ApiKeys.Kind, secret.Id, json, expectedETag: null, cancellationToken);
        return WebJson.Created($"/api/keys/{secret.Id}", new CreatedApiKey(secret.Id, wanted.Name.Trim(), scopes, saved.Pointer.UpdatedAt, secret.Text));
    }

    [Function(nameof(ListApiKeys)), RequiresScope(Scope.Admin)]
    public async Task<IResult> ListApiKeys(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/keys")] HttpRequest request, CancellationToken cancellationToken)
    {
        var keys = await table.ReadLiveAsync(ApiKeys.Kind, cancellationToken);
        return WebJson.Ok(new Page<ListedApiKey>([.. keys
            .OrderBy(key => key.CreatedAt)
            .Select(key => (key, document: key.Read<ApiKeyDocument>()))
            .Select(k => new ListedApiKey(k.key.Id, k.document.Name, k.document.Scopes, k.key.CreatedAt))]));
    }

    [Function(nameof(RevokeApiKey)), RequiresScope(Scope.Admin)]
    public async Task<IResult> RevokeApiKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/keys/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        DefinitionId.IsValid(id) && await table.DeleteAsync(ApiKeys.Kind, id, expectedETag: null, cancellationToken)
            ? Results.NoContent()
            : Problems.NotFound("The API key");
}

public sealed record CreateApiKeyRequest(string Name, IReadOnlyList<Scope> Scopes)
{
    internal IReadOnlyList<FieldError> Validate()
    {
        var errors = new List<FieldError>();
        if (Name.Trim() is { Length: 0 or > 100 })
        {
            errors.Add(new FieldError("$.name", "The name is empty or too long.", "1 to 100 characters"));
        }

        if (Scopes.Count == 0)
        {
            errors.Add(new FieldError("$.scopes", "A key without a scope could do nothing.", "some of read, sales, marketer, admin"));
        }

        return errors;
    }
}

/// <param name="Key">Not stored: it cannot be shown again.</param>
public sealed record CreatedApiKey(string Id, string Name, IReadOnlyList<Scope> Scopes, DateTimeOffset CreatedAt, string Key);

public sealed record ListedApiKey(string Id, string Name, IReadOnlyList<Scope> Scopes, DateTimeOffset CreatedAt);
