using System.Text.Json;
using LeadFunctions.Platform.Definitions;
using LeadFunctions.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace LeadFunctions.Access;

/// <summary>The write keys of a source. To rotate: create one, put it into the sites, delete the old one; both hold in between.</summary>
public sealed class WriteKeyFunctions(DefinitionsTable table, AccessOptions options)
{
    [Function(nameof(CreateWriteKey)), RequiresScope(Scope.Admin)]
    public async Task<IResult> CreateWriteKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/sources/{id}/keys")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var isBuiltIn = id == Source.DefaultId && options.WriteKey.Length > 0;
        if (!isBuiltIn && (!DefinitionId.IsValid(id) || await table.FindAsync(Sources.Kind, id, cancellationToken) is null))
        {
            return Problems.NotFound("The source");
        }

        var secret = Secret.Create(Sources.KeyPrefix);
        var saved = await table.SaveLiveAsync(
            Sources.KeyKind, secret.Id, JsonSerializer.Serialize(new WriteKeyDocument(id, secret.Hash), WebJson.Options), expectedETag: null, cancellationToken);
        return WebJson.Created($"/api/sources/{id}/keys/{secret.Id}", new CreatedWriteKey(secret.Id, id, saved.Pointer.UpdatedAt, secret.Text));
    }

    [Function(nameof(DeleteWriteKey)), RequiresScope(Scope.Admin)]
    public async Task<IResult> DeleteWriteKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/sources/{id}/keys/{keyId}")] HttpRequest request, string id, string keyId, CancellationToken cancellationToken)
    {
        var key = DefinitionId.IsValid(keyId) ? await table.FindLiveAsync(Sources.KeyKind, keyId, cancellationToken) : null;
        return key?.Read<WriteKeyDocument>().Source == id && await table.DeleteAsync(Sources.KeyKind, keyId, expectedETag: null, cancellationToken)
            ? Results.NoContent()
            : Problems.NotFound("The write key");
    }
}

/// <param name="Key">Not stored: it cannot be shown again.</param>
public sealed record CreatedWriteKey(string Id, string Source, DateTimeOffset CreatedAt, string Key);
